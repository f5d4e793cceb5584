"""398 explosions in one report: as many observations, one incident; and access denied, apart."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from trucewatch.app.explaining.explanation import explain
from trucewatch.app.explaining.lines import explanation
from trucewatch.app.findings.listing import findings, findings_lines
from trucewatch.app.intake import ingest
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date

SOURCE = """
[[source]]
id = "monitors"
name = "Monitors"
kind = "patrol"
reader = "generic"
mapping = "mappings/monitors.toml"
files = ["monitors*.csv"]
"""
MAPPING = """
[kind]
column = "what"
[kind.values]
"explosion" = "explosion"
"access denied" = "access_denied"
[place]
latitude = "lat"
longitude = "lon"
error_m = 500
[time]
start = "when"
zone = "Europe/Kyiv"
precision = "hour"
[[counts]]
what = "observations"
best = "count"
[alleged]
column = "by"
[alleged.values]
"side one" = "{one}"
"side two" = "{two}"
"""
DAY = date(2026, 4, 12)
CSV = """what,lat,lon,when,count,by
explosion,48.10,37.80,2026-04-12T09:00,398,
access denied,48.10,37.80,2026-04-12T09:00,1,side one
access denied,48.30,37.90,2026-04-12T15:00,1,side one
access denied,48.50,38.10,2026-04-12T12:00,1,someone
"""
EVERYTHING = {"state": None, "nature": None, "provisional": False, "reviewed": False,
              "stale": False, "overdue": False, "limit": 50}  # fmt: skip


@pytest.fixture
def watched(empty_mission, open_mission):
    """A mission with monitors, who were turned back three times."""
    path = empty_mission / "sources.toml"
    path.write_text(path.read_text("utf-8") + SOURCE, "utf-8")
    (empty_mission / "mappings").mkdir(exist_ok=True)
    (empty_mission / "mappings" / "monitors.toml").write_text(
        MAPPING.format(one="russia", two="ukraine"), "utf-8"
    )
    delivery = empty_mission / "monitors.csv"
    delivery.write_text(CSV, "utf-8")
    with open_mission(empty_mission) as mission:
        ingest(mission, [delivery])
        derived = bring_up_to_date(mission)
        publish(mission, derived, days=[DAY, None])
        yield mission, derived


def test_two_counts_that_are_never_one(watched):
    mission, derived = watched
    (one,) = [i for i in derived.incidents if i.kind == "explosion"]
    assert one.observations == 398
    data = findings(mission, **EVERYTHING)
    assert (data["incidents"], data["observations"]) == (4, 401)
    assert (data["incidents_breach"], data["observed_violations"]) == (1, 398)
    text = "\n".join(findings_lines(data))
    assert "398 observed violations" in text
    counts = "incidents: 4; observations: 401; observed violations: 398 (incidents held"
    assert counts in text
    body = json.loads((mission.bulletins / "2026-04-12.json").read_bytes())
    assert (body["figures"]["incidents"], body["figures"]["incidents_breach"]) == (4, 1)
    assert (body["figures"]["observations"], body["figures"]["observed_violations"]) == (401, 398)
    page = (mission.bulletins / "2026-04-12.html").read_text("utf-8")
    assert "<span>Observed violations</span><b>398</b>" in page
    assert "<span>Incidents</span><b>4</b>" in page
    assert "The two are never added" in page
    assert "Observed violations" in (mission.bulletins / "2026-04-12.md").read_text("utf-8")


def test_access_denied_is_a_finding_of_its_own_with_a_rate_for_each_party(watched):
    mission, derived = watched
    denied = [i for i in derived.incidents if i.kind == "access_denied"]
    assert len(denied) == 3
    assert {f.incident for f in derived.findings} >= {i.id for i in denied}
    assert all(f.party is None for f in derived.findings), "an allegation attributes nothing"
    body = json.loads((mission.bulletins / "truce.json").read_bytes())
    names = {p.id: p.name for p in mission.configuration().agreement.parties}
    rows = {row["party"]: row["incidents"] for row in body["access_denied"]}
    assert rows == {
        names["russia"]: 2, names["ukraine"]: 0, "nobody named, or more than one": 1
    }  # fmt: skip
    page = (mission.bulletins / "truce.html").read_text("utf-8")
    assert re.search(
        r"<h3>Access denied</h3>.*their allegation, and no attribution", page, re.DOTALL
    )
    assert "Access denied" in (mission.bulletins / "truce.md").read_text("utf-8")
    told = [explain(mission, incident.id) for incident in denied]
    lines = "\n".join(line for each in told for line in explanation(each))
    assert lines.count("it names russia: an allegation, no finding") == 2
    notes = [note for each in told for note in each["claims"][0]["notes"]]
    assert notes == ["the party “someone” is not in the mapping"]
