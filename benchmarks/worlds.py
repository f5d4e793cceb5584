"""Worlds with a known truth, made by the shared generator; its code is not part of the project."""

from __future__ import annotations

import ast
import os
import types
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
# What a method may read; the rest of a world is truth.
COLUMNS = ["id", "source", "x", "y", "loc_sd", "t0", "t1", "type", "pub", "text"]
SCENARIOS = ("uniform", "mixed", "front")
AS_STATED, EIGHT = "as stated", "eight sources"
# Three reporters beside the generator's five, in the columns of its own table:
# detection, place s.d. in km, time s.d. in days, date only, accuracy of type, share of false.
THREE_MORE = (
    ("camera", 0.25, 1.0, 0.02, 0, 0.60, 0.15),
    ("residents", 0.50, 4.0, 0.20, 0, 0.75, 0.30),
    ("charity", 0.30, 8.0, 0.50, 1, 0.90, 0.10),
)
SOURCES = 5
NUMBERS_OF_SOURCES = 4


class Generator(Protocol):
    """What is used of the generator: its table of reporters and the making of a world."""

    SRC: list[tuple[Any, ...]]
    MIS: cKDTree | None

    def generate(
        self, n: int, scn: str, seed: int, **options: float
    ) -> tuple[pd.DataFrame, pd.DataFrame]: ...


@dataclass(frozen=True)
class World:
    """Reports with their columns of truth (event, orig, is_copy), and what truly happened."""

    reports: pl.DataFrame
    events: pl.DataFrame

    @property
    def shown(self) -> pl.DataFrame:
        """What a method may see."""
        return self.reports.select(COLUMNS)


def generator() -> Path:
    """Where the generator lies unless an option says otherwise: beside the project."""
    folder = Path(os.environ.get("TRUCEWATCH_SHARED", ROOT.parent / "shared"))
    return folder / "bench" / "gen.py"


def make(script: Path, *, n: int, scenario: str, seed: int, change: str = AS_STATED) -> World:
    """One world of `n` events; `change` is a name in `CHANGES`. Needs pandas (extra `bench`).

    Raises FileNotFoundError where the generator is absent, ValueError for an unknown change or
    where the generator is no longer the one that the change knows.
    """
    if change not in CHANGES:
        raise ValueError(f"no change is called {change!r}; there are {', '.join(CHANGES)}")
    module = _loaded(script, SOURCES + len(THREE_MORE) if change == EIGHT else SOURCES)
    options = CHANGES[change](module)
    reports, events = module.generate(n, scenario, seed, **options)
    return World(pl.from_pandas(reports), pl.from_pandas(events))


def _loaded(script: Path, sources: int) -> Generator:
    """The generator as a fresh module, so that a changed table never reaches another world.

    The number of reporters is written into `generate` as the integer 5, four times; another
    number is put there while the file is loaded. Its text is not copied anywhere.
    """
    if not script.is_file():
        raise FileNotFoundError(f"no generator of worlds at {script}")
    tree = ast.parse(script.read_text("utf-8"))
    fives = [
        number
        for part in tree.body
        if isinstance(part, ast.FunctionDef) and part.name == "generate"
        for number in ast.walk(part)
        if isinstance(number, ast.Constant) and number.value == 5 and type(number.value) is int
    ]
    if len(fives) != NUMBERS_OF_SOURCES:
        raise ValueError(f"{script.name} has {len(fives)} numbers of sources, not 4: look at it")
    for number in fives:
        number.value = sources
    module = types.ModuleType("generator_of_worlds")
    exec(compile(tree, str(script), "exec"), module.__dict__)  # noqa: S102 - the named script
    return cast(Generator, module)


def _detection_halved(module: Generator) -> dict[str, float]:
    module.SRC = [(name, p / 2, *rest) for name, p, *rest in module.SRC]
    return {}


def _errors_doubled(module: Generator) -> dict[str, float]:
    module.SRC = [(name, p, 2 * sd, *rest) for name, p, sd, *rest in module.SRC]
    return {}


def _eight_sources(module: Generator) -> dict[str, float]:
    rows = [*module.SRC, *THREE_MORE]
    false = sum(row[-1] for row in rows)
    module.SRC = [(*row[:-1], row[-1] / false) for row in rows]
    return {}


def _other_laws(module: Generator) -> dict[str, float]:
    """The generator's own variant: heavy tails, places of settlements, unequal notice."""
    dice = np.random.default_rng(99)
    module.MIS = cKDTree(dice.uniform(0.0, (600.0, 800.0), (8000, 2)))
    return {}


CHANGES: dict[str, Callable[[Generator], dict[str, float]]] = {
    AS_STATED: lambda _: {},
    "detection halved": _detection_halved,
    "errors doubled": _errors_doubled,
    "other laws of error": _other_laws,
    "false reports 60 %": lambda _: {"false_frac": 0.60},
    EIGHT: _eight_sources,
}
