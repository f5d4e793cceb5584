"""What people entered on each incident of today, and what of it counts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucewatch.findings.hearing.authority import OnFinding, Regrouping, objection
from trucewatch.findings.hearing.homes import Homes
from trucewatch.findings.hearing.ladder import Bench, Given, rule
from trucewatch.findings.hearing.regrouping import NOTHING_LEFT, Regroupings, sides
from trucewatch.model import Review, Ruling, TakenBack

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Agreement, Effect, Entered, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One entry on one incident of today.

    `void` says why it counts for nothing. `part_of` is set where the entry was on an incident that
    has since been split, and holds for that part of it alone.
    """

    entered: Entered
    void: str = ""
    part_of: str = ""

    @property
    def counts(self) -> bool:
        """Whether it can set anything here."""
        return not self.void and not self.part_of


@dataclass(slots=True)
class Case:
    """All entries on one incident, in the order of the log, and what the reviews come to."""

    heard: list[Heard] = field(default_factory=list)
    bench: Bench = field(default_factory=lambda: rule((), needed=1))


class Docket:
    """Every incident that people have said anything of."""

    def __init__(
        self,
        incidents: Iterable[Incident],
        decisions: Iterable[Entered],
        *,
        agreement: Agreement,
        needed: int,
    ) -> None:
        on_findings = [one for one in decisions if isinstance(one.decision, OnFinding)]
        self.cases: dict[str, Case] = defaultdict(Case)
        self.homeless: list[Entered] = []
        self.regrouped: dict[int, Effect] = {}
        self._needed = needed
        if not on_findings:
            return
        self.homes = Homes(incidents)
        self._regroupings = Regroupings(on_findings, agreement)
        self.regrouped = self._regroupings.effects(self.homes, needed)
        for entered in sorted(on_findings, key=lambda one: one.index):
            if isinstance(entered.decision, Regrouping):
                self._place_regrouping(entered, entered.decision)
                continue
            self._place(entered, objection(entered.decision, entered.person, agreement) or "")
        for name in self.cases:
            self._rule(name)
        self._break_circles()

    def _place(self, entered: Entered, void: str) -> None:
        decision = entered.decision
        if not isinstance(decision, OnFinding):
            raise TypeError(f"{type(decision).__name__} is no entry on a finding")
        parts = self.homes.parts(decision.incident, decision.claims)
        if not parts:
            self.homeless.append(entered)
        for name in parts:
            again = void
            if not void and isinstance(decision, Review) and name == parts[0]:
                again = self._no_other(decision, name)
            part_of = "" if name == parts[0] else parts[0]
            self.cases[name].heard.append(Heard(entered=entered, void=again, part_of=part_of))

    def _place_regrouping(self, entered: Entered, decision: Regrouping) -> None:
        """It is told of every incident that holds claims of it; it is no ruling on any of them."""
        void = self._regroupings.void(entered.index)
        one, other = sides(decision)
        if not self.homes.standing(one) or not (
            isinstance(decision, TakenBack) or self.homes.standing(other)
        ):
            void = void or NOTHING_LEFT
            self.homeless.append(entered)
        for name in sorted(self.homes.holding((*one, *other))):
            self.cases[name].heard.append(Heard(entered=entered, void=void))

    def _no_other(self, review: Review, name: str) -> str:
        if review.ruling is not Ruling.DUPLICATE:
            return ""
        other = self.other(review)
        if other is None:
            return "no report stands any more on what it is said to duplicate"
        return "it and what it duplicates are one incident now" if other == name else ""

    def other(self, review: Review) -> str | None:
        """What a review calls the original, by its name of today."""
        if review.other is None:
            return None
        return next(iter(self.homes.parts(review.other, review.other_claims)), None)

    def _rule(self, name: str) -> None:
        case = self.cases[name]
        given = [
            Given(
                index=one.entered.index,
                by=one.entered.by,
                ruling=review.ruling,
                other=self.other(review),
                claims=frozenset(review.claims),
            )
            for one in case.heard
            if one.counts and isinstance(review := one.entered.decision, Review)
        ]
        case.bench = rule(given, needed=self._needed)

    def _break_circles(self) -> None:
        """Of incidents that are said to duplicate one another in a circle, one stays: none would.

        The youngest of the rulings that close the circle counts for nothing.
        """
        while circle := self._circle():
            youngest = max(circle, key=self._since)
            held = self.cases[youngest].bench.held
            self.cases[youngest].heard = [
                self._void_if(one, held.other if held else None)
                for one in self.cases[youngest].heard
            ]
            self._rule(youngest)

    def _void_if(self, one: Heard, other: str | None) -> Heard:
        review = one.entered.decision
        if not one.counts or not isinstance(review, Review) or self.other(review) != other:
            return one
        why = "what it is said to duplicate is itself said to duplicate it"
        return Heard(entered=one.entered, void=why)

    def _since(self, name: str) -> int:
        held = self.cases[name].bench.held
        return -1 if held is None else held.since

    def _circle(self) -> Sequence[str]:
        """The incidents of one circle of duplicates; empty where there is none."""
        to = {
            name: case.bench.held.other
            for name, case in self.cases.items()
            if case.bench.held is not None and case.bench.held.ruling is Ruling.DUPLICATE
        }
        for start in sorted(to):
            path, name = [start], to[start]
            while name in to and name not in path:
                path.append(name)
                name = to[name]
            if name in path:
                return path[path.index(name) :]
        return ()
