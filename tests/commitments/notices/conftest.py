"""A small island with a notified convoy, a notified clinic, and things that happen near them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trucewatch.model import (
    Entered,
    Incident,
    Interval,
    Nature,
    Notice,
    NoticeAct,
    Notifying,
    Point,
    Window,
)

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def made_notice(**changes):
    """A convoy along a parallel, 500 m wide, from noon for four hours."""
    return Notice(
        **{
            "id": "ntc-1",
            "organisation": "Tern Relief",
            "contact": "radio 7",
            "sort": "movement",
            "domain": "land",
            "place": "coast road",
            "route": ((10.0, 50.0), (10.2, 50.0)),
            "width_m": 500.0,
            "window": Window(NOON, NOON + timedelta(hours=4)),
            "submitted": NOON - timedelta(hours=60),
            "emergency": False,
            **changes,
        }
    )


def made_incident(number=1, *, north_m=0.0, lon=10.1, hours=1.0, length=0.0, **changes):
    """A mortar round so many metres north of the convoy's road, so many hours after noon."""
    start = NOON + timedelta(hours=hours)
    place = Point(50.0 + north_m / 111_195, lon, changes.pop("error_m", 20.0))
    return Incident(
        **{
            "id": f"inc-{number}",
            "nature": Nature.EVENT,
            "kind": "mortar",
            "place": place,
            "when": Interval(start, start + timedelta(hours=length)),
            "region": None,
            "probability": 0.9,
            "claims": ("clm-1",),
            "sources": (),
            "origins": (),
            "observations": 1,
            "terms": (),
            "reasons": (),
            **changes,
        }
    )


class Book:
    """Acts in the order of a log."""

    def __init__(self):
        self.entries = []

    def enter(self, act, name="ntc-1", notice=None, *, at=NOON - timedelta(hours=60), reason=""):
        done = Notifying(act=NoticeAct(act), id=name, notice=notice, reason=reason)
        self.entries.append(Entered(index=len(self.entries), at=at, by="desk", decision=done))
        return self

    def submit(self, notice, *, at=NOON - timedelta(hours=60)):
        return self.enter("submit", notice.id, notice, at=at)


@pytest.fixture
def book():
    return Book()
