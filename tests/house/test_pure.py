"""The core is pure: no stage asks for the time, the network, the surroundings or for chance."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "trucewatch"

# What these may ask for all the same, and why.
ALLOWED = {
    "evidence/": {"os", "secrets"},  # the log is on a disk, and its salts must not be guessed
    "evidence/audit/workers.py": {"subprocess"},  # the auditor shares its work out
    "store/": {"os", "sqlite3", "psycopg"},  # the projection is on a disk or in a database
    # A damaged Parquet file can end the process that opens it: it is opened in one of its own.
    "reports/generic/frames.py": {"subprocess"},
    "reports/generic/decoder.py": {"os"},
}
ASKING = {
    "http", "multiprocessing", "os", "psycopg", "random", "requests", "secrets", "socket",
    "sqlite3", "subprocess", "urllib.request", "uuid",
}  # fmt: skip
CALLS = {
    "now", "utcnow", "today", "monotonic", "perf_counter", "time_ns", "getenv", "urlopen",
    "default_rng", "localtime", "gmtime",
}  # fmt: skip


def asks(text: str) -> set[str]:
    """The modules and calls by which a text asks for something other than its arguments."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found |= {node.func.attr} & CALLS
            if ast.unparse(node.func) == "time.time":
                found.add("time.time")
        found |= {name for name in names if {name, name.split(".")[0]} & ASKING}
    return found


def core() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in {"app", "missions"}
    ]


@pytest.mark.parametrize("path", core(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_stage_asks_for_nothing(path):
    name = path.relative_to(PACKAGE).as_posix()
    allowed = {word for part, words in ALLOWED.items() if name.startswith(part) for word in words}
    assert {word for word in asks(path.read_text("utf-8")) if word not in allowed} == set()


def test_one_place_asks_for_the_time():
    guilty = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "datetime.now(" in path.read_text("utf-8")
    }
    assert guilty == {"app/clock.py"}


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from urllib.request import urlopen",
        "import os.path as p",
        "from datetime import datetime\nx = datetime.now()",
        "import time\nx = time.time()",
        "x = np.random.default_rng()",
    ],
)
def test_asking_is_seen(text):
    assert asks(text)


def test_the_core_is_found():
    assert len(core()) > 80
