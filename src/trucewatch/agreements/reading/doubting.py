"""What an agreement says without fault, and what its writer may not have meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.agreements.holding import pieces, terms_of, throughout
from trucewatch.agreements.kinds import Cover, cover_of
from trucewatch.agreements.zones.areas import area_m2
from trucewatch.model import PROOF, Clock, Edition, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.documents import Path
    from trucewatch.model import Agreement, Exemption, Provision, Step, Trigger, Window

BINDING = frozenset({"signed", "in_force"})
"""The standings under which somebody is bound, once the text holds."""

HUGE_M2 = 1e12
"""A zone above a million square kilometres is more often a slip than a zone."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is no fault and should be looked at; `path` is where it stands in the file."""

    path: Path
    words: str


def doubts(agreement: Agreement) -> tuple[Doubt, ...]:
    """What may not have been meant, by theme; none of it keeps the agreement from being used."""
    look = _Look(agreement)
    return (
        *look.instruments(),
        *look.zones(),
        *(doubt for n, one in enumerate(agreement.provisions) for doubt in look.provision(n, one)),
        *(doubt for n, one in enumerate(agreement.triggers) for doubt in look.trigger(n, one)),
        *look.needed(),
    )


class _Look:
    """One agreement, looked at from each of its parts."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.texts = {one.id: one for one in agreement.instruments}
        self.hours = {term.provision.id: term.holds for term in terms_of(agreement)}
        self.reached = max((PROOF.index(one) for _, one in agreement.standards), default=0)
        self.standing = {one.id: one.standing for one in agreement.bodies}
        self.decided = {what for one in agreement.bodies for what in one.decides}

    def instruments(self) -> Iterator[Doubt]:
        for n, one in enumerate(self.agreement.instruments):
            if one.standing == "lapsed" and one.holds.end is None and not one.holds.empty:
                yield Doubt(("instruments", n), "has lapsed, and `holds` says no end")
            if one.edition is Edition.DRAFT and one.standing in BINDING:
                yield Doubt(("instruments", n), f"is a draft, and its standing is {one.standing}")
            others = [two for two in self.texts.values() if two.text == one.text and two != one]
            if one.edition is Edition.AMENDED and not (one.text and others):
                yield Doubt(("instruments", n), "amends, and its `text` has no other version")

    def zones(self) -> Iterator[Doubt]:
        used = {
            code
            for one in self.agreement.provisions
            for codes in (one.zones, *(exception.zones for exception in one.exceptions))
            for code in codes
        } | {code for one in self.agreement.triggers for code in one.zones}
        zones = self.agreement.zones
        if not zones and self.agreement.provisions:
            yield Doubt(("zones",), "no zone is drawn, so every provision holds everywhere")
        for code in sorted({zone.code for zone in zones} - used):
            yield Doubt(("zones",), f"no provision and no trigger names the zone {code!r}")
        for zone in zones:
            size = area_m2(zone.area)
            if size > HUGE_M2:
                yield Doubt(
                    ("zones",),
                    f"the zone {zone.code!r} has {size / 1e6:,.0f} km²: are longitude and latitude "
                    "in their order?",
                )

    def provision(self, n: int, one: Provision) -> Iterator[Doubt]:
        path: Path = ("provisions", n)
        hours = self.hours.get(one.id)
        if hours is None:
            yield Doubt(path, f"holds for no moment: {self._why_never(one)}")
        elif one.zones:
            yield from self._zones_meet(one, hours, path)
        if not one.zones and self.agreement.zones:
            yield Doubt((*path, "zones"), "names no zone, so it holds everywhere")
        silent = [party.id for party in self.agreement.parties if party.id not in one.parties]
        if silent:
            yield Doubt(
                (*path, "parties"),
                f"does not bind {', '.join(silent)}: without an attribution nothing breaches it",
            )
        for place, exception in enumerate(one.exceptions):
            yield from self._exception(exception, one, (*path, "exceptions", place), hours)

    def _why_never(self, one: Provision) -> str:
        text = self.texts[one.instrument]
        if text.edition is Edition.DRAFT:
            return f"{text.id!r} is a draft"
        if text.holds.empty:
            return f"{text.id!r} does not hold yet"
        if one.window.empty:
            return "its hours are not known yet"
        return f"its hours and those of {text.id!r} do not meet"

    def _zones_meet(self, one: Provision, hours: Window, path: Path) -> Iterator[Doubt]:
        drawn = [zone for zone in self.agreement.zones if zone.code in one.zones]
        bare = [
            piece
            for piece in pieces(hours, [zone.holds for zone in drawn])
            if not any(throughout(zone.holds, piece) for zone in drawn)
        ]
        if bare:
            yield Doubt(
                (*path, "zones"), f"none of its zones holds {'; '.join(_when(one) for one in bare)}"
            )
        for place, code in enumerate(one.zones):
            if all(zone.holds.overlap(hours).empty for zone in drawn if zone.code == code):
                yield Doubt((*path, "zones", place), f"{code!r} never holds while it does")

    def _exception(
        self, one: Exemption, of: Provision, path: Path, hours: Window | None
    ) -> Iterator[Doubt]:
        tree = kind_tree()
        if one.kinds and all(cover_of(tree, kind, of.kinds) is Cover.NOT for kind in one.kinds):
            yield Doubt(path, "excepts kinds that the provision does not name")
        if hours is not None and one.window.overlap(hours).empty:
            yield Doubt(path, "excepts hours in which the provision does not hold")

    def trigger(self, n: int, one: Trigger) -> Iterator[Doubt]:
        path: Path = ("triggers", n)
        meant = [
            p for p in self.agreement.provisions if not one.provisions or p.id in one.provisions
        ]
        alive = [self.hours[p.id] for p in meant if p.id in self.hours]
        if not alive:
            yield Doubt(path, "none of its provisions ever holds, so nothing opens it")
        elif all(one.window.overlap(hours).empty for hours in alive):
            yield Doubt((*path, "window"), "lies outside the hours of all its provisions")
        tree = kind_tree()
        for place, kind in enumerate(one.kinds):
            if all(cover_of(tree, kind, p.kinds) is Cover.NOT for p in meant):
                yield Doubt((*path, "kinds", place), f"none of its provisions is of {kind!r}")
        if one.by and "attribution" not in self.decided:
            yield Doubt((*path, "by"), "no body decides on attribution, so nothing ever counts")
        texts = {self.texts[p.instrument].standing for p in meant}
        for place, step in enumerate(one.steps):
            yield from self._step(step, (*path, "steps", place), texts)

    def _step(self, step: Step, path: Path, texts: set[str]) -> Iterator[Doubt]:
        if step.standing in BINDING and texts and not texts & BINDING:
            yield Doubt(
                (*path, "standing"),
                f"is {step.standing}, while the texts whose breach opens it are "
                f"{' and '.join(sorted(texts))}",
            )
        body = self.standing.get(step.decided_by)
        if step.standing in BINDING and body is not None and body not in BINDING:
            yield Doubt(
                (*path, "decided_by"), f"is {step.standing}, while {step.decided_by!r} is {body}"
            )
        if step.clock is Clock.DETERMINATION and "breach" not in self.decided:
            yield Doubt((*path, "clock"), "no body decides on breaches, so it never starts")
        if PROOF.index(step.standard) > self.reached:
            yield Doubt(
                (*path, "standard"), "is above what any state of a finding meets, so it never opens"
            )

    def needed(self) -> Iterator[Doubt]:
        for what, standard in self.agreement.needed:
            if what != "attribute" and PROOF.index(standard) > self.reached:
                yield Doubt(("needed", what), "is above what any state of a finding meets")


def _when(piece: Window) -> str:
    def said(word: str, moment: object) -> str:
        return "" if moment is None else f"{word} {moment:%Y-%m-%d %H:%M} UTC"

    whole = " ".join(part for part in (said("from", piece.start), said("until", piece.end)) if part)
    return whole or "at any time"
