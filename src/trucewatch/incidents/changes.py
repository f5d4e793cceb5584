"""What became of incidents between two states of the evidence, told by the claims they share."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.incidents.identity_of import founded_by
from trucewatch.model import Change, Fate, Move, distance_m, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Incident

# Less than this is what rounding for people hides: a metre, a minute, half a per cent.
LEAST_METRES = 1.0
LEAST_TIME = timedelta(minutes=1)
LEAST_PROBABILITY = 0.005


def changes(
    before: Iterable[Incident], after: Iterable[Incident], *, since: str = "the earlier state"
) -> tuple[Change, ...]:
    """What became of every incident, sorted by ids; each stands in exactly one change.

    Incidents belong together if they share claims, at one remove or more: their ids prove
    nothing. Those of which nothing changed are there too, as `Fate.UNCHANGED`. `since` is how the
    sentences name the state before. ValueError where a claim is in two incidents of one state.
    """
    old, new = {i.id: i for i in before}, {i.id: i for i in after}
    was, now = _homes(old.values()), _homes(new.values())
    shared: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for claim in was.keys() | now.keys():
        shared[was.get(claim), now.get(claim)].append(claim)
    moves = [
        Move(before=one, after=other, claims=tuple(sorted(claims)))
        for (one, other), claims in shared.items()
    ]
    moves.sort(key=lambda m: (m.before or "", m.after or ""))
    found = [_change(group, old, new, since) for group in _together(moves)]
    return tuple(sorted(found, key=lambda c: (c.before, c.after)))


def _homes(incidents: Iterable[Incident]) -> dict[str, str]:
    """The incident of every claim."""
    homes: dict[str, str] = {}
    for incident in incidents:
        for claim in incident.claims:
            if homes.setdefault(claim, incident.id) != incident.id:
                raise ValueError(f"{claim} is in two incidents of one state")
    return homes


def _together(moves: Sequence[Move]) -> list[list[Move]]:
    """Moves with an end in common, directly or through others."""
    leader: dict[tuple[str, str], tuple[str, str]] = {}

    def lead(node: tuple[str, str]) -> tuple[str, str]:
        while leader.setdefault(node, node) != node:
            leader[node] = node = leader[leader[node]]
        return node

    def ends(move: Move) -> list[tuple[str, str]]:
        named = (("before", move.before), ("after", move.after))
        return [(side, name) for side, name in named if name is not None]

    for move in moves:
        first, *rest = ends(move)
        for other in rest:
            leader[lead(other)] = lead(first)
    groups: defaultdict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in moves:
        groups[lead(ends(move)[0])].append(move)
    return list(groups.values())


def _change(
    moves: Sequence[Move], old: Mapping[str, Incident], new: Mapping[str, Incident], since: str
) -> Change:
    before = tuple(sorted({m.before for m in moves if m.before is not None}))
    after = tuple(sorted({m.after for m in moves if m.after is not None}))
    came, went = any(m.before is None for m in moves), any(m.after is None for m in moves)
    aspects: dict[str, str] = {}
    if len(before) == len(after) == 1:
        aspects = _aspects(old[before[0]], new[after[0]])
    fate = _fate(before, after, came=came, went=went, aspects=aspects)
    return Change(
        fate=fate,
        before=before,
        after=after,
        moves=tuple(moves),
        aspects=tuple(aspects),
        why=_why(fate, moves, old, new, aspects, since),
    )


def _fate(
    before: Sequence[str],
    after: Sequence[str],
    *,
    came: bool,
    went: bool,
    aspects: Mapping[str, str],
) -> Fate:
    if not before:
        return Fate.NEW
    if not after:
        return Fate.WITHDRAWN
    if len(before) > 1 or len(after) > 1:
        if len(after) == 1:
            return Fate.MERGED
        return Fate.SPLIT if len(before) == 1 else Fate.REGROUPED
    if came or went:
        if came and went:
            return Fate.EXCHANGED
        return Fate.GROWN if came else Fate.SHRUNK
    if "name" in aspects:
        return Fate.RENAMED
    return Fate.REVISED if aspects else Fate.UNCHANGED


def _aspects(old: Incident, new: Incident) -> dict[str, str]:
    """What is said otherwise of one incident, beyond rounding, and how."""
    found: dict[str, str] = {}
    if old.id != new.id:
        founder = next((c for c in new.claims if founded_by(c) == new.id), None)
        found["name"] = f"{old.id} is called {new.id} now" + (
            f": of its claims {founder} was made first" if founder is not None else ""
        )
    if (old.nature, old.kind) != (new.nature, new.kind):
        found["kind"] = f"kind: {_kind(old)}, now {_kind(new)}"
    moved = distance_m(old.place, new.place)
    widened = math.fabs(new.place.error_m - old.place.error_m)
    if max(moved, widened) >= LEAST_METRES or old.region != new.region:
        found["place"] = (
            f"place: moved by {moved:,.0f} m; ± {old.place.error_m:,.0f} m, "
            f"now ± {new.place.error_m:,.0f} m"
        )
    if (
        abs(new.when.earliest - old.when.earliest) >= LEAST_TIME
        or abs(new.when.latest - old.when.latest) >= LEAST_TIME
    ):
        found["time"] = f"time: {_span(old)}, now {_span(new)}"
    if math.fabs(new.probability - old.probability) >= LEAST_PROBABILITY:
        found["probability"] = f"P(it happened): {old.probability:.2f}, now {new.probability:.2f}"
    return found


def _kind(incident: Incident) -> str:
    tree = kind_tree()
    name = tree[incident.kind].name if incident.kind in tree else incident.kind
    return f"{name} ({incident.nature.value.replace('_', ' ')})"


def _span(incident: Incident) -> str:
    when = incident.when
    return f"{when.earliest:%Y-%m-%d %H:%M} to {when.latest:%Y-%m-%d %H:%M} UTC"


def _why(
    fate: Fate,
    moves: Sequence[Move],
    old: Mapping[str, Incident],
    new: Mapping[str, Incident],
    aspects: Mapping[str, str],
    since: str,
) -> tuple[str, ...]:
    """What happened in a sentence, what came and went, and what the incidents now say of it."""
    if fate is Fate.UNCHANGED:
        return ()
    before = sorted({m.before for m in moves if m.before is not None})
    after = sorted({m.after for m in moves if m.after is not None})
    parts = " and ".join(f"{name} ({_claims(len(new[name].claims))})" for name in after)
    went = sorted(c for m in moves if m.after is None for c in m.claims)
    said = {
        Fate.SPLIT: f"{' and '.join(before)} is {len(after)} incidents now: {parts}",
        Fate.MERGED: f"{' and '.join(before)} are one incident now: {parts}",
        Fate.REGROUPED: f"{' and '.join(before)} are grouped otherwise now: {parts}",
        Fate.NEW: f"{parts} is new since {since}",
        Fate.WITHDRAWN: f"{' and '.join(before)} is gone",
    }
    out = [said[fate]] if fate in said else []
    if fate is not Fate.NEW:
        for name in after:
            these = sorted(
                c for m in moves if m.after == name and m.before is None for c in m.claims
            )
            if these:
                out.append(f"{_named(these)} came to {name} after {since}")
    if went:
        out.append(f"{_named(went)} stood at {since} and no longer {_do(went)}")
    out += aspects.values()
    known = {reason for name in before for reason in old[name].reasons}
    return (*out, *dict.fromkeys(r for name in after for r in new[name].reasons if r not in known))


def _claims(count: int) -> str:
    return "1 claim" if count == 1 else f"{count} claims"


def _named(claims: Sequence[str]) -> str:
    return f"{_claims(len(claims))} ({', '.join(claims)})"


def _do(claims: Sequence[str]) -> str:
    return "does" if len(claims) == 1 else "do"
