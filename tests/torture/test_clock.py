"""A clock that jumps an hour or ten years, or runs backwards, reorders and back-dates nothing.

The log keeps what the clock said beside the time of receipt, which never runs backwards. A deadline
that witnesses vouch for does not ask the clock of whoever keeps the log at all.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.app.witnessing.servers import Witness, say, section
from tests.torture.disk import SimDisk
from tests.torture.frame import row
from tests.torture.work import HERE, audit, new_log

from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.witnessing import collecting, grades
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.log.entries import decode_leaf, nanoseconds

CLOCK = row("clock ±1 h, ±10 y, backwards")
START = datetime(2026, 4, 12, 6, tzinfo=UTC)
HOUR, DECADE = timedelta(hours=1), timedelta(days=3652)
JUMPS = (HOUR, -HOUR, DECADE, -DECADE, timedelta(seconds=-1), timedelta(microseconds=-1))


def live(random, folder: Path, number: int) -> None:
    """A log whose clock jumps between its entries, some of them in another life of the writer."""
    disk = new_log(SimDisk)
    log = Log.open(HERE, disk=disk)
    clock, said, receipts = START, [], []
    for count in range(random.randrange(4, 12)):
        clock += timedelta(seconds=random.randrange(60))
        if random.random() < 0.5:
            clock += random.choice(JUMPS)
        if random.random() < 0.3:
            log.close()
            log = Log.open(HERE, disk=disk)
        batch = [
            NewEntry(kind=EntryKind.REPORT, source=f"s{place}", payload=b"%d/%d" % (count, place))
            for place in range(random.choice((1, 3)))
        ]
        receipts += log.append(batch, received=clock)
        said += [clock] * len(batch)
        if random.random() < 0.3:
            log.publish()
    log.publish()
    latest = START - 2 * DECADE
    leaves = [decode_leaf(frame.leaf) for frame in log._journal.frames(0, log.size)]
    for index, (entry, leaf, receipt) in enumerate(
        zip(log.entries(), leaves, receipts, strict=True)
    ):
        assert receipt.index == entry.index == index, "an entry stands in another place"
        latest = max(latest, said[index])
        assert receipt.received == entry.received == latest, "an entry is dated back"
        assert leaf.clock == nanoseconds(said[index]), "what the clock said is lost"
    audit(disk, folder / str(number))


@CLOCK.tries()
def test_a_jumping_clock_reorders_and_back_dates_nothing(torture, tmp_path):
    torture(lambda random, number: live(random, tmp_path, number), note="entries")


@CLOCK.saboteur("a log that takes the clock's word", tries=50, share=0.5)
def test_a_log_that_takes_the_clocks_word_is_caught(torture, tmp_path, monkeypatch):
    believed = property(lambda _: None, lambda *_: None)
    monkeypatch.setattr(Log, "_last_time", believed, raising=False)
    torture(lambda random, number: live(random, tmp_path, number))


ISLAND = Path(__file__).resolve().parents[2] / "docs" / "island"
COSIGNED = datetime(2026, 5, 1, 12, tzinfo=UTC)
TERM = timedelta(hours=48)
REPORTS = (
    "call,when,lat,lon,how_close,what,wounded,who_called,words\n"
    "4,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,fishers,Shots at the landing\n"
    "5,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,clinic,Two people treated\n"
)


class Jumping:
    """The clock of whoever keeps the log: it jumps whenever it is asked."""

    def __init__(self, random) -> None:
        self._random = random
        self._time = datetime(2026, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self._time += timedelta(seconds=1)
        return self._time + self._random.choice((timedelta(0), *JUMPS))


@pytest.fixture
def island(tmp_path):
    """A mission whose first breach opens a step with a term of 48 hours."""
    folder = Path(shutil.copytree(ISLAND, tmp_path / "island"))
    agreement = folder / "agreement.yaml"
    text = agreement.read_text("utf-8")
    agreement.write_text(text.replace("count: 2", "count: 1"), "utf-8")
    return folder


def promised(random, island: Path, folder: Path) -> None:
    """A breach is reported, four witnesses cosign, and one of them has a clock that lies."""
    mission_folder = shutil.copytree(island, folder / "island")
    reports = folder / "reports.csv"
    reports.write_text(REPORTS, "utf-8")
    with ExitStack() as stack:
        four = [stack.enter_context(closing(Witness(f"w{number}"))) for number in range(4)]
        say(mission_folder, section(four, 3))
        honest = [COSIGNED + timedelta(seconds=random.randrange(60)) for _ in four]
        for one, at in zip(four, honest, strict=True):
            one.at = int(at.timestamp())
        liar = random.randrange(4)
        four[liar].at = int((COSIGNED + random.choice(JUMPS[:4])).timestamp())
        del honest[liar]
        mission = stack.enter_context(Mission.open(mission_folder, now=Jumping(random)))
        ingest(mission, [reports], source="harbour-desk")
        collecting.collect(mission)
        derived = bring_up_to_date(mission)
        assert derived.obligations, "the clock did not start"
        for one in derived.obligations:
            assert min(honest) <= one.opened <= max(honest), "the deadline is another's"
            assert one.due == one.opened + TERM
        received = [entry.received for entry in mission.entries()]
        assert received == sorted(received)


@CLOCK.tries(parts=4)
def test_no_deadline_is_missed_by_a_clock(torture, island, tmp_path):
    torture(
        lambda random, number: promised(random, island, made(tmp_path / str(number))),
        note="deadlines",
    )


@CLOCK.saboteur("a deadline from the latest witness", tries=12)
def test_a_deadline_from_the_latest_witness_is_caught(torture, island, tmp_path, monkeypatch):
    latest = property(lambda beat: max(one.at for one in beat.witnessed.by))
    monkeypatch.setattr(grades.Heartbeat, "since", latest)
    torture(lambda random, number: promised(random, island, made(tmp_path / str(number))))


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder
