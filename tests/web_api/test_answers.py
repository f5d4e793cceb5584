"""Calls of the API: filters, pages, tags, refusals, and what each answer looks like."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
import schemathesis
from lxml import etree
from typer.testing import CliRunner

from trucewatch.app.cli import app as commands
from trucewatch.app.commands.exporting import KNOWN
from trucewatch.app.web.api import answering
from trucewatch.app.web.api.carrying import FORMATS
from trucewatch.app.web.api.listing import LISTS
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views.view import Query
from trucewatch.bulletins.alerts import faults


def every(client, path, **query):
    """All records of a list, page by page along its links."""
    found, href = [], path
    while href is not None:
        answer = client.get(href, params=query if href == path else None)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        href = answer.links.get("next", {}).get("url")
    return found


def test_pages_hold_each_incident_once_and_in_one_order(client):
    whole = every(client, "/api/v1/incidents", limit=1000)
    assert [one["id"] for one in every(client, "/api/v1/incidents", limit=97)] == [
        one["id"] for one in whole
    ]
    assert len({one["id"] for one in whole}) == len(whole) == 403


@pytest.mark.parametrize(
    ("query", "lets"),
    [
        ({"state": "reported"}, lambda one: one["state"] == "reported"),
        ({"state": ["reported", "corroborated"]}, lambda one: one["state"] != "allegation"),
        ({"nature": "fire"}, lambda one: one["nature"] == "fire"),
        ({"region": "UA-14"}, lambda one: one["region"] == "UA-14"),
        ({"outcome": "undetermined"}, lambda one: one["outcome"] == "undetermined"),
        ({"min_probability": 0.97}, lambda one: one["probability"] >= 0.97),
        ({"kind": "event"}, lambda one: one["nature"] is not None),
        (
            {"bbox": "36,48,38,50"},
            lambda one: 36 <= one["place"]["lon"] <= 38 and 48 <= one["place"]["lat"] <= 50,
        ),
        (
            {"first": "2026-04-11", "last": "2026-04-12"},
            lambda one: one["last_day"] >= "2026-04-11" and one["first_day"] <= "2026-04-12",
        ),
    ],
)
def test_a_filter_lets_through_what_is_seen_to_fit(client, query, lets):
    whole = every(client, "/api/v1/incidents", limit=1000)
    found = every(client, "/api/v1/incidents", limit=1000, **query)
    assert [one["id"] for one in found] == [one["id"] for one in whole if lets(one)]
    assert found


def test_a_vague_kind_takes_those_below_it(client):
    found = every(client, "/api/v1/incidents", kind="hostile_act", limit=1000)
    assert len({one["kind"] for one in found}) > 1


def test_an_etag_is_told_once_and_hangs_on_the_question(client, token):
    first = client.get("/api/v1/incidents?limit=2")
    again = client.get(
        "/api/v1/incidents?limit=2", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    tags = {
        client.get(path, headers=headers).headers["etag"]
        for path in ("/api/v1/incidents?limit=2", "/api/v1/incidents?limit=3", "/api/v1/regions")
        for headers in ({}, token)
    }
    assert len(tags) == 6
    assert client.get("/api/v1/incidents?limit=2").headers["etag"] == first.headers["etag"]


def test_the_order_of_parameters_means_nothing(client):
    one = client.get("/api/v1/incidents?limit=2&state=reported").headers["etag"]
    assert client.get("/api/v1/incidents?state=reported&limit=2").headers["etag"] == one


def test_head_is_get_without_a_body(client):
    head, got = client.head("/api/v1/mission"), client.get("/api/v1/mission")
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/incidents?colour=red", 400),
        ("/api/v1/incidents?limit=0", 400),
        ("/api/v1/incidents?limit=1001", 400),
        ("/api/v1/incidents?limit=" + "9" * 5000, 400),
        ("/api/v1/incidents?limit=1&limit=2", 400),
        ("/api/v1/incidents?first=2026-02-30", 400),
        ("/api/v1/incidents?first=1775952000", 400),
        ("/api/v1/incidents?first=2026-04-12&last=2026-04-11", 400),
        ("/api/v1/incidents?bbox=1,2,3", 400),
        ("/api/v1/incidents?bbox=0,0,181,0", 400),
        ("/api/v1/incidents?state=bad", 400),
        ("/api/v1/incidents?text=%00", 400),
        ("/api/v1/incidents?text=%ff", 200),
        ("/api/v1/incidents?after=nowhere", 404),
        ("/api/v1/incidents?after=%C3%A9", 400),
        ("/api/v1/incidents?region=ZZ-99", 404),
        ("/api/v1/incidents?min_probability=nan", 400),
        ("/api/v1/mission?x=1", 400),
        ("/api/v1/incidents/inc-0?x=1", 400),
        ("/api/v1/incidents/inc-0", 404),
        ("/api/v1/incidents/inc-0/accounts", 404),
        ("/api/v1/export/shp", 404),
        ("/api/v1/export/csv?limit=100001", 400),
        ("/api/v1/changes?since=yesterday", 400),
        ("/api/v1/nothing", 404),
        ("/api/v1", 404),
        ("/ogc/collections/nothing", 404),
        ("/ogc/collections/incidents/items?datetime=2026-13-01", 400),
        ("/ogc/collections/incidents/items?datetime=2026-04-12/2026-04-11", 400),
        ("/ogc/collections/zones/items?state=reported", 400),
    ],
)
def test_what_cannot_be_answered_is_told_as_a_problem(client, path, status):
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["status"] == status
        assert body["detail"].endswith((".", "again"))
        assert "colour" not in answer.text


def test_another_method_is_told_which_there_are(client):
    answer = client.delete("/api/v1/regions")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "POST" in client.put("/api/v1/incidents/inc-0/reviews").headers["allow"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("application/*;q=0.5", 200),
        ("text/html, */*;q=0.1", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
    ],
)
def test_the_media_type_is_agreed_on(client, accept, status):
    assert client.get("/api/v1/mission", headers={"Accept": accept}).status_code == status


def test_no_other_site_may_read_it(client):
    answer = client.get("/api/v1/mission", headers={"Origin": "https://example.org"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_public_sees_a_cell_and_the_lead_the_place(client, token):
    name = client.get("/api/v1/incidents?limit=1").json()["items"][0]["id"]
    coarse = client.get(f"/api/v1/incidents/{name}").json()
    exact = client.get(f"/api/v1/incidents/{name}", headers=token).json()
    assert (coarse["place"]["exact"], exact["place"]["exact"]) == (False, True)
    assert "earliest" not in coarse
    assert client.get(f"/api/v1/incidents/{name}/accounts").json()["items"] == []
    told = client.get(f"/api/v1/incidents/{name}/accounts", headers=token).json()["items"]
    assert len(told) == exact["accounts"]
    assert {one["incident"] for one in told} == {name}


def test_a_token_without_the_scope_reads_nothing(client, site):
    _, secret = site.accounts.give_token("lead-1", frozenset({"review"}), days=1, how="a test")
    answer = client.get("/api/v1/mission", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 403


def test_saboteur_without_the_scope_it_is_read(client, site, monkeypatch):
    _, secret = site.accounts.give_token("lead-1", frozenset({"review"}), days=1, how="a test")
    monkeypatch.setattr(answering, "READ", "review")
    answer = client.get("/api/v1/mission", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("who", ["public", "lead"])
def test_each_record_is_as_it_is_described(client, token, who):
    """Every list and each of its first records, held to the schemas of the description."""
    headers = token if who == "lead" else {}
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    for path in ("incidents", *(each.path for each in LISTS)):
        answer = client.get(f"/api/v1/{path}", params={"limit": 1000}, headers=headers)
        assert answer.status_code == 200, (path, answer.text)
        schema[f"/api/v1/{path}"]["GET"].validate_response(answer)
        for one in answer.json()["items"][:3]:
            single = client.get(f"/api/v1/{path}/{one['id']}", headers=headers)
            schema[f"/api/v1/{path}/{{identifier}}"]["GET"].validate_response(single)
            assert single.json() == one


def test_what_changed_is_told_and_a_time_narrows_it(client):
    assert client.get("/api/v1/changes?since=2999-01-01T00:00:00Z").json() == {"items": []}
    assert client.get("/api/v1/changes").status_code == 200


@pytest.mark.parametrize("name", FORMATS)
def test_each_export_holds_what_the_list_holds(client, name):
    answer = client.get(f"/api/v1/export/{name}", params={"limit": 1000})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(FORMATS[name].media.partition(";")[0])
    raw = answer.content
    counts = {
        "geojson": lambda: len(json.loads(raw)["features"]),
        "csv": lambda: len(list(csv.reader(io.StringIO(raw.decode(), newline="")))) - 1,
        "hxl": lambda: len(list(csv.reader(io.StringIO(raw.decode(), newline="")))) - 2,
        "kml": lambda: len(etree.fromstring(raw).findall(".//{*}Placemark")),
        "cot": lambda: len(etree.fromstring(raw)),
        "parquet": lambda: pq.read_table(io.BytesIO(raw)).num_rows,
        "cap": lambda: 403 + len(zipfile.ZipFile(io.BytesIO(raw)).namelist()) - 1 - sent(client),
    }
    assert counts[name]() == 403


def sent(client):
    return client.get("/api/v1/alerts").json()["matched"]


def test_alerts_are_those_that_were_sent(client):
    raw = client.get("/api/v1/export/cap").content
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        messages = [one for one in packed.namelist() if one.endswith(".xml")]
        assert all(faults(packed.read(one)) == () for one in messages)
        assert b"credit" in packed.read("about.txt")


def test_an_export_ends_at_its_limit_and_says_so(client):
    body = client.get("/api/v1/export/geojson?limit=5&nature=event").json()
    assert len(body["features"]) == 5
    assert body["about"]["more"].startswith("yes")
    assert body["about"]["digest"]
    assert "CC BY 4.0" in body["about"]["credit"]


def test_the_command_writes_what_the_public_may_see(folder, client, tmp_path):
    assert set(KNOWN) == set(FORMATS)
    done = CliRunner().invoke(
        commands,
        [
            "export",
            "-m",
            str(folder),
            "--format",
            ",".join(KNOWN),
            "--out",
            str(tmp_path),
            "--json",
        ],
    )
    assert done.exit_code == 0, done.output
    assert len(json.loads(done.stdout)["files"]) == len(KNOWN)
    written = json.loads((tmp_path / "incidents.geojson").read_bytes())["features"]
    assert written == client.get("/api/v1/export/geojson").json()["features"]


@pytest.mark.parametrize("wrong", [["--format", "shp"], ["--audience", "nobody"], ["--format", ""]])
def test_the_command_refuses_what_there_is_not(folder, wrong, tmp_path):
    call = ["export", "-m", str(folder), "--out", str(tmp_path), *wrong]
    assert CliRunner().invoke(commands, call).exit_code != 0
    assert list(tmp_path.iterdir()) == []


def test_filters_see_no_more_than_the_viewer(client, site):
    """A box of a hundred metres around the place itself finds nothing where a cell is shown."""
    inside = site.view(Viewer(roles=frozenset({"lead"}), person="lead-1"))
    exact = inside.page("incident", Query(limit=1000)).bodies
    cells = {one["id"]: one["place"] for one in every(client, "/api/v1/incidents", limit=1000)}
    for one in exact[:20]:
        lat, lon = one["place"]["lat"], one["place"]["lon"]
        box = f"{lon - 0.001:.4f},{lat - 0.001:.4f},{lon + 0.001:.4f},{lat + 0.001:.4f}"
        for found in every(client, "/api/v1/incidents", bbox=box):
            cell = cells[found["id"]]
            assert abs(cell["lat"] - lat) <= 0.0011
            assert abs(cell["lon"] - lon) <= 0.0011


def test_a_day_has_no_neighbours(client):
    day = date(2026, 4, 12)
    for one in every(client, "/api/v1/coverage", first=str(day), last=str(day)):
        assert one["first_day"] == str(day)
    assert client.get(f"/api/v1/trend?first={day}&last={day + timedelta(1)}").json()["matched"] == 2
