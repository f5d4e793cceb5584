"""How well an incident is established, by the independent voices behind it."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from trucewatch.findings.seeing import seen_by_kind
from trucewatch.model import Finding, Nature, Responsibility, State, content_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Coverage, Incident, Independence, Origin, Party

NO_STANDARD = "none stated"
UNREVIEWED = "Provisional: no person has reviewed it. Attribution withheld."
NO_TIES: Mapping[str, Independence] = MappingProxyType({})
# The number of independent origins is given to six places: what is whole may lie so far below.
_ROUNDING = 1e-5


def judge(
    incidents: Iterable[Incident],
    origins: Iterable[Origin],
    *,
    standards: Iterable[tuple[str, str]],
    quorum: int,
    coverage: Coverage,
    parties: Iterable[Party] = (),
    independence: Mapping[str, Independence] = NO_TIES,
) -> tuple[Finding, ...]:
    """One provisional finding for each incident, sorted by incident.

    All origins of one party are one voice; origins of different parties are different voices, for
    what both sides say alike serves neither. The machine never goes beyond CORROBORATED and never
    says who is responsible. An origin that is named but not given counts for nothing. `parties`
    are how the sides are called in print. `independence` is the effective number of origins of each
    incident, by id: it can take voices away and never adds one, and a part of a voice is none.
    ValueError where `quorum` is below 1.
    """
    if quorum < 1:
        raise ValueError("quorum must be at least 1")
    known = {origin.id: origin for origin in origins}
    standard = dict(standards)
    names = {party.id: party.name for party in parties}
    return tuple(
        _judge(
            incident,
            [known[one] for one in sorted(set(incident.origins)) if one in known],
            standard,
            quorum,
            coverage,
            names,
            independence.get(incident.id),
        )
        for incident in sorted(incidents, key=lambda one: one.id)
    )


def _judge(
    incident: Incident,
    origins: Sequence[Origin],
    standards: dict[str, str],
    quorum: int,
    coverage: Coverage,
    names: dict[str, str],
    independence: Independence | None,
) -> Finding:
    sides = sorted({origin.party for origin in origins if origin.party is not None})
    parties = [names.get(side, side) for side in sides]
    unaligned = [origin for origin in origins if origin.party is None]
    heard = len(unaligned) + len(parties)
    voices = heard if independence is None else min(heard, _whole(independence.number))
    state, reasons = _rung(parties, unaligned, voices, quorum)
    if voices < heard and independence is not None:
        reasons.append(
            f"{heard} are heard, but ties between them make them worth {independence.number:.2f} "
            "independent ones, and a part of a voice is none."
        )
    if incident.nature is not Nature.EVENT and state is not State.ALLEGATION:
        reasons.append(_heat(incident.nature, state))
    seen = seen_by_kind(coverage.watches, incident.place.lat, incident.place.lon, incident.when)
    # What any of those who watch could see is at least what the best placed of them could.
    seen_share = max(seen.values(), default=None)
    reasons.append(
        "How much of the place could be seen, nobody has stated."
        if seen_share is None
        else f"Those who watch could see {100 * seen_share:.0f} % of the place at that time."
    )
    reasons.append(UNREVIEWED)
    standard = standards.get(state.value, NO_STANDARD)
    return Finding(
        id=content_id(
            "fnd", [incident.id, state, standard, str(voices), *(one.id for one in origins)]
        ),
        incident=incident.id,
        state=state,
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard=standard,
        independent_origins=voices,
        probability=incident.probability,
        seen_share=seen_share,
        reasons=tuple(reasons),
        independence=independence,
    )


def _whole(number: float) -> int:
    """Voices that stand in full; what anybody says is one at the least."""
    return max(math.floor(number + _ROUNDING), 1 if number > 0 else 0)


def _rung(
    parties: Sequence[str], unaligned: Sequence[Origin], voices: int, quorum: int
) -> tuple[State, list[str]]:
    """The state, and the first reason. More voices never lower it."""
    if not voices:
        return State.ALLEGATION, ["No origin of these reports is known."]
    if not unaligned and len(parties) == 1:
        words = f"All that is known of it comes from one party ({parties[0]}): one voice, however "
        return State.ALLEGATION, [words + "many of its offices speak."]
    made_of = []
    if unaligned:
        # Numbers, not names: a reason is printed, and a sealed source is never named in print.
        made_of.append(f"{len(unaligned)} not aligned with a party")
    if parties:
        made_of.append(f"{len(parties)} speaking for {' and '.join(parties)}")
    words = f"{voices} independent voice{'s' if voices > 1 else ''}, of {quorum} needed: "
    words += ", ".join(made_of) + "."
    if len(parties) > 1:
        words += f" Opposed parties agree on it: {' and '.join(parties)}."
    return (State.CORROBORATED if voices >= quorum else State.REPORTED), [words]


def _heat(nature: Nature, state: State) -> str:
    verb = "corroborated" if state is State.CORROBORATED else "reported"
    if nature is Nature.STATIC_SOURCE:
        return f"What is {verb} is a place that is hot time and again, and no event."
    return f"What is {verb} is heat on the ground, and no act: what burned is not known."
