"""Worlds with a known truth, made by the shared generator; its code is not part of the project."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parents[1]


def generator() -> Path:
    """Where the generator lies unless an option says otherwise: beside the project."""
    folder = Path(os.environ.get("TRUCEWATCH_SHARED", ROOT.parent / "shared"))
    return folder / "bench" / "gen.py"


def make(script: Path, *, n: int, scenario: str, seed: int) -> pl.DataFrame:
    """One world of `n` events; needs pandas (the extra `bench`).

    Raises FileNotFoundError where the generator is absent and CalledProcessError where it fails.
    """
    if not script.is_file():
        raise FileNotFoundError(f"no generator of worlds at {script}")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "world.parquet"
        command = [sys.executable, str(script), str(out), "--n", str(n)]
        command += ["--scenario", scenario, "--seed", str(seed)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own list
        return pl.read_parquet(out)
