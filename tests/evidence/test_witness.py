"""A witness answers as C2SP tlog-witness asks, in that order, and cosigns only what grew."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import EvidenceError, LogDamaged, NotFound, WriteFailed
from trucewatch.evidence.log.disk import FolderDisk
from trucewatch.evidence.tlog.cosignatures import Cosigner
from trucewatch.evidence.tlog.notes import Signer, Verifier, split_note
from trucewatch.evidence.witness import LARGEST_REQUEST, Witness, make_witness, seen, store
from trucewatch.evidence.witness import watch as watch_log

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("witness")
TEXT = "text/plain; charset=utf-8"


class Trial:
    """A witness on a simulated disk, and a log that it watches."""

    def __init__(self, disk, log) -> None:
        self.disk, self.log = disk, log
        self.vkey = make_witness(HERE, name="w.example.org", disk=disk)
        watch_log(HERE, log.vkey, disk=disk)
        self.cosigner = Cosigner.parse(self.vkey)
        self.witness = Witness.open(HERE, disk=disk)

    def ask(self, body: bytes, now: datetime = NOW):
        answer = self.witness.add_checkpoint(body, now=now)
        return answer.status, answer.media, answer.body

    def send(self, log, old: int, size: int, now: datetime = NOW):
        return self.ask(log.request(old, size), now)

    def cosigned(self, log, old: int, size: int, now: datetime = NOW) -> int:
        """Send what must be cosigned, verify it, and give its time."""
        status, media, body = self.send(log, old, size, now)
        assert (status, media) == (200, TEXT), body
        assert body.endswith("\n")
        text = split_note(log.note(size))[0]
        return self.cosigner.verify(text, body.removesuffix("\n")).at

    def files(self) -> dict[str, bytes]:
        return {
            f"{folder}/{name}": bytes(file.now)
            for folder, names in self.disk.folders.items()
            for name, file in names.items()
            if file is not None
        }


@pytest.fixture
def trial(disks, tree) -> Trial:
    return Trial(disks.sim(), tree().grow(40))


def test_it_cosigns_what_grows(trial):
    log = trial.log
    assert trial.cosigned(log, 0, 3) == int(NOW.timestamp())
    assert trial.cosigned(log, 3, 3) == int(NOW.timestamp())
    assert trial.cosigned(log, 3, 7, NOW + timedelta(seconds=9)) == int(NOW.timestamp()) + 9
    assert trial.cosigned(log, 7, 40, NOW + timedelta(hours=1)) == int(NOW.timestamp()) + 3600


def test_every_pair_of_sizes(disks, tree):
    log = tree().grow(20)
    for old in range(21):
        for size in range(old, 21):
            fresh = Trial(disks.sim(), log)
            if old:
                fresh.cosigned(log, 0, old)
            fresh.cosigned(log, old, size)


def test_an_empty_log_may_be_cosigned(trial):
    trial.cosigned(trial.log, 0, 0)
    trial.cosigned(trial.log, 0, 5)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b"old 0\n",
        b"old 0\n\n",
        b"\xff\xfe",
        b"old 00\n\nNOTE",
        b"old -1\n\nNOTE",
        b"old 1 \n\nNOTE",
        b"Old 0\n\nNOTE",
        b"old 0\r\n\r\nNOTE",
        b"old 0\nNOTE",
        b"old 0\nxx\n\nNOTE",
        b"old 0\nAAAA\n\nNOTE",
        b"old 0\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\nNOTE",
        b"old 99999999999999999999\n\nNOTE",
        b"old 41\n\nNOTE",
    ],
)
def test_400_malformed(trial, body):
    status, media, words = trial.ask(body.replace(b"NOTE", trial.log.note(40).encode()))
    assert (status, media) == (400, TEXT)
    assert words.endswith("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n40\n", "\n040\n"),
        ("\n40\n", "\n-40\n"),
        ("\n40\n", "\n99999999999999999999\n"),
        ("\n40\n", "\n9999999999999999999\n"),
        ("=\n\n", "\n\n"),
        ("=\n\n", "=\n\nextension\n\n"),
        ("— ", "- "),
        ("— ", "—  "),
        ("\n40\n", "\n40\n\t"),
    ],
)
def test_400_malformed_checkpoint(trial, old, new):
    note = trial.log.note(40)
    assert old in note
    assert trial.ask(f"old 0\n\n{note.replace(old, new)}".encode())[0] == 400
    assert trial.ask(f"old 0\n\n{note[:-1]}".encode())[0] == 400


def test_400_too_long(trial):
    body = trial.log.request(0, 3)
    assert trial.ask(body + b"x" * (LARGEST_REQUEST - len(body) + 1))[0] == 400


def test_63_hashes_may_be_sent(trial):
    body = trial.log.request(0, 3, proof=[bytes(32)] * 63)
    assert trial.ask(body)[0] == 422


def test_404_unknown_log(trial, tree):
    stranger = tree("example.org/other").grow(3)
    assert trial.send(stranger, 0, 3)[0] == 404
    # Unknown comes before unsigned, and before any size.
    assert trial.ask(stranger.request(3, 3).replace(b"other\n3", b"other\n2", 1))[0] == 404


def test_403_not_signed_by_the_log(trial, tree):
    imposter = tree(seed=8).grow(3)
    assert trial.send(imposter, 0, 3)[0] == 403
    # A matching name and hash over a signature that does not hold.
    text, (line,) = split_note(trial.log.note(3))
    data = bytearray(base64.b64decode(line.split(" ")[2]))
    data[40] ^= 1
    bad = f"— example.org/log {base64.b64encode(data).decode()}"
    assert trial.ask(f"old 0\n\n{text}\n{bad}\n".encode())[0] == 403
    # It spoils the note even beside one that holds, in either order.
    for lines in (f"{line}\n{bad}\n", f"{bad}\n{line}\n"):
        assert trial.ask(f"old 0\n\n{text}\n{lines}".encode())[0] == 403
    # Lines of unknown keys are passed over.
    unknown = f"— example.org/log {base64.b64encode(b'else' + bytes(64)).decode()}"
    assert trial.ask(f"old 0\n\n{text}\n{unknown}\n{line}\n".encode())[0] == 200


def test_403_comes_before_409_and_400_of_sizes(trial, tree):
    imposter = tree(seed=8).grow(9)
    assert trial.send(imposter, 5, 9)[0] == 403


def test_409_says_the_size_that_is_known(trial):
    assert trial.send(trial.log, 5, 9) == (409, "text/x.tlog.size", "0\n")
    trial.cosigned(trial.log, 0, 12)
    assert trial.send(trial.log, 0, 20) == (409, "text/x.tlog.size", "12\n")
    assert trial.send(trial.log, 13, 20) == (409, "text/x.tlog.size", "12\n")
    # Larger than the checkpoint's own size is malformed, whatever is known.
    assert trial.ask(trial.log.request(5, 5).replace(b"old 5", b"old 6"))[0] == 400


def test_an_older_checkpoint_is_no_fork(trial):
    trial.cosigned(trial.log, 0, 12)
    for old in (0, 5, 7):
        assert trial.send(trial.log, old, 7)[0] == 409
    (known,) = seen(HERE, disk=trial.disk)[1]
    assert (known.forks, known.doubts) == ((), ())


def test_400_of_a_request_that_is_too_long(trial):
    name = "n" * 1000
    lines = f"— {name} {base64.b64encode(bytes(68)).decode()}\n" * 99
    body = trial.log.request(0, 3) + lines.encode()
    assert len(body) > LARGEST_REQUEST
    assert (trial.ask(body)[0], trial.ask(body[: body.rindex(b"\xe2")])[0]) == (400, 400)
    short = body[:LARGEST_REQUEST]
    assert trial.ask(short[: short.rindex("—".encode())])[0] == 200


def test_422(trial):
    log = trial.log
    empty = log.signer.checkpoint(0, bytes(32)).note
    assert trial.ask(f"old 0\n\n{empty}".encode())[0] == 422
    assert trial.ask(log.request(0, 3, proof=[bytes(32)]))[0] == 422
    trial.cosigned(log, 0, 7)
    good = log.proof(7, 20)
    for bad in ((), good[:-1], (*good, bytes(32)), (*good[:-1], bytes(32)), good[::-1]):
        assert trial.ask(log.request(7, 20, proof=bad))[0] == 422
    other = log.fork(5, 30)
    assert trial.send(other, 7, 7)[0] == 422
    assert trial.send(other, 7, 20)[0] == 422
    assert trial.ask(log.request(7, 7, proof=[bytes(32)]))[0] == 422
    trial.cosigned(log, 7, 20)


def test_nothing_that_is_refused_changes_what_is_known(trial):
    trial.cosigned(trial.log, 0, 7)
    before = trial.files()
    for body in (b"", trial.log.request(0, 9), trial.log.request(8, 9)):
        assert trial.ask(body)[0] != 200
    assert trial.files() == before


def test_what_contradicts_is_kept_as_evidence(trial):
    log, digest = trial.log, store.digest_of("example.org/log")
    trial.cosigned(log, 0, 7)
    fork = log.fork(5, 30)
    # A fork of the same size is kept whatever old size came with it, and only once.
    answers = [trial.witness.add_checkpoint(fork.request(old, 7), now=NOW) for old in (0, 7, 7)]
    assert [answer.status for answer in answers] == [409, 422, 422]
    assert "contradicts" in answers[0].told
    assert not answers[1].told
    # Of another size it is in doubt: anybody can send a proof that does not hold.
    assert "does not hold" in trial.witness.add_checkpoint(fork.request(7, 9), now=NOW).told
    (known,) = seen(HERE, disk=trial.disk)[1]
    (path,), (doubt,) = known.forks, known.doubts
    assert path.startswith(f"contradictions/{digest}/fork-")
    kept = trial.disk.read(path).decode()
    mine = trial.disk.read(path.replace("-theirs", "-mine")).decode()
    verifier = Verifier.parse(log.vkey)
    assert verifier.checkpoint(kept).root == fork.root(7).hex()
    assert verifier.checkpoint(mine).root == log.root(7).hex()
    assert trial.cosigner.verify(split_note(mine)[0], split_note(mine)[1][1])
    assert verifier.checkpoint(trial.disk.read(doubt).decode()).size == 9
    # Nothing unsigned is kept: it proves nothing against anybody.
    assert trial.ask(fork.request(7, 7).replace(b"old 7\n\nexample.org/log\n7", b"old 7\n\nx\n7"))


def test_evidence_cannot_fill_the_disk(trial, monkeypatch):
    monkeypatch.setattr(store, "MOST_FORKS", 3)
    monkeypatch.setattr(store, "MOST_DOUBTS", 2)
    trial.cosigned(trial.log, 0, 7)
    for number in range(9):
        fork = trial.log.fork(5, 30, salt=f"fork{number}-")
        trial.send(fork, 7, 7)
        trial.send(fork, 7, 9)
    (known,) = seen(HERE, disk=trial.disk)[1]
    assert (len(known.forks), len(known.doubts)) == (3, 2)


def test_time_never_runs_backwards(trial, tree):
    second = tree("example.org/second").grow(3)
    watch_log(HERE, second.vkey, disk=trial.disk)
    first = trial.cosigned(trial.log, 0, 3)
    early = NOW - timedelta(days=3650)
    answer = trial.witness.add_checkpoint(second.request(0, 3), now=early)
    assert "behind" in answer.told
    text = split_note(second.note(3))[0]
    assert trial.cosigner.verify(text, answer.body.strip()).at == first
    # A few seconds are nobody's concern, but the time stands still all the same.
    answer = trial.witness.add_checkpoint(second.request(3, 3), now=NOW - timedelta(seconds=5))
    assert (answer.told, trial.cosigner.verify(text, answer.body.strip()).at) == ("", first)
    # Nor after a restart.
    trial.witness.close()
    trial.witness = Witness.open(HERE, disk=trial.disk)
    assert trial.cosigned(trial.log, 3, 7, early) == first


def test_monitors_get_the_newest_checkpoint(trial):
    digest = store.digest_of("example.org/log")
    assert trial.witness.latest(digest) is None
    trial.cosigned(trial.log, 0, 3)
    body = trial.send(trial.log, 3, 9)[2]
    note = trial.witness.latest(digest)
    assert note == trial.log.note(9) + body
    assert Verifier.parse(trial.log.vkey).checkpoint(note).size == 9
    for other in ("", "..", digest.upper(), f"{digest}/../{digest}", store.digest_of("else")):
        assert trial.witness.latest(other) is None
    # Lines of others are not passed on.
    stranger = f"— else {base64.b64encode(bytes(40)).decode()}\n"
    trial.ask(trial.log.request(9, 9, note=trial.log.note(9) + stranger))
    assert "else" not in trial.witness.latest(digest)


def test_a_log_with_a_second_key(trial, tree):
    second = tree(seed=9).grow(40)
    assert trial.send(second, 0, 3)[0] == 403
    assert watch_log(HERE, second.vkey, disk=trial.disk) == ("example.org/log", True)
    assert watch_log(HERE, second.vkey, disk=trial.disk) == ("example.org/log", False)
    trial.cosigned(trial.log, 0, 3)
    trial.cosigned(second, 3, 9)
    assert trial.witness.logs() == ("example.org/log",)
    # A stolen key is believed no longer; what was cosigned under it stays known.
    assert watch_log(HERE, second.vkey, only=True, disk=trial.disk) == ("example.org/log", True)
    assert watch_log(HERE, second.vkey, only=True, disk=trial.disk) == ("example.org/log", False)
    assert trial.send(trial.log, 9, 12)[0] == 403
    assert trial.send(second.fork(5, 20), 9, 12)[0] == 422
    trial.cosigned(second, 9, 12)


def test_a_witness_of_its_own_folder(tmp_path):
    folder = tmp_path / "w"
    vkey = make_witness(folder, name="w.example.org")
    with pytest.raises(EvidenceError, match="here already"):
        make_witness(folder, name="w.example.org")
    assert (folder / "key").stat().st_mode & 0o077 == 0
    assert (folder / "key/cosigning").stat().st_mode & 0o077 == 0
    with Witness.open(folder) as witness:
        assert (witness.vkey, witness.name) == (vkey, "w.example.org")
        with pytest.raises(EvidenceError, match="one process"):
            Witness.open(folder)
        # A log may be added while it runs.
        log = Signer("example.org/log", bytes(32))
        assert watch_log(folder, log.verifier.vkey()) == ("example.org/log", True)
        body = f"old 0\n\n{log.checkpoint(1, bytes(32)).note}".encode()
        assert witness.add_checkpoint(body, now=NOW).status == 200
    with pytest.raises(WriteFailed, match="closed"):
        witness.add_checkpoint(body, now=NOW)
    assert seen(folder)[0] == vkey
    with pytest.raises(NotFound):
        Witness.open(tmp_path / "else")
    with pytest.raises(NotFound):
        watch_log(tmp_path / "else", log.verifier.vkey())
    with pytest.raises(NotFound):
        seen(tmp_path / "else")
    for name in ("", "a b", "a+b", "a\nb"):
        with pytest.raises(ValueError, match="origin"):
            make_witness(tmp_path / "new", name=name)
    with pytest.raises(LogDamaged):
        watch_log(folder, vkey)


def test_a_witness_that_is_not_sure_what_it_said_says_nothing(trial, disks, tree):
    trial.cosigned(trial.log, 0, 3)
    path = f"logs/{store.digest_of('example.org/log')}/checkpoint"
    good = trial.disk.read(path)
    stranger = Trial(disks.sim(), tree(seed=8).grow(5))
    stranger.cosigned(stranger.log, 0, 4)
    other = stranger.disk.read(path)
    for bad in (
        b"",
        b"\xff",
        good[:-5],
        good.replace(b"\n3\n", b"\n2\n"),
        other,
        good[:80] + b"\n",
    ):
        trial.disk.overwrite(path, 0, b"")
        trial.disk.truncate(path, 0)
        trial.disk.append(path, bad)
        with pytest.raises(LogDamaged):
            Witness.open(HERE, disk=trial.disk)
        with pytest.raises(LogDamaged):
            seen(HERE, disk=trial.disk)


def test_what_it_cosigned_of_another_log_is_not_taken_for_this_one(trial, tree):
    second = tree("example.org/second").grow(9)
    watch_log(HERE, second.vkey, disk=trial.disk)
    trial.cosigned(trial.log, 0, 3)
    trial.cosigned(second, 0, 2)
    path, other = (
        f"logs/{store.digest_of(log.signer.verifier.name)}/checkpoint"
        for log in (trial.log, second)
    )
    data = trial.disk.read(other)
    trial.disk.truncate(path, 0)
    trial.disk.append(path, data)
    with pytest.raises(LogDamaged, match="not what this witness cosigned"):
        Witness.open(HERE, disk=trial.disk)


def test_keys_that_are_not_the_ones_they_stand_for_are_refused(trial, disks, tree):
    second = tree("example.org/second").grow(3)
    stranger = Trial(disks.sim(), tree().grow(3))
    trial.witness.close()

    def put(path: str, data: bytes) -> bytes:
        before = trial.disk.read(path)
        trial.disk.truncate(path, 0)
        trial.disk.append(path, data)
        return before

    path = f"logs/{store.digest_of('example.org/log')}/vkey"
    good = put(path, f"{second.vkey}\n".encode())
    with pytest.raises(LogDamaged, match="another log's"):
        seen(HERE, disk=trial.disk)
    put(path, good)
    good = put("key/cosigning", stranger.disk.read("key/cosigning"))
    with pytest.raises(LogDamaged, match="public half"):
        Witness.open(HERE, disk=trial.disk)
    put("key/cosigning", good)
    Witness.open(HERE, disk=trial.disk).close()


@pytest.mark.parametrize("fails", ["write", "sync"])
def test_a_disk_that_fails_gives_no_cosignature(disks, tree, fails):
    """And the witness stops: nobody can say what the disk has."""
    points = 0
    for at in range(1, 40):
        trial = Trial(disks.full(), tree().grow(9))
        trial.cosigned(trial.log, 0, 3)
        disk = trial.disk
        disk.fails, disk.full_at, disk.tries = fails, at, 0
        try:
            trial.send(trial.log, 3, 9)
        except WriteFailed:
            disk.full_at = None
            with pytest.raises(WriteFailed):
                trial.send(trial.log, 3, 9)
            points += 1
            trial.witness = Witness.open(HERE, disk=disk)
            known = int(trial.send(trial.log, 0, 9)[2])
            assert known in {3, 9}
            trial.cosigned(trial.log, known, 9)
        else:
            break
    assert points >= 1


SABOTEURS = {
    "any signature will do": ("cosigning.trusted", lambda request, _: request.signatures),
    "any proof will do": ("rules.verify_consistency", lambda *_: True),
    "any size will do": ("cosigning.judge", lambda *_: None),
}


@pytest.mark.parametrize("name", SABOTEURS)
def test_saboteurs_are_caught(trial, monkeypatch, tree, name):
    """Each rule taken away lets something through that the tests above would see."""
    log, fork = trial.log, trial.log.fork(5, 30)
    imposter = tree(seed=8).grow(9)

    def refused() -> list[int]:
        bodies = [imposter.request(7, 9), fork.request(7, 20), log.request(0, 9)]
        return [trial.ask(body)[0] for body in bodies]

    trial.cosigned(log, 0, 7)
    assert refused() == [403, 422, 409]
    where, instead = SABOTEURS[name]
    monkeypatch.setattr(f"trucewatch.evidence.witness.{where}", instead)
    assert refused() != [403, 422, 409]


def test_the_saboteur_that_forgets_the_time_is_caught(trial):
    trial.cosigned(trial.log, 0, 3)
    trial.witness._last = 0
    early = NOW - timedelta(days=1)
    with pytest.raises(AssertionError):
        assert trial.cosigned(trial.log, 3, 7, early) >= int(NOW.timestamp())


def test_the_saboteur_without_a_lock_signs_two_histories(tmp_path, tree, monkeypatch):
    """Two processes with one folder: the lock is what keeps them from it, and reading anew."""
    folder = tmp_path / "w"
    make_witness(folder, name="w.example.org")
    log = tree().grow(9)
    fork = log.fork(3, 6)
    watch_log(folder, log.vkey)

    with Witness.open(folder) as witness:
        assert witness.add_checkpoint(log.request(0, 3), now=NOW).status == 200
        with pytest.raises(EvidenceError, match="one process"):
            Witness.open(folder)
    cosigner = Cosigner.parse((folder / "vkey").read_text().strip())
    known = store.read_known(FolderDisk(folder), store.digest_of("example.org/log"), cosigner)
    monkeypatch.setattr(FolderDisk, "lock", lambda _: True)
    first, second = Witness.open(folder), Witness.open(folder)
    # Without the lock, and with a memory of its own, the second signs what the first has not seen.
    monkeypatch.setattr(store, "read_known", lambda *_: known)
    requests = ((first, log), (second, fork))
    answers = [one.add_checkpoint(side.request(3, 7), now=NOW) for one, side in requests]
    assert [answer.status for answer in answers] == [200, 200]


@given(st.binary(max_size=400))
def test_rubbish_is_answered(disks, tree, data):
    trial = Trial(disks.sim(), tree().grow(3))
    assert trial.ask(data)[0] == 400
    body = trial.log.request(0, 3)
    place = len(data) % len(body)
    assert trial.ask(body[:place] + data + body[place:])[0] in {200, 400, 403, 404, 409, 422}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.booleans()), max_size=12))
def test_whatever_is_asked_what_is_cosigned_is_one_history(disks, tree, steps):
    log = tree().grow(12)
    other = log.fork(4, 8)
    trial = Trial(disks.sim(), log)
    known, branch, said = 0, "", []
    for old, size, forked in steps:
        source = other if forked else log
        if old > size:
            continue
        status = trial.send(source, old, size)[0]
        here = "" if size <= 4 else "other" if forked else "log"
        fits = old == known and (known <= 4 or here == branch)
        assert (status == 200) is fits
        if status == 200:
            known, branch = size, here
            said.append((size, here))
    assert [size for size, _ in said] == sorted(size for size, _ in said)
    assert len({here for _, here in said if here}) <= 1


def test_the_merkle_vectors_of_growth_are_answered_as_their_names_say(disks, shared, tree):
    """The consistency vectors of others, sent as requests: what verifies is cosigned."""
    cosigned = refused = 0
    for path in sorted((shared / "vectors/merkle/consistency").rglob("*.json")):
        case = json.loads(path.read_text())
        old, size = case["size1"], case["size2"]
        roots = [base64.b64decode(case[name] or "") for name in ("root1", "root2")]
        proof = [base64.b64decode(item) for item in case["proof"] or []]
        if not 0 < old <= size < 1 << 62 or any(len(item) != 32 for item in [*roots, *proof]):
            continue
        log = tree()
        trial = Trial(disks.sim(), log)
        first = log.signer.checkpoint(old, roots[0]).note
        assert trial.ask(log.request(0, old, proof=(), note=first))[0] == 200
        second = log.signer.checkpoint(size, roots[1]).note
        status = trial.ask(log.request(old, size, proof=proof, note=second))[0]
        assert (status == 200) is not case["wantErr"], path.name
        cosigned, refused = cosigned + (status == 200), refused + (status == 422)
    assert cosigned >= 5
    assert refused >= 60


def test_a_making_that_was_cut_short_is_finished_under_its_own_name_alone(disks):
    disk = disks.sim()
    vkey = make_witness(HERE, name="w.example.org", disk=disk)
    disk.remove("vkey")
    with pytest.raises(EvidenceError, match=r"of a witness of the name w\.example\.org"):
        make_witness(HERE, name="other.example.org", disk=disk)
    assert make_witness(HERE, name="w.example.org", disk=disk) == vkey


def test_two_processes_do_not_make_one_witness(tmp_path):
    held = FolderDisk.make(tmp_path / "w")
    assert held.lock()
    try:
        with pytest.raises(EvidenceError, match="another process uses the witness"):
            make_witness(tmp_path / "w", name="w.example.org")
    finally:
        held.close()
    assert make_witness(tmp_path / "w", name="w.example.org").startswith("w.example.org+")


def test_a_log_that_was_never_wholly_entered_is_not_listed(tmp_path, tree):
    folder = tmp_path / "w"
    make_witness(folder, name="w.example.org")
    watch_log(folder, tree().vkey)
    (folder / "logs" / ("0" * 64)).mkdir()
    assert [one.origin for one in seen(folder)[1]] == ["example.org/log"]
