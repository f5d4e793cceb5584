"""Record linkage by splink 5 (Fellegi and Sunter 1969), with its own EM or with true labels."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.score import joining

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

# Squares and spans within which pairs are compared, each once more with its edges shifted by half.
CELL_KM, CELL_DAYS = 24.0, 2.0
THRESHOLDS = (0.005, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.99)
THREADS = 2
SEED = 1
PLACE = "((x_l-x_r)*(x_l-x_r)+(y_l-y_r)*(y_l-y_r))"
TIME = "abs(t_l-t_r)"


def by_splink(d: pl.DataFrame, truth: Ints, *, labels: bool) -> tuple[Ints, float]:
    """Group of each report, one report a source at most, and the seconds without the choice.

    With `labels` m is learnt from the truth, else by splink's own EM. Both are favoured: the
    threshold is the one with the best B-cubed F1. Links are taken from the surest down; splink's
    own `cluster_using_single_best_links` does the same in SQL and took a minute for 8,000 reports.
    """
    start = time.perf_counter()
    linker = _linker(d, truth)
    if labels:
        linker.training.estimate_m_from_label_column("label")
    else:
        _own_em(linker)
    found = pl.from_arrow(
        linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
        .as_duckdbpyrelation()
        .to_arrow_table()
    )
    edges = pl.DataFrame(found).sort(
        ["match_probability", "unique_id_l", "unique_id_r"], descending=[True, False, False]
    )
    source = d["source"].to_list()
    took = time.perf_counter() - start
    best = max(THRESHOLDS, key=lambda at: joining(truth, _one_each(edges, at, source))["b3"])
    start = time.perf_counter()
    groups = _one_each(edges, best, source)
    return groups, took + time.perf_counter() - start


def _one_each(edges: pl.DataFrame, threshold: float, source: list[int]) -> Ints:
    """Join along the edges, in their order, unless a source would be in a group twice."""
    sure = edges.filter(pl.col("match_probability") >= threshold)
    head = list(range(len(source)))
    mask = [1 << s for s in source]

    def top(i: int) -> int:
        while head[i] != i:
            head[i] = head[head[i]]
            i = head[i]
        return i

    for i, j in zip(sure["unique_id_l"].to_list(), sure["unique_id_r"].to_list(), strict=True):
        a, b = top(i), top(j)
        if not mask[a] & mask[b]:
            head[b] = a
            mask[a] |= mask[b]
    return np.array([top(i) for i in range(len(source))], dtype=np.int64)


def _table(d: pl.DataFrame, truth: Ints) -> pl.DataFrame:
    middle = (pl.col("t0") + pl.col("t1")) / 2
    shifted = [
        (
            ((pl.col("x") / CELL_KM + a / 2).floor().cast(pl.Int64) * 100_000)
            + (pl.col("y") / CELL_KM + b / 2).floor().cast(pl.Int64)
        )
        * 100_000
        + (middle / CELL_DAYS + c / 2).floor().cast(pl.Int64)
        for a in (0, 1)
        for b in (0, 1)
        for c in (0, 1)
    ]
    return d.select(
        pl.int_range(pl.len()).alias("unique_id"),
        ("s" + pl.col("source").cast(pl.String)).alias("source_dataset"),
        "x",
        "y",
        "loc_sd",
        middle.alias("t"),
        middle.floor().cast(pl.Int64).alias("day"),
        pl.col("type").cast(pl.Int64).alias("kind"),
        (pl.col("type") // 2).cast(pl.Int64).alias("pair"),
        *(cell.alias(f"cell{n}") for n, cell in enumerate(shifted)),
        label=pl.Series(truth),
    )


def _levels(name: str, value: str, bounds: tuple[float, ...]) -> dict[str, Any]:
    return {
        "output_column_name": name.split()[-1],
        "comparison_levels": [
            {
                "sql_condition": f"{value} < {bound}",
                "label_for_charts": f"{name} under {bound}",
            }
            for bound in bounds
        ]
        + [{"sql_condition": "ELSE", "label_for_charts": "further"}],
    }


def _linker(d: pl.DataFrame, truth: Ints) -> Linker:
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute(f"SET threads={THREADS}")
    connection.execute("SET enable_progress_bar=false")
    table = _table(d, truth).to_arrow()
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unique_id",
        source_dataset_column_name="source_dataset",
        comparisons=[
            _levels("square of km", PLACE, (0.5, 2.0, 5.0, 16.0, 64.0, 200.0, 800.0)),
            _levels("days", TIME, (0.02, 0.08, 0.25, 0.55, 1.05, 2.0)),
            {
                "output_column_name": "kind",
                "comparison_levels": [
                    {"sql_condition": "kind_l = kind_r", "label_for_charts": "same"},
                    {"sql_condition": "pair_l = pair_r", "label_for_charts": "confusable"},
                    {"sql_condition": "ELSE", "label_for_charts": "other"},
                ],
            },
        ],
        blocking_rules_to_generate_predictions=[block_on(f"cell{n}") for n in range(8)],
        probability_two_random_records_match=2.0 / len(d),
        retain_matching_columns=False,
    )
    linker = Linker(DuckDBAPI(connection).register(table), settings, log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=5e6, seed=SEED, min_count_per_level=None
    )
    return linker


def _own_em(linker: Linker) -> None:
    """Two sessions, each blind to what the other blocks on, so that every m is learnt."""
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("day", "kind"), record_sample_proportion=1.0
    )
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("cell0"), record_sample_proportion=1.0
    )
