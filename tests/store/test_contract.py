"""One contract for every engine: memory, a file, PostgreSQL with PostGIS."""

from __future__ import annotations

import dataclasses
import math
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.errors import NotFound, StoreUnavailable
from trucewatch.model import Area, IntakeCount, Interval, Outcome, Point, State, distance_m
from trucewatch.store import Derived, StoreState
from trucewatch.store.codec import to_text

SQUARE = Area("X", "Xland", ((((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)),),))


def by_id(*reports):
    return sorted(reports, key=lambda report: report.id)


def test_a_new_projection_knows_nothing(store):
    assert store.state() is None
    assert store.derived() is None
    assert store.basis() is None
    assert list(store.reports()) == []
    assert store.incidents() == ()
    assert store.intake() == ()
    assert store.quarantined() == ()


def test_reports_come_back_as_they_went_in(store, make):
    reports = [make.report(number, source=source) for number in range(5) for source in "ab"]
    assert store.add_reports(0, reports, []) == (10, 0)
    assert list(store.reports()) == by_id(*reports)
    assert list(store.reports(source="a")) == by_id(*reports[::2])
    assert list(store.reports(source="c")) == []


def test_odd_text_survives(store, make):
    report = make.report(1, text="nul \0, half a pair \ud800, 漢字, 'quote'; --")
    record = dataclasses.replace(make.quarantined(1), reason="nul \0 and \udfff")
    store.add_reports(0, [report], [record])
    assert list(store.reports()) == [report]
    assert store.quarantined() == (record,)


def test_more_reports_than_a_page(store, make):
    reports = [make.report(number) for number in range(2001)]
    assert store.add_reports(3, reports, []) == (2001, 0)
    assert list(store.reports()) == by_id(*reports)


def test_areas_are_kept_once_and_come_back_whole(store, make):
    other = Area("Y", "Yland", SQUARE.polygons)
    reports = [make.report(number, place=SQUARE) for number in range(3)]
    reports.append(make.report(3, place=other))
    store.add_reports(0, reports, [])
    back = list(store.reports())
    assert back == by_id(*reports)
    assert len({id(report.claims[0].place) for report in back}) == 2
    assert store.find(reports[0].claims[0].id) == reports[0].claims[0]


def test_a_record_may_stand_in_many_places(store, make):
    one, again = make.report(1, payload="b"), make.report(1, payload="a")
    assert store.add_reports(0, [one, again], []) == (1, 1)
    assert store.add_reports(4, [one], []) == (0, 1)
    assert store.report_entries(one.id) == ((0, again.raw), (0, one.raw), (4, one.raw))
    assert store.entries_of_all()[one.id] == (0, 4)
    with pytest.raises(NotFound):
        store.report_entries("rep-unknown")


def test_received_is_the_sum(store, make):
    store.add_reports(0, [make.report(1), make.report(2), make.report(1)], [make.quarantined(9)])
    store.add_reports(1, [make.report(1), make.report(3, source="press")], [make.quarantined(9)])
    store.add_reports(2, [], [make.quarantined(9, source="sirens")])
    # The repetition within entry 0 stands at the same place, so it is the same delivery of it.
    assert store.intake() == (
        IntakeCount(source="coders", accepted=2, duplicate=2, quarantined=1),
        IntakeCount(source="press", accepted=1),
        IntakeCount(source="sirens", quarantined=1),
    )
    assert len(store.quarantined()) == 2


def test_the_version_is_told_without_reading_it_all(store):
    assert store.version() is None
    store.mark_read(3, "1.2+abc")
    assert store.version() == "1.2+abc"
    store.clear()
    assert store.version() is None


def test_state_tells_how_far_and_by_whom(store, make):
    store.add_reports(0, [make.report(1)], [])
    assert store.state() is None
    store.mark_read(1, "0.1.0")
    first = store.state()
    assert isinstance(first, StoreState)
    assert (first.entries, first.version) == (1, "0.1.0")
    store.mark_read(2, "0.1.1")
    assert store.state() == StoreState(entries=2, version="0.1.1", digest=first.digest)
    with pytest.raises(ValueError, match="clear the projection"):
        store.mark_read(1, "0.1.1")
    with pytest.raises(ValueError, match="fewer than 0"):
        store.mark_read(-1, "0.1.1")
    with pytest.raises(ValueError, match="index 0"):
        store.add_reports(-1, [], [])


def test_the_digest_covers_what_is_stored(store, make):
    store.mark_read(1, "1")
    digests = [store.state().digest]
    store.add_reports(0, [make.report(1)], [])
    digests.append(store.state().digest)
    store.add_reports(0, [], [make.quarantined(1)])
    digests.append(store.state().digest)
    store.replace_state(make.derived(make.incident(1)))
    digests.append(store.state().digest)
    store.replace_state(make.derived(make.incident(2)))
    digests.append(store.state().digest)
    assert len(set(digests)) == 5
    store.add_reports(7, [make.report(1)], [make.quarantined(1)])
    assert store.state().digest == digests[-1]


def test_what_it_was_derived_from_is_kept_and_is_no_part_of_the_digest(store, make):
    assert store.basis() is None
    store.mark_read(1, "1")
    store.replace_state(make.derived(make.incident(1)), basis="one")
    digest = store.state().digest
    store.replace_state(make.derived(make.incident(1)), basis="another")
    assert (store.basis(), store.state().digest) == ("another", digest)


def test_clear_forgets_everything(store, make):
    store.add_reports(0, [make.report(1)], [make.quarantined(1)])
    store.replace_state(make.derived(make.incident(1)))
    store.mark_read(1, "1")
    store.clear()
    test_a_new_projection_knows_nothing(store)
    assert store.add_reports(0, [make.report(1)], []) == (1, 0)


def test_derived_comes_back_whole_and_is_replaced_whole(store, make):
    state = make.derived(*(make.incident(number) for number in range(5)))
    store.replace_state(state)
    assert store.derived() == state
    less = make.derived(make.incident(2))
    store.replace_state(less)
    assert store.derived() == less
    assert store.incidents() == less.incidents
    assert store.incidents(near=(48.0, 37.0, 1e6)) == less.incidents


def test_a_state_that_contradicts_itself_is_refused(make):
    incident = make.incident(1)
    state = make.derived(incident)
    for change, words in (
        ({"incidents": (incident, incident)}, "two of the id"),
        ({"incidents": ()}, "unknown"),
        ({"findings": ()}, "not among the findings"),
    ):
        with pytest.raises(ValueError, match=words):
            dataclasses.replace(state, **change)


def ids(incidents):
    return {incident.id for incident in incidents}


def test_filters(store, make):
    one = make.incident(1, kind="mortar", region="X")
    two = make.incident(2, kind="shelling", region="Y")
    three = make.incident(3, kind="airstrike")
    state = make.derived(one, two, three)
    findings = (
        make.finding(one, State.CORROBORATED),
        make.finding(two),
        make.finding(three),
    )
    assessments = (
        make.assessment(findings[0]),
        make.assessment(findings[0], Outcome.OUTSIDE, "2"),
        make.assessment(findings[1], Outcome.OUTSIDE),
    )
    store.replace_state(dataclasses.replace(state, findings=findings, assessments=assessments))
    assert store.incidents() == (one, two, three)
    assert store.incidents(limit=2) == (one, two)
    assert store.incidents(limit=0) == ()
    assert store.incidents(region="X") == (one,)
    assert store.incidents(kind="shelling") == (one, two)
    assert store.incidents(kind="mortar") == (one,)
    assert store.incidents(state=State.CORROBORATED) == (one,)
    assert store.incidents(state="reported") == (two, three)
    assert store.incidents(outcome=Outcome.OUTSIDE) == (one, two)
    assert store.incidents(outcome="breach") == (one,)
    assert store.incidents(outcome="exempt") == ()
    assert store.incidents(outcome="outside", state="reported", kind="shelling") == (two,)
    with pytest.raises(NotFound, match="picnic"):
        store.incidents(kind="picnic")
    with pytest.raises(ValueError, match="limit"):
        store.incidents(limit=-1)


def test_days_let_through_what_may_have_happened_on_them(store, make):
    midnight = datetime(2026, 4, 12, tzinfo=UTC)
    day = timedelta(days=1)
    before = make.incident(1, when=Interval(midnight - day, midnight))
    start = make.incident(2, when=Interval.instant(midnight))
    across = make.incident(3, when=Interval(midnight - day, midnight + timedelta(minutes=1)))
    end = make.incident(4, when=Interval.instant(midnight + day))
    store.replace_state(make.derived(before, start, across, end))
    that = date(2026, 4, 12)
    assert ids(store.incidents(day_from=that, day_to=that)) == ids([start, across])
    assert ids(store.incidents(day_from=that)) == ids([start, across, end])
    assert ids(store.incidents(day_to=that - day)) == ids([before, across])
    east = timezone(timedelta(hours=3))
    # In a zone that is ahead, its day began before this midnight, and ends before the next.
    assert ids(store.incidents(day_from=that, day_to=that, zone=east)) == ids(
        [before, start, across]
    )
    assert len(store.incidents(day_from=date.min, day_to=date.max, zone=east)) == 4


@pytest.mark.parametrize(
    ("lat", "lon"), [(48.0, 37.0), (0.0, 179.999), (-10.0, -179.999), (89.999, 0.0), (-89.5, 120.0)]
)
@pytest.mark.parametrize("metres", [0.0, 900.0, 120_000.0, 15_000_000.0, 3e7])
def test_near_is_a_circle_on_every_engine(store, make, lat, lon, metres):
    centre = Point(lat, lon, 1.0)
    spots = [
        _towards(centre, math.radians(turn), metres * reach)
        for turn in range(0, 360, 15)
        for reach in (0.0, 0.5, 0.999, 1.001, 1.5)
    ]
    incidents = [make.incident(n, lat=s[0], lon=s[1]) for n, s in enumerate(spots)]
    store.replace_state(make.derived(*incidents))
    found = ids(store.incidents(near=(lat, lon, metres)))
    for incident in incidents:
        away = distance_m(centre, incident.place)
        if abs(away - metres) > 0.01:
            assert (incident.id in found) == (away < metres)


def _towards(start, bearing, metres):
    """Where one arrives along a great circle."""
    angle = metres / 6_371_008.8
    phi = math.radians(start.lat)
    lat = math.asin(
        math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi),
        math.cos(angle) - math.sin(phi) * math.sin(lat),
    )
    lon = (start.lon + math.degrees(turn) + 540) % 360 - 180
    return max(-90.0, min(90.0, math.degrees(lat))), lon


@pytest.mark.parametrize("near", [(91.0, 0.0, 1.0), (0.0, 0.0, -1.0), (0.0, 0.0, math.inf)])
def test_near_what_cannot_be(store, near):
    with pytest.raises(ValueError, match=r"range|distance"):
        store.incidents(near=near)


def test_an_incident_by_the_beginning_of_its_id(store, make):
    one, two = (
        dataclasses.replace(make.incident(number), id=key)
        for number, key in enumerate(("inc-aa11", "inc-aa11ff"))
    )
    store.replace_state(make.derived(one, two))
    assert store.incident("inc-aa11f") == two
    assert store.incident("inc-aa11") == one
    with pytest.raises(NotFound, match="inc-aa11, inc-aa11ff: write more"):
        store.incident("inc-a")
    for wrong in ("inc-b", "", "%", "_", "inc-aa11\0", "ї"):
        with pytest.raises(NotFound):
            store.incident(wrong)


def test_many_that_fit_are_not_all_listed(store, make):
    store.replace_state(make.derived(*(make.incident(number) for number in range(9))))
    with pytest.raises(NotFound, match="and more: write more of the id"):
        store.incident("inc-")


def test_anything_is_found_by_its_id(store, make):
    report = make.report(1)
    state = make.derived(make.incident(1))
    store.add_reports(0, [report], [])
    store.replace_state(state)
    nouns = [
        report,
        *(*report.claims, *report.figures, *report.watches),
        *(*state.origins, *state.incidents, *state.findings),
        *(*state.assessments, *state.obligations),
    ]
    assert len({type(noun) for noun in nouns}) == 9
    for noun in nouns:
        assert store.find(noun.id) == noun
        assert store.find(noun.id[:-1]) == noun
    with pytest.raises(NotFound, match="no thing has"):
        store.find("zzz")


def test_one_id_in_two_reports_is_said(store, make):
    one, two = make.report(1), make.report(2)
    two = dataclasses.replace(two, claims=one.claims)
    store.add_reports(0, [one, two], [])
    with pytest.raises(NotFound, match=r"claim in rep-.*claim in rep-"):
        store.find(one.claims[0].id)


def test_a_batch_is_all_or_nothing(store, make):
    store.add_reports(0, [make.report(1)], [])

    def fail_late():
        with store.batch():
            store.add_reports(1, [make.report(2)], [])
            store.replace_state(make.derived(make.incident(1)))
            store.mark_read(2, "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_late()
    assert list(store.reports()) == [make.report(1)]
    assert store.derived() is None
    assert store.state() is None
    with store.batch():
        store.add_reports(1, [make.report(2)], [])
        store.mark_read(2, "1")
        assert store.state().entries == 2
    assert store.state().entries == 2


def test_a_batch_within_a_batch_is_undone_alone(store, make):
    def fail_late():
        with store.batch():
            store.add_reports(1, [make.report(2)], [])
            raise RuntimeError

    with store.batch():
        store.add_reports(0, [make.report(1)], [])
        with pytest.raises(RuntimeError):
            fail_late()
        with store.batch():
            store.add_reports(2, [make.report(3)], [])
    assert list(store.reports()) == by_id(make.report(1), make.report(3))


def test_a_closed_projection_says_so(store):
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable):
        store.intake()


def test_a_body_that_cannot_be_read_means_a_damaged_projection(store, make):
    store.add_reports(0, [make.report(1)], [])
    store._many(
        "reports",
        "put_report",
        [{"id": make.report(1).id, "source": "coders", "digest": "", "body": "{}"}],
    )
    with pytest.raises(StoreUnavailable, match="made anew from the log"):
        list(store.reports())


def test_a_missing_area_means_a_damaged_projection(store, make):
    store.add_reports(0, [make.report(1, place=SQUARE)], [])
    store._query("DELETE FROM areas", {})
    with pytest.raises(StoreUnavailable, match="lacks what get_area asks for"):
        list(store.reports())


# Laws.

_deliveries = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab"), st.booleans()), max_size=4),
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab")), max_size=2),
    ),
    max_size=5,
)


@settings(max_examples=25)
@given(deliveries=_deliveries, data=st.data())
def test_order_and_repetition_change_nothing(store, make, deliveries, data):
    def fill(order):
        store.clear()
        new = 0
        for entry, reports, quarantined in order:
            new += store.add_reports(
                entry,
                [
                    make.report(n, payload=p, text="other" if odd else "", place=SQUARE)
                    for n, p, odd in reports
                ],
                [make.quarantined(n, payload=p) for n, p in quarantined],
            )[0]
        store.mark_read(9, "1")
        found = list(store.reports())
        assert new == len(found)
        return (
            [to_text(report) for report in found],
            [store.report_entries(report.id) for report in found],
            store.quarantined(),
            store.intake(),
            store.state(),
        )

    first = fill(deliveries)
    again = data.draw(st.lists(st.sampled_from(deliveries), max_size=3)) if deliveries else []
    assert fill(data.draw(st.permutations(deliveries + again))) == first


@settings(max_examples=15)
@given(order=st.permutations(range(6)))
def test_the_order_of_a_state_changes_nothing(store, make, order):
    incidents = [make.incident(number // 2) for number in (0, 2, 4, 6, 8, 10)]
    state = make.derived(*incidents)
    store.replace_state(state)
    store.mark_read(1, "1")
    before = store.state(), store.incidents()
    shuffled = {
        field.name: tuple(value[n] for n in order if n < len(value))
        for field in dataclasses.fields(Derived)
        if isinstance(value := getattr(state, field.name), tuple)
    }
    store.replace_state(dataclasses.replace(state, **shuffled))
    assert (store.state(), store.incidents()) == before
