"""The benchmarks are not installed with the package: they are found from the root."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="session")
def script(shared: Path) -> Path:
    pytest.importorskip("pandas", reason="the generator needs pandas (the extra `bench`)")
    path = shared / "bench" / "gen.py"
    if not path.is_file():
        pytest.skip("needs the generator of worlds beside the project, which is absent")
    return path


@pytest.fixture(scope="session")
def data(shared: Path) -> Path:
    folder = shared / "data"
    if not (folder / "match-truth-shared-url").is_dir():
        pytest.skip("needs the real data beside the project, which are absent")
    return folder
