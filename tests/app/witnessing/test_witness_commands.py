"""The commands on witnesses, as a state's administrator and a mission's operator enter them."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime

import pytest
from tests.app.witnessing.servers import say, section
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.mission import Mission
from trucewatch.app.witnessing import enlisting, lines, standing
from trucewatch.app.witnessing.collecting import collect
from trucewatch.errors import LogDamaged, NotFound, Refused
from trucewatch.evidence.tlog.cosignatures import CosignerKey
from trucewatch.evidence.tlog.notes import Signer
from trucewatch.evidence.witness import Witness

runner = CliRunner()
LOG = Signer("example.org/log", bytes(32))
KEY = CosignerKey("witness.example.org/harbour", b"\x05" * 32).cosigner.vkey()


def run(*arguments: str, code: int = 0):
    done = runner.invoke(app, ["witness", *arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_from_the_key_to_what_was_seen(tmp_path):
    folder = str(tmp_path / "w")
    made = json.loads(run("init", folder, "--name", "w.example.org", "--json"))
    assert made["vkey"].startswith("w.example.org+")
    assert "PRIVATE" not in run("show", folder)
    assert "watches no log yet" in run("show", folder)
    assert "Cosigns example.org/log." in run("watch", folder, LOG.verifier.vkey())
    assert "as before" in run("watch", folder, LOG.verifier.vkey())
    assert "as before" in run("watch", folder, LOG.verifier.vkey(), "--only")
    assert "nothing cosigned yet" in run("show", folder)
    with Witness.open(tmp_path / "w") as witness:
        now = datetime(2026, 4, 12, tzinfo=UTC)
        for root in (bytes(32), b"\x01" * 32):
            note = LOG.checkpoint(1, root).note
            witness.add_checkpoint(f"old 0\n\n{note}".encode(), now=now)
    shown = json.loads(run("show", folder, "--json", code=1))
    (log,) = shown["logs"]
    assert (log["origin"], log["size"], log["doubts"]) == ("example.org/log", 1, [])
    assert log["at"] == "2026-04-12T00:00:00+00:00"
    assert (tmp_path / "w" / log["forks"][0]).read_text() == LOG.checkpoint(1, b"\x01" * 32).note
    assert "FORK" in run("show", folder, code=1)


def test_wrong_use_is_told(tmp_path):
    assert runner.invoke(app, ["witness", "init", str(tmp_path / "w"), "--name", "a b"]).exit_code
    for words in (["show", str(tmp_path)], ["watch", str(tmp_path), LOG.verifier.vkey()]):
        done = runner.invoke(app, ["witness", *words])
        assert isinstance(done.exception, NotFound)
    run("init", str(tmp_path / "w"), "--name", "w.example.org")
    done = runner.invoke(app, ["witness", "watch", str(tmp_path / "w"), KEY])
    assert isinstance(done.exception, LogDamaged)


def test_a_witness_is_added_and_all_else_stays(isle):
    path = isle / "mission.toml"
    path.write_text(
        path.read_text("utf-8") + "\n# what we think of it\n[review]  # ours\n", "utf-8"
    )
    before = path.read_text("utf-8")
    out = run(
        *("add", "harbour", "--vkey", KEY, "--url", "https://witness.example.org"),
        *("--title", 'The "Harbour" \\ state', "--state", "harbour", "--mission", str(isle)),
    )
    assert "Added harbour: 1 witness" in out
    assert "No quorum is set" in out
    after = path.read_text("utf-8")
    assert after.startswith(before.rstrip())
    (one,) = tomllib.loads(after)["witness"]
    assert one == {
        "id": "harbour",
        "name": 'The "Harbour" \\ state',
        "vkey": KEY,
        "url": "https://witness.example.org",
        "state": "harbour",
    }
    with Mission.open(isle) as mission:
        mission.sync_settings()
        assert mission.configuration().mission.witness[0].id == "harbour"
    second = CosignerKey("two.example", b"\x06" * 32).cosigner.vkey()
    data = json.loads(
        run("add", "two", "--vkey", second, "--url", "http://a", "--mission", str(isle), "--json")
    )
    assert (data["witnesses"], data["resists_split_view"]) == (2, 2)
    told = enlisting.lines(data)
    assert told[-1] == f"  trucewatch witness watch DIR '{data['log']}'"
    assert "A quorum of 2 of 2 resists a split view; a smaller one does not." in told
    weak = enlisting.lines(data | {"quorum": 1})
    assert "A quorum of 2 of 2 resists" in weak[1]
    assert enlisting.lines(data | {"quorum": 2, "log": None}) == [
        "Added two: 2 witnesses in mission.toml."
    ]
    assert enlisting.lines(data | {"quorum": "none", "log": None})[1:] == [
        'The quorum is "none", so nobody is waited for: write a number in its place.'
    ]
    # The log has begun meanwhile: its key is shown, to be entered at the witness.
    assert data["log"] == (isle / "evidence" / "vkey").read_text("utf-8").strip()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"vkey": KEY[:-2]}, "vkey"),
        ({"vkey": LOG.verifier.vkey()}, "type is 04"),
        ({"url": "ftp://x"}, "http"),
        ({"url": "https://me:secret@x"}, "password"),
        ({"name": "Not An Id"}, "id"),
        ({"name": "there"}, "twice"),
        ({"vkey": CosignerKey("there.example", b"\x07" * 32).cosigner.vkey()}, "one key"),
        ({"title": "a\nb\x07"}, ""),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(isle, fields, words):
    there = CosignerKey("there.example", b"\x07" * 32).cosigner.vkey()
    enlisting.add(isle, name="there", vkey=there, url="http://a")
    before = (isle / "mission.toml").read_bytes()
    given = {"name": "new", "vkey": KEY, "url": "https://a", **fields}
    if "title" in fields:
        # What a terminal sends along stands escaped in the file, and is a name like any other.
        enlisting.add(isle, **given)
        assert b"a\\u000ab\\u0007" in (isle / "mission.toml").read_bytes()
        return
    with pytest.raises(Refused, match=words):
        enlisting.add(isle, **given)
    assert (isle / "mission.toml").read_bytes() == before


def test_the_log_is_not_its_own_witness(isle):
    with Mission.open(isle) as mission:
        mission.sync_settings()
    private = (isle / "evidence" / "key" / "signing").read_text("utf-8")
    seed = Signer.parse(private.strip())._seed
    own = CosignerKey("innocent.example", seed).cosigner.vkey()
    with pytest.raises(Refused, match="not its own witness"):
        enlisting.add(isle, name="innocent", vkey=own, url="http://a")


def test_where_there_is_no_mission(tmp_path):
    with pytest.raises(NotFound, match="--mission"):
        enlisting.add(tmp_path, name="a", vkey=KEY, url="http://a")


def shown(isle, *options: str, code: int = 0) -> dict:
    return json.loads(run("list", "--mission", str(isle), "--json", *options, code=code))


def by_id(data: dict) -> dict:
    return {each["id"]: each for each in data["witnesses"]}


def test_how_witnesses_stand(isle, open_isle, witnesses):
    one, two, three = witnesses("one", "two", "three")
    say(isle, section([one, two, three], 2))
    two.how = lambda _, request: request.send_error(503)
    three.server.server_close()
    with open_isle() as mission:
        collect(mission)
        size = mission.log.checkpoint().size
    offline = by_id(shown(isle, "--offline"))
    # The heartbeat that keeps the cosigned checkpoint is itself not cosigned yet.
    assert (offline["one"]["size"], offline["one"]["behind"]) == (size - 1, 1)
    assert (offline["two"]["size"], offline["two"]["behind"]) == (None, size)
    assert "reachable" not in offline["one"]
    heard = by_id(shown(isle))
    assert [heard[name]["reachable"] for name in ("one", "two", "three")] == [True, True, False]
    assert heard["one"]["holds"] == size - 1
    out = run("list", "--mission", str(isle))
    for words in (
        "does not resist a split view",
        "is not reachable",
        f"cosigned {size - 1} entries",
        "1 behind",
        "it has cosigned nothing of this log",
        "UTC",
    ):
        assert words in out, out


def test_what_a_witness_shows_is_held_against_the_log(isle, open_isle, witnesses):
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        collect(mission)
        size = mission.log.checkpoint().size
        signer = Signer.parse((isle / "evidence/key/signing").read_text("utf-8").strip())

    def cosigned(checkpoint) -> str:
        return f"{checkpoint.note}{one.sign(checkpoint.note)}\n"

    stranger = Signer(signer.verifier.name, b"\x09" * 32)
    for shows, words, code in (
        ((200, one.note), "", 0),
        ((200, cosigned(signer.checkpoint(size, bytes(32)))), "it proves the fork", 1),
        ((200, cosigned(signer.checkpoint(size + 5, bytes(32)))), "more than this log has", 1),
        ((200, signer.checkpoint(size, bytes(32)).note), "not cosigned", 0),
        ((200, cosigned(stranger.checkpoint(size, bytes(32)))), "no key of this log", 0),
        ((200, "rubbish"), "does not verify", 0),
        ((200, "x" * 99_999), "more than", 0),
        ((500, ""), "answers 500", 0),
        ((404, ""), "", 0),
    ):
        one.shows = lambda shows=shows: shows
        data = shown(isle, code=code)
        assert words in by_id(data)["one"]["words"]
        assert bool(data["contradictions"]) is bool(code)
    # What a witness says steers no terminal.
    one.shows = lambda: (200, "\x1b[2J")
    assert "\x1b" not in run("list", "--mission", str(isle))


def test_a_clock_that_is_far_off_is_told(isle, open_isle, witnesses):
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        collect(mission)
        # The mission's clock stands in 2027, that of the witness is this machine's.
        far = standing.standing(mission)
    (told,) = far["witnesses"]
    assert told["clock_off_s"] < -standing.CLOCK_S or told["clock_off_s"] > standing.CLOCK_S
    word = "ahead" if told["clock_off_s"] > 0 else "behind"
    assert f"  its clock is {abs(told['clock_off_s'])} s {word}" in lines.listed(far)
    (told,) = shown(isle)["witnesses"]
    assert told["clock_off_s"] == 0
    for words in ("", "rubbish", "Sun, 99 Apr 2026 06:00:00 GMT"):
        assert standing._clock(words) is None


def test_without_witnesses(isle):
    with Mission.open(isle) as mission:
        mission.sync_settings()
        mission.log.publish()
    assert "No witness" in run("list", "--mission", str(isle))


def test_fsck_looks_at_the_lines_of_the_missions_witnesses(isle, open_isle, witnesses):
    (one,) = witnesses("one")
    say(isle, section([one], 1))
    with open_isle() as mission:
        collect(mission)
    words = ["audit", "fsck", "--mission", str(isle)]
    assert runner.invoke(app, words).exit_code == 0
    (path,) = (isle / "evidence" / "witnessed").iterdir()
    wrong = one.key.cosign("another text\n", one.at)
    path.write_text(path.read_text("utf-8").replace(one.sign(one.note), wrong), "utf-8")
    done = runner.invoke(app, words)
    assert (done.exit_code, "the signature of example.org/one" in done.output) == (1, True)
    # A slip in mission.toml keeps nobody from checking the log.
    (isle / "mission.toml").write_text("[mission", "utf-8")
    done = runner.invoke(app, words)
    assert done.exit_code == 0
    assert "not checked" in done.stderr


def test_what_a_witness_holds_in_doubt_is_told_apart_from_a_fork():
    log = {
        "origin": "example.org/log", "digest": "0" * 64, "size": 5, "root": "ab", "at": "2026",
        "forks": ["contradictions/fork"], "doubts": ["contradictions/doubt"],
    }  # fmt: skip
    said = lines.shown({"vkey": KEY, "logs": [log, log | {"forks": [], "size": None}]})
    doubt = "  in doubt: signed, but the proof did not hold; see contradictions/doubt"
    assert said.count(doubt) == 2
    assert sum("FORK: it signed two histories; see contradictions/fork" in one for one in said) == 1
    assert "  nothing cosigned yet" in said
