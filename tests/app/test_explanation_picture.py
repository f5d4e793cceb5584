"""What explain shows of an incident: a table of lines, and a picture that gives no seal away."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.explaining import picture as explanation_picture
from trucewatch.app.explaining.drawing import free_spot
from trucewatch.app.explaining.opened import COLUMNS, as_data, label, lines, nats
from trucewatch.app.explaining.panels import MOST_ROWS
from trucewatch.app.explaining.picture import picture
from trucewatch.app.explaining.veil import drawable
from trucewatch.errors import NotFound
from trucewatch.incidents import Parameters, find_incidents, open_incident
from trucewatch.model import Claim, Interval, Origin, Point, Source, SourceKind, content_id

GOLDEN = Path(__file__).resolve().parents[2] / "docs" / "img" / "incident.svg"
SVG = "{http://www.w3.org/2000/svg}"
START = datetime(2031, 5, 4, 6, tzinfo=UTC)
NAMES = {
    "patrol": ("The patrol of the North", SourceKind.PATROL),
    "press": ("The Terno Gazette", SourceKind.PRESS),
    "coder": ("Ledger of events", SourceKind.CODER),
    "clinic": ("The infirmary", SourceKind.OFFICIAL),
}


def told(source: str, *, north_km: float, hours: float, length: float, error_m: float) -> Claim:
    at = START + timedelta(hours=hours)
    return Claim(
        id=content_id("clm", [source, str(hours)]),
        report=content_id("rep", [source]),
        source=source,
        kind="shelling",
        place=Point(10.0 + north_km / 111.195, 20.0 + north_km / 220, error_m),
        when=Interval(at, at + timedelta(hours=length)),
    )


CLAIMS = (
    told("patrol", north_km=0.0, hours=0, length=0.5, error_m=400),
    told("press", north_km=1.4, hours=1, length=6, error_m=2000),
    told("clinic", north_km=3.5, hours=9, length=3, error_m=1500),
    told("coder", north_km=5.5, hours=12, length=24, error_m=3000),
    told("press", north_km=7.0, hours=20, length=2, error_m=1000),
)


def explained(*, sealed: tuple[str, ...] = (), claims=CLAIMS, number: int | None = None):
    """The data of the incident with most claims, or of one by its place in the list."""
    sources = {
        key: Source(id=key, name=name, kind=kind, timezone="UTC", sealed=key in sealed)
        for key, (name, kind) in NAMES.items()
    }
    origins = [
        Origin(
            id=content_id("org", [s]), label=s, party=None,
            claims=tuple(sorted(c.id for c in claims if c.source == s)), reasons=(),
        )
        for s in sources
    ]  # fmt: skip
    given = {"sources": sources, "regions": (), "parameters": Parameters()}
    incidents = find_incidents(claims, origins, **given)
    ranked = sorted(incidents, key=lambda i: (-len(i.claims), i.id))
    incident = ranked[0] if number is None else ranked[number]
    found = open_incident(incident.id, incidents, claims, origins, **given)
    assert found is not None
    opened = as_data(found, incident, "Europe/Athens")
    return {
        "incident": incident.id,
        "kind": "shelling",
        "when": {
            "earliest": incident.when.earliest.isoformat(),
            "latest": incident.when.latest.isoformat(),
        },
        "place": {
            "latitude": round(incident.place.lat, 6),
            "longitude": round(incident.place.lon, 6),
            "standard_error_m": round(incident.place.error_m),
        },
        "region": "UT-1",
        "probability": incident.probability,
        "opened": opened,
    }


def test_the_golden_picture():
    """It is the one that the page on association shows: look at it before you write it anew."""
    data = explained()
    assert len(data["opened"]["accounts"]) > 1
    assert any(a["belongs"] < 0.99 for a in data["opened"]["accounts"])
    assert picture(data) == picture(json.loads(json.dumps(data)))
    assert picture(data) == GOLDEN.read_bytes()


@pytest.mark.parametrize(
    "data",
    [explained(), explained(number=-1), explained(claims=CLAIMS[:1]), explained(sealed=("press",))],
)
def test_a_picture_has_words_for_who_cannot_see_it_and_fits_a_sheet(data):
    root = ET.fromstring(picture(data))  # noqa: S314 -- our own bytes
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert data["incident"] in title.text
    for each in drawable(data)["opened"]["accounts"]:
        assert each["label"] in desc.text
    if data["opened"]["alternative"] is not None:
        assert data["opened"]["alternative"]["words"] in desc.text
    *_, width, height = map(float, root.get("viewBox").split())
    assert height / width * 190 < 277
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height


def leaks(data, drawn: str) -> list[str]:
    """What a picture says of a sealed account or its place, as far as text can tell."""
    secret = ["The Terno Gazette"]
    for each in data["opened"]["accounts"]:
        if each["sealed"]:
            secret += [str(each["place"]["latitude"])[:7], each["when"]["earliest"][11:16]]
    place = data["place"]
    secret += [f"{place['latitude']:.4f}", f"{place['longitude']:.4f}", "joined</text>"]
    secret += [">1: ", "km away", 'url(#part-place)"']
    return [word for word in secret if word in drawn]


def test_a_source_under_seal_is_neither_named_nor_drawn(monkeypatch):
    """With its saboteur: without the veil, the same picture gives it away."""
    data = explained(sealed=("press",))
    assert any(a["sealed"] for a in data["opened"]["accounts"])
    assert not all(a["sealed"] for a in data["opened"]["accounts"])
    drawn = picture(data).decode()
    assert leaks(data, drawn) == []
    assert drawn.count("a source under seal") >= 2
    circles = drawn.count("<circle")
    monkeypatch.setattr(explanation_picture, "drawable", lambda data: {**data, "veiled": False})
    bare = picture(data).decode()
    assert leaks(data, bare)
    assert bare.count("<circle") > circles


def test_a_sealed_neighbour_is_not_drawn():
    far = told("press", north_km=10.0, hours=30, length=2, error_m=1500)
    data = explained(sealed=("press",), claims=(CLAIMS[2], far), number=1)
    near = [n for n in data["opened"]["near"] if n["sealed"]]
    assert near
    assert not any(a["sealed"] for a in data["opened"]["accounts"])
    shown = drawable(data)["opened"]["near"]
    assert [n["incident"] for n in shown] == [
        n["incident"] for n in data["opened"]["near"] if not n["sealed"]
    ]
    drawn = picture(data).decode()
    assert not any(f"{n['km']:,.1f} km" in drawn for n in near)


def test_moving_what_is_sealed_moves_nothing_in_the_picture():
    """The mark of the other account stays, whatever the sealed one says of place and time."""
    pair = CLAIMS[:2]
    moved = (pair[0], told("press", north_km=1.0, hours=1, length=5, error_m=1900))
    one, other = (
        picture(explained(sealed=("press",), claims=claims)).decode() for claims in (pair, moved)
    )
    assert re.findall("<circle.*?>", one) == re.findall("<circle.*?>", other)
    assert len(re.findall("<circle.*?>", one)) == 2


def test_what_only_a_terminal_would_obey_is_no_part_of_the_file():
    data = explained()
    for each in data["opened"]["accounts"]:
        each["name"] = "Infirmary <ledger> & \x1b[31mbooks"
    drawn = picture(data)
    assert b"\x1b" not in drawn
    assert b"&lt;ledger&gt; &amp;" in drawn
    ET.fromstring(drawn)  # noqa: S314 -- our own bytes


@pytest.mark.parametrize("data", [explained(), explained(claims=CLAIMS[:1])])
def test_lines_fit_a_hundred_columns(data):
    said = lines(data)
    assert max(map(len, said)) <= COLUMNS
    assert "Europe/Athens" in said[0]


def test_an_old_run_and_anything_but_an_incident_have_no_picture():
    with pytest.raises(NotFound, match="Run again"):
        picture({**explained(), "opened": None})
    with pytest.raises(NotFound, match="only an incident"):
        picture({"report": {}})
    assert "Run again" in " ".join(lines({"opened": None}))


def test_letters_go_on_after_z():
    assert [label(n) for n in (0, 25, 26, 51, 52, 702)] == ["A", "Z", "AA", "AZ", "BA", "AAA"]


def test_the_command_draws_for_the_owner_alone(mission_folder, tmp_path):
    folder, drawn = str(mission_folder), tmp_path / "incident.svg"
    listed = json.loads(
        CliRunner()
        .invoke(app, ["incidents", "--mission", folder, "--limit", "9999", "--json"])
        .stdout
    )["incidents"]
    fires = [one["id"] for one in listed if one["nature"] == "fire" and one["origins"] > 1]
    call = ["explain", fires[0], "--mission", folder, "--picture", str(drawn), "--json"]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["opened"]["log_w_nats"] > 0
    for each in data["opened"]["accounts"]:
        parts = sum(part["nats"] for part in each["parts"])
        assert parts == pytest.approx(each["log_w_nats"], abs=1e-7)
    assert drawn.read_bytes() == picture(data)
    assert drawn.stat().st_mode & 0o077 == 0
    again = shutil.copytree(mission_folder, tmp_path / "again")
    call[3] = str(again)
    assert json.loads(CliRunner().invoke(app, call).stdout)["opened"] == data["opened"]
    report = data["claims"][0]["report"]
    refused = CliRunner().invoke(
        app, ["explain", report, "--mission", folder, "--picture", str(drawn)]
    )
    assert isinstance(refused.exception, NotFound)


def opened_with(**change):
    data = explained()
    return {**data, "opened": {**data["opened"], **change}}


def test_a_neighbour_beyond_the_frame_is_named_at_its_edge_and_one_never_joins():
    whole = explained()
    (near,) = whole["opened"]["near"]
    assert "km away" not in picture(whole).decode()
    far = near | {"place": near["place"] | {"latitude": 14.0}, "km": 438.0, "log_w_nats": None}
    drawn = picture(opened_with(near=[far])).decode()
    assert "1: never, 438 km away" in drawn
    assert "never, as one witness" in drawn


def test_of_many_accounts_the_rest_is_counted():
    account = explained()["opened"]["accounts"][0]
    many = [account | {"label": label(n)} for n in range(MOST_ROWS + 3)]
    assert "3 more accounts are not drawn." in picture(opened_with(accounts=many)).decode()
    assert (
        "more accounts are not drawn."
        not in picture(opened_with(accounts=many[:MOST_ROWS])).decode()
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "never"), (0.04, "0.0"), (-0.04, "0.0"), (-2.25, "−2.2"), (2.0, "+2.0")],
)
def test_a_figure_has_its_sign(value, words):
    assert nats(value) == words


def test_a_letter_stands_free_where_it_can_and_is_drawn_where_it_cannot():
    taken = [(0.0, 0.0)]
    assert free_spot(0, 0, taken, [(0, 5), (0, 14)]) == (0, 14)
    assert free_spot(0, 0, taken, [(0, 5), (5, 14)]) == (0, 5)
    assert taken == [(0.0, 0.0), (0, 14), (0, 5)]
