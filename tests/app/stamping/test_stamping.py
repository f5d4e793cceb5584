"""Checkpoints are stamped by an authority that nobody has to trust, and which is no witness."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.app.stamping.authority import Authority, Certified, stamped
from tests.app.witnessing.servers import say, section

from trucewatch.app.auditing import stamps as auditing
from trucewatch.app.stamping import keeping
from trucewatch.app.stamping.keeping import first_over, stamp_checkpoint
from trucewatch.app.witnessing.collecting import collect
from trucewatch.errors import ConfigurationError, EvidenceError, NotFound
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.model import Grade


def report(mission, payload: bytes) -> int:
    entry = NewEntry(kind=EntryKind.REPORT, source="patrol", payload=payload)
    return mission.log.append([entry], received=mission.now())[0].index


def asked(mission):
    mission.sync_settings()
    return stamp_checkpoint(mission)


def test_a_checkpoint_is_stamped_once_and_again_where_there_is_news(isle, open_now, authority):
    stamped(isle, authority)
    before = datetime.now(UTC)
    with open_now() as mission:
        found = asked(mission)
        assert (found.words, found.doubt) == ("", "")
        assert found.stamp.size == mission.size
        assert found.stamp.authority == "CN=Stamps of tests"
        assert before - timedelta(seconds=1) <= found.stamp.at <= datetime.now(UTC)
        # What it may be off by its own word, and the fraction of a second that is dropped.
        assert found.stamp.not_after - found.stamp.at == timedelta(seconds=2.5)
        assert asked(mission) == keeping.Asked()
        assert len(authority.asked) == 1
        new = report(mission, b"a")
        # It covers what was there, and not what came later.
        assert first_over(mission, {"old": 0, "new": new}) == {"old": found.stamp}
        later = asked(mission).stamp
        assert first_over(mission, {"old": 0, "new": new}) == {"old": found.stamp, "new": later}
        # A stamp raises no grade.
        assert mission.grades().of(0).grade is Grade.RECORDED
        text = mission.log.checkpoint().note.split("\n\n")[0] + "\n"
    assert hashlib.sha256(text.encode()).digest() in authority.asked[-1]
    assert text.encode() not in authority.asked[-1]
    names = sorted(path.name for path in (isle / "evidence" / "stamped").iterdir())
    assert names == [f"{found.stamp.size:012}.tsr", f"{later.size:012}.tsr"]
    assert (isle / "evidence" / "stamped" / names[1]).read_bytes() == authority.given[-1]
    assert fsck(isle / "evidence").ok


def test_openssl_itself_verifies_what_is_kept(isle, open_now, authority, tmp_path):
    """Nobody needs this program to check a stamp."""
    stamped(isle, authority)
    with open_now() as mission:
        size = asked(mission).stamp.size
        text = mission.log.checkpoint().note.split("\n\n")[0] + "\n"
    (tmp_path / "text").write_text(text, "utf-8")
    done = subprocess.run(
        [
            *("openssl", "ts", "-verify", "-data", str(tmp_path / "text")),
            *("-in", str(isle / "evidence" / "stamped" / f"{size:012}.tsr")),
            *("-CAfile", str(isle / "certificates" / "authority.pem")),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    assert "Verification: OK" in done.stdout + done.stderr


def test_cosignatures_that_come_later_change_nothing(isle, open_now, authority, witnesses):
    """The text is stamped, not the lines below it, and a heartbeat is no news."""
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    stamped(isle, authority)
    with open_now() as mission:
        size = asked(mission).stamp.size
        assert collect(mission).heartbeat == size
        assert asked(mission) == keeping.Asked()
    assert fsck(isle / "evidence").ok
    assert auditing.stamps(isle)["ok"]


def test_without_settings_there_is_no_network_and_no_folder(isle, open_now, monkeypatch):
    monkeypatch.setattr(keeping, "ask", pytest.fail)
    with open_now() as mission:
        assert asked(mission) == keeping.Asked()
        assert first_over(mission, {"a": 0}) == {}
    assert not (isle / "evidence" / "stamped").exists()
    assert auditing.stamps(isle)["stamps"] == []


def drip(authority, request):
    request.send_response(200)
    request.end_headers()
    while not authority.over.wait(0.05):
        request.wfile.write(b"0")
        request.wfile.flush()


def flood(authority, request):
    request.send_response(200)
    request.end_headers()
    request.wfile.write(authority.signed(authority.asked[-1]))
    while not authority.over.wait(0.002):
        request.wfile.write(b"x" * 65536)


def elsewhere(authority, request):
    request.send_response(307)
    request.send_header("location", f"{authority.url}/other")
    request.send_header("content-length", "0")
    request.end_headers()


def of_something_else(authority, request):
    """The same nonce, and another hash."""
    question = bytearray(authority.asked[-1])
    at = question.index(bytes.fromhex("0420")) + 2
    question[at] ^= 1
    authority.give(request, authority.signed(bytes(question)))


def without_the_nonce(authority, request):
    """An honest stamp on this very text, asked for by somebody else."""
    path = authority.folder / "text"
    path.write_text(authority.text, "utf-8")
    command = ["openssl", "ts", "-query", "-sha256", "-cert", "-data", str(path)]
    query = subprocess.run(command, capture_output=True, check=True).stdout
    authority.give(request, authority.signed(query))


def refused(authority, request):
    """What OpenSSL answers to a hash that it does not take."""
    authority.give(request, authority.signed(b"\x30\x03\x02\x01\x01"))


def bits(authority, request):
    """The signature, with one bit the other way."""
    answer = bytearray(authority.signed(authority.asked[-1]))
    answer[-3] ^= 1
    authority.give(request, bytes(answer))


NOT = "was not taken"


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda authority, _: authority.over.wait(30), "no whole answer within 1.5 s"),
        (drip, "no whole answer within 1.5 s"),
        (flood, "more than 65536 bytes"),
        (elsewhere, "redirects (307)"),
        (lambda one, request: one.give(request, b"", 503), "refuses: 503"),
        (lambda one, request: one.give(request, b""), f"{NOT}: no answer of an authority"),
        (lambda one, request: one.give(request, b"<html>"), f"{NOT}: no answer of an authority"),
        (lambda one, request: one.give(request, b"\x30" * 60000), f"{NOT}: no answer"),
        (lambda _, request: request.wfile.write(b"\0 no HTTP\r\n\r\n"), "is not reachable"),
        (refused, f"{NOT}: the authority did not grant it"),
        (of_something_else, f"{NOT}: it stamps something else"),
        (without_the_nonce, f"{NOT}: it does not repeat the nonce"),
        (bits, f"{NOT}: its signature does not hold"),
    ],
)
def test_who_misbehaves_costs_time_at_most(isle, open_now, authority, how, words):
    authority.how = how
    stamped(isle, authority, wait_s=1.5)
    began = time.monotonic()
    with open_now() as mission:
        mission.sync_settings()
        authority.text = mission.log.publish().note.split("\n\n")[0] + "\n"
        found = stamp_checkpoint(mission)
        assert words in found.words, found.words
        assert found.stamp is None
        assert report(mission, b"goes on") > 0
        # The next time is as good as the first.
        authority.how = Authority.answer
        assert stamp_checkpoint(mission).stamp is not None
    assert time.monotonic() - began < 8
    assert len(authority.asked) == 2


def test_nobody_is_there(isle, open_now, authority):
    stamped(isle, authority)
    authority.close()
    with open_now() as mission:
        assert "is not reachable" in asked(mission).words


def test_the_surroundings_have_no_say(isle, open_now, authority, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    stamped(isle, authority)
    with open_now() as mission:
        assert asked(mission).stamp is not None
    assert "authorization" not in {name.lower() for name in authority.headers}


def test_another_authority_of_the_same_name_is_not_believed(isle, open_now, authority):
    stamped(isle, authority)
    authority.root = Certified("An authority of tests")
    authority.signer = Certified("Stamps of tests", authority.root)
    with open_now() as mission:
        assert "its signature does not hold" in asked(mission).words


def test_a_replayed_stamp_of_another_checkpoint_is_found(isle, open_now, authority):
    stamped(isle, authority)
    with open_now() as mission:
        first = asked(mission).stamp
        report(mission, b"a")
        authority.how = lambda one, request: one.give(request, one.given[0])
        assert "it stamps something else" in asked(mission).words
        size = mission.size
    kept = isle / "evidence" / "stamped"
    (kept / f"{size:012}.tsr").write_bytes((kept / f"{first.size:012}.tsr").read_bytes())
    words = f"stamped/{size:012}.tsr: it stamps something else"
    assert fsck(isle / "evidence").problems == (words,)
    found = auditing.stamps(isle)
    assert [one["holds"] for one in found["stamps"]] == [True, False]
    assert not found["ok"]
    with open_now() as mission:
        assert first_over(mission, {"old": 0, "new": size - 1}) == {"old": first}


def test_an_answer_that_comes_again_is_refused_by_its_nonce(isle, open_now, authority):
    """The right hash, and an old answer: who held it back could make the log look older."""
    stamped(isle, authority)
    with open_now() as mission:
        size = asked(mission).stamp.size
        (isle / "evidence" / "stamped" / f"{size:012}.tsr").unlink()
        authority.how = lambda one, request: one.give(request, one.given[0])
        assert "does not repeat the nonce" in asked(mission).words


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("notes.txt", b"x", "stamped/notes.txt: not the name of a time stamp"),
        ("0000000000003.tsr", b"x", "not the name of a time stamp"),
        ("000000000002.tsr", b"rubbish", "not in the form of a time stamp"),
        ("000000000002.tsr", b"\x30" * 70000, "more than 65536 bytes"),
        ("000000000999.tsr", None, "the published log has not that many entries"),
    ],
)
def test_fsck_knows_the_folder(isle, open_now, authority, name, body, words):
    stamped(isle, authority)
    with open_now() as mission:
        size = asked(mission).stamp.size
    kept = isle / "evidence" / "stamped"
    good = (kept / f"{size:012}.tsr").read_bytes()
    (kept / name).write_bytes(good if body is None else body)
    (problem,) = fsck(isle / "evidence").problems
    assert words in problem
    assert not auditing.stamps(isle)["ok"]


def test_fsck_needs_no_extra(isle, open_now, authority, monkeypatch):
    """What it reads of a stamp is its own; the library is not there."""
    stamped(isle, authority)
    with open_now() as mission:
        assert asked(mission).stamp is not None
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    assert fsck(isle / "evidence").ok
    with open_now() as mission:
        new = report(mission, b"a")
        assert "pip install 'trucewatch[timestamps]'" in asked(mission).words
        assert first_over(mission, {"old": 0, "new": new}) == {}


def test_the_first_stamp_stays_and_none_is_of_what_was_not_published(isle, open_now, authority):
    stamped(isle, authority)
    with open_now() as mission:
        size = asked(mission).stamp.size
        kept = mission.log.stamps()
        assert not kept.keep(size, b"another")
        assert kept.read(size, 1 << 16) == authority.given[0]
        with pytest.raises(EvidenceError, match="were never published"):
            kept.keep(size + 1, b"x")
        with pytest.raises(NotFound):
            kept.read(1, 9)
    with (
        Log.open(isle / "evidence", readonly=True) as log,
        pytest.raises(EvidenceError, match="reading only"),
    ):
        log.stamps().keep(1, b"x")


def test_a_clock_that_is_off_is_told(isle, open_isle, authority):
    """The mission's clock of these tests stands in June; the stamp is kept all the same."""
    stamped(isle, authority)
    with open_isle() as mission:
        found = asked(mission)
        assert found.stamp is not None
        assert "one of them is wrong" in found.doubt
        said = keeping.lines(keeping.asked_data(found, mission))
    assert said[0].startswith("Time stamp: the first 4 entries stood in the log by ")
    assert "(UTC), says CN=Stamps of tests, who is no witness" in said[0]
    assert said[1].startswith("Warning: the authority's clock")


def test_the_audit_believes_other_certificates_where_they_are_given(
    isle, open_now, authority, tmp_path
):
    stamped(isle, authority)
    with open_now() as mission:
        asked(mission)
    other = tmp_path / "other.pem"
    other.write_bytes(Certified("Other").pem)
    (told,) = auditing.stamps(isle, other)["stamps"]
    assert "its signature does not hold" in told["words"]
    assert "DOES NOT HOLD: the time stamp of 4 entries" in "\n".join(
        auditing.lines(auditing.stamps(isle, other))
    )
    other.write_bytes(authority.root.pem)
    # A copy of what is published is enough: no mission.toml, no journal.
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("checkpoint", "vkey", "tile", "stamped"):
        (isle / "evidence" / name).rename(bare / name)
    assert auditing.stamps(bare, other)["ok"]
    with pytest.raises(NotFound):
        auditing.stamps(bare)
    other.write_text("no PEM", "utf-8")
    with pytest.raises(ConfigurationError, match="holds no certificates"):
        auditing.stamps(bare, other)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda text: text.replace("http://", "ftp://"),
            r"mission.toml:\d+: timestamps.url: the a",
        ),
        (lambda text: text.replace("http://", "http://a:b@"), "no name and no password"),
        (lambda text: text.replace('"certificates/', '"../'), "timestamps.certificates: cert"),
        (lambda text: text.replace("authority.pem", "gone.pem"), r"toml:\d+: .*is not in the mis"),
        (lambda text: text.replace("wait_s = 10", "wait_s = 0"), "timestamps.wait_s"),
        (lambda text: text.replace("wait_s", "wait"), "timestamps.wait"),
    ],
)
def test_faults_in_the_settings_name_line_and_field(isle, open_now, authority, change, words):
    stamped(isle, authority)
    path = isle / "mission.toml"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    with pytest.raises(ConfigurationError, match=words), open_now() as mission:
        mission.sync_settings()


def test_a_private_key_never_gets_into_the_log(isle, open_now, authority):
    stamped(isle, authority)
    with open_now() as mission:
        mission.sync_settings()
        size = mission.size
    (isle / "certificates" / "mine.pem").write_bytes(authority.signer.pem + authority.signer.secret)
    with (
        open_now() as mission,
        pytest.raises(ConfigurationError, match=r"mine\.pem: it holds a private key"),
    ):
        mission.sync_settings()
    with open_now() as mission:
        assert mission.size == size


def test_certificates_are_a_function_of_the_log(isle, open_now, authority):
    """What is believed is what the log holds, not what lies in the folder since."""
    stamped(isle, authority)
    with open_now() as mission:
        first = asked(mission).stamp
    (isle / "certificates" / "authority.pem").write_bytes(Certified("Other").pem)
    with open_now() as mission:
        assert first_over(mission, {"a": 0}) == {"a": first}
        mission.sync_settings()
        assert first_over(mission, {"a": 0}) == {}


def test_json_is_plain(isle, open_now, authority):
    stamped(isle, authority)
    with open_now() as mission:
        told = keeping.asked_data(asked(mission), mission)
    assert json.loads(json.dumps(told)) == told
    assert told["timestamp"]["zone"] == "UTC"
