"""How each witness of a mission stands: what it cosigned last, how far behind, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from trucewatch.app.witnessing.calling import TooLongError, UnreachableError, call, fetch, late
from trucewatch.app.witnessing.enlisting import settings_now
from trucewatch.app.witnessing.policy import doubt, policy_of
from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.notes import split_note
from trucewatch.evidence.witness import digest_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from httpx2 import AsyncClient

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.mission import Mission
    from trucewatch.evidence.tlog.policy import PolicyWitness

CLOCK_S = 60
"""Seconds that a witness's clock may be off before it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """What one witness answered when it was asked for the newest checkpoint it cosigned.

    `note` is None where it has none; `words` say what is wrong, or are empty; `reached` is whether
    it answered at all.
    """

    reached: bool = True
    note: str | None = None
    clock: datetime | None = None
    words: str = ""


def standing(mission: Mission, *, offline: bool = False) -> dict[str, Any]:
    """Each witness of mission.toml, as it is now: what the log holds of it, and what it answers.

    A witness that holds a checkpoint which this log cannot account for proves a fork or a stolen
    key; `contradictions` counts those. `offline` asks nobody.
    """
    settings = settings_now(mission.folder)
    policy = policy_of(settings)
    said: dict[str, tuple[int, datetime]] = {}
    for beat in mission.grades().beats:
        for one in beat.witnessed.by:
            newest = said.get(one.witness, (0, one.at))
            said[one.witness] = max(newest, (beat.checkpoint.size, one.at))
    heard: dict[str, _Heard] = {}
    if not offline and policy.witnesses:
        heard = _ask(policy.witnesses, mission.log.origin, settings.witnessing.wait_s)
    published = mission.log.checkpoint()
    size = published.size if published else 0
    titles = {one.id: one for one in settings.witness}
    witnesses = []
    for witness in policy.witnesses:
        last = said.get(witness.name)
        told: dict[str, Any] = {
            "id": witness.name,
            "name": titles[witness.name].name or witness.name,
            "state": titles[witness.name].state,
            "url": witness.url,
            "size": last[0] if last else None,
            "at": last[1] if last else None,
            "behind": size - (last[0] if last else 0),
        }
        if witness.name in heard:
            told |= _told(witness, heard[witness.name], mission.log, mission.now())
        witnesses.append(told)
    return {
        "origin": mission.log.origin,
        "size": size,
        "quorum": settings.witnessing.quorum,
        "doubt": doubt(settings),
        "witnesses": witnesses,
        "contradictions": sum(bool(one.get("contradiction")) for one in witnesses),
        "zone": settings.mission.timezone,
    }


def _told(witness: PolicyWitness, heard: _Heard, log: MissionLog, now: datetime) -> dict[str, Any]:
    """What a witness's own answer says, held against the log."""
    told: dict[str, Any] = {"reachable": heard.reached, "words": heard.words}
    if heard.clock is not None:
        off = round((heard.clock - now).total_seconds())
        told["clock_off_s"] = off if abs(off) > CLOCK_S else 0
    if heard.note is None:
        return told
    try:
        text, lines = split_note(heard.note)
        if not any(witness.cosigner.verify(text, line) for line in lines):
            return told | {"words": "shows a checkpoint that it has not cosigned"}
    except LogDamaged:
        return told | {"words": "shows a checkpoint whose cosignature does not verify"}
    try:
        found = log.read_checkpoint(heard.note)
    except LogDamaged:
        return told | {"words": "shows a checkpoint that no key of this log has signed"}
    told["holds"] = found.size
    own = log.checkpoint()
    if found.size > (own.size if own else 0):
        words = (
            f"has cosigned {found.size} entries, more than this log has: was the log put back "
            "from an older copy, or does somebody else write one?"
        )
        return told | {"contradiction": heard.note, "words": words}
    if log.root_at(found.size) != found.root:
        words = (
            f"has cosigned another history of {found.size} entries under this log's key: keep "
            "its checkpoint, it proves the fork"
        )
        return told | {"contradiction": heard.note, "words": words}
    return told


def _ask(witnesses: Sequence[PolicyWitness], origin: str, wait_s: float) -> dict[str, _Heard]:
    """What each witness answers within `wait_s` seconds, by name."""
    digest = digest_of(origin)

    async def one(client: AsyncClient, witness: PolicyWitness) -> _Heard:
        return await _heard(client, f"{witness.url.rstrip('/')}/{digest}/checkpoint")

    found = call(witnesses, one, wait_s=wait_s)
    silent = _Heard(reached=False, words=late(wait_s))
    return {each.name: found.get(each.name, silent) for each in witnesses}


async def _heard(client: AsyncClient, address: str) -> _Heard:
    try:
        status, headers, body = await fetch(client, address)
    except TooLongError as fault:
        return _Heard(words=str(fault))
    except UnreachableError as fault:
        return _Heard(reached=False, words=str(fault))
    clock = _clock(headers.get("date", ""))
    if status == 404:
        return _Heard(clock=clock)
    if status != 200:
        return _Heard(words=f"answers {status}", clock=clock)
    try:
        return _Heard(note=body.decode(), clock=clock)
    except UnicodeDecodeError:
        return _Heard(words="gave an answer that is no text", clock=clock)


def _clock(words: str) -> datetime | None:
    """The time of an HTTP answer; None where it names none, with its zone."""
    try:
        found = parsedate_to_datetime(words)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
