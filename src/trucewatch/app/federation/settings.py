"""What `mission.toml` says of other sites of the mission: `[[federated]]`, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from trucewatch.app.section import Section
from trucewatch.app.vkeys import LOG, checked_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST = 99
"""How many other logs a mission may name."""


def _log_key(vkey: str) -> str:
    return checked_key(vkey, LOG)


class FederatedSection(Section):
    """One `[[federated]]`: the log of another site, and where a copy of it is to be found."""

    origin: str = Field(min_length=1, max_length=500)
    vkey: Annotated[str, AfterValidator(_log_key)]
    folder: str = Field(min_length=1)


def contradictions(
    own: str, sections: Sequence[FederatedSection]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A log that stands twice, the mission's own, and a key of another name than its log's."""
    seen = {own}
    for place, one in enumerate(sections):
        if one.origin == own:
            yield ("federated", place, "origin"), "this is the mission's own log"
        elif one.origin in seen:
            yield ("federated", place, "origin"), f"{one.origin!r} stands twice"
        if one.vkey.partition("+")[0] != one.origin:
            yield ("federated", place, "vkey"), "the key bears another name than the log"
        seen.add(one.origin)
