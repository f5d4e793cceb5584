"""Notices as people write them: read whole or refused with a reason, never guessed at."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.commitments.notices import (
    contacts_at,
    read_contact,
    read_moment,
    read_notice,
    read_notices,
)
from trucewatch.commitments.notices.reading import FIELDS, MOST_NOTICES
from trucewatch.errors import RecordRejected
from trucewatch.model import Contacted, Entered, Notice, Window

NOW = datetime(2031, 5, 1, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Athens")
CONVOY = {
    "organisation": "Tern Relief",
    "contact": "radio 7",
    "sort": "movement",
    "domain": "land",
    "place": "coast road",
    "route": [[10.0, 50.0], [10.2, 50.0]],
    "from": "2031-05-04T08:00",
    "to": "2031-05-04T14:00+02:00",
}
CLINIC = {**CONVOY, "sort": "site", "place": "clinic", "route": [[10, 50]], "to": ""}


def read(**changes):
    fields = {**CONVOY, **changes}
    return read_notice({k: v for k, v in fields.items() if v != ...}, zone=ZONE, now=NOW)


def test_a_notice_is_read_as_it_is_written():
    found = read(emergency=True, note="two lorries", width_m=300)
    assert found.window == Window(
        datetime(2031, 5, 4, 5, tzinfo=UTC), datetime(2031, 5, 4, 12, tzinfo=UTC)
    )
    assert (found.route, found.width_m) == (((10.0, 50.0), (10.2, 50.0)), 300.0)
    assert (found.submitted, found.emergency, found.note) == (NOW, True, "two lorries")
    assert read().width_m == 500.0
    assert read().id == read().id != found.id


def test_a_site_may_go_without_an_end():
    found = read_notice(CLINIC, zone=ZONE, now=NOW)
    assert found.window.end is None


def test_what_was_submitted_earlier_keeps_its_time_and_no_one_submits_tomorrow():
    assert read(submitted="2031-04-30T12:00Z").submitted == datetime(2031, 4, 30, 12, tzinfo=UTC)
    with pytest.raises(RecordRejected, match="submitted: it lies ahead"):
        read(submitted="2031-05-02T12:00Z")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organisation": ...}, "organisation: is missing: who moves"),
        ({"contact": "  "}, "contact: is missing"),
        ({"contact": 7}, "contact: write it as text"),
        ({"note": "x" * 501}, "note: longer than 500"),
        ({"place": "a\x1b[2J"}, "place: it holds characters"),
        ({"place": "a\u202eb"}, "place: it holds characters"),
        ({"sort": "convoy"}, "sort: is one of movement, site"),
        ({"domain": "space"}, "domain: is one of land, sea, air"),
        ({"route": ...}, "route: "),
        ({"route": []}, "route: "),
        ({"route": "10,50"}, "route: "),
        ({"route": [[10.0, 50.0]]}, "two or more for a movement"),
        ({"sort": "site"}, "one place for a site"),
        ({"route": [[10, 50], [10]]}, "each place is"),
        ({"route": [[10, 50], [True, 50]]}, "each place is"),
        ({"route": [[10, 50], [float("nan"), 50]]}, "each place is"),
        ({"route": [[10, 50], [10, 91]]}, "latitude in -90…90"),
        ({"route": [[10, 50], [100, 50]]}, "a leg is longer"),
        ({"route": [[10, 50]] * 1001}, "more than 1000 points"),
        ({"width_m": 0}, "width_m: metres"),
        ({"width_m": "wide"}, "width_m: metres"),
        ({"width_m": 1e9}, "width_m: metres"),
        ({"width_m": 10**400}, "width_m: metres"),
        ({"route": [[10, 50], [10**400, 50]]}, "each place is"),
        ({"from": "9999-12-31T23:59Z", "to": "9999-12-31T23:59:30Z"}, "from: its year lies in"),
        ({"submitted": "0001-01-01T00:00Z"}, "submitted: its year lies in"),
        ({"from": ...}, "from: say when it begins"),
        ({"from": "2031-05-04"}, "from: write day and hour"),
        ({"from": "soon"}, "from: write day and hour"),
        ({"from": 1930}, "from: write day and hour"),
        ({"to": ...}, "to: a movement has an end"),
        ({"to": "2031-05-04T07:00"}, "to: it ends before it begins"),
        ({"from": "2031-04-01T08:00", "to": "2031-04-01T10:00"}, "to: it lies in the past"),
        ({"to": "2031-07-04T14:00"}, "to: a movement lasts 31 days"),
        ({"emergency": "yes"}, "emergency: is true or false"),
        ({"speed": 9}, "unknown field 'speed'; there are: organisation"),
    ],
)
def test_what_is_no_notice_is_refused_with_the_field(changes, words):
    with pytest.raises(RecordRejected) as caught:
        read(**changes)
    assert words in str(caught.value)


def test_times_that_the_clocks_skip_or_show_twice_want_an_offset():
    with pytest.raises(RecordRejected, match="skip this time"):
        read_moment("2031-03-30T03:30", ZONE)
    with pytest.raises(RecordRejected, match="show this time twice"):
        read_moment("2031-10-26T03:30", ZONE)
    assert read_moment("2031-10-26T03:30+02:00", ZONE).hour == 1
    with pytest.raises(RecordRejected):
        read_moment("0001-01-01T00:00", ZONE)


def file_of(data):
    return read_notices(json.dumps(data).encode(), zone=ZONE, now=NOW)


def test_files_in_every_form():
    feature = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": CONVOY["route"]},
        "properties": {k: v for k, v in CONVOY.items() if k != "route"},
    }
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [10, 50, 120]},
        "properties": {k: v for k, v in CLINIC.items() if k != "route"},
    }
    for data in (CONVOY, [CONVOY], {"notices": [CONVOY]}, feature):
        assert [one.place for one in file_of(data).notices] == ["coast road"]
    found = file_of({"type": "FeatureCollection", "features": [feature, point]})
    assert [one.sort for one in found.notices] == ["movement", "site"]
    assert found.notices[0] == file_of(CONVOY).notices[0]


def test_bad_ones_are_refused_one_by_one():
    found = file_of([CONVOY, {**CONVOY, "sort": "x"}, 7, CLINIC, CONVOY])
    assert (len(found.notices), len(found.refused), found.received) == (2, 3, 5)
    assert [one.pointer for one in found.refused] == ["/1", "/2", "/4"]
    assert "twice" in found.refused[2].reason


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff", b"{", b"[" * 100_000, b"[NaN]", b" " * 2_000_001,
     json.dumps([{}] * (MOST_NOTICES + 1)).encode(),
     b'{"type": "FeatureCollection", "features": 3}'],
)  # fmt: skip
def test_what_cannot_be_told_apart_is_refused_whole(raw):
    with pytest.raises(RecordRejected):
        read_notices(raw, zone=ZONE, now=NOW)


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers()
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
WILD = st.dictionaries(st.sampled_from([*FIELDS, "type", "geometry", "properties"]), JSON)


@given(st.lists(st.one_of(WILD, JSON, WILD.map(lambda wild: {**CONVOY, **wild})), max_size=4))
def test_rubbish_is_refused_and_never_lost(items):
    found = file_of(items)
    assert found.received == len(items)
    assert all(isinstance(one, Notice) for one in found.notices)


@given(st.binary(max_size=60))
def test_bytes_are_read_or_refused(raw):
    try:
        read_notices(raw, zone=ZONE, now=NOW)
    except RecordRejected:
        return


# The hotline.


def called(**changes):
    given_ = {
        "at": NOW,
        "parties": ["south", "north", "south"],
        "channel": "telephone",
        "subject": "the bridge",
        "outcome": "",
        "answered": True,
        "known": ["north", "south"],
        "now": NOW,
        **changes,
    }
    return read_contact(**given_)


def test_a_contact_is_between_known_parties_and_was_made():
    assert called().parties == ("north", "south")
    for changes, words in (
        ({"parties": ["north"]}, "two parties at least"),
        ({"parties": ["north", "east"]}, "east is no party of the agreement"),
        ({"at": NOW + timedelta(seconds=1)}, "its time lies ahead"),
        ({"channel": " "}, "channel: say in words"),
        ({"subject": "x" * 501}, "subject: longer"),
    ):
        with pytest.raises(RecordRejected, match=words):
            called(**changes)


def test_contacts_are_told_by_time_and_once():
    later, sooner = called(), called(at=NOW - timedelta(hours=2))
    entries = [
        Entered(index=n, at=NOW, by="desk", decision=Contacted(contact=one))
        for n, one in enumerate([later, sooner, later])
    ]
    assert contacts_at(entries, NOW) == (sooner, later)
    assert contacts_at(entries, NOW - timedelta(seconds=1)) == ()
