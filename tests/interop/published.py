"""A log as it is published, with the proofs that the auditor makes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.interop.proofs import STATES, Case

from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.audit import make_proof

SIZES = (1, 3, 255, 256, 300, 1000)
NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
QUORUM = 3


def witnessed_log(folder: Path) -> str:
    """Write a log that five of seven witnesses have cosigned at each size; its verifier key."""
    signing = STATES[:5]
    with Log.create(folder, origin="example.org/published") as log:
        start = 0
        for size in SIZES:
            log.append(
                [
                    NewEntry(kind=EntryKind.REPORT, source=f"s{n % 7}", payload=b"payload %d" % n)
                    for n in range(start, size)
                ],
                received=NOW + timedelta(minutes=size),
            )
            note = log.publish().note
            text = note.rpartition("\n\n")[0] + "\n"
            at = int(NOW.timestamp()) + 60 * size
            log.cosign([state.line(text, at + n).rstrip("\n") for n, state in enumerate(signing)])
            start = size
    return (folder / "vkey").read_text().rstrip("\n")


def proofs_of_a_log(folder: Path, count: int) -> list[Case]:
    """Proofs of entries all over a log, as the auditor writes them."""
    vkey = witnessed_log(folder / "log")
    keys = tuple(state.vkey for state in STATES)
    return [
        Case("as the auditor wrote it", make_proof(folder / "log", index), (vkey,), keys, QUORUM)
        for number in range(count)
        for index in [number * SIZES[-1] // count]
    ]
