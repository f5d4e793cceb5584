"""A process that raises writers: each is a real process of its own, and begins at once.

Every line that it reads, "LIFE FOLDER", begins another writer of the log in that folder, a fork, so
that what Python takes to start is paid once. It answers "born PID" and, when that writer is gone,
"gone" with the signal that ended it. After "LIFE FOLDER early" the writer acknowledges before it
writes, after "LIFE FOLDER hasty" it publishes a checkpoint before the tiles that it rests on.

The writers themselves say "open" and then, one line for each promise and in the same pipe:
"INDEX LEAF PAYLOAD", "signed SIZE", "cosigned SIZE NAME", "doomed PAYLOAD" before an erasure is
begun, "erased PAYLOAD", and "keys COUNT".
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.torture.work import NOW, Workload

from trucewatch.errors import Erased
from trucewatch.evidence import EntryKind, Log, NewEntry, Receipt
from trucewatch.evidence.log import journal
from trucewatch.evidence.log.layout import CHECKPOINT
from trucewatch.evidence.log.storage import place_durably
from trucewatch.evidence.log.tiles import WIDTH
from trucewatch.evidence.tlog.notes import Signer


def say(*words: object) -> None:
    """Say one line with one write, which a pipe takes whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def report(life: int, number: int) -> NewEntry:
    """A report that no other life makes: life and number say which."""
    random = Random(f"{life}/{number}")
    payload = b"%d/%d " % (life, number) + random.randbytes(random.choice((0, 700)))
    return NewEntry(
        kind=EntryKind.REPORT, source=f"s{random.randrange(3)}", payload=payload, name="r"
    )


class Speaking(Workload):
    """Says what it was promised, as soon as it was; `early` says it before."""

    def __init__(self, life: int, *, early: bool) -> None:
        super().__init__(Random(life))
        self._life, self._made = life, 0
        self._early = early

    def step(self, log: Log) -> None:
        """Erase more often than a life in memory does: this one is short."""
        if self.random.random() < 0.08:
            self.erase(log)
        else:
            super().step(log)

    def entry(self) -> NewEntry:
        """A report; one in five was sent before, by this life or by the last one."""
        dice = self.random.random()
        if dice < 0.1 and self._life:
            return report(self._life - 1, self.random.randrange(20))
        if dice < 0.2 and self._made:
            return report(self._life, self.random.randrange(self._made))
        self._made += 1
        return report(self._life, self._made - 1)

    def append(self, log: Log, batch: list[NewEntry]) -> Receipt:
        """Append, and say so."""
        if self._early:
            say(log.size, "?", "?")
        receipts = log.append(batch, received=NOW)
        if not self._early:
            lines = (f"{one.index} {one.leaf_hash} {one.payload}\n" for one in receipts)
            os.write(1, "".join(lines).encode())
        return receipts[0]

    def publish(self, log: Log) -> None:
        """Publish, and say so."""
        super().publish(log)
        say("signed", self.signed)

    def cosign(self, log: Log) -> None:
        """Keep a witness's line, and say so."""
        super().cosign(log)
        for size, lines in self.lines.items():
            for line in lines:
                say("cosigned", size, line.split()[1])
        self.lines.clear()

    def doom(self, payload: str) -> None:
        """Say what may be gone from now on."""
        super().doom(payload)
        say("doomed", payload)

    def erase(self, log: Log) -> None:
        """Erase, and say so."""
        super().erase(log)
        for payload in self.erased:
            say("erased", payload)
        self.erased.clear()

    def rotate(self, log: Log) -> None:
        """Change the key, and say so."""
        super().rotate(log)
        say("keys", len(log.key_history()))


def publish_hastily(log: Log, signer: Signer, *, also: Signer | None = None) -> None:
    """Sign and publish a checkpoint, and only then the tiles."""
    old = log._checkpoint.size if log._checkpoint else 0
    signed = signer.checkpoint(log.size, log._frontier.root(), also=also)
    place_durably(log._disk, CHECKPOINT, signed.note.encode(), private=False)
    time.sleep(0.002)
    leaves = [frame.leaf for frame in log._journal.frames(old - old % WIDTH, log.size)]
    log._tiles.publish(old, leaves, log._prefixes.signed)
    log._checkpoint = signed
    log._tiles.prune(old, log.size)


def write(folder: Path, life: int, *, early: bool, hasty: bool) -> None:
    """Do what a log can do until killed."""
    if hasty:
        Log._publish = publish_hastily
    work = Speaking(life, early=early)
    log = Log.open(folder)
    say("open")
    while True:
        # What comes again may have been erased since; the log then takes nothing of it.
        with suppress(Erased):
            work.step(log)


def main() -> None:
    """Raise one writer for each line."""
    journal.SEGMENT_ENTRIES = 50
    for line in sys.stdin:
        life, folder, *how = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            write(Path(folder), int(life), early="early" in how, hasty="hasty" in how)
        say("born", child)
        _, status = os.waitpid(child, 0)
        say("gone", -os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
