"""Nouns to data and back: lossless, deterministic, refusing what is not known."""

from __future__ import annotations

import dataclasses
import json
import math
import types
import typing
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum, StrEnum
from functools import cache
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trucewatch.model as model
from trucewatch.store.codec import decode, encode, fingerprint, from_text, to_text
from trucewatch.store.projection import STORED

NAMES = {**vars(model), "date": date, "datetime": datetime, "timedelta": timedelta}
NOUNS = (*STORED, model.IntakeCount, model.RawRef)

_zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
# Hypothesis wants the bounds bare, as the zones come by themselves.
_FIRST, _LAST = (datetime(year, 1, 1) for year in (2, 9998))  # noqa: DTZ001
_times = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC) | _zones, allow_imaginary=False)
_texts = st.text(st.characters(exclude_categories=()), max_size=8)


def _intervals(order: typing.Callable[..., object]) -> st.SearchStrategy[object]:
    return st.tuples(_times, _times).map(lambda pair: order(*sorted(pair)))


@cache
def values(hint: object, depth: int = 0) -> st.SearchStrategy[object]:
    """Any value that a type hint of the model allows; lists are shorter the deeper they lie.

    Without that a noun of nouns of nouns is drawn with thousands of values.
    """
    plain: dict[object, st.SearchStrategy[object]] = {
        str: _texts,
        int: st.integers(),
        bool: st.booleans(),
        float: st.floats(allow_nan=False),
        datetime: _times,
        date: st.dates(),
        type(None): st.none(),
        model.Interval: _intervals(model.Interval),
        model.Window: _intervals(model.Window) | st.just(model.Window(None, None)),
        model.Point: st.builds(
            model.Point, st.floats(-90, 90), st.floats(-180, 180), st.floats(0.1, 1e6)
        ),
        model.Extent: st.just(model.Extent(-1.5, -2.0, 3.0, 4.0)),
    }
    if hint in plain:
        return plain[hint]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, types.UnionType}:
        return st.one_of([values(arg, depth) for arg in args])
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return st.lists(values(args[0], depth + 1), max_size=2 if depth < 2 else 1).map(tuple)
    if origin is tuple:
        return st.tuples(*[values(arg, depth) for arg in args])
    assert isinstance(hint, type)
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    hints = typing.get_type_hints(hint, localns=NAMES)
    fields = {
        field.name: values(hints[field.name], depth + 1) for field in dataclasses.fields(hint)
    }
    if hint is model.Watch:
        fields["share"] = st.floats(0, 1)
    if hint is model.Counted:
        first = st.datetimes(_FIRST, _LAST.replace(year=9000), timezones=st.just(UTC))
        fields["when"] = first.map(lambda at: model.Interval(at, at + timedelta(days=1)))
        fields["count"] = st.integers(min_value=0)
        fields["seen"] = st.none() | st.floats(0, 1)
    return st.builds(hint, **fields)


@pytest.mark.parametrize("cls", NOUNS)
@settings(max_examples=25)
@given(st.data())
def test_round_trip(cls, data):
    noun = data.draw(values(cls))
    encoded = encode(noun)
    assert decode(cls, encoded) == noun
    assert from_text(cls, to_text(noun)) == noun
    assert to_text(noun).isascii()
    assert list(encoded) == [field.name for field in dataclasses.fields(cls)]


@pytest.mark.parametrize("cls", NOUNS)
@settings(max_examples=10)
@given(st.data())
def test_equal_nouns_give_equal_text(cls, data):
    noun = data.draw(values(cls))
    assert to_text(from_text(cls, to_text(noun))) == to_text(noun)


def test_one_moment_has_one_form():
    kyiv_summer = timezone(timedelta(hours=3))
    one = model.Notice(
        id="n",
        organisation="o",
        contact="c",
        sort="site",
        domain="land",
        place="r",
        route=((30.0, 50.0),),
        width_m=100.0,
        window=model.Window(None, None),
        submitted=datetime(2026, 4, 12, 9, tzinfo=UTC),
        emergency=False,
    )
    two = dataclasses.replace(one, submitted=datetime(2026, 4, 12, 12, tzinfo=kyiv_summer))
    assert one == two
    assert to_text(one) == to_text(two)
    assert encode(one)["submitted"] == "2026-04-12T09:00:00Z"


def test_places_are_told_apart(make):
    area = model.Area("X", "Xland", ((((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)),),))
    data = encode(make.report(1, place=area))
    (claim,) = data["claims"]
    assert claim["place"]["type"] == "Area"
    claim["place"]["type"] = "Circle"
    with pytest.raises(ValueError, match=r"Report\.claims: Claim\.place: expected Point or Area"):
        decode(model.Report, data)


@pytest.mark.parametrize("number", [math.inf, -math.inf])
def test_numbers_that_json_lacks(number):
    ratio = model.RateRatio(of="a", over="b", ratio=number, low=0.0, high=number)
    assert from_text(model.RateRatio, to_text(ratio)) == ratio


def test_not_a_number_survives():
    ratio = model.RateRatio(of="a", over="b", ratio=math.nan, low=None, high=None)
    back = from_text(model.RateRatio, to_text(ratio))
    assert back.ratio is not None
    assert math.isnan(back.ratio)


def test_a_whole_number_in_a_field_for_floats_is_a_float():
    one = model.RateRatio(of="a", over="b", ratio=1, low=None, high=None)
    assert to_text(one) == to_text(dataclasses.replace(one, ratio=1.0))


def test_nought_has_one_form():
    one = model.RateRatio(of="a", over="b", ratio=0.0, low=None, high=None)
    assert to_text(one) == to_text(dataclasses.replace(one, ratio=-0.0))


class _Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": 1}, "Quarantined has no field 'colour'"),
        ({"reason": None}, r"Quarantined\.reason: expected text"),
        ({"raw": {"payload": "a"}}, r"Quarantined\.raw: RawRef lacks length, pointer, start"),
        ({"raw": []}, "expected the fields of RawRef"),
    ],
)
def test_refuses_other_data(make, change, words):
    data = {**encode(make.quarantined(1)), **change}
    with pytest.raises(ValueError, match=words):
        decode(model.Quarantined, data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", True),
        ("value", 1.0),
        ("quote", 3),
        ("when", None),
        ("outlet", 5),
    ],
)
def test_refuses_values_of_another_type(make, field, value):
    (statement,) = make.report(1).figures
    with pytest.raises(ValueError, match=rf"Figure\.{field}: expected"):
        encode(dataclasses.replace(statement, **{field: value}))


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("claims", "when", {"earliest": "2026-04-12T00:00:00+00:00", "latest": 3}),
        ("claims", "when", {"earliest": 3, "latest": 3}),
        ("claims", "place", {"type": "Point", "lat": "48", "lon": 37.0, "error_m": 1.0}),
        ("claims", "place", {"type": "Point", "lat": True, "lon": 37.0, "error_m": 1.0}),
        ("claims", "place", {"type": "Area", "code": "X", "name": "", "polygons": {}}),
        ("claims", "place", {"type": "Area", "code": "X", "name": "", "polygons": [[[[1.0]]]]}),
        ("claims", "place", {"type": "Point", "lat": 91.0, "lon": 37.0, "error_m": 1.0}),
        ("claims", "aggregated", 1),
        ("watches", "share", 1.5),
    ],
)
def test_refuses_data_of_another_type(make, part, field, value):
    data = json.loads(to_text(make.report(1)))
    data[part][0][field] = value
    with pytest.raises(ValueError, match=rf"Report\.{part}: "):
        decode(model.Report, data)


@pytest.mark.parametrize(
    ("cls", "field", "value"),
    [
        (model.Finding, "state", "certain"),
        (model.Finding, "provisional", "yes"),
        (model.Finding, "probability", None),
        (model.DayCount, "day", 20260412),
        (model.DayCount, "day", "12.4.2026"),
    ],
)
def test_refuses_what_is_no_value_of_the_field(make, cls, field, value):
    day = model.DayCount(day=date(2026, 4, 12), firm=1, expected=1.0, thermal=0, static=0)
    noun = day if cls is model.DayCount else make.finding(make.incident(1))
    with pytest.raises(ValueError, match=rf"{cls.__name__}\.{field}: "):
        decode(cls, {**encode(noun), field: value})
    with pytest.raises(ValueError, match=rf"{cls.__name__}\.{field}: expected"):
        encode(dataclasses.replace(noun, **{field: value}))


def test_refuses_a_noun_in_the_place_of_another(make):
    with pytest.raises(ValueError, match=r"Report\.raw: expected RawRef"):
        encode(dataclasses.replace(make.report(1), raw=make.quarantined(1)))
    with pytest.raises(ValueError, match=r"Report\.claims: expected a tuple"):
        encode(dataclasses.replace(make.report(1), claims=[]))
    claim = dataclasses.replace(make.report(1).claims[0], place=None)
    with pytest.raises(ValueError, match=r"Claim\.place: expected Point or Area"):
        encode(claim)


def test_a_time_beyond_the_calendar_of_utc(make):
    (obligation,) = make.derived().obligations
    last = datetime.max.replace(tzinfo=timezone(timedelta(hours=-3)))
    with pytest.raises(ValueError, match=r"Obligation\.due: a time lies outside"):
        encode(dataclasses.replace(obligation, due=last))
    with pytest.raises(ValueError, match=r"Obligation\.due: expected a time"):
        encode(dataclasses.replace(obligation, due="soon"))


def test_refuses_a_time_without_offset(make):
    (obligation,) = make.derived().obligations
    naive = obligation.due.replace(tzinfo=None)
    with pytest.raises(ValueError, match=r"Obligation\.due: a time must carry a UTC offset"):
        encode(dataclasses.replace(obligation, due=naive))


def test_text_of_an_enum_is_plain_text(make):
    record = dataclasses.replace(make.quarantined(1), reason=_Colour.RED)
    assert type(encode(record)["reason"]) is str


def test_what_is_no_noun():
    with pytest.raises(TypeError, match="no noun"):
        encode("text")


@pytest.mark.parametrize(
    ("hint", "words"), [(set[int], "nothing is known"), (int | str, "only dataclasses")]
)
def test_hints_that_no_noun_has_had(hint, words):
    odd = dataclasses.make_dataclass("Odd", [("field", hint)])
    with pytest.raises(TypeError, match=words):
        encode(odd(1))


def test_missing_fields_take_their_default(make):
    data = encode(make.report(1))
    del data["watches"]
    assert decode(model.Report, data).watches == ()


def test_the_fingerprint_changes_with_every_field():
    one = dataclasses.make_dataclass("Noun", [("a", int)])
    two = dataclasses.make_dataclass("Noun", [("a", int), ("b", int)])
    three = dataclasses.make_dataclass("Noun", [("a", str)])
    assert len({fingerprint([cls]) for cls in (one, two, three)}) == 3
    assert fingerprint(STORED) == fingerprint(reversed(STORED))


def test_ten_thousand_reports_in_about_a_second(make):
    reports = [make.report(number) for number in range(2000)]
    taken = []
    for _ in range(5):
        start = perf_counter()
        texts = [to_text(report) for report in reports]
        assert [from_text(model.Report, text) for text in texts] == reports
        taken.append(perf_counter() - start)
    # A fifth of the reports; the fastest of five, as other load only ever adds time.
    assert min(taken) < 1.5
    assert json.loads(texts[0])["source"] == "coders"
