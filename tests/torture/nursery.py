"""A process that raises writers: each is a real process of its own, and begins at once.

It is run by itself with the folder of a log. Every line that it reads begins another writer, a
fork, so that what Python takes to start is paid once. It answers "born PID" and, when that writer
is gone, "gone" with the signal that ended it. A line is "LIFE" or "LIFE early": an early writer
acknowledges before it writes.

The writers themselves say "open" and then "INDEX LEAF PAYLOAD" or "signed SIZE", one line for each
promise, in the same pipe.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from trucewatch.evidence import EntryKind, Log, NewEntry, Receipt
from trucewatch.evidence.log import journal

NOW = datetime(2026, 4, 12, tzinfo=UTC)


def say(*words: object) -> None:
    """Say one line with one write, which a pipe takes whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def promise(receipts: Sequence[Receipt]) -> None:
    """Say what has been acknowledged."""
    lines = (f"{one.index} {one.leaf_hash} {one.payload}\n" for one in receipts)
    os.write(1, "".join(lines).encode())


def entries(random: Random, life: str, number: int) -> list[NewEntry]:
    """A batch that no other life sends, with one report of it sent twice."""
    made = [
        NewEntry(
            kind=EntryKind.REPORT,
            source=f"s{random.randrange(3)}",
            payload=f"{life}/{number}/{place}/".encode()
            + random.randbytes(random.choice((0, 700))),
        )
        for place in range(random.choice((1, 1, 3, 20)))
        for size in random.choices((0, 700))
    ]
    return [*made, made[0]]


def write(folder: Path, life: str, *, early: bool) -> None:
    """Append and publish until killed."""
    random = Random(life)
    log = Log.open(folder)
    say("open")
    number = 0
    while True:
        number += 1
        batch = entries(random, life, number)
        if early:
            say(log.size, "?", "?")
        receipts = log.append(batch, received=NOW)
        if not early:
            promise(receipts)
        if random.random() < 0.3:
            say("signed", log.publish().size)


def main() -> None:
    """Raise one writer for each line."""
    journal.SEGMENT_ENTRIES = 50
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        life, *how = line.split()
        child = os.fork()
        if child == 0:
            write(folder, life, early=bool(how))
        say("born", child)
        _, status = os.waitpid(child, 0)
        say("gone", -os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
