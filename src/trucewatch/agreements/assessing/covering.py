"""What a provision names, held against what is known of an act: kind, weapons and condition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from trucewatch.agreements.assessing.wording import names_of, weapon_names_of
from trucewatch.agreements.conditions.facts import condition_cover
from trucewatch.agreements.kinds import Cover, cover_of, weapon_cover, weapons_of
from trucewatch.model import Duty, kind_tree

if TYPE_CHECKING:
    from trucewatch.model import Exemption, Finding, Incident, Provision


@dataclass(frozen=True, slots=True)
class Covered:
    """Whether an act is meant, and why not, or why that is not known."""

    cover: Cover
    reason: str = ""


@dataclass(frozen=True)
class Covering:
    """One incident, one provision, and whether the provision and its exceptions mean the act."""

    incident: Incident
    finding: Finding
    provision: Provision

    def under(self, provision: Provision) -> Covering:
        """The same incident under another provision."""
        return Covering(self.incident, self.finding, provision)

    @cached_property
    def weapons(self) -> frozenset[str]:
        """The weapons known of the act."""
        return weapons_of(self.incident.kind, self.incident.weapons)

    @property
    def what(self) -> str:
        """The kind in words."""
        return kind_tree()[self.incident.kind].name

    @cached_property
    def term(self) -> Covered:
        """Whether the provision means the act; hours and zones apart.

        A permission must mean every weapon of the act, a ban any of them.
        """
        provision = self.provision
        kinds = cover_of(kind_tree(), self.incident.kind, provision.kinds)
        named = names_of(provision.kinds)
        if kinds is Cover.NOT:
            return Covered(kinds, f"{self.what} is not among what it names ({named})")
        every = provision.duty is Duty.PERMIT
        weapons = weapon_cover(self.weapons, provision.weapons, every=every)
        arms = weapon_names_of(provision.weapons)
        if weapons is Cover.NOT:
            known = weapon_names_of(self.weapons)
            return Covered(weapons, f"{known} is not among the weapons it names ({arms})")
        condition = condition_cover(provision.condition, self.incident, self.finding)
        if condition is Cover.NOT:
            return Covered(condition, f"its condition does not hold: {provision.condition}")
        if kinds is Cover.MAYBE:
            return Covered(
                kinds,
                f"{self.what} is too vague a word: it may have been {named}, or something else",
            )
        if weapons is Cover.MAYBE:
            return Covered(weapons, f"{self.arms_known}, and it speaks of {arms} alone")
        if condition is Cover.MAYBE:
            return Covered(
                condition, f"whether its condition holds is not known: {provision.condition}"
            )
        return Covered(Cover.NAMED)

    @property
    def arms_known(self) -> str:
        """What is known of the weapons, in words."""
        if not self.weapons:
            return "no report names the weapon"
        return f"the reports name {weapon_names_of(self.weapons)}"

    def spares(self, exception: Exemption) -> Cover:
        """Whether an exception means the act; hours and zones apart. One that gives nothing, NOT.

        It must mean every weapon of the act.
        """
        if not (exception.kinds or exception.weapons or exception.condition):
            given = exception.zones or exception.window.start or exception.window.end
            return Cover.NAMED if given else Cover.NOT
        kinds = Cover.NAMED
        if exception.kinds:
            kinds = cover_of(kind_tree(), self.incident.kind, exception.kinds)
        return min(
            kinds,
            weapon_cover(self.weapons, exception.weapons, every=True),
            # A condition is asked last: it costs most.
            Cover.NOT
            if kinds is Cover.NOT
            else condition_cover(exception.condition, self.incident, self.finding),
        )

    @cached_property
    def _spared(self) -> tuple[tuple[Exemption, Cover], ...]:
        return tuple((one, self.spares(one)) for one in self.provision.exceptions)

    def exceptions(self, least: Cover) -> tuple[Exemption, ...]:
        """The exceptions that mean the act at least so surely."""
        return tuple(one for one, cover in self._spared if cover >= least)

    @property
    def doubt(self) -> str:
        """Why it is not known whether an exception means the act: the first that leaves it open."""
        one = next(one for one, cover in self._spared if cover is Cover.MAYBE)
        if one.kinds and cover_of(kind_tree(), self.incident.kind, one.kinds) is Cover.MAYBE:
            return f"{self.what} may have been of a kind that is excepted"
        if weapon_cover(self.weapons, one.weapons, every=True) is Cover.MAYBE:
            arms = weapon_names_of(one.weapons)
            return f"{self.arms_known}, and an exception speaks of {arms}"
        return f"whether the condition of an exception holds is not known: {one.condition}"
