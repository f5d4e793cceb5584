"""Streams of events: so many places, given back, and lost by whoever may listen no longer."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from fastapi import HTTPException
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.app.web import events
from trucewatch.app.web.viewer import Viewer
from trucewatch.errors import StoreUnavailable

names = st.sampled_from(["ann", "ben", *(events.stranger(f"192.0.{n}.0/24") for n in range(8))])


@given(st.lists(names, max_size=400))
def test_no_order_of_callers_goes_past_a_bound_and_all_is_given_back(callers):
    places = events.Places()
    with ExitStack() as stack:
        taken = [name for name in callers if stack.enter_context(places.one(name))]
        strangers = [name for name in taken if name.startswith("at ")]
        assert len(taken) <= events.MOST
        assert len(strangers) <= events.MOST_OF_ALL_NETWORKS
        assert taken.count("ann") <= events.MOST_EACH
        assert all(strangers.count(one) <= events.MOST_OF_A_NETWORK for one in strangers)
    assert not places._taken


def test_strangers_never_take_the_last_place_of_who_has_signed_in(monkeypatch):
    places = events.Places()
    with ExitStack() as stack:
        for n in range(events.MOST):
            stack.enter_context(places.one(events.stranger(f"10.0.{n}.0/24")))
        places.refuse("ann")
        monkeypatch.setattr(events, "MOST", events.MOST_OF_ALL_NETWORKS)
        with pytest.raises(HTTPException) as caught:
            places.refuse("ann")
        assert caught.value.status_code == 503
        with places.one("ann") as free:
            assert not free


def stream(viewers, monkeypatch, *, at_most=40):
    """What a stream says while these viewers are found at each look, one after the other."""
    monkeypatch.setattr(events, "EVERY_S", 0.001)
    monkeypatch.setattr(events, "HEARTBEAT_S", 0.002)
    monkeypatch.setattr(events, "LONGEST_S", 0.001 * at_most)
    found = iter(viewers)

    def viewer(_request):
        one = next(found)
        if one is None:
            raise StoreUnavailable("the accounts cannot be read")
        return one

    site = SimpleNamespace(listeners=events.Places(), peek=lambda _: None, work=None, viewer=viewer)

    async def all_of_it():
        seen = events._Seen("digest", None)
        return [one async for one in events._stream(site, None, Viewer(), seen, "ann")]

    said = asyncio.run(all_of_it())
    assert not site.listeners._taken, "the place is given back"
    return said


LEAD = Viewer(roles=frozenset({"public", "lead"}), person="ann")


@pytest.mark.parametrize("last", [LEAD, None])
def test_who_is_another_by_now_hears_no_more(monkeypatch, last):
    said = stream([Viewer(), Viewer(), last], monkeypatch)
    assert said == [b"retry: 5000\n\n", b": still here\n\n", b": still here\n\n"]


def test_a_stream_ends_after_its_time(monkeypatch):
    said = stream([Viewer()] * 100, monkeypatch, at_most=10)
    assert 2 <= said.count(b": still here\n\n") <= 6


def test_without_the_look_one_would_listen_on(monkeypatch):
    monkeypatch.setattr(events, "_is_still", lambda *_: True)
    assert stream([], monkeypatch, at_most=20).count(b": still here\n\n") > 2


def test_a_stream_for_which_the_last_place_was_just_taken_is_empty(monkeypatch):
    monkeypatch.setattr(events, "MOST", 0)
    assert stream([], monkeypatch) == []
