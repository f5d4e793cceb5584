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
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.torture import nursery
from tests.torture.frame import row
from tests.torture.work import Workload

from trucewatch.evidence import Log, fsck
from trucewatch.evidence.log.disk import FolderDisk

ROOT = Path(__file__).resolve().parents[2]
KILL = row("kill -9 at random points")


def kill(pid: int) -> None:
    """Kill a writer; one that ended by itself is found out by how it ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Writers:
    """Writers of one new log, one after another, each killed; and what they promised."""

    def __init__(self, folder: Path, process: subprocess.Popen[str]) -> None:
        self.folder = folder
        Log.create(folder, origin="example.org/kill").close()
        self._process = process
        self.lived = 0
        self.said = Workload(Random(0))

    def life(self, random: Random, *how: str) -> None:
        """Begin a writer, and kill it at a random moment of its life."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\t".join((str(self.lived), str(self.folder), *how)) + "\n")
        self._process.stdin.flush()
        self.lived += 1
        # A third of the lives end while the log is opened, the others after so many words.
        words = random.choice((0, random.randrange(1, 10), random.randrange(1, 60)))
        wait = random.uniform(0, 0.005 if words else 0.02)
        heard = pid = 0
        timer: threading.Timer | None = None
        for line in self._process.stdout:
            match line.split():
                case ["born", number]:
                    pid = int(number)
                case ["gone", by]:
                    assert int(by) == signal.SIGKILL, "the writer ended by itself"
                    break
                case said:
                    self._hear(said)
                    heard += 1
            if timer is None and heard >= words:
                timer = threading.Timer(wait, kill, (pid,))
                timer.start()
        assert timer is not None
        timer.join()

    def _hear(self, words: list[str]) -> None:
        match words:
            case ["signed", size]:
                self.said.signed = max(self.said.signed, int(size))
            case ["cosigned", size, name]:
                self.said.lines.setdefault(int(size), []).append(f"— {name} -")
            case ["doomed", payload]:
                self.said.doomed.add(payload)
            case ["erased", payload]:
                self.said.erased.add(payload)
            case ["keys", count]:
                self.said.keys = int(count)
            case [index, leaf, payload]:
                self.said.promised[int(index)] = (leaf, payload)

    def check(self) -> None:
        """Open the log for good, and hold it against every promise."""
        early = {index for index, (leaf, _) in self.said.promised.items() if leaf == "?"}
        disk = FolderDisk(self.folder)
        with Log.open(self.folder, disk=disk) as log:
            assert log.size > max(early, default=-1), "an acknowledged entry is lost"
            for index in early:
                del self.said.promised[index]
            self.said.check(log, disk)
        audit = fsck(self.folder)
        assert audit.ok, audit.problems


@pytest.fixture
def process():
    """What raises the writers."""
    command = [sys.executable, "-m", nursery.__name__]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


@KILL.tries(parts=4)
def test_killed_writers_lose_nothing(torture, process, tmp_path):
    ours = Writers(tmp_path / "evidence", process)

    def attempt(random, _):
        ours.life(random)
        ours.check()

    torture(attempt)
    # With one try alone there may have been no time for anything.
    if ours.lived > 20:
        assert ours.said.promised
        assert ours.said.signed
        assert ours.said.lines
        assert ours.said.erased


@KILL.saboteur("acknowledges before it writes", tries=40)
def test_a_writer_that_acknowledges_early_is_caught(torture, process, tmp_path):
    def attempt(random, number):
        theirs = Writers(tmp_path / str(number), process)
        theirs.life(random, "early")
        theirs.check()

    torture(attempt)
