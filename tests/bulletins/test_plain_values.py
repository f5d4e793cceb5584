"""Nouns as plain values: what JSON cannot hold as it is meant is refused, not guessed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins.views.values import at_offset, values
from trucewatch.model import Grade, Point

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(plain)
def test_what_is_plain_stays_as_it_is(thing):
    assert values(thing) == thing
    assert json.loads(json.dumps(values(thing))) == thing


def test_nouns_are_told_by_their_parts():
    assert values(Point(lat=50.0, lon=36.0, error_m=30.0))["error_m"] == 30.0
    assert values({Grade.RECORDED: (Grade.FINDING, date(2031, 5, 4))}) == {
        str(Grade.RECORDED): [Grade.FINDING.value, "2031-05-04"]
    }


@pytest.mark.parametrize("thing", [datetime(2031, 5, 4, tzinfo=UTC), b"raw", {1, 2}, object()])
def test_a_moment_needs_a_zone_and_bytes_are_no_text(thing):
    with pytest.raises(TypeError):
        values({"deep": [thing]})


def test_a_moment_is_told_with_its_offset():
    assert at_offset(None, UTC) is None
    assert at_offset(datetime(2031, 5, 4, 8, 0, 5, 999, UTC), UTC) == "2031-05-04T08:00:05+00:00"
