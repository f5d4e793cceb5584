"""Three witnesses as three processes: one killed, one cut off, one shown another history."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.server, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]


def apart() -> list[str]:
    """What starts a program in a network of its own, as root or as anybody."""
    return ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory) -> dict:
    """What the trial saw, from its beginning to the proof of the fork."""
    folder = tmp_path_factory.mktemp("three")
    done = subprocess.run(
        [*apart(), sys.executable, "-m", "tests.app.witnessing.three", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    # Never skipped: without namespaces nobody is cut off, and the trial shows nothing.
    assert done.returncode == 0, (
        "the trial needs the right to make network namespaces (root, or user namespaces), and the "
        f"programs ip, unshare and nsenter:\n{done.stderr[-3000:]}"
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("stage", "grade", "by"),
    [
        ("all there", "finding-grade", ["one", "three", "two"]),
        ("one killed", "append-only", ["three", "two"]),
        ("one back", "finding-grade", ["one", "three", "two"]),
        ("two cut off", "append-only", ["one", "three"]),
        ("two back", "finding-grade", ["one", "three", "two"]),
        ("the fork", "append-only", ["three"]),
        ("the log", "append-only", ["one", "two"]),
    ],
)
def test_the_grade_of_the_bulletin_is_right_each_time(seen, stage, grade, by):
    told = seen[stage]
    assert (told["grade"], told["by"]) == (grade, by)
    assert told["quorum"] == [3, 3, True]


def test_every_stage_is_an_issue_of_its_own(seen):
    stages = ("all there", "one killed", "one back", "two cut off", "two back", "the log")
    assert len({seen[stage]["issue"] for stage in stages}) == len(stages)


def test_who_is_missing_is_told_and_costs_no_more_than_the_time_set(seen):
    assert "not reachable" in seen["one killed"]["answers"]["one"]
    assert "not reachable" in seen["the fork"]["answers"]["two"]
    cut = seen["two cut off"]
    # Behind a cut cable there is no answer at all, not even a refusal.
    assert any(word in cut["answers"]["two"] for word in ("no whole answer", "not reachable"))
    assert cut["answers"]["one"].startswith("cosigned")
    assert cut["answers"]["three"].startswith("cosigned")


def test_a_killed_witness_remembers(seen):
    assert seen["one back"]["answers"]["one"].startswith("cosigned")
    assert "422" in seen["the log"]["answers"]["three"]


def test_the_witness_that_was_shown_the_fork_refuses_the_log_and_says_so(seen):
    (log,) = seen["show"]
    assert log["doubts"]
    code, contradictions, words = seen["list"]
    assert (code, contradictions) == (1, 1)
    assert "another history" in words


def test_audit_compare_proves_the_fork_and_anybody_can_check_it(seen):
    code, compared = seen["compare"]
    assert (code, compared["relation"]) == (1, "fork")
    code, out = seen["check"]
    assert code == 0
    assert "FORKED" in out
    assert seen["same"] == 0
