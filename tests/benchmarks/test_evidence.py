"""The benchmark of the evidence log measures what the page and the floors name."""

from __future__ import annotations

import json

import pytest

from benchmarks import check_floors, evidence


@pytest.fixture(scope="module")
def measured():
    with pytest.MonkeyPatch.context() as patch:
        for name, small in (
            ("TIMES", 2),
            ("BATCH", 20),
            ("SHARED_BATCH", 100),
            ("SINGLE", 20),
            ("PART", 200),
            ("WHOLE", 400),
            ("PUBLISHED", 100),
        ):
            patch.setattr(evidence, name, small)
        return evidence.scores(evidence.ROOT)


def test_everything_is_measured_and_stands_in_the_table(measured):
    assert all(value > 0 for value in measured.values())
    assert measured.keys() == evidence.BOUNDS.keys()
    lines = evidence.table(measured, "two cores")
    assert len(lines) == 4 + len(measured)
    assert evidence.TARGETS.keys() <= measured.keys()


def test_floors_leave_room_and_no_target_is_forgotten(measured):
    floors = json.loads(check_floors.FLOORS.read_text("utf-8"))["speed"]["evidence"]
    assert floors.keys() <= measured.keys()
    assert evidence.TARGETS.keys() <= floors.keys()
    for name, target in evidence.TARGETS.items():
        assert (floors[name] <= target / 2) if name.endswith("/s") else (floors[name] <= target)
    rates = {name for name in floors if name.endswith(("/s", "per processor second"))}
    assert floors.keys() - rates == floors.keys() & check_floors.CEILINGS


def test_a_log_that_does_not_hold_is_not_timed(tmp_path):
    with evidence.Log.create(tmp_path / "log", origin="o") as log:
        log.append(evidence._shared(0)[:3], received=evidence.NOW)
        log.publish()
    (tmp_path / "log/tile/0/000.p/3").write_bytes(b"")
    with pytest.raises(ValueError, match="found"):
        evidence._audit(tmp_path / "log")
