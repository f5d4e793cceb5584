"""Copies whose signature was lost, laid upon the report they most likely repeat.

A copy brings no evidence: what it repeats is settled after the happenings are, so it can neither
locate one nor make one likelier.
"""

# Compiled functions take their types from numba, at the call.
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trucewatch.incidents.engine.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from trucewatch.incidents.engine.arrays import Reports
    from trucewatch.incidents.engine.lineage import Lineage

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GATE = 4.0
SAME = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Copying:
    """How copies differ from what they repeat, learnt from those with equal signatures.

    Shares are of copies that keep the place, the time, the kind, the precision and the width;
    `place_sd` (km, each axis) and `time_sd` (days) are of those that do not. `lag` is the mean
    delay in days, `spread` the shape of how many copies one report has (gamma), and `liked`
    (S,) the copies per report of each source, relative to the mean.
    """

    same_place: float
    same_time: float
    whole_days: float
    same_kind: float
    same_precision: float
    same_width: float
    place_sd: float
    time_sd: float
    lag: float
    spread: float
    liked: Floats


def learn(reports: Reports, lineage: Lineage, nodes: Ints) -> Copying:
    """Learn from copies with a signature; a handful of invented ones stand in where none are."""
    copy = np.flatnonzero(lineage.root != np.arange(len(reports)))
    root = lineage.root[copy]
    m = len(copy)

    def share(same: NDArray[np.bool_], first: float) -> float:
        return float((same.sum() + 10 * first) / (m + 10))

    dx, dy = reports.x[copy] - reports.x[root], reports.y[copy] - reports.y[root]
    dt = reports.t[copy] - reports.t[root]
    moved, slipped = np.hypot(dx, dy) > SAME, np.abs(dt) > SAME
    whole = np.abs(dt[slipped] - np.round(dt[slipped])) < SAME
    copied = np.bincount(root, minlength=len(reports))[nodes].astype(float)
    mean = float(copied.mean()) if len(nodes) else 0.0
    over = float(copied.var()) - mean if len(nodes) else 0.0
    sources = len(lineage.aggregator)
    told = np.bincount(reports.source[nodes], minlength=sources)
    got = np.bincount(reports.source[nodes], weights=copied, minlength=sources)
    return Copying(
        same_place=share(~moved, 0.7),
        same_time=share(~slipped, 0.8),
        whole_days=float((whole.sum() + 8) / (slipped.sum() + 10)),
        same_kind=share(reports.kind[copy] == reports.kind[root], 0.9),
        same_precision=share(reports.loc_sd[copy] == reports.loc_sd[root], 0.8),
        same_width=share(np.abs(reports.width[copy] - reports.width[root]) < SAME, 0.95),
        place_sd=_sd(np.concatenate([dx[moved], dy[moved]]), 2.0),
        time_sd=_sd(dt[slipped], 1.0),
        lag=float((np.maximum(reports.pub[copy] - reports.pub[root], 0).sum() + 5) / (m + 10)),
        spread=min(10.0, mean * mean / over) if over > 0 and mean > 0 else 10.0,
        liked=(got + 0.5 * mean + 1e-9) / (told * mean + 0.5 * mean + 1e-9),
    )


def _sd(values: Floats, first: float) -> float:
    return math.sqrt((float(np.sum(values**2)) + 10 * first**2) / (len(values) + 10))


@compiled(nogil=True)
def _lay(
    cx,
    cy,
    ct,
    cw,
    ckind,
    csd,
    cpub,
    ox,
    oy,
    ot,
    ow,
    okind,
    osd,
    opub,
    weight,
    group,
    p,
    start,
    rows,
    x0,
    y0,
    cell,
    nx,
    ny,
    reach,
    reach_t,
    same_place,
    same_time,
    whole,
    same_kind,
    same_sd,
    same_width,
    sd,
    sd_t,
    lag,
    kinds,
):
    n = cx.shape[0]
    best = np.full(n, -1, dtype=np.int64)
    chance = np.zeros(n)
    ids = np.empty(4096, dtype=np.int64)
    wt = np.empty(4096)
    for i in range(n):
        found = 0
        most = -1e300
        a0 = max(0, int((cx[i] - reach - x0) / cell))
        a1 = min(nx - 1, int((cx[i] + reach - x0) / cell))
        b0 = max(0, int((cy[i] - reach - y0) / cell))
        b1 = min(ny - 1, int((cy[i] + reach - y0) / cell))
        for a in range(a0, a1 + 1):
            for b in range(b0, b1 + 1):
                left = start[a * ny + b]
                end = start[a * ny + b + 1]
                right = end
                while left < right:
                    mid = (left + right) >> 1
                    if ot[rows[mid]] < ct[i] - reach_t:
                        left = mid + 1
                    else:
                        right = mid
                for r in range(left, end):
                    j = rows[r]
                    dt = ct[i] - ot[j]
                    if dt > reach_t:
                        break
                    late = cpub[i] - opub[j]
                    dx = cx[i] - ox[j]
                    dy = cy[i] - oy[j]
                    d2 = dx * dx + dy * dy
                    if late < 0 or weight[j] <= 0 or d2 > reach * reach:
                        continue
                    f = (1 - same_place) * math.exp(-0.5 * d2 / sd / sd) / (2 * math.pi * sd * sd)
                    if d2 < 1e-12:
                        f += same_place
                    g = (1 - same_time) * math.exp(-0.5 * dt * dt / sd_t / sd_t) / (2.5066 * sd_t)
                    if abs(dt) < 1e-6:
                        g = same_time
                    elif abs(dt - round(dt)) < 1e-6:
                        g *= whole
                    else:
                        g *= (1 - whole) * 1e-3
                    g *= same_width if abs(cw[i] - ow[j]) < 1e-6 else (1 - same_width)
                    g *= same_kind if ckind[i] == okind[j] else (1 - same_kind) / kinds
                    g *= same_sd if csd[i] == osd[j] else (1 - same_sd) / 4
                    w = math.log(f * g * weight[j] + 1e-300) - late / lag
                    if found < 4096:
                        ids[found] = j
                        wt[found] = w
                        found += 1
                    most = max(most, w)
        if found == 0:
            continue
        total = 0.0
        for k in range(found):
            wt[k] = math.exp(wt[k] - most)
            total += wt[k]
        top = 0.0
        for k in range(found):
            chance[i] += wt[k] / total * p[ids[k]]
            if wt[k] <= 1e-6:
                continue
            mine = 0.0
            for q in range(found):
                if group[ids[q]] == group[ids[k]]:
                    mine += wt[q]
            if mine > top * (1 + 1e-12):
                top = mine
                best[i] = group[ids[k]]
    return best, chance


def lay(
    reports: Reports, lost: Ints, nodes: Ints, group: Ints, p: Floats, how: Copying, copied: Floats
) -> tuple[Ints, Floats]:
    """The happening each lost copy repeats (−1: none in reach), and the P of what it repeats.

    `lost` and `nodes` are rows of `reports`; `group`, `p` and `copied` (how many known copies it
    has) belong to the nodes. P is averaged over everything the copy may repeat.
    """
    if not len(lost) or not len(nodes):
        return np.full(len(lost), -1), np.zeros(len(lost))
    reach, reach_t = GATE * how.place_sd, GATE * how.time_sd
    x, y = reports.x[nodes], reports.y[nodes]
    x0, y0 = float(x.min()), float(y.min())
    wide, high = float(x.max()) - x0, float(y.max()) - y0
    cell = max(reach, max(wide, high) / 2000, 1e-6)
    nx, ny = int(wide / cell) + 1, int(high / cell) + 1
    where = ((x - x0) / cell).astype(np.int64) * ny + ((y - y0) / cell).astype(np.int64)
    rows = np.argsort(where, kind="stable")
    start = np.searchsorted(where[rows], np.arange(nx * ny + 1))
    weight = (copied + how.spread) * how.liked[reports.source[nodes]]

    def of(at: Ints) -> tuple[Any, ...]:
        return (
            reports.x[at], reports.y[at], reports.t[at], reports.width[at], reports.kind[at],
            reports.loc_sd[at], reports.pub[at],
        )  # fmt: skip

    shares = (how.same_place, how.same_time, how.whole_days, how.same_kind, how.same_precision)
    grid = (start, rows, x0, y0, cell, nx, ny, reach, reach_t)
    spread = (how.same_width, how.place_sd, how.time_sd, how.lag, max(1, len(reports.kinds) - 1))
    arguments = (*of(lost), *of(nodes), weight, group, p, *grid, *shares, *spread)
    best, chance = _lay(*arguments)
    return best, chance
