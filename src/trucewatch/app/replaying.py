"""The mission as it stood when its log was shorter: state is a function of the first n entries."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from trucewatch.app.intake import read_log
from trucewatch.app.mission import STATE, Mission
from trucewatch.app.running import derived_from
from trucewatch.errors import NotFound
from trucewatch.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.store import Derived, Store


class Past(Mission):
    """A mission up to some entry of its log, read into a projection of its own.

    It borrows the log of the mission that it was made from, and closes nothing but itself.
    """

    def __init__(self, present: Mission, size: int, scratch: Path) -> None:
        super().__init__(present.folder, present.log, now=present.now, readonly=True)
        self._size = size
        self._scratch = scratch

    @property
    def size(self) -> int:
        """How many entries of the log it knows."""
        return self._size

    @cached_property
    def store(self) -> Store:
        """A projection that is thrown away at the end."""
        return open_store(self._scratch / STATE)

    def close(self) -> None:
        """Close the projection; the log is the present mission's."""
        if "store" in self.__dict__:
            self.store.close()


@contextmanager
def replayed(present: Mission, size: int) -> Iterator[tuple[Past, Derived]]:
    """The mission and all that was derived at `size` entries, computed anew by this version.

    Another version of the code may come to something else than was said then. NotFound for more
    entries than there are.
    """
    if not 0 < size <= present.size:
        raise NotFound(f"the log has {present.size} entries: it cannot be replayed to {size}")
    with TemporaryDirectory(prefix="trucewatch-") as scratch:
        past = Past(present, size, Path(scratch))
        with past:
            configuration = past.configuration()
            read_log(past, configuration)
            yield past, derived_from(past, configuration)
