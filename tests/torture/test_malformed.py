"""Ten thousand spoilt files of every format that is read: none crashes, and no record vanishes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from tests.reports.mutations import spoilt
from tests.torture.frame import row
from tests.torture.island import ISLAND

from trucewatch.agreements import read_agreement
from trucewatch.app.settings import MissionFile, SourcesFile, read_settings
from trucewatch.commitments import read_ledger
from trucewatch.commitments.notices.reading import read_notices
from trucewatch.errors import ConfigurationError, RecordRejected
from trucewatch.reports import READERS, rows
from trucewatch.reports.generic.mapping import load_mapping

MALFORMED = row("malformed input per reader")
SHIPPED = Path(spoilt.FOLDER).parent / "missions"
NOW = datetime(2026, 6, 1, tzinfo=UTC)

NOTICES = b"""[
{"organisation": "Relief", "contact": "radio 7", "sort": "movement", "domain": "land",
 "place": "the mill road", "route": [[36.21, 49.99], [36.25, 49.98]], "width_m": 300,
 "from": "2026-06-05T08:00+03:00", "to": "2026-06-05T14:00+03:00"},
{"type": "Feature", "geometry": {"type": "Point", "coordinates": [31.0, 44.7]},
 "properties": {"organisation": "Survey", "contact": "line 2", "sort": "site", "domain": "sea",
 "place": "a buoy", "from": "2026-06-05T08:00Z", "note": "until further notice"}}
]
"""
AGREEMENT = b"""id: isle
name: The island
parties:
  - {id: one, name: One}
  - {id: two, name: Two}
guarantors: []
bodies:
  - {id: chair, name: Chair, decides: [breach], members: [one], standing: reported, source: p 4}
instruments:
  - {id: text, title: A text, standing: reported, version: "1", source: page 1}
truce: {start: 2000-01-01 00:00, end: 2000-01-02 24:00, timezone: UTC}
provisions:
  - {id: P1, instrument: text, duty: forbid, kinds: [hostile_act], parties: [one, two], zones: [],
     words: No fire., source: page 1}
standards: {allegation: none, reported: reasonable suspicion,
  corroborated: reasonable grounds to believe, verified: balance of probabilities}
triggers: []
"""
LEDGER = b"""timezone: Europe/Paris
needs: []
pledges:
  - {id: PF001, by: North, item: ferry, priority: framework, what: a ferry, stage: announced,
     standing: announced, said: 2026-01-06, source: "gazette, page 2", limits: [after-ceasefire],
     low: 1, high: 2, unit: ships}
"""
SETTINGS = (ISLAND / "mission.toml").read_bytes()
SOURCES = b'[[source]]\nid = "a"\nname = "A"\nkind = "press"\nreader = "press"\nfiles = ["a*"]\n'
MAPPING = (ISLAND / "mappings" / "harbour-desk.toml").read_bytes()


def as_text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """How a settings file comes to its reader: as UTF-8 text, or not at all."""

    def opened(raw: bytes) -> None:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return
        try:
            read(text)
        except ConfigurationError as fault:
            said = str(fault)
            assert said.startswith("F.x"), said
            # A sign without width may stand in a key; what steers a terminal may not.
            assert not re.search("[\x00-\x1f\x7f-\x9f]", said), repr(said)
            assert len(said) < 2_000
            assert not spoilt.UGLY.search(said), said

    return opened


def notices(raw: bytes) -> None:
    """The desk's file: each notice is read or refused, or the whole is."""
    try:
        read = read_notices(raw, zone=UTC, now=NOW)
    except RecordRejected as fault:
        said = [fault]
    else:
        said = list(read.refused)
        assert read.received == len(read.notices) + len(read.refused) > 0 or not raw.strip(b"[] \n")
    for fault in said:
        assert fault.pointer
        assert fault.reason.isprintable(), repr(fault.reason)
        assert not spoilt.UGLY.search(fault.reason), fault.reason


WRITTEN = {
    "notices": (NOTICES, notices),
    "agreement.yaml": (AGREEMENT, as_text(partial(read_agreement, file="F.x", zone_files={}))),
    "commitments.yaml": (LEDGER, as_text(partial(read_ledger, file="F.x"))),
    "mission.toml": (SETTINGS, as_text(partial(read_settings, MissionFile, file="F.x"))),
    "sources.toml": (SOURCES, as_text(partial(read_settings, SourcesFile, file="F.x"))),
    "a mapping": (MAPPING, as_text(lambda text: load_mapping(text, "F.x"))),
}
"""What people write: a sample, and what takes it in and checks what came of it."""

OF_READER: dict[str, list[str]] = {
    reader.name: [name for name, seed in spoilt.SEEDS.items() if seed.reader == reader.name]
    for reader in READERS
}
RARE = {
    "press": ["press-pages.warc", "press-pages.warc.gz"],
    "generic": ["generic-parquet"],
}
RARE_EVERY = 51
"""Archives are unpacked, and tables of columns read by a process of their own: one file of these
readers in so many is such a one, and each of the mutations falls on them."""
NESTED_EVERY = 10
"""A document that is nested 20,000 deep takes a quarter of a second: one in so many is tried."""


WRITTEN_EVERY = 5
"""What people write is no delivery: one round of the mutations in so many falls on it."""


def delivered(reader: str, number: int, random: Random) -> None:
    """One spoilt file of a reader; its records are counted another way wherever they can be."""
    turn = number // len(spoilt.MUTATIONS)
    names = OF_READER[reader]
    if reader in RARE:
        rare, often = RARE[reader], [name for name in names if name not in RARE[reader]]
        names = rare if number % RARE_EVERY == 0 else often
    seed = spoilt.SEEDS[names[turn % len(names)]]
    raw, mutation = spoilt.spoil(seed.raw, number, random)
    found = spoilt.reader_of(seed)
    items = list(found.read(spoilt.deliver(seed, raw)))
    expected = spoilt.known_count(seed, raw, mutation)
    spoilt.check(items, expected)
    if expected is not None and raw.startswith(seed.raw.split(b"\n")[0] + b"\n"):
        assert len(items) == expected
    found.recognises(raw[:65_536])


def spoil_all(random: Random, number: int) -> None:
    """One spoilt file of every format."""
    for reader in OF_READER:
        try:
            delivered(reader, number, random)
        except BaseException as fault:
            fault.add_note(f"the reader was {reader}")
            raise
    turn, kind = divmod(number, len(spoilt.MUTATIONS))
    if turn % WRITTEN_EVERY:
        return
    turn //= WRITTEN_EVERY
    if spoilt.MUTATIONS[kind] is spoilt.deeply_nested and turn % NESTED_EVERY:
        number = turn
    for name, (raw, take) in WRITTEN.items():
        try:
            take(spoilt.spoil(raw, number, random)[0])
        except BaseException as fault:
            fault.add_note(f"it was {name}")
            raise


def test_the_samples_are_good():
    read = read_notices(NOTICES, zone=UTC, now=NOW)
    assert (len(read.notices), len(read.refused)) == (2, 0)
    read_agreement(AGREEMENT.decode(), file="F.x", zone_files={})
    read_ledger(LEDGER.decode(), file="F.x")
    read_settings(MissionFile, SETTINGS.decode(), file="F.x")
    read_settings(SourcesFile, SOURCES.decode(), file="F.x")
    load_mapping(MAPPING.decode(), "F.x")


@MALFORMED.tries(parts=16, traced=200)
def test_no_spoilt_file_crashes_or_loses_a_record(torture):
    torture(spoil_all)


def of_rows(number: int, random: Random) -> None:
    for reader in ("firms", "sirens", "clouds", "smm", "viina", "ucdp"):
        delivered(reader, number, random)


@MALFORMED.saboteur("drops what it cannot read without a word", tries=60, share=0.3)
def test_a_reader_that_drops_bad_records_is_caught(torture, monkeypatch):
    real = rows._Scan.rows

    def silent(self, columns):
        return (one for one in real(self, columns) if isinstance(one, rows.Row))

    monkeypatch.setattr(rows._Scan, "rows", silent)
    torture(lambda random, number: of_rows(number, random))


@MALFORMED.saboteur("ends at what it cannot read", tries=60, share=0.3)
def test_a_reader_that_raises_is_caught(torture, monkeypatch):
    real = rows._Scan._values

    def values(self, start, width):
        try:
            return real(self, start, width)
        except ValueError as fault:
            raise LookupError("a row that is none") from fault

    monkeypatch.setattr(rows._Scan, "_values", values)
    torture(lambda random, number: of_rows(number, random))


@MALFORMED.saboteur("takes a record for two", tries=30, share=0.3)
def test_a_reader_that_doubles_records_is_caught(torture, monkeypatch):
    real = rows._Scan.rows
    monkeypatch.setattr(
        rows._Scan,
        "rows",
        lambda self, columns: (x for one in real(self, columns) for x in (one, one)),
    )
    torture(lambda random, number: of_rows(number, random))
