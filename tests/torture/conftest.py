"""Hands each test its part of the tries, and makes a table of what was seen."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.torture.asking import LOOP
from tests.torture.frame import SEED, attempt_all, judge
from tests.torture.table import as_markdown, paste, summed


@pytest.fixture(autouse=True)
def _one_loop_a_test():
    yield
    LOOP.end()


@pytest.fixture
def torture(request, record_property):
    """Make the tries of this part with the function that is given; fail as its row says."""

    def run(attempt, note=""):
        figures, failed = attempt_all(request.param, attempt, note)
        record_property("torture", asdict(figures))
        judge(request.param, figures, failed)

    return run


def pytest_terminal_summary(terminalreporter):
    """Print the table; write it where TRUCEWATCH_TORTURE_OUT and _PAGE name a folder and a page."""
    seen = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "torture"
    ]
    out, page = (os.environ.get(f"TRUCEWATCH_TORTURE_{name}") for name in ("OUT", "PAGE"))
    if not seen or not (out or page):
        return
    table = summed(seen)
    text = as_markdown(table)
    terminalreporter.write_line("")
    terminalreporter.write_line(text)
    terminalreporter.write_line(f"The seed was {SEED!r}.")
    if out:
        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "figures.json").write_text(json.dumps(table, indent=1) + "\n", "utf-8")
        (folder / "figures.md").write_text(text, "utf-8")
    if page:
        where = Path(page)
        where.write_text(paste(where.read_text("utf-8"), text), "utf-8")
