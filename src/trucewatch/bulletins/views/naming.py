"""What states are called that an agreement names by an id alone, as it does who is no party."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from trucewatch.bulletins.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Agreement

_CODE = re.compile(r"[a-z]{2,3}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SMALL = frozenset({"and", "of", "the"})


class Names:
    """Names of parties, bodies and states by their ids.

    `spelt` are names of states as others of the mission's data write them: only what the viewer may
    see there may be among them. A state that none of them is has its own id, in words.
    """

    def __init__(self, agreement: Agreement, spelt: Iterable[str] = ()) -> None:
        self._names = {_slug(one): plain(one) for one in sorted(spelt)}
        self._names |= {one.id: plain(one.name) for one in agreement.parties}
        self._names |= {one.id: plain(one.name) for one in agreement.bodies}

    def of(self, who: str) -> str:
        """What somebody is called; of a code of two or three letters its capitals."""
        return self._names.get(who) or in_words(who)


def in_words(identifier: str) -> str:
    """An id as a name: "united-kingdom" as United Kingdom, "fr" as FR; any other text as it is."""
    if _CODE.fullmatch(identifier):
        return identifier.upper()
    if not _SLUG.fullmatch(identifier):
        return plain(identifier)
    words = identifier.split("-")
    return " ".join(one if one in _SMALL else one.capitalize() for one in words)


def _slug(name: str) -> str:
    """The id under which an agreement names a state: its letters without accents, with hyphens."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    return "-".join(re.findall(r"[a-z0-9]+", letters))
