"""Near misses: the conditions that held in part, or failed by little, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.agreements.assessing.wording import edge_of_time, names_of, percent, weapon_names_of
from trucewatch.agreements.kinds import Cover, cover_of, weapon_cover
from trucewatch.model import ALWAYS, Duty, Edition, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.agreements.assessing.covering import Covering
    from trucewatch.agreements.assessing.reaching import Reach
    from trucewatch.model import Exemption, Instrument

BESIDE_M = 10_000.0
"""A zone that excepts is told of up to this distance, or five standard errors if that is more."""


def near_misses(
    reach: Reach, covering: Covering, instruments: Iterable[Instrument]
) -> tuple[str, ...]:
    """What held in part or failed by little: time, version, place, kind, weapon, exceptions."""
    provision, incident = covering.provision, reach.incident
    notes: list[str | None] = [edge_of_time(incident.when, reach.term.holds)]
    notes += _versions(reach, instruments)
    codes = provision.zones
    if codes and reach.time and reach.share < round(reach.time, 6):
        edge = reach.zones.edge(incident.place, codes, reach.term.holds)
        notes.append(edge or "none of its zones holds at that time")
    tree, what = kind_tree(), covering.what
    kinds = cover_of(tree, incident.kind, provision.kinds)
    if kinds is Cover.MAYBE:
        notes.append(f"the reports say {what}; the provision names {names_of(provision.kinds)}")
    every = provision.duty is Duty.PERMIT
    arms = weapon_cover(covering.weapons, provision.weapons, every=every)
    if kinds is not Cover.NOT and arms is Cover.MAYBE:
        named = weapon_names_of(provision.weapons)
        notes.append(f"{covering.arms_known}; the provision names {named}")
    if kinds is not Cover.NOT:
        for one in provision.exceptions:
            notes += _exception(reach, covering, one)
    return tuple(dict.fromkeys(note for note in notes if note is not None))


def _versions(reach: Reach, instruments: Iterable[Instrument]) -> Iterable[str]:
    """Which other versions of the text its time lies in."""
    own = reach.term.instrument
    if not own.text or reach.time == 1:
        return
    for other in sorted(instruments, key=lambda one: one.id):
        if other.text != own.text or other.id == own.id or other.edition is Edition.DRAFT:
            continue
        share = reach.incident.when.share_within(other.holds)
        if share:
            yield (
                f"{percent(share)} of its time lies in version {other.version} "
                f"of this text ({other.id})"
            )


def _exception(reach: Reach, covering: Covering, one: Exemption) -> Iterable[str | None]:
    """How an exception nearly held, or holds in part."""
    incident = reach.incident
    if not (one.kinds or one.weapons or one.zones or one.condition or one.window != ALWAYS):
        return
    kinds = Cover.NAMED
    if one.kinds:
        kinds = cover_of(kind_tree(), incident.kind, one.kinds)
    arms = weapon_cover(covering.weapons, one.weapons, every=True)
    cover = covering.spares(one)
    if kinds is Cover.NOT or (arms is Cover.NOT and cover is Cover.NOT):
        return
    called = f"the exception ({one.words})" if one.words else "the exception"
    if kinds is Cover.MAYBE:
        yield f"it would be exempt if it was {names_of(one.kinds)}"
    if arms is Cover.MAYBE:
        yield f"it would be exempt if the weapon was {weapon_names_of(one.weapons)}"
    if one.condition is not None and min(kinds, arms) is Cover.NAMED and cover is not Cover.NAMED:
        holds = "does not hold" if cover is Cover.NOT else "is not known to hold"
        yield f"the condition of {called} {holds}: {one.condition}"
    if not reach.share:
        return
    if one.window != ALWAYS:
        yield _of(called, edge_of_time(incident.when, one.window))
    if one.zones:
        beyond = reach.zones.beyond(incident.place, one.zones, one.window)
        share = reach.zones.share(incident.place, one.zones)
        if share < 1 and (share or beyond <= max(BESIDE_M, 5 * incident.place.error_m)):
            yield _of(called, reach.zones.edge(incident.place, one.zones, one.window))


def _of(called: str, note: str | None) -> str | None:
    return None if note is None else f"{called}: {note}"
