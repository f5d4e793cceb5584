"""Which reader reads, and what lies outside the mission's area."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import ConfigurationError, RecordRejected
from trucewatch.model import Extent, Report
from trucewatch.reports import registry
from trucewatch.reports.registry import READERS, read_delivery

PIXEL = (
    b"latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,"
    b"frp\n48,37,330,0.4,0.4,2026-04-11,13:00,N,VIIRS,n,2\n"
)


def test_readers_have_names_of_their_own() -> None:
    names = [reader.name for reader in READERS]
    assert len(set(names)) == len(names)
    assert {"firms", "ucdp"} <= set(names)


def test_the_bytes_decide_where_the_source_names_no_reader(deliver) -> None:
    (report,) = read_delivery(deliver(PIXEL))
    assert isinstance(report, Report)


def test_nobody_recognises_it(deliver) -> None:
    (item,) = read_delivery(deliver(b"quite,unknown\n1,2\n"))
    assert item.pointer == "the whole delivery"
    assert item.reason.startswith("no reader recognises it: give its source a mapping")


def test_two_readers_recognise_it(deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    firms = next(reader for reader in READERS if reader.name == "firms")
    monkeypatch.setattr(registry, "READERS", (firms, firms))
    (item,) = read_delivery(deliver(PIXEL))
    assert item.reason == "several readers recognise it: firms, firms"


def test_a_reader_that_does_not_exist_is_a_mistake_in_the_configuration(deliver) -> None:
    with pytest.raises(ConfigurationError, match="no reader is called 'frims'"):
        list(read_delivery(deliver(PIXEL, reader="frims")))


def test_a_place_outside_the_area_is_rejected_with_its_span(deliver) -> None:
    inside = Extent(west=22, south=44, east=41, north=53)
    assert isinstance(next(read_delivery(deliver(PIXEL, extent=inside))), Report)
    outside = Extent(west=0, south=0, east=1, north=1)
    item = next(read_delivery(deliver(PIXEL, extent=outside)))
    assert isinstance(item, RecordRejected)
    assert "outside the area" in item.reason
    assert PIXEL[item.start : item.start + item.length].startswith(b"48,37")


def test_without_the_guard_it_passes(deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_within", lambda report, _extent: report)
    outside = Extent(west=0, south=0, east=1, north=1)
    assert isinstance(next(read_delivery(deliver(PIXEL, extent=outside))), Report)


@given(st.binary(max_size=300), st.sampled_from([None, "firms", "ucdp"]))
def test_no_bytes_raise(deliver, raw: bytes, reader: str | None) -> None:
    for item in read_delivery(deliver(raw, reader=reader)):
        assert isinstance(item, Report | RecordRejected)
