"""A process that looks at a log while another writes it.

Every line that it reads, "HOW FOLDER", is one look; the answer is "ok SIZE" or what was wrong, in
one line. HOW is "open" (as every command of the house reads), "mirror" (as tlog-tiles has a client
read what is published) or "copy" (every file, as it lies, in the order of the names).
"""

from __future__ import annotations

import base64
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from trucewatch.errors import Erased, EvidenceError, NotFound, TrucewatchError
from trucewatch.evidence import Log
from trucewatch.evidence.audit.published import hash_leaf, split_bundle, tile_path, tree_root
from trucewatch.evidence.tlog.merkle import verify_consistency, verify_inclusion

WIDTH = 256
RECENT = 200


class Looks:
    """What was seen so far of one log: nothing that is seen later may take it back."""

    def __init__(self) -> None:
        self.size, self.root = 0, b""
        self.leaves: dict[int, str] = {}

    def open(self, folder: Path) -> int:
        """Open the log for reading, and hold it against what was seen before."""
        with Log.open(folder, readonly=True) as log:
            checkpoint = log.checkpoint()
            assert checkpoint is not None
            size, root = checkpoint.size, bytes.fromhex(checkpoint.root)
            assert size >= self.size, f"{self.size} entries were published, now {size} are"
            if self.size:
                proof = log.prove_growth(self.size)
                assert verify_consistency(self.size, size, self.root, root, proof), "it forked"
            entries = list(log.entries(max(0, log.size - RECENT)))
            for entry in entries:
                assert self.leaves.setdefault(entry.index, entry.leaf_hash) == entry.leaf_hash
                if entry.index in (entries[0].index, size - 1) and entry.index < size:
                    leaf, proof = bytes.fromhex(entry.leaf_hash), log.prove_inclusion(entry.index)
                    assert verify_inclusion(entry.index, size, leaf, proof, root), "no such entry"
            for entry in entries:
                # One that is erased while we look is gone though this reader does not know yet.
                with suppress(Erased):
                    try:
                        log.payload(entry.payload)
                    except NotFound:
                        with Log.open(folder, readonly=True) as later:
                            assert later.erased(entry.payload), "a payload is missing"
            self.size, self.root = size, root
            return size

    def mirror(self, folder: Path) -> int:
        """Read checkpoint and tiles alone, in this order, and recompute the root."""
        lines = (folder / "checkpoint").read_text("utf-8").split("\n")
        size, root = int(lines[1]), base64.b64decode(lines[2])
        rows = []
        for number in range(-(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            leaves = split_bundle(_tile(folder, "entries", number, width))[:width]
            hashes = [hash_leaf(leaf) for leaf in leaves]
            held = _tile(folder, "0", number, width)[: 32 * width]
            assert b"".join(hashes) == held, f"bundle and tile {number} say two things"
            rows.append(tree_root(hashes))
        assert tree_root(rows) == root, f"the tiles of {size} entries do not make the root"
        return size

    def copy(self, folder: Path) -> int:
        """Copy what lies there and open the copy: it is right as far as it goes, or refused."""
        with tempfile.TemporaryDirectory() as place:
            there = Path(place) / "evidence"
            for path in sorted(folder.rglob("*")):
                to = there / path.relative_to(folder)
                with suppress(FileNotFoundError):
                    if path.is_dir():
                        to.mkdir(parents=True, exist_ok=True)
                    else:
                        shutil.copyfile(path, to)
            with suppress(EvidenceError), Log.open(there, readonly=True) as log:
                for entry in log.entries(max(0, log.size - RECENT)):
                    assert self.leaves.setdefault(entry.index, entry.leaf_hash) == entry.leaf_hash
                return log.size
        return 0


def _tile(folder: Path, level: str, number: int, width: int) -> bytes:
    """A tile, or the full one that took its place."""
    for wide in (width, WIDTH):
        with suppress(FileNotFoundError):
            return (folder / "tile" / tile_path(level, number, wide)).read_bytes()
    raise AssertionError(f"tile {level}/{number} of {width} is missing")


def main() -> None:
    """Answer each line with one look."""
    looks: dict[str, Looks] = {}
    for line in sys.stdin:
        how, folder = line.rstrip("\n").split("\t")
        seen = looks.setdefault(folder, Looks())
        try:
            print("ok", getattr(seen, how)(Path(folder)), flush=True)  # noqa: T201 -- its answer
        except (AssertionError, TrucewatchError, OSError) as error:
            words = f"{type(error).__name__}: {error}".replace("\n", " ")
            print(how, words, flush=True)  # noqa: T201 -- its answer


if __name__ == "__main__":
    main()
