"""The evidence log: appends, publication, opening a million entries, and its audit.

Made-up reports of 200 bytes. Each rate is the median of five; what it is bounded by stands beside
it, measured in the same run: what SHA-256 and a sync of one file cost on this machine.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.sections import write_section
from benchmarks.worlds import ROOT
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = dt.datetime(2026, 4, 12, 6, tzinfo=dt.UTC)
TIMES = 5
BATCH = 2_000
SHARED_BATCH = 5_000
BYTES = 200
SINGLE = 1_000
PART = 200_000
WHOLE = 1_000_000
# As many reports share a payload, each from a source of its own.
SOURCES = 100
PUBLISHED = 50_000
TARGETS = {
    "own payloads, appends/s": 20_000,
    "fsck of the log, entries/s": 200_000,
    "open to read, seconds": 1.0,
    "open to write, seconds": 1.0,
}

# Opens a log, appends one report, and tells the seconds and the peak of memory in MiB.
FIRST = """
import resource, sys, time
from pathlib import Path
from benchmarks.evidence import NOW
from trucewatch.evidence import EntryKind, Log, NewEntry
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with Log.open(Path(sys.argv[1])) as log:
    begin = time.perf_counter()
    log.append([NewEntry(kind=EntryKind.REPORT, source="new", payload=b"first")], received=NOW)
    print(time.perf_counter() - begin, peak())
"""


def scores(_: Path) -> dict[str, float]:
    """Everything that is measured; a folder on the disk of temporary files holds the logs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return _machine(folder) | _small(folder / "small") | _large(folder / "large")


def _machine(folder: Path) -> dict[str, float]:
    """What the machine itself can do: SHA-256 on one core, and one durable write of 200 bytes."""
    block = secrets.token_bytes(1 << 24)
    hashing = median(_timed(lambda: hashlib.sha256(block).digest()) for _ in range(TIMES))
    handle = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write() -> None:
        os.write(handle, block[:BYTES])
        os.fsync(handle)

    syncs = sorted(_timed(write) for _ in range(SINGLE))
    os.close(handle)
    return {
        "raw SHA-256, MB/s": len(block) / hashing / 1e6,
        "raw sync, p50 ms": median(syncs) * 1e3,
    }


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _own(number: int) -> list[NewEntry]:
    """A batch of reports, each with bytes of its own."""
    return [
        NewEntry(
            kind=EntryKind.REPORT,
            source=f"source {at % 40}",
            payload=secrets.token_bytes(BYTES),
            name=f"{number}-{at}.csv",
        )
        for at in range(BATCH)
    ]


def _shared(start: int) -> list[NewEntry]:
    """A batch of reports of which a hundred in a row have the same bytes."""
    return [
        NewEntry(
            kind=EntryKind.REPORT,
            source=f"source {at % SOURCES}",
            payload=b"%d" % (at // SOURCES) * (BYTES // 10),
            name=f"{at}.csv",
        )
        for at in range(start, start + SHARED_BATCH)
    ]


def _small(folder: Path) -> dict[str, float]:
    """Appends, together and alone, and the audit of a log in which every payload is a file."""
    with Log.create(folder, origin="example.org/benchmark") as log:
        # The first batch makes 256 folders, which a log does once.
        log.append(_own(TIMES), received=NOW)
        own = median(_append(log, _own(number)) for number in range(TIMES))
        alone = sorted(_append(log, [one]) for one in _own(-1)[:SINGLE])
        log.publish()
        files = log.size
    tree, payloads = zip(*(_audit(folder) for _ in range(TIMES)), strict=True)
    return {
        "own payloads, appends/s": BATCH / own,
        "single append, p50 ms": median(alone) * 1e3,
        "single append, p99 ms": alone[len(alone) * 99 // 100] * 1e3,
        "fsck, payload files/s": files / median(payloads),
        "fsck, each with its payload, entries/s": files
        / median(a + b for a, b in zip(tree, payloads, strict=True)),
    }


def _append(log: Log, batch: list[NewEntry]) -> float:
    return _timed(lambda: log.append(batch, received=NOW))


TICK = 0.01
"""The step, in seconds, in which the system tells of the processor's time."""


def _large(folder: Path) -> dict[str, float]:
    """Publication, the audit of the log itself, and opening a million entries."""
    appends: list[float] = []
    publications: list[float] = []
    found: dict[str, float] = {}

    def grow(log: Log, until: int) -> None:
        while log.size < until:
            appends.append(_append(log, _shared(log.size)))
            if log.size % PUBLISHED == 0:
                publications.append(_timed(log.publish))

    with Log.create(folder, origin="example.org/benchmark") as log:
        grow(log, PART)
        spent = _processor()
        audits = median(_audit(folder)[0] for _ in range(TIMES))
        found["fsck of the log, entries/s"] = PART / audits
        # The system counts in ticks: a small log may seem to take no time at all.
        spent = max(TICK, _processor() - spent)
        found["fsck, entries per processor second"] = TIMES * PART / spent
        grow(log, WHOLE)
    found["shared payloads, appends/s"] = SHARED_BATCH / median(appends)
    found["publish, entries/s"] = PUBLISHED / median(publications)
    found["open to read, seconds"] = median(_open(folder, readonly=True))
    found["open to write, seconds"] = median(_open(folder, readonly=False))
    # In a process of its own, so that its memory is its own.
    told = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", FIRST, folder], capture_output=True, text=True, check=True
    )
    seconds, mebibytes = told.stdout.split()
    found["first append after, seconds"] = float(seconds)
    found["writer's peak of memory, MiB"] = float(mebibytes)
    return found


def _open(folder: Path, *, readonly: bool) -> Iterator[float]:
    for _ in range(TIMES):
        begin = time.perf_counter()
        log = Log.open(folder, readonly=readonly)
        yield time.perf_counter() - begin
        log.close()


def _audit(folder: Path) -> tuple[float, float]:
    """Seconds for the log itself, processes' start included, and for hashing the payloads."""
    begin = time.perf_counter()
    entries = begin
    total = 0

    def progress(done: int, _of: int) -> None:
        nonlocal entries, total
        if done > total:
            total = done
        if total <= size:
            entries = time.perf_counter()

    size = int((folder / "checkpoint").read_text("utf-8").split("\n")[1])
    found = fsck(folder, progress=progress)
    if not found.ok or found.size != size:
        raise ValueError(f"the audit of a sound log found {found.problems}")
    return entries - begin, time.perf_counter() - entries


def _processor() -> float:
    """Seconds of the processor that this process and those it waited for have taken."""
    return sum(os.times()[:4])


BOUNDS = {
    "own payloads, appends/s": "making, naming and closing a file for each payload: three fifths",
    "shared payloads, appends/s": "Python: five hashes, a leaf and an envelope for each entry",
    "single append, p50 ms": "three syncs: the payload, its folder, the journal",
    "single append, p99 ms": "the disk",
    "publish, entries/s": "hashing each leaf and node, and writing two files for 256 entries",
    "open to read, seconds": "reading and checking the last segment of the journal",
    "open to write, seconds": "the same",
    "first append after, seconds": "reading the index of every closed segment",
    "writer's peak of memory, MiB": "a key and a number for each report, and one segment",
    "fsck of the log, entries/s": "SHA-256 and patterns, on every core",
    "fsck, entries per processor second": "the same, whatever else the machine does",
    "fsck, payload files/s": "opening a file for each payload, on one core where the log is short",
    "fsck, each with its payload, entries/s": "the files of the payloads",
    "raw SHA-256, MB/s": "one core",
    "raw sync, p50 ms": "one write of 200 bytes at the end of a file, and its sync",
}


def table(found: dict[str, float], machine: str) -> list[str]:
    """The lines of the page."""
    day = dt.datetime.now(dt.UTC).date().isoformat()
    rows = [
        f"Measured on {day}; {machine}; Python {platform.python_version()}.",
        "",
        "| what | measured | target | bounded by |",
        "|---|---|---|---|",
    ]
    for name, value in found.items():
        target = f"{TARGETS[name]:,}" if name in TARGETS else ""
        rows.append(f"| {name} | {_shown(value)} | {target} | {BOUNDS[name]} |")
    return rows


def _shown(value: float) -> str:
    if value >= 10_000:
        return f"{round(value, -3):,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def main() -> None:
    """Measure, print, and write the part of the page."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given.add_argument("--machine", default="2 cores, shared with other work")
    chosen = given.parse_args()
    found = scores(chosen.page)
    for name, value in found.items():
        print(f"{name}: {_shown(value)}")
    write_section(chosen.page, "evidence", table(found, chosen.machine))


if __name__ == "__main__":
    main()
