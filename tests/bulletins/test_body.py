"""The body is a pure function of sets; its bytes are held by golden files."""

from __future__ import annotations

import json
import sys
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from trucewatch.bulletins import compose, redact, render_html, render_json, render_markdown
from trucewatch.bulletins.chart import LONGEST, shown_days
from trucewatch.bulletins.counting import cases
from trucewatch.bulletins.published import AccessRow
from trucewatch.errors import ConfigurationError
from trucewatch.model import State

GOLDEN = Path(__file__).parent / "golden"
RENDERERS = {"html": render_html, "md": render_markdown, "json": render_json}
KEPT_IN_ORDER = {"reasons", "near_misses", "polygons", "terms", "region", "footprint_m", "words"}


def bodies(situation, period, previous, audience):
    published = redact(compose(situation, period, previous), audience)
    return {kind: render(published) for kind, render in RENDERERS.items()}


@pytest.mark.parametrize("kind", RENDERERS)
@pytest.mark.parametrize("name", ["day", "truce"])
def test_golden(situation, period, whole, previous, public, tmp_path, kind, name):
    body = bodies(situation, period if name == "day" else whole, previous, public)[kind]
    golden = GOLDEN / f"{name}.{kind}"
    (tmp_path / golden.name).write_bytes(body)
    assert golden.is_file(), f"look at {tmp_path / golden.name}, and if it is right copy it here"
    assert body == golden.read_bytes(), f"differs from {tmp_path / golden.name}: read the diff"


class Tables(HTMLParser):
    """How many columns each table has that neither stacks its rows nor lies where it may scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.bare: list[int] = []
        self._open: list[bool] = []
        self._counted = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "div":
            self._open.append(given.get("class") == "scroll" and given.get("tabindex") == "0")
        elif tag == "table":
            self._counted = not any(self._open) and given.get("class") != "stack"
            self.bare += [0] if self._counted else []
        elif tag == "th" and given.get("scope") == "col" and self._counted:
            self.bare[-1] += 1

    def handle_endtag(self, tag):
        if tag == "div":
            self._open.pop()


def test_no_table_of_a_bulletin_widens_a_telephone(situation, whole, previous, public):
    """A table of three columns or more stacks its rows in a narrow window, or scrolls by itself."""
    published = redact(compose(situation, whole, previous), public)
    denied = AccessRow(
        party="terno", incidents=12, observations=120, days=2, per_day=6.0, low=3.1, high=10.5
    )
    parser = Tables()
    parser.feed(render_html(replace(published, access_denied=(denied,))).decode())
    assert max(parser.bare) <= 2
    spoilt = Tables()
    spoilt.feed('<div class="box"><table><th scope="col"><th scope="col"><th scope="col"></div>')
    assert spoilt.bare == [3]


def shuffled(thing, random: Random, *, twice: bool):
    """The same sets in another order, some of it twice."""
    if (
        isinstance(thing, tuple)
        and thing
        and all(is_dataclass(x) or isinstance(x, str) for x in thing)
    ):
        mixed = [shuffled(x, random, twice=twice) for x in thing]
        if twice and is_dataclass(mixed[0]):
            mixed.append(random.choice(mixed))
        random.shuffle(mixed)
        return tuple(mixed)
    if is_dataclass(thing):
        changes = {
            f.name: shuffled(getattr(thing, f.name), random, twice=twice)
            for f in fields(thing)
            if f.init and f.name not in KEPT_IN_ORDER
        }
        return replace(thing, **changes)
    return thing


@settings(max_examples=25)
@given(seed=st.integers(0, 10**9))
def test_order_and_repetition_change_no_byte(situation, period, previous, public, seed):
    random = Random(seed)
    mixed = shuffled(situation, random, twice=False)
    doubled = replace(
        mixed,
        **{
            name: (*getattr(mixed, name), random.choice(getattr(mixed, name)))
            for name in ("incidents", "findings", "assessments", "claims", "statements", "origins",
                         "quarantined", "intake", "sources")
        },
    )  # fmt: skip
    expected = bodies(situation, period, previous, public)
    assert bodies(mixed, period, previous, public) == expected
    assert bodies(doubled, period, previous, public) == expected


def test_the_saboteur_of_order_is_seen(situation, period, previous, public, monkeypatch):
    """Left in order of arrival, a list would show it."""
    mixed = replace(situation, incidents=situation.incidents[::-1])

    def by_arrival(arrived, window):
        return tuple(
            sorted(cases(arrived, window), key=lambda c: arrived.incidents.index(c.incident))
        )

    def as_they_come(self, found, *, reasons):
        return tuple(self._item(case, reasons=reasons) for case in found)

    monkeypatch.setattr(sys.modules["trucewatch.bulletins.compose"], "cases", by_arrival)
    door = sys.modules["trucewatch.bulletins.redact"]
    monkeypatch.setattr(door._Redaction, "_items", as_they_come)
    one, two = (bodies(s, period, previous, public) for s in (situation, mixed))
    assert one != two


HOSTILE = (
    "<script>alert(1)</script> | ]]> & \"q\" 'a' `x` [l](javascript:x) **b** \u202e\u2028\n# h"
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted(name for name, _ in attrs))))


def tags(body: bytes) -> list[tuple[str, tuple[str, ...]]]:
    parser = Tags()
    parser.feed(body.decode())
    return parser.tags


def poisoned(situation, text):
    """Every field of free text replaced."""
    agreement = replace(
        situation.agreement,
        name=text,
        parties=tuple(replace(p, name=text) for p in situation.agreement.parties),
        instruments=tuple(replace(i, title=text) for i in situation.agreement.instruments),
        provisions=tuple(
            replace(p, words=text, source=text) for p in situation.agreement.provisions
        ),
        regions=tuple(replace(r, name=r.code + text) for r in situation.agreement.regions),
    )
    return replace(
        situation,
        mission=text,
        agreement=agreement,
        findings=tuple(replace(f, reasons=(text,), standard=text) for f in situation.findings),
        origins=tuple(replace(o, label=o.id + text) for o in situation.origins),
        statements=tuple(
            replace(s, speaker=text, quote=text, outlet=text, subject=text)
            for s in situation.statements
        ),
        quarantined=tuple(replace(q, reason=text) for q in situation.quarantined),
        sources=tuple(
            replace(s, name=s.id + text, licence=text, citation=text) for s in situation.sources
        ),
        coverage=replace(
            situation.coverage,
            watches=tuple(replace(w, reason="cloud" + text) for w in situation.coverage.watches),
        ),
        compliance=replace(situation.compliance, caveats=(text,)),
    )


def test_hostile_text_stays_text(situation, period, previous, public):
    """A headline with markup adds no element, row, link or line to any format."""
    mild = bodies(poisoned(situation, "plain"), period, previous, public)
    wild = bodies(poisoned(situation, HOSTILE), period, previous, public)
    assert tags(wild["html"]) == tags(mild["html"])
    assert not [t for t, _ in tags(wild["html"]) if t == "script"]
    assert not any(name.startswith("on") for _, names in tags(wild["html"]) for name in names)

    def shape(body: bytes) -> list[str]:
        tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(body.decode())
        inline = [c.type for t in tokens for c in t.children or () if c.type != "text"]
        return [t.type for t in tokens] + [i for i in inline if i != "text_special"]

    assert shape(wild["md"]) == shape(mild["md"])
    assert wild["md"].count(b"\n") == mild["md"].count(b"\n")
    body = json.loads(wild["json"])
    assert body["mission"].startswith("<script>")
    for kind, raw in wild.items():
        assert "\u202e" not in raw.decode(), kind
        assert "\u2028" not in raw.decode(), kind


def test_the_page_asks_for_nothing_and_runs_nothing(situation, period, previous, public):
    page = bodies(situation, period, previous, public)["html"].decode()
    assert "default-src 'none'" in page
    for word in ("<script", "src=", "@import", "url(http", "url(//", "@font-face", "<link", "<img"):
        assert word not in page
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page
    for drawing in ("map", "chart"):
        assert f'aria-labelledby="{drawing}-title {drawing}-desc"' in page
    assert 'id="inc-a1"' in page
    assert "trucewatch explain inc-a1" in page


def test_what_must_be_said_is_said_in_html_and_markdown(situation, period, previous, public):
    out = bodies(replace(situation, exercise=True), period, previous, public)
    for kind in ("html", "md"):
        page = out[kind].decode()
        for words in ("EXERCISE", "PROVISIONAL", "Not an attribution", "5e5e", "Atlantic/Azores",
                      "None: the instrument names none.", "audit fsck", "CC BY 4.0",
                      "in none of our counts", "acceptance not on record",
                      "almost certain"):  # fmt: skip
            assert words in page, (kind, words)
    calm = bodies(situation, period, previous, public)
    assert b"EXERCISE" not in calm["md"]
    assert b">EXERCISE" not in calm["html"]


def test_json_has_a_schema_and_every_clause_its_figures(situation, whole, previous, public):
    body = json.loads(bodies(situation, whole, previous, public)["json"])
    assert body["schema"] == "trucewatch.bulletin/1"
    assert body["evidence"] == {
        "origin": "terno", "root": "5e" * 32, "size": 12, "version": "0.1.0",
        "parameters": {"values": "a7" * 32, "how": "learnt", "since": "2031-05-05T09:30:00Z"},
    }  # fmt: skip
    for clause in body["clauses"]:
        assert set(clause["figures"]) <= set(body["figures"])
    assert "outlines" not in body


def test_sums_hold(situation, period, previous, public):
    published = redact(compose(situation, period, previous), public)
    figures = published.figures
    assert sum(r.now.firm for r in published.regions) == figures["incidents"] == 2
    assert figures["incidents_two_origins"] + figures["incidents_one_origin"] == 2
    assert figures["observed_violations"] == 6
    assert figures["incidents_undetermined"] == 1
    assert (figures["fires"], figures["static_sources"]) == (1, 1)
    assert {c.name: c.distinct for c in published.contributions}["The Terno Gazette"] == 4


def test_what_was_refuted_is_shown_and_not_counted(situation, period, previous, public):
    findings = tuple(
        replace(f, state=State.REFUTED) if f.incident == "inc-a1" else f for f in situation.findings
    )
    published = redact(compose(replace(situation, findings=findings), period, previous), public)
    assert published.figures["incidents"] == 1
    assert [i.id for i in published.set_aside] == ["inc-a1"]


def test_an_empty_situation_is_unobserved_and_not_quiet(situation, period, previous, public):
    empty = replace(
        situation,
        incidents=(), findings=(), assessments=(), origins=(), claims=(), statements=(),
        coverage=replace(
            situation.coverage, watches=(), passes=(), region_days=(), sources=()
        ),
        compliance=replace(situation.compliance, days=(), rates=(), ratios=(), caveats=()),
        intake=(), quarantined=(),
    )  # fmt: skip
    out = bodies(empty, period, previous, public)
    published = redact(compose(empty, period, previous), public)
    assert "not to say that it was quiet" in published.headline
    assert "how much could be seen is not known" in published.headline
    assert {r.sight for r in published.regions} == {"not looked at"}
    assert b"Nobody has stated how much could be seen" in out["md"]
    assert published.figures["incidents_previous"] is None


def test_an_unknown_zone_is_a_faulty_setting(situation, period, previous):
    with pytest.raises(ConfigurationError, match="Nowhere"):
        compose(replace(situation, zone="Nowhere/Here"), period, previous)


def test_a_long_mission_shows_the_days_around_the_period(situation, period, previous, public):
    published = redact(compose(situation, period, previous), public)
    row = published.days[0]
    long = tuple(
        replace(row, day=row.day.fromordinal(row.day.toordinal() + k), in_period=k == 40)
        for k in range(90)
    )
    shown = shown_days(replace(published, days=long))
    assert len(shown) == 29 <= LONGEST
    assert shown[14].in_period
