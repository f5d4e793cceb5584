"""Thousands of reports from one origin raise no finding and hold nobody else up."""

from __future__ import annotations

import time
from random import Random

from tests.torture.frame import row
from tests.torture.island import CALLS, HEAD, SOURCES, SetClock, begun, write

from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.model import State
from trucewatch.store.sql_reports import SqlReports

FLOOD = row("flood from one origin")
REPORTS = 5_000
"""A hundred thousand take minutes to derive: see docs/reliability.md."""
FILES = 5
ROUNDS = 9
RAISED = (State.CORROBORATED, State.VERIFIED)


def torrent(random: Random, count: int) -> list[str]:
    """Calls in which one informant tells of one event again and again, and of others elsewhere.

    All but one in a hundred repeat what a fisher said of the ferry, in places and at times that
    differ little. The rest are spread where nobody else tells of anything.
    """
    calls = []
    for number in range(count):
        if number % 100:
            minute, shift = 40 + random.randrange(3), random.randrange(3) / 1000
            told = f"2025-11-11 06:{minute},{35.02 + shift:.3f},-40.01,seen,gunfire,2"
        else:
            day, hour = random.randrange(10, 14), random.randrange(24)
            where = f"{random.uniform(34.4, 34.7):.3f},{random.uniform(-40.8, -39.2):.3f}"
            told = f"2025-11-{day} {hour:02}:{random.randrange(60):02},{where},seen,mortar,"
        calls.append(f"f{number},{told},fishers,Shots at the ferry and more {number}")
    return calls


def others(mission, files, number: int) -> float:
    """Take in what somebody else sends; the seconds of work that it took."""
    path = write(
        files, "patrols", [f"o{number},2025-11-12 10:0{number % 10},35.0,-40.1,seen,mortar,,,x"]
    )
    before = time.process_time()
    (taken,) = ingest(mission, [path])
    spent = time.process_time() - before
    assert taken.count.accepted == 1
    return spent


def levels(derived) -> dict:
    """How well each incident is established, by the claims that others made of it."""
    return {one.incident: (one.state, one.independent_origins) for one in derived.findings}


def flood(folder, random: Random, count: int) -> str:
    """One flood; how long it took and how much longer others waited."""
    empty = begun(folder / "m")
    files = folder / "files"
    with Mission.open(empty, now=SetClock()) as mission:
        ingest(mission, [write(files, s, [c for o, c in CALLS if o == s]) for s in SOURCES])
        before = [others(mission, files, number) for number in range(ROUNDS)]
        calm = bring_up_to_date(mission)
        calls = torrent(random, count)
        paths = []
        for number in range(FILES):
            path = files / f"reports-flood-{number}.csv"
            path.write_text(HEAD + "\n".join(calls[number::FILES]) + "\n", "utf-8")
            paths.append(path)
        start = time.perf_counter()
        taken = ingest(mission, paths)
        spent = time.perf_counter() - start
        assert sum(one.count.accepted for one in taken) == count
        after = [others(mission, files, ROUNDS + number) for number in range(ROUNDS)]
        # Before anything is derived, which takes longest: a saboteur who is caught is done with.
        ratio = min(after) / min(before)
        assert ratio < 2, f"others' intake took {ratio:.1f} times as long"
        start = time.perf_counter()
        found = bring_up_to_date(mission)
        spent += time.perf_counter() - start
    was = sorted(one for one in levels(calm).values() if one[0] in RAISED)
    now = sorted(one for one in levels(found).values() if one[0] in RAISED)
    assert now == was, (was, now)
    return f"{spent:.0f} s, others waited {ratio:.2f} times as long"


@FLOOD.tries()
def test_a_flood_raises_nothing_and_delays_nobody(torture, tmp_path):
    torture(lambda random, number: flood(tmp_path / str(number), random, REPORTS))


@FLOOD.saboteur("looks at every report with each delivery", tries=1)
def test_an_intake_that_looks_at_everything_is_caught(torture, tmp_path, monkeypatch):
    monkeypatch.setattr(SqlReports, "entries_read", lambda self: self.state().entries)
    torture(lambda random, number: flood(tmp_path / str(number), random, 2 * REPORTS))
