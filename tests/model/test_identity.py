"""Laws of identifiers: the parts alone decide, and no two lists of parts run together."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.model import IntakeCount, content_id

# Surrogates too: a file name may hold them, and an id must still come out.
TEXTS = st.text(st.characters(codec=None), max_size=6)
PARTS = st.lists(TEXTS, max_size=4)
COUNTS = st.builds(
    IntakeCount,
    source=st.just("s"),
    accepted=st.integers(0, 99),
    duplicate=st.integers(0, 99),
    quarantined=st.integers(0, 99),
)


@given(PARTS, PARTS)
def test_other_parts_have_another_id(a, b):
    assert (content_id("x", a) == content_id("x", b)) == (a == b)
    assert (content_id("x", a) == content_id("xy", a)) is False
    assert re.fullmatch("x-[0-9a-f]{16}", content_id("x", a))


@given(TEXTS, TEXTS)
def test_parts_are_not_glued(a, b):
    if b:
        assert content_id("x", [a, b]) != content_id("x", [a + b])
        assert content_id("x", [a, b]) != content_id("x", [a + b, ""])


def test_an_id_is_what_it_was_when_logs_were_first_written():
    assert content_id("inc", ["a", "b"]) == "inc-c05a5291d2a662ff"


@given(COUNTS, COUNTS)
def test_what_was_received_is_the_sum(a, b):
    both = a + b
    assert both.received == a.received + b.received
    assert both == b + a
    assert both.received == both.accepted + both.duplicate + both.quarantined
