"""The import contract holds, and a forbidden import in each place would be seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FORBIDDEN = {
    "one stage of another": ("origins/__init__.py", "import trucewatch.incidents"),
    "a stage of the shell": ("findings/__init__.py", "import trucewatch.app"),
    "a noun of a stage": ("model/times.py", "import trucewatch.store"),
    "a noun of a third party": ("model/times.py", "import numpy"),
    "an error of a noun": ("errors.py", "import trucewatch.model"),
    "a layer of a stage": ("documents/reading.py", "import trucewatch.agreements"),
    "the auditor of the writer": (
        "evidence/audit/__init__.py",
        "import trucewatch.evidence.tlog.merkle",
    ),
    "the driver outside its file": ("store/__init__.py", "import psycopg"),
}


def contract(folder: Path) -> subprocess.CompletedProcess[str]:
    """Hold the contract against the package that lies in `folder`."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--config", ROOT / "pyproject.toml"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def package(tmp_path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__", "data", "samples", "zones")
    shutil.copytree(ROOT / "src" / "trucewatch", tmp_path / "trucewatch", ignore=ignore)
    return tmp_path


def test_the_contract_holds(package):
    done = contract(package)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("case", FORBIDDEN)
def test_a_forbidden_import_is_seen(package, case):
    name, line = FORBIDDEN[case]
    path = package / "trucewatch" / name
    path.write_text(path.read_text("utf-8") + f"\n{line}  # saboteur\n", "utf-8")
    done = contract(package)
    assert done.returncode == 1
    assert "broken" in done.stdout.lower()
