"""Associate the reports of one file: associate.py IN.parquet OUT.parquet [--threads N].

Reads id, source, x, y, loc_sd, t0, t1, type, pub and text, never the columns of truth, and writes
id, incident, p_happened and happenings (which adds up to the expected number of happenings, where
it is not sure which reports are one). Parameters are learnt from the file itself;
`--save-parameters` and `--parameters` keep them and give them.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from trucewatch.incidents.engine import Association, Parameters, Reports, Settings, by_content
from trucewatch.incidents.engine import associate as engine

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLUMNS = ["id", "source", "x", "y", "loc_sd", "t0", "t1", "type", "pub", "text"]


def reports_of(d: pl.DataFrame) -> Reports:
    """The columns of a file, in the order of their content."""
    column: dict[str, NDArray[np.generic]] = {c: d[c].to_numpy() for c in COLUMNS}
    return by_content(
        source=column["source"].astype(np.int64),
        x=column["x"].astype(np.float64),
        y=column["y"].astype(np.float64),
        loc_sd=column["loc_sd"].astype(np.float64),
        t0=column["t0"].astype(np.float64),
        t1=column["t1"].astype(np.float64),
        kind=column["type"].astype(np.int64),
        pub=column["pub"].astype(np.float64),
        text=column["text"].astype(np.int64),
    )


def associate(
    d: pl.DataFrame,
    parameters: Parameters | None = None,
    *,
    threads: int = 1,
    averaging: bool = True,
) -> Association:
    """Incident and probability of every row, in the order of the rows."""
    settings = Settings(threads=threads, averaging=averaging)
    return engine(reports_of(d.select(COLUMNS)), parameters, settings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--parameters", type=Path, help="parameters to use instead of learning")
    parser.add_argument("--save-parameters", type=Path, help="where to keep those in force")
    parser.add_argument("--fast", action="store_true", help="the single most likely partition")
    args = parser.parse_args()
    d = pl.read_parquet(args.reports, columns=COLUMNS)
    given = None
    if args.parameters:
        given = Parameters.from_json(json.loads(args.parameters.read_text("utf-8")))
    start = time.perf_counter()
    found = associate(d, given, threads=args.threads, averaging=not args.fast)
    seconds = time.perf_counter() - start
    pl.DataFrame(
        {
            "id": d["id"],
            "incident": found.incident,
            "p_happened": found.p_happened,
            "happenings": found.happenings,
        }
    ).write_parquet(args.out)
    if args.save_parameters:
        args.save_parameters.write_text(json.dumps(found.parameters.to_json()), "utf-8")
    steps = " ".join(f"{name} {s:.2f}" for name, s in found.seconds.items())
    print(
        f"{len(d)} reports, {len(np.unique(found.incident))} incidents, {seconds:.2f} s, "
        f"{len(d) / max(seconds, 1e-9):,.0f} reports/s ({steps})"
    )


if __name__ == "__main__":
    main()
