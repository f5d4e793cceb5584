"""Nothing that harms anybody gets through the door, and taking a guard away is noticed."""

from __future__ import annotations

import ast
import json
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import trucewatch.bulletins
from trucewatch.bulletins import (
    Audience,
    compose,
    redact,
    render_html,
    render_json,
    render_markdown,
    veil,
)
from trucewatch.bulletins.published import Published
from trucewatch.bulletins.veil import cell_centre, spread
from trucewatch.errors import Withheld
from trucewatch.model import Nature, Point

PACKAGE = Path(trucewatch.bulletins.__file__).parent
RENDERERS = (render_html, render_markdown, render_json)

# Every secret of the island: the sealed source's id, name, owner, citation, words, figures and
# pointers, the exact place, a distance in a reason, payload hashes.
CANARIES = (
    "heron", "nest", "widow marsh", "mill's window", "quicksilver", "vespers", "keeper",
    "seven in one night", "kestrel", "cdcdcd", "ababab", "314159", "271828", "38.731", "27.227",
    "2.7 km", "line 9",
)  # fmt: skip


def leaks(situation, period, previous, audience):
    published = redact(compose(situation, period, previous), audience)
    out = b"\n".join(render(published) for render in RENDERERS).decode().lower()
    out = out.replace("&#39;", "'").replace("\\", "")
    return [canary for canary in CANARIES if canary in out]


def test_no_secret_is_found_in_any_format(situation, period, previous, public):
    assert leaks(situation, period, previous, public) == []


def test_the_canaries_are_secrets_of_the_full_bulletin(situation, period, previous):
    full = repr(compose(situation, period, previous)).lower()
    assert [canary for canary in CANARIES if canary not in full] == []


def test_saboteur_without_the_seals_the_names_leak(situation, period, previous, public):
    unsealed = replace(
        situation, sources=tuple(replace(s, sealed=False) for s in situation.sources)
    )
    found = leaks(unsealed, period, previous, public)
    assert {"heron", "nest", "mill's window", "keeper", "seven in one night", "kestrel"} <= {*found}


def test_saboteur_without_the_grid_the_places_leak(
    situation, period, previous, public, monkeypatch
):
    door = sys.modules["trucewatch.bulletins.told"]
    monkeypatch.setattr(door, "cell_centre", lambda lat, lon, _: (lat, lon))
    assert leaks(situation, period, previous, public) == ["38.731", "27.227"]


def test_saboteur_without_the_rule_on_measures_distances_leak(
    situation, period, previous, public, monkeypatch
):
    near = tuple(
        replace(f, reasons=("a report 2.7 km away was not joined",)) for f in situation.findings
    )
    told = replace(situation, findings=near)
    assert leaks(told, period, previous, public) == []
    monkeypatch.setattr(veil, "_MEASURE", veil.re.compile(r"(?!)"))
    assert leaks(told, period, previous, public) == ["2.7 km"]


def test_the_sweep_stops_what_the_fields_let_through(situation, period, previous, public):
    """A name in a field that nobody thought of publishes nothing, and is not repeated."""
    named = replace(situation, agreement=replace(situation.agreement, name="Truce of heron bay"))
    with pytest.raises(Withheld, match=r"Published\.agreement") as caught:
        redact(compose(named, period, previous), public)
    assert "heron" not in str(caught.value).lower()


def test_a_source_that_is_not_registered_is_not_named(situation, period, previous, public):
    fewer = tuple(s for s in situation.sources if s.id not in {"heron", "ledger"})
    published = redact(compose(replace(situation, sources=fewer), period, previous), public)
    sources = {i.id: i.sources for i in published.incidents}
    assert sources["inc-a1"] == ("The Terno Gazette", "another source")


def test_sealed_sources_are_counted_nowhere_apart(situation, period, previous, public):
    """Two worlds that differ only in how much a sealed source sent read the same."""
    other = replace(
        situation,
        intake=tuple(
            replace(i, accepted=900, quarantined=0) if i.source == "heron" else i
            for i in situation.intake
        ),
        quarantined=situation.quarantined[:1],
    )
    one, two = (redact(compose(s, period, previous), public) for s in (situation, other))
    assert [r(one) for r in RENDERERS] == [r(two) for r in RENDERERS]


def test_without_show_sources_a_source_is_its_sort(situation, period, previous, public):
    shy = replace(public, show_sources=False)
    published = redact(compose(situation, period, previous), shy)
    out = b"".join(render(published) for render in RENDERERS).decode()
    assert "Terno Gazette" not in out
    assert "The Gazette" not in out
    assert "Infirmary" not in out
    sources = {i.id: i.sources for i in published.incidents}
    assert "a source of the sort 'press'" in sources["inc-a1"]


def test_small_counts_are_said_as_fewer(situation, period, previous, public):
    published = redact(compose(situation, period, previous), public)
    assert {i.id: i.accounts for i in published.incidents}["inc-a1"] == "2"
    assert {i.id: i.accounts for i in published.incidents}["inc-b1"] == "fewer than 2"


def test_times_are_local_days_and_release_waits(situation, period, previous, public):
    published = redact(compose(situation, period, previous), public)
    assert published.not_before == datetime(2031, 5, 6, 0, tzinfo=UTC)
    body = json.loads(render_json(published))
    assert {(i["first_day"], i["last_day"]) for i in body["incidents"]} == {
        ("2031-05-04", "2031-05-04"),
        ("2031-05-02", "2031-05-05"),
    }


def test_every_place_of_a_cell_reads_the_same(situation, period, previous, public):
    """Moving an event inside its cell changes no byte."""
    lat, lon = cell_centre(38.68, -27.20, public.grid_m)
    moved = tuple(
        replace(i, place=Point(lat + 0.004, lon - 0.004, 901.0))
        if i.nature is Nature.EVENT and i.region == "N"
        else i
        for i in situation.incidents
    )
    one = redact(compose(situation, period, previous), public)
    two = redact(compose(replace(situation, incidents=moved), period, previous), public)
    assert [r(one) for r in RENDERERS] == [r(two) for r in RENDERERS]


@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (89.999, 179.999), (-90, -180), (51.5, -0.001)])
@pytest.mark.parametrize("grid", [100.0, 5000.0, 50_000.0])
def test_a_cell_centre_is_near_and_on_the_earth(lat, lon, grid):
    row, column = cell_centre(lat, lon, grid)
    assert abs(row - lat) <= grid / 111_195 / 2 + 0.001
    assert -180 <= column <= 180
    assert cell_centre(row, column, grid)[0] == row
    assert spread(grid * 1.01, grid) == 2 * grid


@pytest.mark.parametrize(
    "wrong",
    [{"grid_m": 0.0}, {"grid_m": float("nan")}, {"delay": timedelta(-1)}, {"min_count": -1}],
)
def test_an_audience_cannot_switch_the_guards_off(wrong):
    whole = {
        "name": "x", "grid_m": 1000.0, "delay": timedelta(0), "show_sources": True, "min_count": 1
    }  # fmt: skip
    with pytest.raises(ValueError, match="audience"):
        Audience(**{**whole, **wrong})


def test_renderers_refuse_what_was_not_redacted(situation, period, previous):
    bulletin = compose(situation, period, previous)
    for render in RENDERERS:
        with pytest.raises(TypeError, match="redact"):
            render(bulletin)


MAKERS = {"Published", "Item", "Cell"}


def calls_to_published(tree: ast.AST) -> list[str]:
    """Where a tree makes, or copies with changes, something that is published."""
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = ast.unparse(call.func)
            if name.split(".")[-1] in MAKERS or name in {"replace", "dataclasses.replace"}:
                found.append(name.split(".")[-1])
    return found


def test_only_redact_makes_published():
    guilty = {
        path.name
        for path in sorted(PACKAGE.parent.rglob("*.py"))
        if "Published" in calls_to_published(ast.parse(path.read_text("utf-8")))
    }
    assert guilty == {"redact.py"}
    assert calls_to_published(ast.parse("pub.Published(x=1); dataclasses.replace(p)")) == [
        "Published",
        "replace",
    ]


RENDERING = ("html.py", "markdown.py", "machine.py", "page.py", "map.py", "chart.py", "drawing.py")


@pytest.mark.parametrize("name", RENDERING)
def test_renderers_know_nothing_but_published(name):
    """What draws a page can neither see the full bulletin nor change what was published."""
    tree = ast.parse((PACKAGE / name).read_text("utf-8"))
    froms = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    forbidden = {"compose", "situation", "counting", "redact", "redact_sources", "veil"}
    assert not {f"trucewatch.bulletins.{each}" for each in forbidden} & froms
    content = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "trucewatch.bulletins.content"
        for alias in node.names
    ]
    assert set(content) <= {"DayRow"}
    assert calls_to_published(tree) == []


def test_there_is_no_place_for_notices():
    names = {f.name for f in fields(Published)}
    assert not {n for n in names if "notice" in n or "raw" in n or "payload" in n}
