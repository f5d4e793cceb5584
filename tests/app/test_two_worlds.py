"""Two missions that differ in their notices and contacts alone look the same from outside.

What somebody outside can have: everything that is published (bulletins, corrections, seals,
alerts), the public part of the evidence log, and what the commands print that are not for those
inside. All of it is compared byte for byte, and searched for words that stand in every field of
the notices and contacts.
"""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from trucewatch.app import deciding
from trucewatch.app.cli import app
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping as notices
from trucewatch.app.publishing import alerting
from trucewatch.app.publishing import bulletins as publishing
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawing import withdraw
from trucewatch.errors import NotFound
from trucewatch.evidence import EntryKind
from trucewatch.evidence.log import batch, layout
from trucewatch.model import NoticeAct

PEOPLE = """
[[people]]
id = "duty-desk"
name = "Duty desk"
roles = ["desk"]
"""

NOBODYS = "ntc-0000000000000000"
START = datetime(2026, 6, 1, 12, tzinfo=UTC)

FIELDS = {
    "organisation": "Kestrel Relief",
    "contact": "quartz line 7",
    "sort": "movement",
    "domain": "land",
    "place": "the ferryman's mill",
    "route": [[36.217431, 49.993172], [36.254449, 49.984117]],
    "width_m": 317.25,
    "from": "2026-06-05T08:11",
    "to": "2026-06-05T14:23",
    "note": "eleven vervain crates",
}
CALL = {
    "channel": "obsidian telephone",
    "subject": "the tamarisk bridge",
    "outcome": "a pangolin pause",
    "answered": True,
}
CANARIES = (
    *("kestrel", "quartz", "ferryman", "vervain", "obsidian", "tamarisk", "pangolin"),
    *("36.217431", "49.993172", "36.254449", "49.984117", "317.25"),
    *("2026-06-05", "08:11", "14:23", "road is washed away", "notified"),
)


class SetClock:
    """Stands still until it is set: how often it is asked tells nothing."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


def live(folder, data, *, with_notices):
    """One mission's life: deliveries, notices (in one of the worlds), bulletins, a correction."""
    clock = SetClock()
    (folder / "mission.toml").write_text((folder / "mission.toml").read_text() + PEOPLE)

    def desk(mission):
        if not with_notices:
            return
        done = notices.add(mission, FIELDS, by="duty-desk")["notices"][0]
        notices.act(mission, done["id"], NoticeAct.ACKNOWLEDGE, by="duty-desk")
        notices.amend(
            mission, done["id"], {"width_m": 317.5 + mission.size}, by="duty-desk", reason="wider"
        )
        notices.act(
            mission, done["id"], NoticeAct.CANCEL, by="duty-desk", reason="road is washed away"
        )
        call = {**CALL, "subject": f"{CALL['subject']} {clock.time}"}
        parties = [party.id for party in mission.configuration().agreement.parties]
        notices.contact(mission, at=clock.time, parties=parties, by="duty-desk", **call)

    with Mission.open(folder, now=clock) as mission:
        ingest(mission, data[:1])
        desk(mission)
        clock.time += timedelta(hours=1)
        ingest(mission, data[1:])
        derived = bring_up_to_date(mission)
        publish(mission, derived, days=[date(2026, 4, 12), None])
        clock.time += timedelta(hours=1)
        desk(mission)
        first = min(claim for one in derived.incidents for claim in one.claims)
        withdraw(mission, first, reason="the editor withdrew it")
        derived = bring_up_to_date(mission)
        publish(mission, derived, days=[date(2026, 4, 12), None])
        alerting.send(mission, derived)
        clock.time += timedelta(hours=1)
        desk(mission)
        publish(mission, bring_up_to_date(mission), days=[date(2026, 4, 12)])
    return folder


PUBLIC = ("bulletins", "alerts", "evidence/checkpoint", "evidence/vkey", "evidence/tile")
ASKED = (
    ["run"],
    ["run", "--json"],
    ["incidents"],
    ["incidents", "--json"],
    ["parameters", "--json"],
    ["findings", "--json"],
    ["obligations", "--json"],
    ["compliance", "--json"],
    ["symmetry", "--json"],
    ["audit", "fsck"],
    ["audit", "fsck", "--json"],
    ["explain", "easter-2026/2026-04-12"],
    ["explain", NOBODYS],
    ["bulletin", "--date", "2026-04-12", "--json"],
    ["alerts", "--json"],
)


def seen_from_outside(folder, asked, monkeypatch):
    """Every public file by name, and what the public commands print, errors included."""
    later = START + timedelta(days=1)
    # The commands open a mission by the machine's clock, which must be one for both worlds.
    monkeypatch.setitem(Mission.open.__func__.__kwdefaults__, "now", lambda: later)
    found = {}
    for name in PUBLIC:
        place = folder / name
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    monkeypatch.chdir(folder)
    for words in asked:
        done = CliRunner().invoke(app, words)
        assert done.exit_code in {0, 1}, words
        shown = f"{done.exit_code}\n{done.output}\n{done.exception or ''}"
        found[" ".join(words)] = shown.replace(str(folder), "").encode()
    return found


@contextmanager
def alike():
    """Keys, salts and nonces are the same in both worlds: what differs is what was done."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(layout.secrets, "token_bytes", lambda size: b"k" * size)
        patched.setattr(batch.secrets, "token_hex", lambda size: "5a" * size)
        yield patched


def world(folder, data, *, with_notices, asked):
    """One world as it looks from outside."""
    files = [next(data.glob(f"{word}*")) for word in ("ucdp", "cloud", "J1")]
    with alike() as patched:
        live(folder, files, with_notices=with_notices)
        return seen_from_outside(folder, asked, patched)


@pytest.fixture(scope="module")
def plain(tmp_path_factory, lay_out, data):
    """The world without notices, lived once: no saboteur of notices has anything to do in it."""
    folder = lay_out(tmp_path_factory.mktemp("plain") / "mission")
    return world(folder, data, with_notices=False, asked=ASKED)


@pytest.fixture
def worlds(tmp_path, lay_out, data, plain):
    """Both worlds as they look from outside, asked the same."""

    def make(asked=(ASKED[1],)):
        folder = lay_out(tmp_path / "notified" / "mission")
        unasked = {" ".join(one) for one in ASKED if one not in asked}
        return {
            "plain": {name: seen for name, seen in plain.items() if name not in unasked},
            "notified": world(folder, data, with_notices=True, asked=asked),
        }

    return make


def differing(seen):
    one, other = seen["plain"], seen["notified"]
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def leaks(seen):
    out = b"\n".join(seen["notified"].values()).decode("utf-8", "replace").lower()
    ids = set(re.findall("(?:ntc|ctc)-[0-9a-f]{16}", out)) - {NOBODYS}
    return [*(word for word in CANARIES if word in out), *sorted(ids)]


@pytest.mark.slow
def test_two_worlds_look_the_same(worlds, tmp_path):
    seen = worlds(ASKED)
    assert differing(seen) == []
    assert leaks(seen) == []
    # It was a life with bulletins, a correction, alerts and a public log, and there were notices.
    names = set(seen["notified"])
    assert {"bulletins/truce.html", "bulletins/truce-issue-2.changes.html"} <= names
    assert {"evidence/checkpoint", "bulletins/truce.seal.json"} <= names
    with Mission.open(tmp_path / "notified" / "mission", readonly=True) as mission:
        assert len(notices.listing(mission)["notices"]) == 3
        assert len(notices.contacts(mission)["contacts"]) == 3
    at = ["--mission", str(tmp_path / "notified" / "mission")]
    shown = CliRunner().invoke(app, ["notice", "list", "--json", *at]).output
    shown += CliRunner().invoke(app, ["hotline", "list", "--json", *at]).output
    # The amended version has another width, and nobody inside is told that he was notified.
    assert {word for word in CANARIES if word not in shown.lower()} == {"317.25", "notified"}


@pytest.mark.slow
def test_the_saboteur_who_enters_notices_in_the_evidence_log_is_seen(worlds, monkeypatch):
    monkeypatch.setattr(deciding, "INSIDE", frozenset())
    monkeypatch.setattr(deciding, "KINDS", deciding.KINDS | {EntryKind.NOTICE})
    monkeypatch.setattr(notices, "stays_inside", lambda mission: mission.decisions())
    changed = differing(worlds())
    assert "bulletins/2026-04-12.json" in changed
    assert "evidence/checkpoint" in changed
    assert "run --json" in changed


@pytest.mark.slow
def test_the_saboteur_who_leaves_them_out_of_the_evidence_root_alone_is_seen(worlds, monkeypatch):
    """Bulletins alike are not enough: the seal's checkpoint counts what the root leaves out."""
    monkeypatch.setattr(deciding, "INSIDE", frozenset())
    monkeypatch.setattr(
        notices,
        "stays_inside",
        lambda mission: tuple(
            deciding._read(mission.log, entry)
            for entry in mission.entries()
            if entry.kind is EntryKind.NOTICE
        ),
    )
    changed = differing(worlds())
    assert "bulletins/2026-04-12.json" not in changed
    assert "bulletins/2026-04-12-issue-2.seal.json" in changed


@pytest.mark.slow
def test_the_saboteur_who_prints_a_notice_is_seen(worlds, monkeypatch):
    real = publishing.situation_of

    def telling(mission, configuration, derived):
        from dataclasses import replace

        named = [row["place"] for row in notices.listing(mission)["notices"]]
        situation = real(mission, configuration, derived)
        return replace(situation, mission=" ".join([situation.mission, *named]))

    monkeypatch.setattr(publishing, "situation_of", telling)
    assert leaks(worlds()) == ["ferryman"]


def test_a_notice_is_no_incident_and_no_claim(lived, tmp_path, open_mission):
    """To a command that is not for those inside, the id of a notice is a word like any other."""
    folder = shutil.copytree(lived, tmp_path / "mission")
    (folder / "mission.toml").write_text((folder / "mission.toml").read_text() + PEOPLE)
    said = set()
    with open_mission(folder) as mission:
        mission.sync_settings()
        name = notices.add(mission, FIELDS, by="duty-desk")["notices"][0]["id"]
        for word in (name, NOBODYS):
            with pytest.raises(NotFound) as caught:
                withdraw(mission, word, reason="x")
            said.add(str(caught.value).replace(word, "…"))
    assert len(said) == 1


def test_what_stays_inside_is_for_its_owner_alone(lived, tmp_path, open_mission):
    folder = shutil.copytree(lived, tmp_path / "mission")
    (folder / "mission.toml").write_text((folder / "mission.toml").read_text() + PEOPLE)
    with open_mission(folder) as mission:
        mission.sync_settings()
        notices.add(mission, FIELDS, by="duty-desk")
    assert (folder / "inside").stat().st_mode & 0o777 == 0o700


def test_the_auditor_looks_inside_and_tells_of_faults_alone(lived, tmp_path, open_mission):
    folder = shutil.copytree(lived, tmp_path / "mission")
    before = CliRunner().invoke(app, ["audit", "fsck", "--mission", str(folder), "--json"])
    (folder / "mission.toml").write_text((folder / "mission.toml").read_text() + PEOPLE)
    with open_mission(folder) as mission:
        mission.sync_settings()
        clean = CliRunner().invoke(app, ["audit", "fsck", "--mission", str(folder), "--json"])
        notices.add(mission, FIELDS, by="duty-desk")
    after = CliRunner().invoke(app, ["audit", "fsck", "--mission", str(folder), "--json"])
    assert before.exit_code == clean.exit_code == after.exit_code == 0
    assert after.output == clean.output
    (payload,) = [path for path in (folder / "inside" / "payload").rglob("*") if path.is_file()]
    payload.chmod(0o600)
    payload.write_bytes(b"{}")
    spoilt = CliRunner().invoke(app, ["audit", "fsck", "--mission", str(folder), "--json"])
    assert spoilt.exit_code == 1
    assert "inside: " in spoilt.output
