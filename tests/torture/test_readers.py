"""Readers in processes of their own see one state of the log each time, while another writes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.torture import nursery, onlooker
from tests.torture.frame import row

from trucewatch.errors import EvidenceError
from trucewatch.evidence import Log, fsck

READERS = row("readers beside a writer")
ROOT = Path(__file__).resolve().parents[2]


class Stage:
    """A writer at work on a new log, and a reader that looks when it is told to."""

    def __init__(self, folder: Path, *how: str) -> None:
        self.folder, self.how = folder, how
        Log.create(folder, origin="example.org/readers").close()
        self.reader = self._python(onlooker.__name__, subprocess.PIPE)
        # Its writer is a child of its own, so the whole family is ended together.
        self.raiser = self._python(nursery.__name__, subprocess.DEVNULL)
        self.raiser.stdin.write("\t".join(("1", str(folder), *how)) + "\n")
        self.raiser.stdin.flush()

        until = time.monotonic() + 60
        while b"\n0\n" in (folder / "checkpoint").read_bytes():
            assert time.monotonic() < until, "the writer does not begin"
            time.sleep(0.005)

    def _python(self, name: str, output: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", name],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=output,
            text=True,
            start_new_session=True,
        )

    def look(self, random, number):
        """One look: it is right, or the answer is the failure."""
        # A plain copy takes every file there is, so it is made more rarely.
        how = "copy" if number % 10 == 9 else random.choice(("open", "mirror"))
        self.reader.stdin.write(f"{how}\t{self.folder}\n")
        self.reader.stdin.flush()
        answer = self.reader.stdout.readline()
        assert answer.startswith("ok "), answer
        return int(answer.split()[1])

    def taken_over(self) -> Log:
        """End the writer as it stands, and open the log in its place."""
        os.killpg(self.raiser.pid, signal.SIGKILL)
        for _ in range(1_000):
            with suppress(EvidenceError):
                return Log.open(self.folder)
            time.sleep(0.01)
        return Log.open(self.folder)

    def close(self) -> None:
        """End whoever is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.raiser.pid, signal.SIGKILL)
        for process in (self.raiser, self.reader):
            process.communicate()


@pytest.fixture
def stage(tmp_path):
    made = []

    def begin(*how):
        made.append(Stage(tmp_path / str(len(made)), *how))
        return made[-1]

    yield begin
    for one in made:
        one.close()


@READERS.tries(parts=4)
def test_every_look_is_of_one_state(torture, stage):
    one = stage()
    seen = []
    torture(lambda random, number: seen.append(one.look(random, number)))
    with one.taken_over() as log:
        assert log.size >= max(seen, default=0)
    assert fsck(one.folder).ok
    if len(seen) > 20:
        assert len(set(seen)) > 3, "the writer stood still: nothing was tried"


@READERS.saboteur("publishes a checkpoint before its tiles", tries=60)
def test_a_checkpoint_before_its_tiles_is_caught(torture, stage):
    torture(stage("hasty").look)
