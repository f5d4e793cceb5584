"""What the benchmarks run on: the generator of worlds, and the real data."""

from __future__ import annotations

from pathlib import Path

import pytest


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
