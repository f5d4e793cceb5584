"""Times as people write them on notices, in the hotline's log and at the command line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import utc

if TYPE_CHECKING:
    from datetime import tzinfo

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A time in UTC; one without an offset is a time of `zone`.

    Raises RecordRejected for a bare day, for a local time that the clocks skip or show twice, and
    for a year before 1900 or after 2199.
    """
    text = text.strip()
    try:
        # A bare day is ten characters long, and guessing its hour would move a window.
        told = datetime.fromisoformat(text) if 10 < len(text) <= 40 else None
        moment = None if told is None else utc(told.replace(tzinfo=told.tzinfo or zone))
    except ValueError:
        told = moment = None
    if told is None or moment is None:
        raise refusal("write day and hour, such as 2026-04-12T08:00+03:00", "time")
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        # Near the ends of the calendar a time cannot be told in every zone.
        raise refusal(f"its year lies in {EARLIEST_YEAR}…{LATEST_YEAR}", "time")
    if told.tzinfo is None:
        if moment.astimezone(zone).replace(tzinfo=None) != told:
            raise refusal("the clocks skip this time: write the offset", "time")
        if told.replace(tzinfo=zone, fold=1).utcoffset() != told.replace(tzinfo=zone).utcoffset():
            raise refusal("the clocks show this time twice: write the offset", "time")
    return moment


def refusal(reason: str, pointer: str) -> RecordRejected:
    """What to raise for one thing that somebody wrote: what is wrong, and where it stands."""
    return RecordRejected(reason, pointer=pointer)
