"""An approved erasure is finished after any crash, and nothing else is ever removed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pyrage
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import Erased, EvidenceError, LogDamaged, TrucewatchError
from trucewatch.evidence import (
    Approved,
    Asked,
    Concerned,
    Declined,
    EntryKind,
    Log,
    NewEntry,
    encode_step,
    fsck,
)
from trucewatch.evidence.audit import AuditedLog, erased
from trucewatch.evidence.audit.erased import erasures as audited
from trucewatch.evidence.audit.records import Step
from trucewatch.evidence.log import erasing, journal
from trucewatch.evidence.log.erasure import decode_step
from trucewatch.evidence.log.payloads import payload_path

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("evidence")
STORMS = 150


def report(payload, source="paper"):
    return NewEntry(kind=EntryKind.REPORT, source=source, payload=payload)


def enter(log, step):
    entry = NewEntry(kind=EntryKind.ERASED, source="people", payload=encode_step(step))
    (receipt,) = log.append([entry], received=NOW)
    return receipt


def approval(log, asked, receipt, *, by="boris"):
    held = [entry for entry in log.entries() if entry.payload == asked.payload]
    return Approved(
        by=by,
        request=receipt.index,
        leaf=receipt.leaf_hash,
        payload=asked.payload,
        entries=tuple(Concerned(index=entry.index, records=1) for entry in held),
        files=tuple(sorted({entry.stored for entry in held})),
    )


def erase(log, payload):
    asked = Asked(by="anna", reason="in danger", payload=payload)
    return enter(log, approval(log, asked, enter(log, asked)))


class Workload:
    """Delivers, asks, approves and publishes at random, and remembers what it was promised."""

    def __init__(self, random):
        self.random = random
        self.kept = set()
        self.approved = set()
        self.doubtful = set()
        self.gone = set()

    def run(self, log):
        while True:
            choice = self.random.random()
            if choice < 0.3:
                log.publish()
                self.gone |= self.approved
            elif choice < 0.6 and self.kept:
                payload = self.random.choice(sorted(self.kept))
                asked = Asked(by="anna", reason="in danger", payload=payload)
                receipt = enter(log, asked)
                if self.random.random() < 0.7:
                    self.kept.discard(payload)
                    self.doubtful.add(payload)
                    enter(log, approval(log, asked, receipt))
                    self.doubtful.discard(payload)
                    self.approved.add(payload)
            else:
                data = self.random.randbytes(self.random.choice((1, 40, 700)))
                (receipt,) = log.append([report(data, f"s{len(data)}")], received=NOW)
                if receipt.payload not in self.approved:
                    self.kept.add(receipt.payload)

    def check_disk(self, disk):
        """What was published as erased is off the disk before anybody opens the log again."""
        for payload in self.gone:
            with pytest.raises(FileNotFoundError):
                disk.read(payload_path(payload))

    def check(self, log, disk):
        for payload in self.approved:
            with pytest.raises(FileNotFoundError):
                disk.read(payload_path(payload))
            with pytest.raises(Erased):
                log.payload(payload)
        for payload in self.kept:
            log.payload(payload)
        for payload in self.doubtful:
            if log.erased(payload) is None:
                log.payload(payload)
        known = {entry.payload for entry in log.entries()}
        assert self.approved <= known
        assert {r.asked.payload for r in log.erasures() if r.erased} <= (
            self.approved | self.doubtful
        )


def empty(kind):
    disk = kind()
    Log.create(HERE, origin="example.org/storm", disk=disk).close()
    for folder, names in disk.folders.items():
        disk.safe[folder] = dict(names)
        for file in names.values():
            if file is not None:
                file.safe, file.pending = bytearray(file.now), []
    return disk


def storm(disk, disks, seed, folder, *, audit):
    random = Random(seed)
    work = Workload(random)
    disk = disk.clone()
    kind = type(disk)
    for _ in range(3):
        disk.cut_at = disk.operations + random.randrange(1, 140)
        try:
            with pytest.raises(disks.power_cut):
                work.run(Log.open(HERE, disk=disk))
        except Erased:
            # Two deliveries of the same few bytes, one of them erased: refused, as it must be.
            disk.cut_at = None
        disk = disk.after_power_cut(random)
        disk.__class__ = kind
        work.check_disk(disk)
    with Log.open(HERE, disk=disk) as log:
        work.check(log, disk)
    if audit:
        found = fsck(disk.copy_to(folder))
        assert found.ok, found.problems
        assert found.erased >= len(work.approved)
    return len(work.approved)


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", 8)


def test_an_approved_erasure_survives_every_power_cut(disks, tmp_path):
    disk = empty(disks.sim)
    erased = [
        storm(disk, disks, seed, tmp_path / str(seed), audit=seed % 3 == 0)
        for seed in range(STORMS)
    ]
    assert sum(erased) > STORMS, "the storms hit erasures"


def caught(disks, tmp_path, disk, seeds=40):
    number = 0
    for seed in range(seeds):
        try:
            storm(disk, disks, seed, tmp_path / str(seed), audit=False)
        except (AssertionError, pytest.fail.Exception, TrucewatchError, OSError):
            number += 1
    return number


def test_the_saboteur_who_does_not_finish_on_opening_is_caught(disks, tmp_path, monkeypatch):
    begin = erasing.Erasures.__init__

    def forgetful(self, *parts, **given):
        begin(self, *parts, **given)
        self._pending.clear()

    monkeypatch.setattr(erasing.Erasures, "__init__", forgetful)
    assert caught(disks, tmp_path, empty(disks.sim)) > 5


def test_the_saboteur_who_removes_before_the_entry_is_durable_is_caught(
    disks, tmp_path, monkeypatch
):
    admit = erasing.Erasures.admit

    def hasty(self, entries, held):
        admit(self, entries, held)
        step = decode_step(entries[0].payload)
        if isinstance(step, Approved):
            for name in step.files:
                self._disk.remove(payload_path(name))

    monkeypatch.setattr(erasing.Erasures, "admit", hasty)
    assert caught(disks, tmp_path, empty(disks.sim)) > 2


def test_the_saboteur_who_does_not_sync_the_folder_is_caught(disks, tmp_path):
    class Careless(disks.sim):
        def remove(self, path):
            super().remove(path)
            self.removed = path.rpartition("/")[0]

        def sync_folder(self, path):
            if path != getattr(self, "removed", None) or not path.startswith("payload/"):
                super().sync_folder(path)
            self.removed = None

    assert caught(disks, tmp_path, empty(Careless)) > 2


def test_the_saboteur_who_removes_what_lies_beside_it_is_caught(disks, tmp_path, monkeypatch):
    finish = erasing.Erasures.finish

    def greedy(self, published):
        done = finish(self, published)
        if done:
            for folder in self._disk.names("payload")[:3]:
                for name in self._disk.names(f"payload/{folder}"):
                    self._disk.remove(f"payload/{folder}/{name}")
        return done

    monkeypatch.setattr(erasing.Erasures, "finish", greedy)
    assert caught(disks, tmp_path, empty(disks.sim)) > 10


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "evidence"


@pytest.fixture
def log(folder):
    with Log.create(folder, origin="example.org/island") as log:
        log.append([report(b"a"), report(b"a", "radio"), report(b"b")], received=NOW)
        yield log


def digests(log):
    return [entry.payload for entry in log.entries()]


def test_the_entry_is_published_before_the_file_goes(log, folder):
    payload = digests(log)[0]
    erase(log, payload)
    assert (folder / payload_path(payload)).exists()
    with pytest.raises(Erased):
        log.payload(payload)
    log.publish()
    assert not (folder / payload_path(payload)).exists()
    assert log.payload(digests(log)[2]) == b"b"


def test_only_a_whole_approval_is_taken(log):
    payload = digests(log)[0]
    asked = Asked(by="anna", reason="in danger", payload=payload)
    receipt = enter(log, asked)
    good = approval(log, asked, receipt)
    for fault, change in (
        ("a second person approves", {"by": "anna"}),
        ("nobody stands for it", {"by": " "}),
        ("asks for no erasure", {"request": 0}),
        ("asks for no erasure", {"leaf": "0" * 64}),
        ("another payload", {"payload": digests(log)[2]}),
        ("every entry that holds", {"entries": good.entries[:1]}),
        ("the files in which", {"files": ("0" * 64,)}),
    ):
        step = Approved(
            **{name: getattr(good, name) for name in good.__dataclass_fields__} | change
        )
        with pytest.raises(EvidenceError, match=fault):
            enter(log, step)
    enter(log, good)
    for again in (good, Declined(by="boris", request=3, leaf=receipt.leaf_hash, reason="no")):
        with pytest.raises(EvidenceError, match="has been answered before"):
            enter(log, again)
    with pytest.raises(EvidenceError, match="has been erased before"):
        enter(log, asked)
    assert log.erased(payload) is not None


def test_without_the_key_nothing_is_published_and_nothing_goes(log, folder):
    payload = digests(log)[0]
    erase(log, payload)
    log.close()
    with Log.open(folder, keyless=True) as again:
        assert again.size > again.checkpoint().size
        assert (folder / payload_path(payload)).exists()
    # Not even where all is published but the entry that erases it.
    with Log.open(folder) as again:
        assert not (folder / payload_path(payload)).exists()
        other = digests(again)[2]
        again.publish()
        size = again.size
        erase(again, other)
        again._erasures().finish(size + 1)
        assert (folder / payload_path(other)).exists()


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"by": "anna"}, "one person alone"),
        ({"leaf": "0" * 64}, "asks for no erasure"),
        ({"payload": hashlib.sha256(b"b").hexdigest()}, "another payload"),
        ({"files": (hashlib.sha256(b"b").hexdigest(),)}, "the files are not those"),
        ({"entries": ()}, "the files are not those"),
    ],
)
def test_what_another_writer_let_in_removes_nothing(log, folder, monkeypatch, lie, told):
    """The keeper of a log could append anything by other means; no reader goes by it."""
    asked = Asked(by="anna", reason="in danger", payload=digests(log)[0])
    good = approval(log, asked, enter(log, asked))
    with monkeypatch.context() as saboteur:
        saboteur.setattr(erasing, "fault_of", lambda *_: None)
        saboteur.setattr(erasing, "answers", lambda *_: True)
        enter(log, replace(good, **lie))
    log._erasures().requests.clear()
    log._erasures()._pending.clear()
    log.publish()
    log.close()
    problems = " ".join(fsck(folder).problems)
    assert told in problems
    if "files" not in lie and "entries" not in lie:
        with pytest.raises(LogDamaged, match="answers no request"):
            Log.open(folder)
        assert (folder / payload_path(good.payload)).exists()


def test_the_auditor_counts_no_erasure_of_what_the_rest_is_checked_by(log, folder, monkeypatch):
    seal = NewEntry(kind=EntryKind.BULLETIN, source="operator", payload=b"a seal")
    (held,) = log.append([seal], received=NOW)
    monkeypatch.setattr(erasing, "fault_of", lambda *_: None)
    erase(log, held.payload)
    log.publish()
    assert not (folder / payload_path(held.payload)).exists()
    problems = " ".join(fsck(folder).problems)
    assert f"entry {held.index} is not one that can be erased" in problems
    assert f"payload {held.payload}: missing" in problems


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ((b",", b", "), "one form"),
        ((b'"by"', b'"bz"'), "not the fields"),
        ((b"erasure/1", b"erasure/2"), "has not the form"),
        ((b'"replaced_by":[]', b'"replaced_by":["x"]'), "has not the form"),
        ((b'"replaced_by":[]', b'"replaced_by":"1"'), "has not the form"),
    ],
)
def test_the_auditor_reads_a_step_in_its_one_form_alone(tmp_path, change, told):
    good = encode_step(Asked(by="anna", reason="in danger", payload="0" * 64))
    assert change[0] in good
    for data, faults in ((good, 0), (good.replace(*change), 1)):
        digest = hashlib.sha256(data).hexdigest()
        path = tmp_path / payload_path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        problems = []
        audited(tmp_path, [Step(0, bytes(32), digest)], problems.append)
        assert len(problems) == faults
    assert told in problems[0]


def test_the_auditor_sees_what_was_erased_and_lies_there_again(log, folder):
    payload = digests(log)[0]
    erase(log, payload)
    log.publish()
    log.close()
    found = fsck(folder)
    assert (found.ok, found.erased) == (True, 1)
    (folder / payload_path(payload)).write_bytes(b"a")
    (problem,) = fsck(folder).problems
    assert problem.endswith("entry 4 erased it, and it lies there")


def test_erased_bytes_are_not_taken_in_again(log):
    payload = digests(log)[0]
    erase(log, payload)
    for source in ("paper", "another"):
        with pytest.raises(Erased):
            log.append([report(b"a", source)], received=NOW)


def test_an_answer_counts_once(log, folder, monkeypatch):
    asked = Asked(by="anna", reason="in danger", payload=digests(log)[0])
    receipt = enter(log, asked)
    good = approval(log, asked, receipt)
    refusal = Declined(by="boris", request=receipt.index, leaf=receipt.leaf_hash, reason="no")
    enter(log, refusal)
    monkeypatch.setattr(erasing, "fault_of", lambda *_: None)
    with pytest.raises(LogDamaged, match="answers no request"):
        enter(log, good)
    log.close()
    with pytest.raises(LogDamaged, match="answers no request"):
        Log.open(folder)
    assert (folder / payload_path(good.payload)).exists()
    assert "was answered before" in " ".join(fsck(folder).problems)


@pytest.mark.parametrize("encrypted", [False, True])
def test_an_approval_that_takes_another_payload_is_found(folder, log, monkeypatch, encrypted):
    """Who holds the log asks for a trifle, and writes an approval by which something else goes."""
    if encrypted:
        recipient = str(pyrage.x25519.Identity.generate().to_public())
        log.encrypt_to(lambda: (recipient,))
    log.append([report(b"%d" % number, source="radio") for number in range(9)], received=NOW)
    trifle, breach = (entry for entry in log.entries(4, 6))
    asked = Asked(by="anna", reason="in danger", payload=trifle.payload)
    good = approval(log, asked, enter(log, asked))
    others = {"entries": (Concerned(index=breach.index),), "files": (breach.stored,)}
    fields = {name: getattr(good, name) for name in good.__dataclass_fields__}
    monkeypatch.setattr(erasing, "fault_of", lambda *_: None)
    enter(log, Approved(**fields | others))
    log.publish()
    assert not (folder / payload_path(breach.stored)).exists()
    told = "does not hold the payload that was asked for"
    assert any(told in problem for problem in fsck(folder).problems)
    with pytest.raises(LogDamaged, match=told):
        AuditedLog(folder).erasures()
    # The saboteur who looks at the files alone calls it an erasure.
    monkeypatch.setattr(erased, "_plain", lambda *_: trifle.payload)
    assert fsck(folder).ok


def test_an_encrypted_payload_is_erased_by_its_own_name(folder, log):
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    log.encrypt_to(lambda: (recipient,))
    log.append([report(b"%d" % number, source="radio") for number in range(9)], received=NOW)
    (entry,) = log.entries(5, 6)
    erase(log, entry.payload)
    log.publish()
    found = fsck(folder)
    assert (found.ok, found.erased) == (True, 1), found.problems


def test_a_step_comes_alone_and_in_its_one_form(log):
    asked = Asked(by="anna", reason="in danger", payload=digests(log)[0])
    entry = NewEntry(kind=EntryKind.ERASED, source="people", payload=encode_step(asked))
    with pytest.raises(EvidenceError, match="by itself"):
        log.append([entry, report(b"c")], received=NOW)
    for payload in (b"", b"[]", b"{}", encode_step(asked).replace(b",", b", "), b"\xff"):
        with pytest.raises(LogDamaged):
            log.append([NewEntry(kind=EntryKind.ERASED, source="x", payload=payload)], received=NOW)
    assert log.size == 3


@pytest.mark.parametrize(
    "change",
    [
        {"by": 1},
        {"reason": None},
        {"payload": "x" * 64},
        {"payload": "A" * 64},
        {"replaced_by": ["01"]},
        {"replaced_by": [1]},
    ],
)
def test_a_field_of_another_form_is_no_step(change):
    asked = Asked(by="anna", reason="in danger", payload="a" * 64, replaced_by=(1,))
    fields = json.loads(encode_step(asked))
    assert decode_step(rfc8785.dumps(fields)) == asked
    with pytest.raises(LogDamaged):
        decode_step(rfc8785.dumps(fields | change))


def test_what_is_not_there_cannot_be_erased(log):
    log.append([report(b"")], received=NOW)
    for payload, told in (
        (b"never sent", "no entry of the log has this payload"),
        (b"", "it is empty: there is nothing to erase"),
    ):
        asked = Asked(by="anna", reason="why", payload=hashlib.sha256(payload).hexdigest())
        with pytest.raises(EvidenceError, match=told):
            enter(log, asked)
    assert log.erasures() == ()


def test_the_auditor_holds_an_approval_against_what_it_can_read(tmp_path):
    """Without the entries, or with a list that is none, nothing counts as erased."""
    asked = Asked(by="anna", reason="in danger", payload="a" * 64)
    yes = Approved(
        by="boris", request=0, leaf=bytes(32).hex(), payload="a" * 64,
        entries=(Concerned(index=7, records=1),), files=("a" * 64,),
    )  # fmt: skip
    good = json.loads(encode_step(yes))
    first = good["entries"][0]
    for fields, told in (
        (good, "entry 7 is not one that can be erased"),
        (good | {"entries": ["7"]}, "a field has not the form"),
        (good | {"entries": [first | {"more": "x"}]}, "a field has not the form"),
        (good | {"entries": [first | {"index": 7}]}, "a field has not the form"),
    ):
        steps = []
        for number, data in enumerate((encode_step(asked), rfc8785.dumps(fields))):
            digest = hashlib.sha256(data).hexdigest()
            path = tmp_path / payload_path(digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            steps.append(Step(number, bytes(32), digest))
        problems = []
        (found,) = audited(tmp_path, steps, problems.append)
        assert found.answer is None
        assert told in problems[0], problems


def test_the_note_may_be_lost_or_damaged(log, folder):
    for number in range(40):
        log.append([report(b"%d" % number)], received=NOW)
    payload = digests(log)[0]
    erase(log, payload)
    for number in range(40, 60):
        log.append([report(b"%d" % number)], received=NOW)
    log.publish()
    log.close()
    note = folder / "index" / "erasures"
    whole = note.read_bytes()
    ahead = json.dumps([10**6, []]).encode()
    ahead += hashlib.sha256(ahead).digest()
    for data in (None, b"", whole[:-1] + b"x", ahead):
        if data is None:
            note.unlink()
        else:
            note.write_bytes(data)
        with Log.open(folder, readonly=True) as reader, pytest.raises(Erased):
            reader.payload(payload)
        (folder / payload_path(payload)).write_bytes(b"a")
        with Log.open(folder) as writer:
            assert any("removed payload" in words for words in writer.account)
        assert not (folder / payload_path(payload)).exists()
    assert fsck(folder).ok


texts = st.text(st.characters(codec="utf-8"), max_size=20)
numbers = st.integers(min_value=0, max_value=10**17)
hashes = st.from_regex("[0-9a-f]{64}", fullmatch=True)


@given(
    st.one_of(
        st.builds(
            Asked, by=texts, reason=texts, payload=hashes, replaced_by=st.tuples(numbers, numbers)
        ),
        st.builds(Declined, by=texts, request=numbers, leaf=hashes, reason=texts),
        st.builds(
            Approved,
            by=texts,
            request=numbers,
            leaf=hashes,
            payload=hashes,
            entries=st.tuples(st.builds(Concerned, index=numbers, records=numbers, by=texts)),
            files=st.tuples(hashes),
        ),
    )
)
def test_a_step_is_read_as_it_was_written(step):
    assert decode_step(encode_step(step)) == step


@given(st.binary(max_size=200))
def test_rubbish_is_no_step(data):
    with pytest.raises(LogDamaged):
        decode_step(data)
