"""Associate the reports of one file of the shared generator: associate.py IN.parquet OUT.parquet.

Reads id, source, x, y, loc_sd, t0, t1, type and text, never the columns of truth. The engine is
the one that the pipeline uses; only the making of nodes differs, as the file holds a plane in
kilometres and types instead of a globe and a tree of kinds.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.ndimage import gaussian_filter

from trucewatch.incidents import Nodes, Parameters, Weights, happened, partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COLUMNS = ["id", "source", "x", "y", "loc_sd", "t0", "t1", "type", "text"]
KINDS = 8
# What the generator's own text says of its reporters: detection, time s.d. in days, accuracy of
# the type, share of all false reports. Given, not learnt: see docs/benchmarks.md.
REPORTERS = (
    (0.35, 0.01, 0.55, 0.30),
    (0.60, 0.10, 0.93, 0.10),
    (0.80, 0.30, 0.85, 0.30),
    (0.45, 0.70, 0.80, 0.20),
    (0.20, 1.00, 0.90, 0.10),
)
PRIOR = np.array([0.34, 0.20, 0.08, 0.12, 0.12, 0.06, 0.05, 0.03])
FALSE_PER_TRUE = 0.30
# Copies that lost their text: few per happening and aggregator, late, and no evidence.
COPY_DETECTION, COPY_TAU, COPY_ACCURACY, COPY_FALSE = 0.03, 0.6, 0.85, 0.25
# The stated s.d. is off by a fifth on average and coordinates are rounded to a kilometre.
PLACE_SCALE, ROUNDING_KM = 1.05, 0.3
CELL_KM, BLURS_KM = 5.0, (6.0, 10.0, 20.0, 40.0)


@dataclass(frozen=True)
class Associated:
    """The incident number of each row and the probability that it happened."""

    incident: NDArray[np.int64]
    p_happened: Floats
    seconds: float
    steps: dict[str, float] = field(default_factory=dict)


def likelihoods() -> Floats:
    """P(type | true type) of each source and type, shape (sources · types, types)."""
    rows = []
    for accuracy in [r[2] for r in REPORTERS] + [COPY_ACCURACY]:
        far = (1 - accuracy) * 0.4 / (KINDS - 1)
        for said in range(KINDS):
            row = np.full(KINDS, far)
            row[said] = accuracy
            row[said ^ 1] += (1 - accuracy) * 0.6
            rows.append(row)
    return np.array(rows)


def rates(x: Floats, y: Floats, sigma: Floats, days: float, per_event: float) -> Floats:
    """Log of happenings per km² and day at each report, from the set itself.

    Reports are counted in 5-km cells, blurred at the scale nearest above the report's own error,
    and divided by the reports per happening. A vague report smears the density it is judged by.
    """
    x0, y0 = x.min() - 100, y.min() - 100
    shape = (int((x.max() + 100 - x0) / CELL_KM) + 1, int((y.max() + 100 - y0) / CELL_KM) + 1)
    col, row = ((x - x0) / CELL_KM).astype(int), ((y - y0) / CELL_KM).astype(int)
    count = np.zeros(shape)
    np.add.at(count, (col, row), 1.0)
    level = np.searchsorted(BLURS_KM[:-1], sigma)
    out = np.zeros(len(x))
    floor = 0.02 * len(x) / (600 * 800)
    for number, blur in enumerate(BLURS_KM):
        smooth = gaussian_filter(count, blur / CELL_KM) / CELL_KM**2 + floor
        at = level == number
        out[at] = smooth[col[at], row[at]]
    return np.asarray(np.log(out / (per_event * days)))


def nodes_of(d: pl.DataFrame, density: str) -> tuple[Nodes, NDArray[np.int64]]:
    """Nodes, copies by text collapsed onto the first published original, and each row's node."""
    d = d.with_columns(rank=pl.col("source") >= len(REPORTERS))
    first = d.sort("rank", "t1", "id").unique("text", keep="first").sort("id")
    number = dict(zip(first["text"].to_list(), range(len(first)), strict=True))
    node_of_row = np.array([number[t] for t in d["text"].to_list()])
    source = first["source"].to_numpy().astype(int)
    agents = [number[t] for t in d["text"].to_list()]
    masks = [0] * len(first)
    for at, s in zip(agents, d["source"].to_list(), strict=True):
        masks[at] |= 1 << s
    x, y = (first[c].to_numpy().astype(float) for c in ("x", "y"))
    t0, t1 = (first[c].to_numpy().astype(float) for c in ("t0", "t1"))
    voice = np.minimum(source, len(REPORTERS))
    detect = np.array([r[0] for r in REPORTERS] + [COPY_DETECTION])[voice]
    tau = np.array([r[1] for r in REPORTERS] + [COPY_TAU])[voice]
    every = sum(r[0] for r in REPORTERS)
    odds = [FALSE_PER_TRUE * r[3] * every / r[0] for r in REPORTERS]
    false = np.array([*odds, COPY_FALSE / (1 - COPY_FALSE)])[voice]
    sigma = np.hypot(PLACE_SCALE * first["loc_sd"].to_numpy(), ROUNDING_KM)
    # A report with hours states them as ± its own s.d.: its interval is not added once more.
    length = np.where(np.isin(voice, (3, 4, 5)), t1 - t0, 0.0)
    days = float(t1.max() - t0.min())
    per_event = every * (1 + FALSE_PER_TRUE)
    if density == "local":
        log_rate = rates(x, y, sigma, days, per_event)
    else:
        area = (x.max() - x.min()) * (y.max() - y.min())
        log_rate = np.full(len(x), math.log(len(x) / per_event / area / days))
    unseen = np.log1p(-np.array([*(r[0] for r in REPORTERS), 0.0]))
    return Nodes(
        xyz=np.column_stack([x, y, np.zeros(len(x))]),
        sigma=sigma,
        t=(t0 + t1) / 2,
        tvar=tau**2 + length**2 / 12,
        log_rate=log_rate,
        word=voice * KINDS + first["type"].to_numpy().astype(int),
        likely=likelihoods(),
        prior=PRIOR,
        witness=source,
        masks=tuple(masks),
        log_detect=np.log(detect),
        log_false=np.log(false),
        log_unseen=unseen[voice],
        silence=float(unseen.sum()),
        copier=tuple((source >= len(REPORTERS)).tolist()),
    ), node_of_row


def associate(d: pl.DataFrame, density: str = "local") -> Associated:
    """Incident and probability of every row, in the order of the rows."""
    start = time.perf_counter()
    nodes, node_of_row = nodes_of(d.select(COLUMNS), density)
    weights = Weights(nodes)
    groups, _ = partition(weights, Parameters())
    parted = time.perf_counter()
    incident = np.zeros(len(nodes), dtype=np.int64)
    p = np.zeros(len(nodes))
    origins = {i: frozenset({str(i)}) for i in range(len(nodes))}
    names = {i: str(i) for i in range(len(nodes))}
    for number, group in enumerate(groups):
        incident[list(group)] = number
        p[list(group)] = happened(weights, group, origins, names, Parameters().most_log_odds)[0]
    end = time.perf_counter()
    steps = {"partition": parted - start, "probability": end - parted}
    return Associated(incident[node_of_row], p[node_of_row], end - start, steps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--density", choices=["local", "uniform"], default="local")
    args = parser.parse_args()
    d = pl.read_parquet(args.reports, columns=COLUMNS)
    found = associate(d, args.density)
    pl.DataFrame(
        {"id": d["id"], "incident": found.incident, "p_happened": found.p_happened}
    ).write_parquet(args.out)
    print(f"{len(d)} reports, {found.incident.max() + 1} incidents, {found.seconds:.1f} s")


if __name__ == "__main__":
    main()
