"""The auditor's own tree: the public vectors, and the writer's tree, of which it is no copy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.test_merkle import SHORT_HASHES, root_of, tree, vectors

from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.audit import trees
from trucewatch.evidence.audit.trees import EMPTY, Tiles, check_growth, climbed, grown
from trucewatch.evidence.log.disk import FolderDisk
from trucewatch.evidence.log.tiles import Tiles as WritersTiles
from trucewatch.evidence.log.tiles import encode_bundle
from trucewatch.evidence.tlog.merkle import consistency_proof, inclusion_proof

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)


def included(index: int, size: int, leaf: bytes, path: list[bytes], root: bytes) -> bool:
    if any(len(one) != 32 for one in (leaf, root, *path)):
        return False
    try:
        return climbed(index, size, leaf, path) == root
    except ValueError:
        return False


def test_inclusion_vectors(shared):
    cases = vectors(shared / "vectors/merkle/inclusion")
    assert len(cases) == 98
    for case in cases:
        held = included(
            case["leafIdx"], case["treeSize"], case["leafHash"], case["proof"], case["root"]
        )
        assert held is not case["wantErr"], case["desc"]


def test_consistency_vectors(shared):
    cases = vectors(shared / "vectors/merkle/consistency")
    assert len(cases) == 98
    for case in cases:
        why = check_growth(
            case["size1"], case["size2"], case["root1"], case["root2"], case["proof"]
        )
        assert (not why) is (not case["wantErr"] and case["desc"] != SHORT_HASHES), case["desc"]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 90), st.data())
def test_the_writers_proofs_hold_here(size, data):
    hashes, node = tree(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, node)
    assert climbed(index, size, hashes[index], path) == root_of(hashes)
    old = data.draw(st.integers(0, size))
    path = consistency_proof(old, size, node)
    roots = root_of(hashes[:old]), root_of(hashes)
    assert check_growth(old, size, *roots, path) == ""
    other, _ = tree(size, salt=1)
    if old:
        assert check_growth(old, size, root_of(other[:old]), roots[1], path)


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 70), st.data())
def test_a_path_of_growth_fixes_both_roots(size, data):
    """Any hash of it changed, one of the two roots is another: so a fork cannot be made up."""
    hashes, node = tree(size)
    old = data.draw(st.integers(1, size - 1))
    path = list(consistency_proof(old, size, node))
    path = path if old & (old - 1) else [root_of(hashes[:old]), *path]
    assert grown(old, size, path) == (root_of(hashes[:old]), root_of(hashes))
    place = data.draw(st.integers(0, len(path) - 1))
    path[place] = bytes(32)
    assert grown(old, size, path)[1] != root_of(hashes)


@pytest.fixture(scope="module")
def grown_log(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("trees") / "log"
    with Log.create(folder, origin="example.org/trees") as log:
        for count in (1, 255, 300, 144, 70_000 - 700):
            log.append(
                [
                    NewEntry(kind=EntryKind.REPORT, source="s", payload=b"%d" % (log.size + n))
                    for n in range(min(count, 400))
                ],
                received=NOW,
            )
            log.publish()
    return folder


def test_tiles_give_the_writers_paths_at_every_size(grown_log):
    tiles = Tiles(grown_log)
    with Log.open(grown_log, readonly=True) as log:
        size = log.size
        assert tiles.root(0, size).hex() == log.root()
        for index in (0, 1, 255, 256, 511, 512, 700, size - 1):
            assert tiles.path(index, size) == list(log.prove_inclusion(index))
        for old in (0, 1, 2, 255, 256, 257, 512, 700, size - 1, size):
            assert tiles.prove_growth(old, size) == list(log.prove_growth(old))
            assert tiles.root(0, old).hex() == log.root_at(old)


def test_outside_the_log_there_is_nothing(grown_log):
    tiles = Tiles(grown_log)
    for index in (-1, 5):
        with pytest.raises(NotFound):
            tiles.path(index, 5)
    with pytest.raises(NotFound):
        tiles.prove_growth(6, 5)
    with pytest.raises(LogDamaged):
        tiles.root(0, 10**6)


def test_growth_that_is_none(monkeypatch):
    hashes, node = tree(9)
    path, root = consistency_proof(4, 9, node), root_of(hashes)
    assert check_growth(9, 4, root, root, path) == "a log only grows"
    assert check_growth(0, 0, EMPTY, EMPTY, []) == ""
    assert check_growth(0, 0, root, root, [])
    assert check_growth(4, 9, root_of(hashes[:4]), root, [*path, bytes(32)])
    assert check_growth(4, 9, root_of(hashes[:4]), bytes(32), path).startswith("the path does not")
    assert check_growth(4, 9, bytes(31), root, path) == "a hash has not 32 bytes"
    # The saboteur: without the larger root held against the path, any old root can be shown.
    other, elsewhere = tree(9, salt=1)
    forged = consistency_proof(4, 9, elsewhere)
    assert check_growth(4, 9, root_of(other[:4]), root, forged)
    real = trees.grown
    monkeypatch.setattr(trees, "grown", lambda *at: (real(*at)[0], root))
    assert check_growth(4, 9, root_of(other[:4]), root, forged) == ""


def test_rubbish_beside_the_tiles_is_not_read(grown_log):
    random = Random(1)
    with Log.open(grown_log, readonly=True) as log:
        size = log.size
    partial = next((grown_log / "tile/0").glob("*.p"))
    (partial / "note.txt").write_bytes(random.randbytes(40))
    (partial / "007").write_bytes(random.randbytes(40))
    try:
        assert Tiles(grown_log).root(0, size) == Tiles(grown_log).root(0, size)
    finally:
        for name in ("note.txt", "007"):
            (partial / name).unlink()


@pytest.mark.parametrize(("old", "new"), [(0, 5), (5, 5), (6, 5), (-1, 5)])
def test_no_path_of_growth_leads_between_these_sizes(old, new):
    with pytest.raises(ValueError, match="from a smaller tree to a larger one"):
        grown(old, new, [bytes(32)])


def test_a_bundle_with_too_few_entries_is_told_by_its_path(tmp_path):
    bundle = tmp_path / "tile/entries/000.p/2"
    bundle.parent.mkdir(parents=True)
    bundle.write_bytes(encode_bundle([b"a"]))
    told = r"entries/000\.p/2 has not its 2 entries"
    with pytest.raises(LogDamaged, match=told):
        Tiles(tmp_path).leaves(0, 2)
    with pytest.raises(LogDamaged, match=told):
        WritersTiles(FolderDisk(tmp_path)).read_bundle(0, 2)
    bundle.write_bytes(encode_bundle([b"a", b"b", b"c"]))
    assert Tiles(tmp_path).leaves(0, 2) == [b"a", b"b"]
    assert WritersTiles(FolderDisk(tmp_path)).read_bundle(0, 2) == [b"a", b"b"]
