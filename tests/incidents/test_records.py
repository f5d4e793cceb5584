"""Parameters as an entry of the log: what is written is read again, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import ConfigurationError
from trucewatch.incidents import (
    How,
    LearntFrom,
    Parameters,
    ParametersRecord,
    RatePeak,
    SourceParameters,
    compare_parameters,
    decode_record,
    encode_record,
    fingerprint,
    load_json,
    read_values,
    values_of,
)

NOON = datetime(2026, 4, 12, 12, tzinfo=UTC)
OWN = SourceParameters(detection=0.3, false_share=0.2, copies_only=True)
PEAK = RatePeak(lat=10.0, lon=20.0, spread_m=3000.0, per_day=1.5)
SET = Parameters(by_source=(("radio", OWN), ("press", OWN)), rate_peaks=(PEAK,))
shares = st.floats(0.001, 0.999)


def record(parameters: Parameters = SET, **changed: object) -> ParametersRecord:
    whole = {
        "how": How.GIVEN, "parameters": parameters, "version": "1", "at": NOON, "reason": "why",
        "changes": compare_parameters(Parameters(), parameters, {}),
    } | changed  # fmt: skip
    return ParametersRecord(**whole)  # type: ignore[arg-type] # the names are those of the fields


@given(shares, shares, st.floats(1e-9, 1.0), st.lists(st.text(min_size=1), unique=True, max_size=3))
def test_what_is_written_is_read_again(detection, false, rate, names):
    own = SourceParameters(detection=detection, false_share=false)
    some = Parameters(rate_per_km2_day=rate, by_source=tuple((name, own) for name in names))
    raw = encode_record(record(some))
    found = decode_record(raw, file="entry")
    assert encode_record(found) == raw
    assert values_of(found.parameters) == values_of(some)


def test_the_order_of_sources_and_kinds_is_no_matter():
    turned = replace(
        SET, by_source=tuple(reversed(SET.by_source)), by_kind=tuple(reversed(SET.by_kind))
    )
    assert fingerprint(turned) == fingerprint(SET)
    assert encode_record(record(turned)) == encode_record(record(SET))


def test_the_fingerprint_is_of_the_values_alone():
    learnt = record(
        how=How.LEARNT,
        learnt_from=LearntFrom(entries=9, records=8, root="ab", reports=70, joined=40),
    )
    assert encode_record(learnt) != encode_record(record())
    read = decode_record(encode_record(learnt), file="entry")
    assert read == replace(learnt, parameters=read.parameters)
    assert fingerprint(read.parameters) == fingerprint(SET)
    assert fingerprint(replace(SET, own_slip=0.03)) != fingerprint(SET)


def test_every_value_stands_in_the_json():
    values = values_of(SET)
    assert set(values) == {each.name for each in fields(Parameters)}
    assert set(values["by_source"]["press"]) == {each.name for each in fields(SourceParameters)}


def spoilt(path: str, value: object) -> bytes:
    data = json.loads(encode_record(record()))
    *way, last = path.split(".")
    part = data
    for step in way:
        part = part[int(step)] if isinstance(part, list) else part[step]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("values.own_slip", None, "values.own_slip"),
        ("values.by_kind.press", None, "values.by_kind.press"),
        ("values.by_source.press.detection", None, "values.by_source.press.detection"),
        ("values.colour", 1, "values.colour"),
        ("values.by_kind.oracle", {}, "values.by_kind.oracle"),
        ("values.unknown_source.trust", 1, "values.unknown_source.trust"),
        ("values.by_source.press.detection", 1.5, "values.by_source.press"),
        ("values.gate_sigmas", -1, "values"),
        ("values.slack_nats", -1, "values"),
        ("values.fire_share", 1, "values"),
        ("values.own_slip", "much", "values.own_slip"),
        ("values.own_slip", True, "values.own_slip"),
        ("values.own_slip", 10**400, "values.own_slip"),
        ("values.static_days", 2.5, "values.static_days"),
        ("values.by_source.press.copies_only", 1, "values.by_source.press.copies_only"),
        ("values.by_source", [], "values.by_source"),
        ("values.by_source.press", 3, "values.by_source.press"),
        ("values.rate_peaks", {}, "values.rate_peaks"),
        ("values.rate_peaks.0.lat", 91, "values.rate_peaks.0"),
        ("values", [], "values"),
        ("form", 2, "form"),
        ("how", "guessed", "how"),
        ("how", "learnt", "learnt_from"),
        ("at", "noon", "at"),
        ("reason", 5, "reason"),
        ("changes", {}, "changes"),
        ("changes.0.old", "x", "changes.0.old"),
        ("learnt_from", {"entries": 1}, "learnt_from"),
        ("secret", 1, "secret"),
        ("version", None, "version"),
    ],
)
def test_a_fault_names_the_entry_and_the_field(path, value, field):
    with pytest.raises(ConfigurationError) as fault:
        decode_record(spoilt(path, value), file="log entry 7")
    assert (fault.value.file, fault.value.field) == ("log entry 7", field)


@pytest.mark.parametrize("raw", [b"{", b"\xff", b'{"a": 1, "a": 2}', b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_json_is_refused(raw):
    with pytest.raises(ConfigurationError, match="file"):
        load_json(raw, file="file")


def test_values_without_an_object_and_an_entry_without_a_time():
    with pytest.raises(ConfigurationError):
        read_values(None, file="file")
    with pytest.raises(ValueError, match="an entry says when"):
        encode_record(record(how=How.DEFAULTS))


def test_what_changed_is_told_by_what_holds_for_a_source(world):
    """A value that its kind gave and that is now its own is the same value."""
    kinds = dict(Parameters().by_kind)
    own = replace(kinds[world.sources["press"].kind], false_share=0.4)
    (change,) = compare_parameters(
        Parameters(), Parameters(by_source=(("press", own),)), world.sources
    )
    assert (change.source, change.field, change.old, change.new) == (
        "press", "false_share", 0.2, 0.4,
    )  # fmt: skip
