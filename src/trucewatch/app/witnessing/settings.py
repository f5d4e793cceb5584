"""What `mission.toml` says of witnesses: `[witnessing]` and `[[witness]]`, checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from trucewatch.app.section import Identifier, Section
from trucewatch.app.vkeys import WITNESS, checked_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_WITNESSES = 99
"""A note holds a hundred signatures, and one of them is the log's own."""
NOBODY = "none"
_PLAIN = re.compile(r"[!-~]{1,500}")


def _quorum(given: object) -> object:
    """A whole number from 1 on, or the word "none"; anything else is refused in words."""
    if given == NOBODY or (type(given) is int and 1 <= given <= MOST_WITNESSES):
        return given
    raise ValueError(
        f'a quorum is a whole number from 1 to {MOST_WITNESSES}, or "none" where this log alone '
        "suffices"
    )


def _witness_key(vkey: str) -> str:
    return checked_key(vkey, WITNESS)


def _prefix(url: str) -> str:
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:
        wrong, parts = True, urlsplit("")
    if wrong or parts.query or parts.fragment or not _PLAIN.fullmatch(url):
        raise ValueError("the address of a witness begins with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("settings go into the log: no name and no password in the address")
    return url


class WitnessingSection(Section):
    """How many witnesses must have cosigned: `[witnessing]`. Each change is a log entry."""

    quorum: Annotated[int | Literal["none"] | None, BeforeValidator(_quorum)] = None
    wait_s: float = Field(default=5, gt=0, le=60)


class WitnessSection(Section):
    """One `[[witness]]`: a state's own process that cosigns how the log grows."""

    id: Identifier
    name: str = ""
    vkey: Annotated[str, AfterValidator(_witness_key)]
    url: Annotated[str, AfterValidator(_prefix)]
    state: str | None = None


def contradictions(
    witnessing: WitnessingSection, witnesses: Sequence[WitnessSection]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A witness that stands twice, and a quorum that could never come together.

    Each with the path of the field. One key under two names would count twice towards a quorum.
    """
    ids: set[str] = set()
    keys: set[str] = set()
    for place, one in enumerate(witnesses):
        if one.id in ids:
            yield ("witness", place, "id"), f"{one.id!r} stands twice"
        if one.id == NOBODY:
            yield ("witness", place, "id"), f"{NOBODY!r} is the word for no witness at all"
        name, stated, key = one.vkey.split("+", 2)
        if {key, f"{name}+{stated}"} & keys:
            yield ("witness", place, "vkey"), "another witness has this key: one key, one voice"
        ids.add(one.id)
        keys |= {key, f"{name}+{stated}"}
    if isinstance(witnessing.quorum, int) and witnessing.quorum > len(witnesses):
        there = "there is 1" if len(witnesses) == 1 else f"there are {len(witnesses)}"
        yield (
            ("witnessing", "quorum"),
            f"a quorum of {witnessing.quorum} never comes together: {there} [[witness]]",
        )
