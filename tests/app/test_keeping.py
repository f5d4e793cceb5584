"""Payloads that are kept encrypted: what needs a key, what does not, and what nobody can tell."""

from __future__ import annotations

import builtins
import hashlib
import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pyrage import x25519
from typer.testing import CliRunner

from trucewatch.app.auditing.verified import VerifiedLog
from trucewatch.app.cli import app
from trucewatch.app.deciding import enter, stays_inside
from trucewatch.app.erasing import steps
from trucewatch.app.identity import name_identity
from trucewatch.app.intake import ingest
from trucewatch.app.keeping import opener
from trucewatch.app.listing import current
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import ConfigurationError, Erased, Locked, LogDamaged, MissingExtra
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.log.entries import decode_leaf
from trucewatch.evidence.log.payloads import payload_path
from trucewatch.model import Reply

ISLAND = Path(__file__).parents[2] / "docs" / "island"
DAY = date(2025, 11, 11)
PEOPLE = """
[[people]]
id = "lead-1"
name = "Lead of the mission"
roles = ["lead"]

[[people]]
id = "reviewer-1"
name = "First reviewer"
roles = ["reviewer"]
"""


class Clock:
    def __init__(self):
        self.time = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(seconds=1)
        return self.time


def opened(folder, **more):
    return Mission.open(folder, now=Clock(), **more)


@pytest.fixture(autouse=True)
def _nobody_named():
    name_identity(None)
    yield
    name_identity(None)


@pytest.fixture(scope="module")
def keys():
    """Of the lead, of a second role, and of a stranger."""
    return [x25519.Identity.generate() for _ in range(3)]


@pytest.fixture
def identity(tmp_path, keys):
    path = tmp_path / "identity.txt"
    path.write_text(f"# made for a test\n{keys[0]}\n")
    path.chmod(0o600)
    return path


def lay_out(folder, keys):
    shutil.copytree(ISLAND, folder)
    (folder / "reports.csv").unlink()
    named = ", ".join(f'"{key.to_public()}"' for key in keys[:2])
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text() + f"\n[keeping]\nencrypt_to = [{named}]\n" + PEOPLE)
    return folder


@pytest.fixture
def folder(tmp_path, keys):
    return lay_out(tmp_path / "mission", keys)


def taken(folder, identity):
    """Take the island's reports in, run and publish a day."""
    name_identity(identity)
    with opened(folder) as mission:
        ingest(mission, [ISLAND / "reports.csv"])
        (issued,) = publish(mission, bring_up_to_date(mission), days=[DAY])
    name_identity(None)
    return issued


def delivery(log):
    return next(entry for entry in log.entries() if entry.kind is EntryKind.REPORT)


def test_what_is_public_does_not_let_anybody_confirm_a_guess(folder, identity):
    taken(folder, identity)
    raw = (ISLAND / "reports.csv").read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    with opened(folder, readonly=True) as mission:
        entry = delivery(mission.log)
        assert (entry.payload, entry.length) == (digest, len(raw))
        assert entry.stored != digest
    kept = (folder / "evidence" / payload_path(entry.stored)).read_bytes()
    assert kept.startswith(b"age-encryption.org/v1\n")
    for path in (folder / "evidence").rglob("*"):
        if path.is_file() and path.parts[-2] != "journal":
            data = path.read_bytes()
            assert digest.encode() not in data, path
            assert b"Four rounds fell" not in data, path
    for bundle in (folder / "evidence" / "tile" / "entries").rglob("*"):
        if bundle.is_file():
            assert f'"length":"{len(raw)}"'.encode() not in bundle.read_bytes()


def test_bulletins_are_the_same_to_the_byte_with_and_without(tmp_path, keys, identity, monkeypatch):
    one, other = (lay_out(tmp_path / name / "mission", keys) for name in ("one", "other"))
    sealed = taken(one, identity)
    with monkeypatch.context() as patched:
        patched.setattr(Mission, "recipients", lambda _: ())
        plain = taken(other, None)
    for kind in ("html", "md", "json"):
        name = f"bulletins/{sealed.stem}.{kind}"
        assert (one / name).read_bytes() == (other / name).read_bytes()
    assert plain.stem == sealed.stem
    with opened(other, readonly=True) as mission:
        assert delivery(mission.log).stored == delivery(mission.log).payload


def test_the_auditor_needs_no_key_and_readers_are_told_what_to_do(folder, identity, keys):
    taken(folder, identity)
    assert fsck(folder / "evidence").ok
    with opened(folder, readonly=True) as mission:
        digest = delivery(mission.log).payload
        with pytest.raises(Locked, match="TRUCEWATCH_IDENTITY"):
            mission.log.payload(digest)
    with pytest.raises(Locked, match="TRUCEWATCH_IDENTITY"):
        VerifiedLog(folder / "evidence").payload(digest)
    name_identity(identity)
    raw = (ISLAND / "reports.csv").read_bytes()
    assert VerifiedLog(folder / "evidence", opener=opener(folder)).payload(digest) == raw
    identity.write_text(f"{keys[2]}\n")
    with opened(folder, readonly=True) as mission, pytest.raises(Locked, match="other keys"):
        mission.log.payload(digest)
    identity.write_text(f"{keys[1]}\n")
    with opened(folder, readonly=True) as mission:
        assert mission.log.payload(digest) == raw


def test_the_same_report_is_still_recorded_once(folder, identity):
    taken(folder, identity)
    name_identity(identity)
    with opened(folder) as mission:
        size = mission.log.size
        (again,) = ingest(mission, [ISLAND / "reports.csv"])
        assert (again.receipt.repeated, mission.log.size) == (True, size)
        # What is lost cannot be encrypted to the same name again: it becomes an entry of its own.
        entry = delivery(mission.log)
        (folder / "evidence" / payload_path(entry.stored)).unlink()
        (anew,) = ingest(mission, [ISLAND / "reports.csv"])
        assert not anew.receipt.repeated
        assert any("entered anew" in words for words in mission.log.account)
        assert mission.log.payload(entry.payload) == (ISLAND / "reports.csv").read_bytes()


def test_a_damaged_ciphertext_is_told(folder, identity):
    taken(folder, identity)
    name_identity(identity)
    with opened(folder) as mission:
        entry = delivery(mission.log)
        path = folder / "evidence" / payload_path(entry.stored)
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        with pytest.raises(LogDamaged):
            mission.log.payload(entry.payload)
    assert not fsck(folder / "evidence").ok


def test_an_erasure_takes_every_ciphertext(folder, identity):
    taken(folder, identity)
    sources = folder / "sources.toml"
    more = '\n[[source]]\nid = "chapel"\nname = "Chapel"\nkind = "press"\nreader = "generic"\n'
    more += 'mapping = "mappings/harbour-desk.toml"\ntimezone = "Atlantic/Azores"\n'
    head, _, tail = sources.read_text().partition("# Whom the desk")
    sources.write_text(f"{head}{more}\n# Whom the desk{tail}")
    name_identity(identity)
    with opened(folder) as mission:
        ingest(mission, [ISLAND / "reports.csv"], source="chapel")
        held = steps.held_by(mission.log, str(delivery(mission.log).index))
        names = {entry.stored for entry in held}
        assert len(held) == len(names) == 2
        request = steps.ask(
            mission, mission.log, held, by="lead-1", reason="danger", replacement=None
        )
        steps.approve(mission, mission.log, request, by="reviewer-1")
        with pytest.raises(Erased):
            mission.log.payload(held[0].payload)
        (again,) = ingest(mission, [ISLAND / "reports.csv"], source="chapel")
        assert again.count.erased == again.count.received > 0
    for name in names:
        assert not (folder / "evidence" / payload_path(name)).exists()
    found = fsck(folder / "evidence")
    assert (found.ok, found.erased) == (True, 2)


def test_deciding_needs_no_key_and_reading_it_does(folder, identity):
    taken(folder, identity)
    with opened(folder) as mission:
        incident = current(mission).incidents[0].id
        said = Reply(incident=incident, claims=(), party="north", words="It was not us.")
        assert enter(mission, said, by="reviewer-1").decision == said
        with pytest.raises(Locked):
            mission.decisions()
    name_identity(identity)
    with opened(folder, readonly=True) as mission:
        (entered,) = mission.decisions()
    assert entered.decision == said


def test_what_stays_inside_is_encrypted_too(folder, identity):
    settings = folder / "mission.toml"
    settings.write_text(
        settings.read_text() + '\n[[people]]\nid = "desk"\nname = "Desk"\nroles = ["desk"]\n'
    )
    with opened(folder) as mission:
        mission.sync_settings()
    words = ("notice", "add", "--by", "desk", "--organisation", "Tern Relief", "--contact", "x")
    place = ("--sort", "site", "--domain", "land", "--place", "clinic", "--route", "35.1,-40.0")
    times = ("--from", "2030-01-01T10:00", "--mission", str(folder))
    done = CliRunner().invoke(app, [*words, *place, *times])
    assert b"Tern Relief" not in b"".join(
        path.read_bytes() for path in (folder / "inside" / "payload").rglob("*") if path.is_file()
    )
    assert (folder / "inside" / "payload").is_dir(), done.exception
    name_identity(identity)
    with opened(folder, readonly=True) as mission:
        assert len(stays_inside(mission)) == 1


def test_an_identity_is_kept_apart_and_shut(folder, identity, tmp_path):
    def refused(words):
        with pytest.raises(ConfigurationError, match=words) as caught:
            opener(folder)
        assert "AGE-SECRET" not in str(caught.value)

    name_identity(identity)
    assert opener(folder) is not None
    identity.chmod(0o640)
    refused("others may read")
    identity.chmod(0o600)
    inside = folder / "identity.txt"
    shutil.copy(identity, inside)
    name_identity(inside)
    refused("not kept in the folder")
    link = tmp_path / "link"
    link.symlink_to(inside)
    name_identity(link)
    refused("not kept in the folder")
    name_identity(tmp_path / "nowhere")
    refused("No such file")
    bad = tmp_path / "bad"
    for text in ("", "# none\n", "AGE-SECRET-KEY-1QQQQ\n", "x" * 100_000):
        bad.write_text(text)
        bad.chmod(0o600)
        name_identity(bad)
        refused("identity of age|no file of identities")


def test_a_key_that_is_none_is_told_with_its_place(folder):
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text().replace("age1", "agf1", 1))
    with (
        pytest.raises(ConfigurationError, match="public key of age") as caught,
        opened(folder) as m,
    ):
        m.sync_settings()
    assert caught.value.file == "mission.toml"


def test_without_the_extra_nothing_is_taken_in(folder, identity, monkeypatch):
    found = builtins.__import__

    def without(name, *rest, **more):
        if name == "pyrage":
            raise ImportError(name)
        return found(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with opened(folder) as mission, pytest.raises(MissingExtra, match="encryption"):
        ingest(mission, [ISLAND / "reports.csv"])
    with opened(folder, readonly=True) as mission:
        assert not [e for e in mission.entries() if e.kind is EntryKind.REPORT]
    name_identity(identity)
    with pytest.raises(MissingExtra, match="encryption"):
        opened(folder)


def test_the_command_line_names_an_identity(folder, identity):
    call = CliRunner().invoke
    sent = ["ingest", str(ISLAND / "reports.csv"), "--mission", str(folder)]
    fault = call(app, sent).exception
    assert isinstance(fault, Locked)
    assert "every file is in the log" in str(fault)
    done = call(app, ["--identity", str(identity), *sent, "--json"])
    assert json.loads(done.output)["deliveries"][0]["received_before"]
    done = call(app, sent, env={"TRUCEWATCH_IDENTITY": str(identity)})
    assert done.exit_code == 0
    assert call(app, ["audit", "fsck", "--mission", str(folder)]).exit_code == 0


def test_entries_of_both_versions_stand_in_one_log(tmp_path, keys):
    where = tmp_path / "evidence"
    now = datetime(2026, 4, 12, 6, tzinfo=UTC)
    recipients: list[str] = []
    with Log.create(where, origin="example.org/two") as log:
        log.encrypt_to(lambda: recipients)
        for number in range(6):
            recipients[:] = [str(keys[0].to_public())] if number % 2 else []
            new = NewEntry(kind=EntryKind.REPORT, source="s", payload=b"report %d" % number)
            log.append([new], received=now)
        log.publish()
        assert [e.stored == e.payload for e in log.entries()] == [True, False] * 3
        journal = list(log._journal.frames(0, 6))
        assert [b'"v":2' in frame.envelope for frame in journal] == [False, True] * 3
        assert all(decode_leaf(frame.leaf) for frame in journal)
    assert fsck(where).ok
