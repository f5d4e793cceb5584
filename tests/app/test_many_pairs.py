"""A mission of very many pairs: what is only counted changes no list, no count and no bulletin."""

from __future__ import annotations

import json
import shutil
from datetime import date

import pytest

import trucewatch.agreements.assessing.pairs as pairs
from trucewatch.agreements import left_out
from trucewatch.agreements.engine import Docket
from trucewatch.app import lines, listing
from trucewatch.app.explaining import explanation
from trucewatch.app.explaining import lines as explanation_lines
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.model import Outcome

OTHER = """
  - id: OTHER
    instrument: {text}
    duty: forbid
    kinds: [drone_overflight]
    parties: [{parties}]
    zones: []
    words: No flight of drones.
    source: nowhere
"""


@pytest.fixture
def twice(lived, tmp_path, open_mission, monkeypatch):
    """The same mission with every pair assessed, and with those plainly outside only counted."""

    def run(most: int):
        monkeypatch.setattr(pairs, "MOST_PAIRS", most)
        folder = tmp_path / str(most)
        shutil.copytree(lived, folder)
        mission = open_mission(folder)
        agreement = mission.configuration().agreement
        text = (folder / "agreement.yaml").read_text("utf-8")
        more = OTHER.format(
            text=agreement.instruments[0].id, parties=", ".join(p.id for p in agreement.parties)
        )
        changed = text.replace("\nprovisions:\n", f"\nprovisions:{more}", 1)
        assert changed != text
        (folder / "agreement.yaml").write_text(changed, "utf-8")
        derived = bring_up_to_date(mission)
        return mission, derived

    return run(10**9), run(0)


def listed(mission, outcome):
    found = listing.incidents(
        mission, region=None, kind=None, state=None, outcome=outcome, first=None, last=None,
        limit=10_000,
    )  # fmt: skip
    return [one["id"] for one in found["incidents"]]


def test_what_is_only_counted_is_told_and_changes_no_list(twice):
    (whole, all_of_it), (few, part) = twice
    text = few.configuration().agreement
    missing = len(all_of_it.assessments) - len(part.assessments)
    assert missing == left_out(len(part.incidents), len(part.assessments), text) > 0
    for outcome in Outcome:
        assert listed(few, outcome.value) == listed(whole, outcome.value)
    said = summary_of(few, part)
    assert said["plainly_outside"] == missing
    assert sum(said["assessments"].values()) + missing == len(all_of_it.assessments)
    assert any(f"{missing:,} more pairs are plainly outside" in one for one in lines.run(said))
    assert "plainly_outside" not in summary_of(whole, all_of_it)
    told = 0
    for incident in part.incidents[:10]:
        data = explanation.explain(few, incident.id)
        told += data["plainly_outside"]
        assert (
            "plainly do not reach it" in "\n".join(explanation_lines.explanation(data))
        ) == bool(data["plainly_outside"])
        assert explanation.explain(whole, incident.id)["plainly_outside"] == 0
    assert told


def test_a_bulletin_says_the_same_of_every_incident(twice):
    """Each incident's outcome and the figures by region; under which provisions, only the kept."""
    told = []
    for mission, derived in twice:
        (made,) = publish(mission, derived, days=[date(2026, 4, 10)])
        (path,) = (one for one in made.files if one.suffix == ".json")
        body = json.loads(path.read_text("utf-8"))
        told.append(([(one["id"], one["outcome"]) for one in body["incidents"]], body["regions"]))
    assert told[0] == told[1]
    assert told[0][0]


def test_without_an_example_an_incident_is_outside_of_nothing(twice, monkeypatch):
    (whole, _), (few, _) = twice
    real = Docket.assessments
    monkeypatch.setattr(Docket, "assessments", lambda self, **_: real(self))
    bring_up_to_date(few)
    assert listed(few, "outside") != listed(whole, "outside")
