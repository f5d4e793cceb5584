"""Reading a log that exists: what is published, what is durable, and whether they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.entries import ERASING, decode_leaf
from trucewatch.evidence.log.journal import Journal
from trucewatch.evidence.log.layout import CHECKPOINT, read_signed
from trucewatch.evidence.log.storage import exists
from trucewatch.evidence.log.tiles import WIDTH, Tiles
from trucewatch.evidence.tlog.merkle import Frontier, leaf_hash

if TYPE_CHECKING:
    from trucewatch.evidence.log.frames import Frame
    from trucewatch.evidence.log.storage import Disk
    from trucewatch.evidence.tlog.notes import Checkpoint, Verifier


@dataclass(frozen=True, slots=True)
class State:
    """A log as it was found. `frontier` covers all durable entries, published or not.

    `last_time` (nanoseconds) is the time of the last entry; None where there is none. `erasing` are
    the entries from `scanned` on that tell of erasures.
    """

    verifier: Verifier
    checkpoint: Checkpoint | None
    frontier: Frontier
    journal: Journal
    last_time: int | None
    scanned: int
    erasing: tuple[Frame, ...]


def read_state(disk: Disk, tiles: Tiles) -> State:
    """Read a log without rehashing it: the tiles' right edge and the journal's last segment.

    LogDamaged, with an account, where these contradict one another; `fsck` checks the rest.
    """
    verifier, checkpoint = read_signed(disk)
    published = checkpoint.size if checkpoint else 0
    frontier = tiles.frontier(published)
    found = frontier.root().hex()
    if checkpoint and found != checkpoint.root:
        raise LogDamaged(
            f"the tiles of size {published} have the root {found}, the checkpoint says "
            f"{checkpoint.root}"
        )
    journal = Journal(disk, published)
    if checkpoint is None and (journal.size or disk.names("tile")):
        if exists(disk, CHECKPOINT):
            # Another process published for the first time between the two looks.
            return read_state(disk, tiles)
        raise LogDamaged("the log has entries but its checkpoint is missing")
    frames = journal.take_scanned()
    _compare(frames, tiles, published)
    for frame in frames:
        if frame.index >= published:
            frontier.push(leaf_hash(frame.leaf))
    last_time = decode_leaf(frames[-1].leaf).received if frames else None
    scanned = frames[0].index if frames else 0
    erasing = tuple(frame for frame in frames if ERASING in frame.leaf)
    return State(verifier, checkpoint, frontier, journal, last_time, scanned, erasing)


def _compare(frames: list[Frame], tiles: Tiles, published: int) -> None:
    """Hold the scanned part of the journal against the published leaf hashes."""
    hashes: list[bytes] = []
    tile = -1
    for frame in frames:
        if frame.index >= published:
            break
        if frame.index // WIDTH != tile:
            tile = frame.index // WIDTH
            hashes = tiles.read(0, tile, min(WIDTH, published - tile * WIDTH))
        if leaf_hash(frame.leaf) != hashes[frame.index % WIDTH]:
            raise LogDamaged(
                f"entry {frame.index} is one thing in the journal and another in the published log"
            )
