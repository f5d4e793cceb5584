"""Order does not matter, repetition adds nothing: the published bytes are the same."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.app.explaining.explanation import explain
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date

DAYS = [date(2026, 4, 12), None]


def bodies(mission):
    """Every published file but the seals and the cover, which name when and in which order."""
    publish(mission, bring_up_to_date(mission), days=DAYS)
    return {
        path.name: path.read_bytes()
        for path in (mission.folder / "bulletins").iterdir()
        if ".seal." not in path.name and path.name not in {"index.html", "verify.html"}
    }


@pytest.fixture(scope="module")
def batch(data, lay_out, open_mission, tmp_path_factory):
    """What one batch over all files publishes."""
    folder = lay_out(tmp_path_factory.mktemp("batch") / "mission")
    with open_mission(folder) as mission:
        ingest(mission, sorted(data.iterdir()))
        return bodies(mission)


def test_everything_twice(batch, data, lay_out, open_mission, tmp_path):
    with open_mission(lay_out(tmp_path / "m")) as mission:
        ingest(mission, sorted(data.iterdir()))
        first = bodies(mission)
        size = mission.log.size
        ingest(mission, sorted(data.iterdir()))
        assert bodies(mission) == first == batch
        assert mission.log.size == size, "nothing new to say, so nothing new in the log"


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled(batch, data, lay_out, open_mission, tmp_path, seed):
    files = sorted(data.iterdir())
    random.Random(seed).shuffle(files)
    with open_mission(lay_out(tmp_path / "m")) as mission:
        ingest(mission, files)
        assert bodies(mission) == batch


def test_one_file_at_a_time_with_run_between(batch, data, lay_out, open_mission, tmp_path):
    folder = lay_out(tmp_path / "m")
    for path in sorted(data.iterdir(), reverse=True):
        with open_mission(folder) as mission:
            ingest(mission, [path])
            bring_up_to_date(mission)
    with open_mission(folder) as mission:
        assert bodies(mission) == batch


def rows_of(path: Path) -> tuple[bytes, list[bytes]]:
    header, *rows = path.read_bytes().splitlines(keepends=True)
    return header, rows


@settings(max_examples=8)
@given(draw_from=st.data())
def test_any_order_of_any_subset_of_the_records(draw_from, data, lay_out, open_mission):
    """A subset of the real records, cut into files in two ways, one of them with repetitions."""
    header, rows = rows_of(data / "ucdp-candidate-26.0.4.csv")
    pixels_header, pixels = rows_of(data / "J1_VIIRS_C2_Global_VJ114IMGTDL_NRT_2026102.txt.csv")
    chosen = draw_from.draw(
        st.lists(st.sampled_from(rows[:60]), min_size=1, max_size=12, unique=True)
    )
    seen = draw_from.draw(st.lists(st.sampled_from(pixels), max_size=6, unique=True))
    shuffled = draw_from.draw(st.permutations(chosen))
    cut = draw_from.draw(st.integers(0, len(chosen)))
    with tempfile.TemporaryDirectory() as scratch:
        derived = []
        for name, parts in (
            ("one", [chosen, seen]),
            ("two", [shuffled[cut:], seen[::-1], shuffled[:cut], shuffled[: cut + 1]]),
        ):
            folder = lay_out(Path(scratch) / name)
            with open_mission(folder) as mission:
                for number, part in enumerate(parts):
                    about_pixels = part and part[0] in pixels
                    kind = "VIIRS" if about_pixels else "ucdp-candidate"
                    path = folder / f"{kind}-{number}.csv"
                    path.write_bytes((pixels_header if about_pixels else header) + b"".join(part))
                    ingest(mission, [path])
                    if draw_from.draw(st.booleans()):
                        bring_up_to_date(mission)
                derived.append(bring_up_to_date(mission))
        assert derived[0] == derived[1]


def test_the_law_bites(batch, data, lay_out, open_mission, tmp_path, monkeypatch):
    """A saboteur: a body that names the log's own root, which depends on the order of arrival."""
    real = Mission.in_force
    monkeypatch.setattr(Mission, "in_force", lambda self: replace(real(self), root=self.log.root()))
    with open_mission(lay_out(tmp_path / "m")) as mission:
        ingest(mission, sorted(data.iterdir(), reverse=True))
        assert bodies(mission) != batch


def test_more_evidence_is_a_new_issue_beside_the_old(data, lay_out, open_mission, tmp_path):
    files = sorted(data.iterdir())
    with open_mission(lay_out(tmp_path / "m")) as mission:
        ingest(mission, files[:-1])
        old = bodies(mission)
        ingest(mission, files[-1:])
        new = bodies(mission)
    assert {name: new[name] for name in old} == old, "what was published stays as it was"
    assert "2026-04-12-issue-2.html" in new
    with open_mission(tmp_path / "m") as mission:
        told = explain(mission, "easter-2026/2026-04-12")
    assert told["evidence"]["size"] == 19, "the number alone names the last issue"
