"""Time stamps on checkpoints, one file for each size, as they came from the authority."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, NotFound
from trucewatch.evidence.log.layout import reading
from trucewatch.evidence.log.storage import Disk, exists, make_folders, place_durably

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

STAMPED = "stamped"
_NAME = re.compile(r"([0-9]{12,19})\.tsr")


def stamped_path(size: int) -> str:
    """Where the stamp on the checkpoint of this size is kept; names sort as sizes do."""
    return f"{STAMPED}/{size:012}.tsr"


class Stamps:
    """The stamps beside one log. They are no entries: nothing that is derived rests on them."""

    def __init__(
        self, disk: Disk, published: int, writing: Callable[[str], AbstractContextManager[None]]
    ) -> None:
        self._disk, self._published, self._writing = disk, published, writing

    def sizes(self) -> tuple[int, ...]:
        """The sizes of the checkpoints that have one, in order."""
        with reading():
            names = self._disk.names(STAMPED)
        found = (_NAME.fullmatch(name) for name in names)
        return tuple(sorted(int(one[1]) for one in found if one is not None))

    def read(self, size: int, limit: int) -> bytes:
        """The stamp on this size as it came, and one byte more where it is longer than `limit`.

        NotFound where there is none.
        """
        with reading():
            if not exists(self._disk, stamped_path(size)):
                raise NotFound(f"the checkpoint of {size} entries has no time stamp")
            return self._disk.read(stamped_path(size), 0, limit + 1)

    def keep(self, size: int, answer: bytes) -> bool:
        """Keep a stamp that the caller has verified, durably; False where that size has one.

        The first one stays, as the earlier time says more. EvidenceError for a size that was
        never published.
        """
        if not 0 <= size <= self._published:
            raise EvidenceError(f"{size} entries were never published: there is nothing to stamp")
        if exists(self._disk, stamped_path(size)):
            return False
        with self._writing("keeping a time stamp"):
            make_folders(self._disk, STAMPED, private=False)
            place_durably(self._disk, stamped_path(size), answer, private=False)
        return True
