"""Parameters learnt from the reports themselves, with what people have stated as the prior."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.accounts import of_claims
from trucewatch.incidents.engine import by_content
from trucewatch.incidents.engine.learning import climb
from trucewatch.incidents.fires import THERMAL
from trucewatch.incidents.fitting import WEIGHT, Fit, rests_on
from trucewatch.incidents.ground import EARTH_RADIUS_KM, positions
from trucewatch.incidents.learn_rate import learn_rate
from trucewatch.incidents.wording import ALERT
from trucewatch.model import Point, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from trucewatch.incidents.accounts import Account
    from trucewatch.incidents.engine import Reports
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Claim, Origin, Source

    Floats = NDArray[np.float64]

LEAST_JOINED = 30
"""Below so many reports that share a happening with another source nothing is learnt at all."""

CELL_KM, CELL_DAYS = 100.0, 90.0
LEAST_WIDTH_D = 2.0**-10
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLearning:
    """What the values learnt for one source rest on.

    `joined` reports share a happening with another source, in the part of the time that was
    learnt from; `beyond_one` of them with another than its most frequent partner, without which
    detection and falsehood cannot be told apart. The weights are those of the data, 0 to 1,
    against what is stated. `note` says so in words.
    """

    source: str
    reports: int
    joined: int
    beyond_one: int
    detection_weight: float
    false_weight: float
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Learnt parameters and what they rest on; where `refused` says why, nothing was learnt."""

    parameters: Parameters
    sources: tuple[SourceLearning, ...]
    reports: int
    joined: int
    refused: str = ""


def learn(
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    *,
    sources: Mapping[str, Source],
    stated: Parameters,
) -> Learnt:
    """Learn rate and its peaks, detection, false share and errors of place and time.

    A function of the sets. `stated` must be what people have stated, never what was learnt
    before: else each call would count the same reports once more. Detections of instruments,
    areas and sums are not learnt from, nor are sources that only repeat. Kinds keep their stated
    confusion.
    """
    accounts = _accounts(claims, origins, sources, stated)
    names = sorted({a.source for a in accounts})
    if len(names) < 2 or len(accounts) < LEAST_JOINED:
        return _refusal(stated, len(accounts), 0, len(names))
    own = [stated.of(sources[name]) for name in names]
    words = sorted({a.kind for a in accounts})
    reports = _columns(accounts, names, words, stated)
    fit = Fit(reports, own, words, stated.sign_share)
    model, sums, mass = climb(reports, fit.start(), fit.step, lone=_watched(reports))
    joined = round(math.fsum(sums.joined.tolist()))
    if joined < LEAST_JOINED:
        return _refusal(stated, len(accounts), joined, len(names))
    told = np.bincount(reports.source, minlength=len(names))
    rests = rests_on(sums)
    learnt = [
        SourceLearning(
            source=name,
            reports=int(told[s]),
            joined=round(float(sums.joined[s])),
            beyond_one=round(float(rests.beyond_one[s])),
            detection_weight=round(float(rests.detection[s]), DIGITS),
            false_weight=round(float(rests.false[s]), DIGITS),
            note=_note(float(sums.joined[s]), float(rests.beyond_one[s])),
        )
        for s, name in enumerate(names)
    ]
    values = dict(zip(names, fit.values(sums, model, mass), strict=True))
    by_source = dict(stated.by_source) | values
    rate, peaks = learn_rate(
        reports,
        accounts,
        happenings=model.happenings,
        # The sums are of a share `mass` of the time, the reports of all of it.
        told=(sums.sets + math.fsum(sums.alone.tolist())) / mass,
        sets=sums.sets,
        stated=stated,
    )
    return Learnt(
        parameters=replace(
            stated,
            rate_per_km2_day=rate,
            rate_peaks=peaks,
            by_source=tuple(sorted(by_source.items())),
        ),
        sources=tuple(learnt),
        reports=len(accounts),
        joined=joined,
    )


def _refusal(stated: Parameters, reports: int, joined: int, names: int) -> Learnt:
    if names < 2:
        why = "fewer than two sources report events with a point as their place"
    else:
        why = (
            f"{joined or 'none'} of {reports} reports share a happening with another source, "
            f"and at least {LEAST_JOINED} must"
        )
    return Learnt(parameters=stated, sources=(), reports=reports, joined=joined, refused=why)


def _accounts(
    claims: Iterable[Claim],
    origins: Iterable[Origin],
    sources: Mapping[str, Source],
    stated: Parameters,
) -> list[Account]:
    """Accounts of registered sources that tell of one act at a point, sorted by key.

    An instrument sees mostly fires with no act behind them, so its detections tell nothing of
    how it sees acts.
    """
    of: dict[str, set[str]] = {}
    for origin in origins:
        for claim in origin.claims:
            of.setdefault(claim, set()).add(origin.id)
    usable = {
        c.id: c
        for c in claims
        if c.source in sources
        and not stated.of(sources[c.source]).copies_only
        and c.detection is None
        and not c.aggregated
        and c.kind in kind_tree()
        and c.kind not in {ALERT, THERMAL}
        and isinstance(c.place, Point)
        and c.place.error_m <= stated.widest_error_m
        and c.when.length.total_seconds() <= 86_400 * stated.longest_span_days
    }
    by_claim = {c: frozenset(of.get(c, ())) for c in usable}
    return of_claims((usable[key] for key in sorted(usable)), by_claim, sources, stated)


def _note(joined: float, beyond_one: float) -> str:
    if joined < 0.5:
        return "shares no happening with any other source, so all stays as stated"
    if beyond_one < 0.5:
        return (
            "shares happenings with one other source alone: detection and falsehood cannot be "
            "told apart, so its false share stays as stated"
        )
    if beyond_one < WEIGHT:
        return "what is stated weighs more than what was learnt"
    return "learnt"


def plane(places: Sequence[Point]) -> Floats:
    """Kilometres east and north of the mean place, shape (n, 2): azimuthal and equidistant.

    Distances from the mean are true; across, they are 0.1 % too long at 500 km from it.
    """
    xyz = positions(places) / EARTH_RADIUS_KM
    mean = np.array([math.fsum(column) for column in xyz.T.tolist()])
    length = float(np.linalg.norm(mean))
    up = mean / length if length > 1e-9 else np.array([1.0, 0.0, 0.0])
    east = np.cross([0.0, 0.0, 1.0], up)
    if np.linalg.norm(east) < 1e-9:
        east = np.array([0.0, 1.0, 0.0])
    east /= np.linalg.norm(east)
    flat = np.column_stack([xyz @ east, xyz @ np.cross(up, east)])
    across = np.linalg.norm(flat, axis=1)
    angle = np.arctan2(across, xyz @ up)
    stretch = np.where(across > 1e-12, angle / np.maximum(across, 1e-12), 1.0)
    return flat * (stretch * EARTH_RADIUS_KM)[:, None]


def _columns(
    accounts: Sequence[Account], names: Sequence[str], words: Sequence[str], stated: Parameters
) -> Reports:
    """The columns of the engine, on a plane; sources and kinds are numbered by these names."""
    xy = plane([a.place for a in accounts])
    days = np.array([a.days for a in accounts])
    width = np.maximum(days[:, 1], LEAST_WIDTH_D)
    end = days[:, 0] + width / 2
    return by_content(
        source=np.array([names.index(a.source) for a in accounts]),
        x=xy[:, 0],
        y=xy[:, 1],
        loc_sd=np.array([max(a.place.error_m, stated.least_error_m) / 1000 for a in accounts]),
        t0=days[:, 0] - width / 2,
        t1=end,
        kind=np.array([words.index(a.kind) for a in accounts]),
        pub=end,
        text=np.arange(len(accounts)),
    )


def _watched(reports: Reports) -> NDArray[np.bool_]:
    """Which reports lie where and when any other source reports at all.

    Only there does it say anything that a report stands alone: where one source watches by
    itself, nobody could have confirmed it.
    """
    where = np.column_stack(
        [reports.x // CELL_KM, reports.y // CELL_KM, reports.t // CELL_DAYS]
    ).astype(np.int64)
    cell = np.unique(where, axis=0, return_inverse=True)[1].ravel()
    pairs = np.unique(np.column_stack([cell, reports.source]), axis=0)
    watched: NDArray[np.bool_] = np.bincount(pairs[:, 0])[cell] > 1
    return watched
