"""A writer that is killed at any moment has lost nothing that it acknowledged.

It is killed with SIGKILL from outside: while it opens the log, recovers, appends, closes a segment
or publishes. The system stays up and keeps what was written, so this says nothing of a power cut.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from tests.torture import nursery
from tests.torture.frame import row

from trucewatch.evidence import Log, fsck

KILL = row("kill -9 at random points")


def kill(pid: int) -> None:
    """Kill a writer; one that ended by itself is found out by how it ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Writers:
    """Writers of one log, one after another, each killed; and what they promised."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        self._process = process
        self.promised: dict[int, tuple[str, str]] = {}
        self.signed = 0

    def life(self, random: Random, name: str) -> None:
        """Begin a writer, and kill it at a random moment of its life."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        opened = False
        timer: threading.Timer | None = None
        # Half of the lives end within or soon after opening, where recovery is at work.
        wait = random.choice((random.uniform(0, 0.01), random.uniform(0.01, 0.06)))
        for line in self._process.stdout:
            match line.split():
                case ["born", pid]:
                    timer = threading.Timer(wait, kill, (int(pid),))
                    timer.start()
                case ["gone", how]:
                    assert int(how) == signal.SIGKILL, "the writer ended by itself"
                    break
                case ["open"]:
                    opened = True
                case ["signed", size]:
                    self.signed = max(self.signed, int(size))
                case [index, leaf, payload]:
                    assert opened
                    self.promised.setdefault(int(index), (leaf, payload))
        assert timer is not None
        timer.join()

    def check(self) -> None:
        """Open the log for good, and hold it against every promise."""
        with Log.open(self.folder) as log:
            found = list(log.entries())
            assert log.size >= self.signed
        for index, (leaf, payload) in self.promised.items():
            assert index < len(found), f"entry {index} was acknowledged and is lost"
            if leaf != "?":
                assert (found[index].leaf_hash, found[index].payload) == (leaf, payload)
        assert len({(entry.source, entry.payload) for entry in found}) == len(found)
        audit = fsck(self.folder)
        assert audit.ok, audit.problems


@contextmanager
def writers(folder: Path) -> Iterator[Writers]:
    """A new log and the process that raises its writers."""
    Log.create(folder, origin="example.org/kill").close()
    process = subprocess.Popen(
        [sys.executable, nursery.__file__, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Writers(folder, process)


@KILL.tries(parts=4)
def test_killed_writers_lose_nothing(torture, tmp_path):
    with writers(tmp_path / "evidence") as ours:

        def attempt(random, number):
            ours.life(random, f"life{number}")
            ours.check()

        torture(attempt)
        assert ours.promised
        assert ours.signed


@KILL.saboteur("acknowledges before it writes", tries=40)
def test_a_writer_that_acknowledges_early_is_caught(torture, tmp_path):
    def attempt(random, number):
        with writers(tmp_path / str(number)) as theirs:
            theirs.life(random, f"life{number} early")
            theirs.check()

    torture(attempt)
