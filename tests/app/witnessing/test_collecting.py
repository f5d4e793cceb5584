"""Cosignatures are asked of all at once, believed only when they verify, and kept in the log."""

from __future__ import annotations

import asyncio
import dataclasses
import time

import httpx2
import pytest
from tests.app.witnessing.servers import reply, say, section

from trucewatch.app.witnessing import asking, calling, collecting, grades, receipts
from trucewatch.app.witnessing.collecting import collect
from trucewatch.errors import NotFound, WriteFailed
from trucewatch.evidence import EntryKind, NewEntry, fsck
from trucewatch.evidence.tlog.cosignatures import CosignerKey
from trucewatch.evidence.tlog.notes import split_note
from trucewatch.model import Grade


def report(mission, payload: bytes) -> int:
    entry = NewEntry(kind=EntryKind.REPORT, source="patrol", payload=payload)
    return mission.log.append([entry], received=mission.now())[0].index


def test_a_quorum_makes_every_entry_finding_grade(isle, open_isle, witnesses):
    one, two, three = witnesses("one", "two", "three")
    two.at, three.at = one.at + 10, one.at + 20
    say(isle, section([one, two, three], 3))
    with open_isle() as mission:
        found = collect(mission)
        assert [each.words for each in found.answers] == ["cosigned at size 3"] * 3
        assert (found.heartbeat, found.doubt, found.void) == (3, "", ())
        held = mission.grades().of(0)
        assert held.grade is Grade.FINDING
        assert [each.witness for each in held.by] == ["one", "three", "two"]
        # Of three none may lie: the earliest time is the bound.
        assert held.not_after.timestamp() == one.at
        assert mission.grades().of(3).grade is Grade.RECORDED
        # Nothing new: nobody is asked, and the log does not grow.
        assert collect(mission).answers == ()
        assert (len(one.asked), mission.size) == (1, 4)
        new = report(mission, b"a")
        assert mission.grades().since(new) is None
        collect(mission)
        assert mission.grades().since(new).timestamp() == one.at
        assert one.asked[-1].startswith(b"old 3\n")
    note = (isle / "evidence" / "checkpoint").read_text("utf-8")
    assert note.split("\n")[1] == "6"
    assert (isle / "evidence" / "witnessed" / f"{5:012}").read_text("utf-8").count(
        "example.org"
    ) == 3
    assert fsck(isle / "evidence").ok


def test_without_witnesses_there_is_no_network(open_isle, monkeypatch):
    monkeypatch.setattr(collecting, "ask", pytest.fail)
    with open_isle() as mission:
        assert collect(mission).answers == ()
        assert mission.grades().of(0).grade is Grade.RECORDED
        assert mission.grades().since(0) is None


def test_a_fault_of_ours_is_told_and_blamed_on_no_witness(witnesses):
    (one,) = witnesses("one")

    async def broken(*_):
        raise WriteFailed("no space left")

    with pytest.raises(WriteFailed, match="no space left"):
        calling.call([one], broken, wait_s=5)


def test_a_receipt_says_what_a_grade_stands_on(isle, open_isle, witnesses):
    one, two, three = witnesses("one", "two", "three")
    say(isle, section([one, two, three], 3))
    with open_isle() as mission:
        mission.sync_settings()
        before = receipts.lines(receipts.receipt(mission, 0))
        assert "  grade   recorded: no witness has cosigned a checkpoint that covers it" in before
        collect(mission)
        after = receipts.lines(receipts.receipt(mission, 0))
        for place in (-1, mission.size):
            with pytest.raises(NotFound, match=f"numbered from 0: there is no {place}$"):
                receipts.receipt(mission, place)
    told = "\n".join(after)
    assert ": 3 of 3 witnesses, 3 are needed (log entry 3)" in told
    assert "  it stood in the log by " in told
    assert "does not resist" not in told


def test_the_missions_own_word_suffices(isle, open_isle, witnesses):
    say(isle, section([], "none"))
    with open_isle() as mission:
        collect(mission)
        assert mission.grades().of(0).grade is Grade.FINDING
        first = mission.grades().since(0)
    # Who asks for a quorum later takes nothing back.
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        collect(mission)
        assert mission.grades().since(0) == first
        new = report(mission, b"a")
        assert mission.grades().since(new) is None


def test_who_falls_short_leaves_it_append_only(isle, open_isle, witnesses):
    one, two = witnesses("one", "two")
    two.how = lambda _, request: reply(request, 503, "asleep \x1b[2J\n")
    say(isle, section([one, two], 2))
    with open_isle() as mission:
        found = collect(mission)
        assert [each.words for each in found.answers] == [
            "cosigned at size 3", "refuses: 503 asleep \x1b[2J",
        ]  # fmt: skip
        assert mission.grades().of(0).grade is Grade.APPEND_ONLY
        assert mission.grades().since(0) is None
        # The same again is no news: the log does not grow while a witness is away.
        size = mission.size
        assert collect(mission).heartbeat is None
        assert mission.size == size
        two.how = type(two).answer
        assert collect(mission).heartbeat == size
        assert mission.grades().of(0).grade is Grade.FINDING


def test_an_absent_quorum_is_none_at_all(isle, open_isle, witnesses):
    one, two = witnesses("one", "two")
    say(isle, section([one, two], 2).replace("quorum = 2\n", ""))
    with open_isle() as mission:
        collect(mission)
        assert mission.grades().of(0).grade is Grade.APPEND_ONLY
        size = mission.size
        collect(mission)
        assert mission.size == size


def test_a_weak_quorum_is_told(isle, open_isle, witnesses):
    say(isle, section(witnesses("one", "two", "three"), 2))
    with open_isle() as mission:
        found = collect(mission)
        assert "does not resist a split view" in found.doubt
        data = collecting.collected_data(found)
        assert (data["witnesses"]["doubt"], data["witnesses"]["heartbeat"]) == (found.doubt, 3)
        assert collecting.lines(data)[-2:] == ["Kept as log entry 3", f"Warning: {found.doubt}"]
        assert collecting.collected_data(collecting.Collected()) == {}
        assert collecting.lines({}) == []
        told = receipts.lines(receipts.receipt(mission, 0))
        assert "  this quorum does not resist a split view" in told
        assert not mission.grades().beats[0].resists


def drip(witness, request):
    while not witness.over.wait(0.05):
        request.wfile.write(b"H")
        request.wfile.flush()


def drip_body(witness, request):
    request.send_response(200)
    request.end_headers()
    drip(witness, request)


def flood(witness, request):
    request.send_response(200)
    request.end_headers()
    line = f"{witness.sign(witness.asked[-1].decode().split(chr(10) * 2, 1)[1])}\n".encode()
    request.wfile.write(line)
    while not witness.over.wait(0.002):
        request.wfile.write(b"x" * 65536)


def compressed(_, request):
    reply(request, 200, "no gzip at all", **{"content-encoding": "gzip"})


def elsewhere(witness, request):
    reply(request, 307, "", location=f"http://127.0.0.1:{witness.server.server_port}/other")


def another_key(witness, request):
    note = witness.asked[-1].decode().split("\n\n", 1)[1]
    other = CosignerKey(witness.key.cosigner.name, b"o" * 32)
    reply(request, 200, other.cosign(split_note(note)[0], witness.at) + "\n")


def of_yesterday(witness, request):
    reply(request, 200, witness.key.cosign("isle\n2\n" + "A" * 43 + "=\n", witness.at) + "\n")


def longer(_, request):
    reply(request, 409, "4000000\n")


def no_size(_, request):
    reply(request, 409, "0x10\n")


def for_ever(witness, request):
    witness.size += 1
    reply(request, 409, f"{witness.size % 3}\n")


def rubbish(_, request):
    request.wfile.write(b"\x00\x01 nothing of HTTP\r\n\r\n")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda witness, _: witness.over.wait(30), "no whole answer within"),
        (drip, "no whole answer within"),
        (drip_body, "no whole answer within"),
        (flood, "more than 16384 bytes"),
        (compressed, "does not verify"),
        (elsewhere, "redirects (307)"),
        (another_key, "no cosignature of its key"),
        (of_yesterday, "does not verify"),
        (longer, "has cosigned 4000000 entries of this log, which now has 3"),
        (no_size, "does not say which size"),
        (for_ever, "refuses: 409"),
        (rubbish, "is not reachable"),
        (lambda _, request: reply(request, 422, "bad proof\n"), "refuses: 422 bad proof"),
        (lambda _, request: reply(request, 200, ""), "no cosignature"),
        (lambda _, request: reply(request, 200, "— x\n"), "does not verify"),
    ],
)
def test_who_misbehaves_costs_time_at_most_and_no_other_its_word(
    isle, open_isle, witnesses, how, words
):
    bad, good = witnesses("bad", "good")
    bad.how = how
    say(isle, section([bad, good], 1, wait_s=1.5))
    began = time.monotonic()
    with open_isle() as mission:
        found = collect(mission)
        assert time.monotonic() - began < 6
        said = {one.witness: one for one in found.answers}
        assert words in said["bad"].words
        assert said["good"].lines
        assert said["bad"].lines == ()
        assert [one.witness for one in mission.grades().of(0).by] == ["good"]
    assert len(bad.asked) <= 2
    assert all(path.endswith("/w/add-checkpoint") for path in [bad.path, good.path])


def test_nobody_is_there(isle, open_isle, witnesses):
    gone, good = witnesses("gone", "good")
    gone.close()
    say(isle, section([gone, good], 1))
    with open_isle() as mission:
        found = collect(mission)
        assert next(one.words for one in found.answers).startswith("is not reachable")


def test_the_surroundings_have_no_say(isle, open_isle, witnesses, monkeypatch, tmp_path):
    """Neither a proxy of the environment nor a password of ~/.netrc is used."""
    one, proxy = witnesses("one", "proxy")
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    say(isle, section([one], 1))
    with open_isle() as mission:
        assert collect(mission).heartbeat is not None
    assert proxy.asked == []
    assert "authorization" not in {name.lower() for name in one.headers}


def test_without_verifying_a_lie_would_be_kept(isle, open_isle, witnesses, monkeypatch):
    """The saboteur: an answer taken as it comes is a heartbeat that counts for nothing."""
    (one,) = witnesses("one")
    one.how = of_yesterday
    monkeypatch.setattr(
        asking, "_verified", lambda _, __, body: tuple(body.decode().split("\n")[:1])
    )
    say(isle, section([one], 1))
    with open_isle() as mission, pytest.raises(Exception, match="wrong"):
        collect(mission)


def forged(mission, note: str) -> None:
    entry = NewEntry(
        kind=EntryKind.HEARTBEAT, source="operator", payload=note.encode(), name="checkpoint"
    )
    mission.log.append([entry], received=mission.now())
    mission.log.publish()


def test_a_heartbeat_that_does_not_verify_grades_nothing_and_is_told(isle, open_isle, witnesses):
    one, two = witnesses("one", "two")
    say(isle, section([one, two], 1))
    with open_isle() as mission:
        mission.sync_settings()
        own = mission.log.publish()
        wrong = mission.log._signer.checkpoint(own.size, b"f" * 32)
        ahead = mission.log._signer.checkpoint(own.size + 40, b"f" * 32)
        for note in (
            wrong.note + one.sign(wrong.note) + "\n",
            ahead.note + one.sign(ahead.note) + "\n",
            own.note.replace("isle\n3", "isle\n2") + one.sign(own.note) + "\n",
            own.note + one.key.cosign("another\n3\nAAAA\n", one.at) + "\n",
            "\xff",
            "",
        ):
            forged(mission, note)
        grades = mission.grades()
        assert grades.beats == ()
        assert len(grades.void) == 6
        assert "had another root" in grades.void[0]
        assert "before there were so many" in grades.void[1]
        assert {grades.of(index).grade for index in range(mission.size)} == {Grade.RECORDED}
        found = collect(mission)
        assert found.void == grades.void
        data = collecting.collected_data(found)
        assert data["witnesses"]["void"] == list(grades.void)
        said = collecting.lines(data)
        assert said[-6:] == [f"Warning: {words}" for words in grades.void]
        assert mission.grades().of(0).grade is Grade.FINDING


def test_without_the_trees_own_root_a_fork_would_count(isle, open_isle, witnesses, monkeypatch):
    """The saboteur: the root in the note is believed."""
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        mission.sync_settings()
        own = mission.log.publish()
        wrong = mission.log._signer.checkpoint(own.size, b"f" * 32)
        forged(mission, wrong.note + one.sign(wrong.note) + "\n")
        assert mission.grades().beats == ()
        monkeypatch.setattr(type(mission.log), "root_at", lambda *_: (b"f" * 32).hex())
        report(mission, b"a")
        assert mission.grades().beats != ()


def test_a_heartbeat_is_judged_by_the_settings_of_its_time(isle, open_isle, witnesses):
    one, two = witnesses("one", "two")
    say(isle, section([one], 1))
    with open_isle() as mission:
        collect(mission)
    say(isle, section([two], 1))
    with open_isle() as mission:
        mission.sync_settings()
        held = mission.grades()
        assert [each.witness for each in held.of(0).by] == ["one"]
        assert held.of(mission.size - 1).grade is Grade.RECORDED
        collect(mission)
        # What had reached a quorum keeps it: nothing that comes later moves it.
        assert mission.grades().of(0) == held.of(0)
        assert [each.witness for each in mission.grades().of(mission.size - 2).by] == ["two"]


def test_what_another_source_says_of_the_log_grades_nothing(isle, open_isle, witnesses):
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        collect(mission)
        (beat,) = mission.grades().beats
        note = beat.checkpoint.note
        entry = NewEntry(
            kind=EntryKind.HEARTBEAT, source="another", payload=note.encode(), name="checkpoint"
        )
        index = mission.log.append([entry], received=mission.now())[0].index
        mission.log.publish()
        assert mission.grades().beats == (beat,)
        assert collect(mission).heartbeat is not None
        assert mission.grades().of(index).grade is Grade.FINDING
        assert dataclasses.replace(beat) == mission.grades().beats[0]


@pytest.mark.parametrize(
    ("option", "how", "seen"),
    [
        ({"follow_redirects": True}, elsewhere, lambda bad, _: bad.path == "/other"),
        ({"trust_env": True}, None, lambda _, good: good.asked),
    ],
)
def test_without_its_options_the_client_would_go_astray(
    isle, open_isle, witnesses, monkeypatch, option, how, seen
):
    """The saboteurs: redirects are followed, and the surroundings choose a proxy."""
    bad, good = witnesses("bad", "good")
    if how:
        bad.how = how
    real = httpx2.AsyncClient
    monkeypatch.setenv("http_proxy", good.url)
    monkeypatch.setattr(calling.httpx2, "AsyncClient", lambda **given: real(**{**given, **option}))
    say(isle, section([bad], 1, wait_s=0.6))
    with open_isle() as mission:
        collect(mission)
    assert seen(bad, good)


def test_without_the_cap_an_endless_answer_would_be_read(isle, open_isle, witnesses, monkeypatch):
    (bad,) = witnesses("bad")
    bad.how = flood
    monkeypatch.setattr(calling, "ANSWER_LIMIT", 1 << 40)
    say(isle, section([bad], 1, wait_s=0.3))
    with open_isle() as mission:
        (answer,) = collect(mission).answers
    assert "no whole answer within" in answer.words


def test_a_sign_of_life_is_not_verified_again_and_again(isle, open_isle, witnesses, monkeypatch):
    """A year of silence must not make every command slow."""
    say(isle, section(witnesses("one"), 1))
    with open_isle() as mission:
        collect(mission)
        for _ in range(3):
            collect(mission, again=True)
        verified = []
        real = type(mission.log).read_checkpoint
        monkeypatch.setattr(
            type(mission.log),
            "read_checkpoint",
            lambda *given, **more: verified.append(1) or real(*given, **more),
        )
        report(mission, b"a")
        assert mission.grades().of(0).grade is Grade.FINDING
        assert len(verified) == 1


def test_without_the_deadline_one_witness_would_hold_everything(
    isle, open_isle, witnesses, monkeypatch
):
    """The saboteur: only each single read of an answer has a limit, and a drop comes in time."""
    (slow,) = witnesses("slow")
    drops = 12

    def dripping(_, request):
        for _ in range(drops):
            request.wfile.write(b"H")
            request.wfile.flush()
            time.sleep(0.25)

    slow.how = dripping
    real = asyncio.timeout
    monkeypatch.setattr(calling.asyncio, "timeout", lambda _: real(None))
    monkeypatch.setattr(calling, "_GRACE_S", 600)
    say(isle, section([slow], 1, wait_s=1.5))
    began = time.monotonic()
    with open_isle() as mission:
        collect(mission)
    assert time.monotonic() - began > drops * 0.25


def test_without_the_order_of_the_log_a_checkpoint_of_times_to_come_would_count(
    isle, open_isle, witnesses, monkeypatch
):
    """The saboteur: an entry may speak of more entries than stood before it."""
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        mission.sync_settings()
        ahead = mission.log._signer.checkpoint(mission.log.publish().size + 1, b"f" * 32)
        forged(mission, ahead.note + one.sign(ahead.note) + "\n")
        # Its root is believed, so that nothing but the order stands against it.
        monkeypatch.setattr(type(mission.log), "root_at", lambda *_: (b"f" * 32).hex())
        report(mission, b"a")
        assert "before there were so many" in mission.grades().void[0]
        honest = grades._heartbeat
        monkeypatch.setattr(
            grades,
            "_heartbeat",
            lambda log, entry, *rest: honest(log, dataclasses.replace(entry, index=99), *rest),
        )
        report(mission, b"b")
        assert mission.grades().beats != ()
