"""In CI nothing is skipped: there, a test that asks to be skipped has failed.

Loaded with `-p no_skips` by `make test`. Elsewhere it does nothing. An expected failure (xfail)
ran, so it is left alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


def forbidden() -> bool:
    """Whether this run must not skip."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


def refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that still tells the reason for the skip."""
    if not forbidden() or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"nothing may be skipped in CI. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Refuse skips of single tests."""
    report = yield
    refuse(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Refuse skips of whole files."""
    report = yield
    refuse(report)
    return report
