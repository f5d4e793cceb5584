"""Forks: found where there is one, proved to anybody, and proved of nobody who did not fork."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.witnesses import Signer

from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.audit import (
    Mirror,
    Relation,
    check_fork,
    compare,
    policy_of,
    read_side,
)
from trucewatch.evidence.audit.published import tree_root

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
LOG = Signer("example.org/forked", 7, type=1)
OTHER = Signer("example.org/forked", 8, type=1)
BELIEVED = policy_of([LOG.vkey])


class Tree:
    """Leaf hashes in memory, in the place of tiles: any tree that somebody may think up."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves

    def _range(self, start: int, stop: int) -> bytes:
        return tree_root(self.leaves[start:stop])

    def growth(self, old: int, new: int) -> list[bytes]:
        start, stop, path = 0, new, []
        while stop != old:
            middle = start + (1 << ((stop - start - 1).bit_length() - 1))
            if old <= middle:
                path.append(self._range(middle, stop))
                stop = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return [self._range(start, stop), *reversed(path)]


def side(leaves: list[bytes], size: int, signer: Signer = LOG):
    note = signer.note(size, tree_root(leaves[:size]))
    return read_side(note.encode(), Tree(leaves))


def leaves(count: int, *, other: int | None = None) -> list[bytes]:
    """Leaf hashes; from entry `other` on they are another history's."""
    return [
        hashlib.sha256(b"%d%d" % (n, other is not None and n >= other)).digest()
        for n in range(count)
    ]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 41))
def test_two_checkpoints_are_a_fork_if_and_only_if_they_contradict_each_other(one, two, parted):
    ours, theirs = side(leaves(40), one), side(leaves(40, other=parted), two)
    found = compare(ours, theirs, BELIEVED)
    # The first entry that differs lies in both trees.
    forked = parted < min(one, two)
    expected = Relation.FORK if forked else Relation.SAME if one == two else Relation.GREW
    assert found.relation is expected
    assert bool(found.fork) is forked
    if forked:
        checked = check_fork(found.fork, BELIEVED)
        assert checked.holds, checked.reasons
        assert checked.sizes == tuple(sorted((one, two)))
        assert not check_fork(found.fork, policy_of([OTHER.vkey])).holds


def grown_log(folder: Path, payloads: list[bytes]) -> Path:
    with Log.create(folder, origin="example.org/grown") as log:
        log.append(
            [NewEntry(kind=EntryKind.REPORT, source="s", payload=p) for p in payloads], received=NOW
        )
        log.publish()
    return folder


def more(folder: Path, payloads: list[bytes]) -> Path:
    with Log.open(folder) as log:
        log.append(
            [NewEntry(kind=EntryKind.REPORT, source="s", payload=p) for p in payloads], received=NOW
        )
        log.publish()
    return folder


def of_folder(folder: Path):
    return read_side((folder / "checkpoint").read_bytes(), Mirror(folder).tiles)


@pytest.fixture(scope="module")
def histories(tmp_path_factory) -> tuple[Path, Path, Path]:
    """One log that grew to 300 entries, then on to 600 in one copy and to 700 in another."""
    place = tmp_path_factory.mktemp("forks")
    first = grown_log(place / "first", [b"%d" % n for n in range(300)])
    one = more(shutil.copytree(first, place / "one"), [b"one %d" % n for n in range(300)])
    two = more(shutil.copytree(first, place / "two"), [b"two %d" % n for n in range(400)])
    return first, one, two


def test_a_forked_log_is_proved_to_who_has_only_the_key(histories):
    first, one, two = histories
    believed = policy_of([Mirror(first).vkey])
    assert compare(of_folder(first), of_folder(one), believed).relation is Relation.GREW
    assert compare(of_folder(two), of_folder(first), believed).relation is Relation.GREW
    found = compare(of_folder(one), of_folder(two), believed)
    assert found.relation is Relation.FORK
    checked = check_fork(found.fork, believed)
    assert (checked.holds, checked.sizes) == (True, (600, 700)), checked.reasons


def test_what_cannot_be_told_is_not_told(histories, tmp_path):
    first, one, two = histories
    believed = policy_of([Mirror(first).vkey])
    without = read_side((two / "checkpoint").read_bytes())
    found = compare(of_folder(one), without, believed)
    assert (found.relation, found.fork) == (Relation.UNTOLD, b"")
    assert "700 entries" in found.words
    thin = shutil.copytree(two, tmp_path / "thin")
    (thin / "tile/0/002.p/188").unlink()
    found = compare(of_folder(one), of_folder(thin), believed)
    assert found.relation is Relation.UNTOLD
    assert found.words == "tile/0/002 has not 160 items, or is missing"
    (thin / "tile/0/002.p/188").write_bytes(bytes(32 * 188))
    found = compare(of_folder(first), of_folder(thin), believed)
    assert found.relation is Relation.UNTOLD
    assert "do not make the root" in found.words
