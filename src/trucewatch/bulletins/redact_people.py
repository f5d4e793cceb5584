"""What an audience may read of what people said: words that give nobody and no place away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.beside import WITHHELD, Beside, Heard
from trucewatch.bulletins.wording import moment, plain
from trucewatch.model import Effect

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.veil import Veil
    from trucewatch.model import Agreement, Finding, Said

LONGEST = 2_000
"""How many characters of a reply or a dissent are printed; no longer one is taken in."""


class PeopleParts:
    """Of each finding what people made of it.

    Reasons of reviewers stay inside: they speak of sources. What counts for nothing is not printed,
    and neither is what was superseded or taken back.
    """

    def __init__(self, agreement: Agreement, veil: Veil, zone: ZoneInfo, *, now: datetime) -> None:
        """`now` tells whether a deadline for a reply is over."""
        self._veil, self._zone, self._now = veil, zone, now
        self._names = {body.id: body.name for body in agreement.bodies}
        self._names |= {party.id: party.name for party in agreement.parties}

    def heard(self, finding: Finding | None) -> Heard | None:
        """What people made of a finding; None where nothing that counts was said of it."""
        if finding is None:
            return None
        said = [one for one in finding.said if one.effect is not Effect.VOID]
        if not said:
            return None
        ruling = next(
            (s.standard for s in said if s.what == "attribution" and s.effect is Effect.HOLDS), ""
        )
        return Heard(
            reviewed_by=tuple(sorted({self._office(one) for one in finding.reviewed_by})),
            waiting=tuple(
                f"{plain(one.word)} ({self._office(one.by)})"
                for one in said
                if one.effect is Effect.WAITS
            ),
            stale=finding.stale,
            duplicate_of=plain(finding.duplicate_of or ""),
            responsible=self._name(finding.party or ""),
            body=self._name(finding.body or ""),
            standard=plain(ruling) if finding.party else "",
            beside=tuple(each for one in said for each in self._beside(one, said)),
        )

    def _beside(self, one: Said, said: list[Said]) -> tuple[Beside, ...]:
        if one.what in {"reply", "dissent"}:
            return (self._spoken(one),)
        if one.what == "notified":
            return () if self._answered(one, said) else (self._silent(one),)
        if one.what == "determination" and one.effect is Effect.HOLDS:
            return (self._of(one, f"{plain(one.word)} ({plain(one.standard)})"),)
        if one.what == "attribution" and one.word == "withheld" and one.effect is Effect.HOLDS:
            return (self._of(one, "withheld again"),)
        return ()

    def _spoken(self, one: Said) -> Beside:
        words = self._veil.words(one.words, longest=LONGEST)
        notes = [WITHHELD] if words is None else []
        if one.late and one.until is not None:
            notes.insert(0, f"late: the deadline was {moment(one.until, self._zone)}")
        return self._of(one, "", words=words or "", note="; ".join(notes))

    def _silent(self, one: Said) -> Beside:
        if one.until is None:
            return self._of(one, "")
        until = moment(one.until, self._zone)
        over = one.until <= self._now
        return self._of(
            one, "", note=f"no reply by {until}" if over else f"may reply until {until}"
        )

    def _answered(self, told: Said, said: list[Said]) -> bool:
        """Whether the party has replied since, or was told again."""
        return any(
            one.of == told.of and one.what in {"reply", "notified"} and one.index > told.index
            for one in said
        )

    def _of(self, one: Said, gist: str, *, words: str = "", note: str = "") -> Beside:
        return Beside(
            what=_WHAT[one.what],
            who=self._name(one.of),
            office=self._office(one.by),
            day=one.at.astimezone(self._zone).date(),
            gist=gist,
            words=words,
            note=note,
        )

    def _name(self, known: str) -> str:
        return plain(self._names.get(known, known))

    def _office(self, name: str) -> str:
        """An office by its name; one whose name would give a source away is a person."""
        return next(iter(self._veil.free([name])), "a person of the mission")


_WHAT = {
    "reply": "reply",
    "dissent": "dissent",
    "notified": "notification",
    "determination": "determination",
    "attribution": "attribution",
}
