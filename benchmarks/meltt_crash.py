"""Agreement with the answer of MELTT's own package on its example of car crashes.

meltt_crash.py FOLDER reads crash_data1.csv to crash_data3.csv and the three taxonomies. The rule
is compared with what the package's page states, the engine with the rule: the engine is given no
window, and colour, model and damage only as eight types, their coarsest levels together.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.associate import associate
from benchmarks.meltt import Records, meltt
from benchmarks.worlds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

SETS = ("crash_data1", "crash_data2", "crash_data3")
TAXONOMIES = ("model_tax", "color_tax", "damage_tax")
# What the package's own page gives for 4 km and 2 days: its answer, no independent truth.
REFERENCE = {
    "records": 195,
    "unique": 140,
    "matches": 34,
    "event to event": 26,
    "episode to episode": 8,
    "1+2": 5,
    "1+3": 4,
    "2+3": 4,
    "1+2+3": 21,
}
KM, DAYS = 4.0, 2.0
# Nobody states how good the places are; a window of 4 km is about three of these.
ERROR_KM = 1.0
# The package counts 111.111 km a degree.
RADIUS_KM = 111.111 * 180 / np.pi


def read(folder: Path) -> tuple[pl.DataFrame, Records]:
    """The three sets one under the other, and what the rule looks at."""
    rows = pl.concat(
        [
            pl.read_csv(
                folder / f"{name}.csv",
                schema_overrides=dict.fromkeys(TAXONOMIES, pl.String),
                try_parse_dates=True,
            )
            for name in SETS
        ]
    )
    taxonomies = []
    for name in TAXONOMIES:
        tree = pl.read_csv(folder / f"taxonomy_{name}.csv", infer_schema=False)
        levels = tree.columns[2:]
        joined = rows.join(
            tree,
            left_on=["dataset", name],
            right_on=["data.source", "base.categories"],
            how="left",
            maintain_order="left",
        )
        codes = [joined[level].cast(pl.Categorical).to_physical().to_numpy() for level in levels]
        taxonomies.append(np.column_stack(codes).astype(np.int64))
    lat, lon = (np.radians(rows[name].to_numpy()) for name in ("latitude", "longitude"))
    place = RADIUS_KM * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )
    dataset = np.array([SETS.index(name) for name in rows["dataset"].to_list()])
    start, end = (
        rows[name].cast(pl.Date).to_physical().to_numpy().astype(float)
        for name in ("date", "enddate")
    )
    return rows, Records(dataset, place, start, end, taxonomies)


def counts(records: Records, found: NDArray[np.int64]) -> dict[str, int]:
    """The figures of `REFERENCE`, for any grouping of the records."""
    groups: dict[int, list[int]] = {}
    for row, group in enumerate(found.tolist()):
        groups.setdefault(group, []).append(row)
    matched = [rows for rows in groups.values() if len(rows) > 1]
    long = records.start != records.end
    sorts = Counter(
        "episode to episode" if long[rows].all() else "event to event"
        for rows in matched
        if long[rows].all() or not long[rows].any()
    )
    between = Counter(
        "+".join(str(n + 1) for n in sorted(set(records.dataset[rows].tolist())))
        for rows in matched
    )
    out = {"records": len(found), "unique": len(groups), "matches": len(matched)}
    return {name: (out | sorts | between).get(name, 0) for name in REFERENCE}


def by_engine(rows: pl.DataFrame, records: Records) -> NDArray[np.int64]:
    """What the engine makes of the same records on a plane around their middle."""
    lat, lon = (rows[name].to_numpy() for name in ("latitude", "longitude"))
    km = RADIUS_KM * np.pi / 180
    coarse = [levels[:, -1] for levels in records.taxonomies]
    bits = [np.unique(column, return_inverse=True)[1] for column in coarse]
    table = pl.DataFrame(
        {
            "id": np.arange(len(rows)),
            "source": records.dataset,
            "x": (lon - lon.mean()) * km * np.cos(np.radians(lat.mean())),
            "y": (lat - lat.mean()) * km,
            "loc_sd": np.full(len(rows), ERROR_KM),
            "t0": records.start,
            "t1": records.end + 1,
            "type": bits[0] * 4 + bits[1] * 2 + bits[2],
            "pub": records.end + 1,
            "text": np.arange(len(rows)),
        }
    )
    return np.asarray(associate(table).incident, dtype=np.int64)


def pairs(groups: NDArray[np.int64]) -> set[tuple[int, int]]:
    """Rows that are in one group."""
    rows = range(len(groups))
    return {(i, j) for i in rows for j in rows if i < j and groups[i] == groups[j]}


def differences(
    records: Records, ours: set[tuple[int, int]], theirs: set[tuple[int, int]]
) -> Counter[str]:
    """Pairs that only one of the two joins, by the first of the reasons that holds."""
    out: Counter[str] = Counter()
    for i, j in sorted(ours ^ theirs):
        who = "only the engine" if (i, j) in ours else "only the rule"
        apart = float(np.linalg.norm(records.place[i] - records.place[j]))
        days = max(abs(records.start[i] - records.start[j]), abs(records.end[i] - records.end[j]))
        fine = all((t[i] == t[j]).any() for t in records.taxonomies)
        long = records.start != records.end
        if apart > KM or days > DAYS:
            why = "outside the window"
        elif not fine:
            why = "a taxonomy disagrees"
        elif long[i] != long[j]:
            why = "an episode with an event"
        else:
            why = f"inside the window, {'under' if apart < 1 else 'over'} 1 km apart"
        out[f"{who}: {why}"] += 1
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = generator().parents[1] / "data" / "meltt-crash"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    args = parser.parse_args()
    rows, records = read(args.folder)
    rule = meltt(records, KM, DAYS)
    engine = by_engine(rows, records)
    found, ours = counts(records, rule), counts(records, engine)
    print(f"{'figure':20} {'reference':>9} {'the rule':>9} {'ours':>9}")
    for name, stated in REFERENCE.items():
        print(f"{name:20} {stated:9} {found[name]:9} {ours[name]:9}")
    both, mine = pairs(rule), pairs(engine)
    print(
        f"pairs of the rule: {len(both)}; of the engine: {len(mine)}; of both: {len(both & mine)}"
    )
    for why, count in sorted(differences(records, mine, both).items()):
        print(f"  {count} {why}")


if __name__ == "__main__":
    main()
