"""Every flipped bit is found: what counts by the audit, the writer's own by opening the log.

The audit reads what is published, the journal and the payloads. The signing key and the look-ups of
`index/` are the writer's: a damaged key is refused when the log is opened for writing, a damaged
look-up is made anew. `cut/` holds what was never acknowledged, and nobody answers for it.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from tests.evidence.witnesses import Signer
from tests.torture.frame import row
from tests.torture.work import NOW, Workload

from trucewatch.errors import EvidenceError
from trucewatch.evidence import EntryKind, Log, NewEntry, Why, fsck
from trucewatch.evidence.audit import checking, notes, parts, published, records, workers
from trucewatch.evidence.log import index, journal

FLIPS = row("bit flips anywhere in the log")
OWN = ("index", "key")
WITNESSES = [Signer(f"example.org/w{number}", number) for number in range(3)]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A log with all that a log can have: 280 entries, growths, cosignatures, another key."""
    folder = tmp_path_factory.mktemp("flips") / "evidence"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "SEGMENT_ENTRIES", 100)
        with Log.create(folder, origin="example.org/flips") as log:
            for start, stop in ((0, 3), (3, 200), (200, 262), (262, 276)):
                log.append([entry(number) for number in range(start, stop)], received=NOW)
                log.publish()
                text = log.checkpoint().note.partition("\n\n")[0] + "\n"
                log.cosign([one.line(text, 1_776_000_000).rstrip("\n") for one in WITNESSES])
            log.change_key(why=Why.ROTATION, by="one", reason="due", source="op", received=NOW)
            Workload(Random(1)).erase(log)
            log.publish()
            log.append([entry(400), entry(401)], received=NOW)
    assert fsck(folder).ok
    return folder


def entry(number: int) -> NewEntry:
    payload = b"payload %d" % (number // 2)
    return NewEntry(kind=EntryKind.REPORT, source=f"s{number % 4}", payload=payload, name="r")


@pytest.fixture
def folder(sound, tmp_path) -> Path:
    """A copy to damage."""
    return shutil.copytree(sound, tmp_path / "evidence")


def files(folder: Path) -> list[Path]:
    """Every file of the log that somebody answers for."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        path
        for path in found
        if path.relative_to(folder).parts[0] not in ("cut", "tmp") and path.stat().st_size
    ]


class Flips:
    """Flips one bit at a time in the files of a log, and back."""

    def __init__(self, folder: Path, paths: list[Path]) -> None:
        self.folder, self.paths = folder, paths
        self.sizes = [path.stat().st_size for path in paths]
        self.parts: dict[str, list[Path]] = {}
        for path in paths:
            self.parts.setdefault(path.relative_to(folder).parts[0], []).append(path)
        with Log.open(folder, readonly=True) as log:
            self.content = content(log)

    def __call__(self, random, number):
        # As often by part of the log as by size, so that keys and signatures are hit as well.
        if number % 2:
            (path,) = random.choices(self.paths, self.sizes)
        else:
            path = random.choice(self.parts[random.choice(sorted(self.parts))])
        good = path.read_bytes()
        bit = random.randrange(8 * len(good))
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bad)
        try:
            where = path.relative_to(self.folder)
            if where.parts[0] in OWN:
                self.refused_or_healed(path, good)
            else:
                assert self.is_found(path), f"bit {bit} of {where}"
                self.told_or_right()
        finally:
            path.write_bytes(good)

    def is_found(self, path: Path) -> bool:
        """Whether the audit, or the key of a witness, finds the file to be wrong."""
        if not fsck(self.folder).ok:
            return True
        # A witness's own line: whoever has its key sees it, and the log has none.
        if path.parent.name != "witnessed":
            return False
        note = notes.read_note(path.read_bytes())
        for witness in WITNESSES:
            try:
                if not notes.signed_by(note, notes.read_key(witness.vkey, notes.WITNESS)):
                    return True
            except ValueError:
                return True
        return False

    def told_or_right(self) -> None:
        """Opening refuses, or every entry and payload is right, or reading it says that it is not.

        Opening checks less than the audit, so that a log of any size opens at once.
        """
        with suppress(EvidenceError), Log.open(self.folder, readonly=True) as log:
            read = content(log)
            assert read == self.content[: len(read)], "a wrong entry was read without a word"

    def refused_or_healed(self, path: Path, good: bytes) -> None:
        """What is the writer's own: it is refused, or made anew, and never believed."""
        with suppress(EvidenceError), Log.open(self.folder) as log:
            before = log.size
            again = log.append([entry(number) for number in (0, 150, 275)], received=NOW)
            assert [receipt.repeated for receipt in again] == [True] * 3
            assert log.size == before
            assert content(log) == self.content
            # The note of the erasures is written to the newest entry, which may be a later one.
            if path.name != "erasures":
                assert path.read_bytes() == good, "a damaged look-up was left as it is"
        assert fsck(self.folder).ok


def content(log: Log) -> list[object]:
    """Everything that a reader of the log sees."""
    return [
        (entry, None if log.erased(entry.payload) else log.payload(entry.payload))
        for entry in log.entries()
    ]


@FLIPS.tries(parts=10)
def test_every_flipped_bit_is_found(torture, folder):
    torture(Flips(folder, files(folder)))
    assert fsck(folder).ok


def broken(monkeypatch, folder, where):
    """Flips in one part of the log, under an auditor whose quick way is closed.

    The quick way leaves to the slow one whatever does not hold; it is the slow one that is broken.
    """

    def amiss(_):
        raise parts.Amiss

    monkeypatch.setattr(checking._Fsck, "_quick_tree", amiss)
    flips = Flips(folder, [path for path in files(folder) if where in path.as_posix()])
    flips.told_or_right = lambda: None
    assert fsck(folder).ok
    return flips


@FLIPS.saboteur("an auditor that does not hash payloads", tries=60, share=0.5)
def test_an_auditor_that_does_not_hash_payloads_is_caught(torture, folder, monkeypatch):
    real = workers.Workers.folders

    def believed(self, tasks):
        for found in real(self, tasks):
            yield [one._replace(digest=one.where.replace("/", "")) for one in found]

    monkeypatch.setattr(workers.Workers, "folders", believed)
    torture(broken(monkeypatch, folder, "/payload/"))


@FLIPS.saboteur("an auditor that does not verify signatures", tries=60)
def test_an_auditor_that_verifies_nothing_is_caught(torture, folder, monkeypatch):
    class Trusting:
        @staticmethod
        def from_public_bytes(_):
            return Trusting

        @staticmethod
        def verify(*_):
            return None

    monkeypatch.setattr(published, "Ed25519PublicKey", Trusting)
    torture(broken(monkeypatch, folder, "/checkpoint"))


@FLIPS.saboteur("an auditor that does not compare tiles", tries=60, share=0.9)
def test_an_auditor_that_does_not_compare_tiles_is_caught(torture, folder, monkeypatch):
    monkeypatch.setattr(published.TileFiles, "check", lambda *_, **__: None)
    monkeypatch.setattr(published.TileFiles, "rest", lambda *_: None)
    torture(broken(monkeypatch, folder, "/tile/0"))


@FLIPS.saboteur("an auditor that does not hash the journal's records", tries=60)
def test_an_auditor_that_believes_the_journal_is_caught(torture, folder, monkeypatch):
    def believed(folder, _):
        for path in sorted(folder.iterdir()):
            data, at = path.read_bytes(), 0
            while at < len(data):
                leaf, envelope = (
                    int.from_bytes(data[at + place : at + place + 4], "big") for place in (24, 28)
                )
                middle = at + 64 + leaf
                yield records.Record(data[at + 64 : middle], data[middle : middle + envelope])
                at = middle + envelope

    monkeypatch.setattr(checking, "journal_records", believed)
    torture(broken(monkeypatch, folder, "/journal/"))


@FLIPS.saboteur("an auditor that passes over cosigned checkpoints", tries=60)
def test_an_auditor_that_passes_over_cosigned_checkpoints_is_caught(torture, folder, monkeypatch):
    class Absent:
        def __init__(self, *_):
            self.tile = self.full = self.rest = lambda *_: None

    monkeypatch.setattr(checking, "Cosigned", Absent)
    torture(broken(monkeypatch, folder, "/witnessed/"))


@FLIPS.saboteur("a writer that believes its look-ups", tries=60)
def test_a_writer_that_believes_its_look_ups_is_caught(torture, folder, monkeypatch):
    class Hash:
        """Hashes that agree with everything."""

        def __init__(self, data):
            self._real = hashlib.sha256(data)

        def digest(self):
            return Any(self._real.digest())

        def hexdigest(self):
            return self._real.hexdigest()

    class Any(bytes):
        __hash__ = bytes.__hash__

        def __eq__(self, _):
            return True

        def __ne__(self, _):
            return False

    class Module:
        sha256 = Hash

    monkeypatch.setattr(index, "hashlib", Module)
    flips = Flips(folder, [path for path in files(folder) if path.parent.name == "index"])
    torture(flips)
