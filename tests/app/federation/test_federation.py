"""A second site: its log is audited, its reports count, and no split changes what is said."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from trucewatch.app import intake
from trucewatch.app.auditing.replay import replay
from trucewatch.app.cli import app
from trucewatch.app.erasing import steps
from trucewatch.app.explaining.explanation import explain
from trucewatch.app.federation import checking, copies, pulling
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawing import withdraw
from trucewatch.errors import ConfigurationError, LogDamaged, NotFound
from trucewatch.evidence import (
    Asked,
    Declined,
    EntryKind,
    Log,
    NewEntry,
    Why,
    encode_step,
    fsck,
)
from trucewatch.evidence.audit import check_fork, policy_of
from trucewatch.evidence.tlog.notes import Signer

ISLAND = Path(__file__).parents[3] / "docs" / "island"
HEAD, *ROWS = (ISLAND / "reports.csv").read_text("utf-8").splitlines()
SOUTH, WEST = "isle/south", "isle/west"

SECOND = """
[[source]]
id = "hill"
name = "The post on the hill"
kind = "press"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
timezone = "Atlantic/Azores"
"""


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2027, 6, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def opened(folder: Path) -> Mission:
    return Mission.open(folder, now=Clock())


def delivery(*rows: int) -> bytes:
    return "\n".join([HEAD, *(ROWS[row] for row in rows), ""]).encode()


def deliver(log: Log, source: str, *rows: int) -> None:
    """One delivery of these rows, published."""
    entry = NewEntry(
        kind=EntryKind.REPORT, source=source, payload=delivery(*rows), name=f"{rows}.csv"
    )
    log.append([entry], received=datetime(2027, 5, 1, tzinfo=UTC))
    log.publish()


class Site:
    """The log of another site, in a folder of its own."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder, self.origin = folder, origin
        if not folder.exists():
            Log.create(folder, origin=origin).close()
        self.vkey = next(folder.rglob("vkey")).read_text().strip()

    def deliver(self, source: str, *rows: int) -> None:
        with Log.open(self.folder) as log:
            deliver(log, source, *rows)

    def table(self) -> str:
        return (
            f'\n[[federated]]\norigin = "{self.origin}"\nvkey = "{self.vkey}"\n'
            f'folder = "{self.folder}"\n'
        )


def mission_of(folder: Path, *sites: Site) -> Path:
    shutil.copytree(ISLAND, folder)
    (folder / "reports.csv").unlink()
    for name, more in (
        ("mission.toml", "".join(site.table() for site in sites)),
        ("sources.toml", SECOND),
    ):
        path = folder / name
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    return folder


@pytest.fixture
def south(tmp_path) -> Site:
    return Site(tmp_path / "south", SOUTH)


@pytest.fixture
def home(tmp_path, south) -> Path:
    return mission_of(tmp_path / "home", south)


def pull(folder: Path) -> dict:
    return pulling.pulled_data(pulling.pull(folder, now=Clock()))


def home_report(folder: Path, source: str, *rows: int) -> None:
    path = folder.parent / f"{source}-{'-'.join(map(str, rows))}.csv"
    path.write_bytes(delivery(*rows))
    with opened(folder) as mission:
        ingest(mission, [path], source=source)


def said(folder: Path) -> tuple[object, dict[str, bytes]]:
    """All that follows from the evidence, and every body that is published."""
    with opened(folder) as mission:
        derived = bring_up_to_date(mission)
        publish(mission, derived, days=[None])
        sealed = [json.loads(path.read_bytes()) for path in mission.bulletins.glob("*.seal.json")]
        bodies = {
            name: (mission.bulletins / name).read_bytes()
            for seal in sealed
            for name in seal["bodies"]
        }
        return (derived, mission.in_force().root, mission.in_force().records), bodies


def test_the_reports_of_a_second_site_count(home, south, tmp_path):
    south.deliver("harbour-desk", *range(5))
    home_report(home, "hill", 7, 8)
    told = pull(home)
    assert told["ok"]
    assert [(one["before"], one["size"]) for one in told["logs"]] == [(0, 1)]
    alone = mission_of(tmp_path / "alone", south)
    home_report(alone, "harbour-desk", *range(5))
    home_report(alone, "hill", 7, 8)
    assert said(home) == said(alone)
    # A second pull has nothing to say, and says nothing.
    with opened(home) as mission:
        size = mission.log.size
    assert pull(home)["logs"][0]["log_index"] is None
    with opened(home) as mission:
        assert mission.log.size == size
    assert fsck(home / "evidence").ok


PARTS = [("harbour-desk", (0, 1, 2)), ("harbour-desk", (3, 4)), ("hill", (5, 6)), ("hill", (7, 9))]


@pytest.fixture(scope="module")
def in_one_log(tmp_path_factory):
    """What is said of all parts in one log, of a mission that names two other sites."""
    folder = tmp_path_factory.mktemp("one")
    sites = (Site(folder / "south", SOUTH), Site(folder / "west", WEST))
    home = mission_of(folder / "home", *sites)
    for source, rows in PARTS:
        home_report(home, source, *rows)
    return said(home), sites


@settings(max_examples=8, deadline=None)
@given(
    plan=st.lists(
        st.tuples(st.sampled_from(range(len(PARTS))), st.sampled_from(("home", SOUTH, WEST))),
        min_size=4,
        max_size=9,
    ),
    pulls=st.sets(st.integers(0, 8)),
)
def test_no_split_and_no_order_of_pulls_changes_what_is_said(in_one_log, plan, pulls):
    whole, sites = in_one_log
    # Whatever the plan leaves out comes last, at home.
    plan += [(part, "home") for part in sorted(set(range(len(PARTS))) - {part for part, _ in plan})]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        # The same keys, so that mission.toml is the same: it is evidence too.
        found = {}
        for site in sites:
            shutil.copytree(site.folder, folder / site.folder.name)
            found[site.origin] = folder / site.folder.name
        home = mission_of(folder / "home", *sites)
        for step, (part, where) in enumerate(plan):
            source, rows = PARTS[part]
            if where == "home":
                home_report(home, source, *rows)
            else:
                with Log.open(found[where]) as log:
                    deliver(log, source, *rows)
            if step in pulls:
                pull_from(home, sites, found)
        pull_from(home, sites, found)
        assert said(home) == whole


def pull_from(home, sites, found) -> None:
    """Pull, with the logs lying elsewhere than mission.toml has it."""
    for site in sites:
        shutil.rmtree(site.folder)
        shutil.copytree(found[site.origin], site.folder)
    assert pull(home)["ok"]


def test_the_saboteur_that_counts_a_report_twice_is_caught(home, south, monkeypatch):
    south.deliver("harbour-desk", 0, 1)
    home_report(home, "harbour-desk", 0, 1)
    pull(home)

    def entries(mission):
        return [entry for entry in mission.entries() if entry.kind is EntryKind.REPORT]

    with opened(home) as mission:
        assert len(entries(mission)) == 1
        honest = copies.merged

        def twice(own, held, payload):
            for entry in honest(own, held, payload):
                yield entry
                if copies.origin_of(entry):
                    yield from held.reports(entry, SOUTH, 0, 1)

        monkeypatch.setattr("trucewatch.app.mission.merged", twice)
        assert len(entries(mission)) == 2


def test_a_report_that_the_other_log_had_is_a_duplicate_at_home(home, south, tmp_path):
    south.deliver("harbour-desk", 0, 1)
    pull(home)
    path = tmp_path / "again.csv"
    path.write_bytes(delivery(0, 1))
    with opened(home) as mission:
        (delivered,) = ingest(mission, [path], source="harbour-desk")
        assert not delivered.receipt.repeated
        assert (delivered.count.duplicate, delivered.count.accepted) == (2, 0)


def test_state_is_a_function_of_the_home_log(home, south):
    south.deliver("harbour-desk", 0, 1, 2)
    pull(home)
    before, _ = said(home)
    with opened(home) as mission:
        size = mission.log.size
    south.deliver("harbour-desk", 3, 4, 5)
    # What was copied and not yet said to count does not.
    pull(home)
    later, _ = said(home)
    assert later != before
    with opened(home) as mission, replayed(mission, size) as (past, derived):
        root = past.in_force().root
        assert (derived, root) == before[:2]


def test_the_seal_names_the_other_log(home, south):
    south.deliver("harbour-desk", 0, 1, 2)
    pull(home)
    said(home)
    (path,) = home.glob("bulletins/*.seal.json")
    (page,) = home.glob("bulletins/*.seal.html")
    assert f"<bdi>{SOUTH}</bdi>" in page.read_text("utf-8")
    with Log.open(south.folder, readonly=True) as log:
        expected = {"origin": SOUTH, "size": 1, "root": log.root()}
    assert json.loads(path.read_bytes())["federated"] == [expected]


def test_only_reports_are_taken_over(home, south):
    decided = NewEntry(kind=EntryKind.REVIEW, source="people", payload=b"{}", name="review")
    broken = NewEntry(
        kind=EntryKind.AGREEMENT, source="operator", payload=b"?", name="mission.toml"
    )
    with Log.open(south.folder) as log:
        log.append([decided, broken], received=datetime(2027, 5, 1, tzinfo=UTC))
        log.publish()
    south.deliver("harbour-desk", 0)
    assert pull(home)["ok"]
    with opened(home) as mission:
        taken = [e for e in mission.entries() if isinstance(e, copies.TakenEntry)]
        assert [(e.kind, e.origin, e.place) for e in taken] == [(EntryKind.REPORT, SOUTH, 2)]
        assert mission.decisions() == ()
        assert len(bring_up_to_date(mission).incidents) == 1


def test_a_source_that_nobody_registered_here_is_quarantined_and_told(home, south):
    south.deliver("harbour-desk", 0)
    south.deliver("stranger", 1)
    assert pull(home)["logs"][0]["unregistered"] == {"stranger": 1}
    with opened(home) as mission:
        bring_up_to_date(mission)
        (record,) = mission.store.quarantined()
        assert "'stranger', a source that is not in sources.toml" in record.reason
        counts = {count.source: count for count in mission.store.intake()}
        assert (counts["stranger"].received, counts["stranger"].quarantined) == (1, 1)
    _, bodies = said(home)
    assert not any(b"stranger" in body for body in bodies.values())
    # Once it is registered, it is read.
    path = home / "sources.toml"
    path.write_text(path.read_text() + SECOND.replace('"hill"', '"stranger"'))
    with opened(home) as mission:
        assert len(bring_up_to_date(mission).incidents) == 2
        assert mission.store.quarantined() == ()


def test_what_was_taken_over_can_be_explained_and_withdrawn(home, south):
    south.deliver("harbour-desk", 0)
    pull(home)
    with opened(home) as mission:
        (incident,) = bring_up_to_date(mission).incidents
        report = next(iter(mission.store.reports()))
        (record,) = explain(mission, report.id)["report"]["records"]
        assert record["taken_from"] == SOUTH
        assert record["bytes"] in delivery(0).decode()
        taken = next(e for e in mission.entries() if isinstance(e, copies.TakenEntry))
        # The number of the entry that took it over names nothing that was delivered.
        with pytest.raises(NotFound):
            withdraw(mission, str(taken.index), reason="wrong")
        withdraw(mission, taken.leaf_hash, reason="wrong")
        assert bring_up_to_date(mission).incidents == ()
        assert incident.id


def refused(folder: Path) -> dict:
    """Pull, and hold that nothing was taken: neither entry nor copy."""
    with opened(folder) as mission:
        mission.sync_settings()
        size = mission.log.size
    places = sorted(path for path in (folder / copies.FOLDER).glob("*/0*"))
    told = pull(folder)
    assert not told["ok"]
    with opened(folder) as mission:
        assert mission.log.size == size
    assert sorted(path for path in (folder / copies.FOLDER).glob("*/0*")) == places
    return told["logs"][0]


def test_a_fork_is_refused_and_proved(home, south, tmp_path):
    south.deliver("harbour-desk", 0, 1)
    twin = tmp_path / "twin"
    shutil.copytree(south.folder, twin)
    south.deliver("harbour-desk", 2)
    assert pull(home)["ok"]
    with Log.open(twin) as log:
        deliver(log, "harbour-desk", 3)
        deliver(log, "harbour-desk", 4)
    shutil.rmtree(south.folder)
    twin.rename(south.folder)
    told = refused(home)
    assert told["refused"].startswith("a fork")
    assert check_fork(Path(told["fork"]).read_bytes(), policy_of([south.vkey])).holds
    # What was taken before still counts.
    with opened(home) as mission:
        assert len(bring_up_to_date(mission).incidents) == 3


def test_an_older_copy_is_refused(home, south, tmp_path):
    south.deliver("harbour-desk", 0)
    shutil.copytree(south.folder, tmp_path / "older")
    south.deliver("harbour-desk", 1)
    assert pull(home)["ok"]
    shutil.rmtree(south.folder)
    (tmp_path / "older").rename(south.folder)
    assert "an older copy" in refused(home)["refused"]


def test_what_does_not_hold_is_refused(home, south):
    south.deliver("harbour-desk", 0)
    payload = next(path for path in (south.folder / "payload").rglob("*") if path.is_file())
    good = payload.read_bytes()
    payload.write_bytes(good + b"!")
    assert "does not hold" in refused(home)["refused"]
    payload.unlink()
    assert "missing" in refused(home)["refused"]
    secret = home / "mission.toml"
    payload.symlink_to(secret)
    assert "cannot be copied" in refused(home)["refused"]
    payload.unlink()
    payload.write_bytes(good)
    (south.folder / "checkpoint").rename(south.folder / "gone")
    assert "no evidence log" in refused(home)["refused"]
    (south.folder / "gone").rename(south.folder / "checkpoint")
    assert pull(home)["ok"]


def test_a_pipe_is_no_file_and_hangs_nothing(home, south):
    south.deliver("harbour-desk", 0)
    payload = next(path for path in (south.folder / "payload").rglob("*") if path.is_file())
    payload.unlink()
    os.mkfifo(payload)
    assert f"{payload} is no plain file" in refused(home)["refused"]


def test_what_no_copy_has_is_not_found(home, south):
    south.deliver("harbour-desk", 0)
    assert pull(home)["ok"]
    with opened(home) as mission:
        digest = hashlib.sha256(delivery(0)).hexdigest()
        assert mission.payload(digest) == delivery(0)
        with pytest.raises(NotFound, match="in this log or in one that was taken over"):
            mission.payload("0" * 64)


def test_a_declined_erasure_of_another_log_takes_nothing_away(home, south):
    south.deliver("harbour-desk", 0)
    assert pull(home)["ok"]
    payload = hashlib.sha256(delivery(0)).hexdigest()

    def enter(log, step):
        entry = NewEntry(kind=EntryKind.ERASED, source="people", payload=encode_step(step))
        (receipt,) = log.append([entry], received=datetime(2027, 5, 2, tzinfo=UTC))
        log.publish()
        return receipt

    with Log.open(south.folder) as log:
        asked = enter(log, Asked(by="ann", reason="a slip", payload=payload))
        no = Declined(by="ben", request=asked.index, leaf=asked.leaf_hash, reason="it is needed")
        enter(log, no)
    assert pull(home)["ok"]
    with opened(home) as mission:
        assert mission.gone() == ()
        assert mission.payload(payload) == delivery(0)


def test_the_saboteur_that_believes_every_copy_is_caught(home, south, monkeypatch):
    monkeypatch.setattr(pulling, "fsck", lambda *_, **__: _Believed())
    south.deliver("harbour-desk", 0)
    with pytest.raises((AssertionError, LogDamaged)):
        test_what_does_not_hold_is_refused(home, south)


class _Believed:
    ok, origin, size, root, problems = True, SOUTH, 1, "", ()


def test_the_saboteur_that_compares_nothing_is_caught(home, south, tmp_path, monkeypatch):
    monkeypatch.setattr(pulling, "_hold_against", lambda *_: None)
    with pytest.raises((AssertionError, LogDamaged)):
        test_a_fork_is_refused_and_proved(home, south, tmp_path)


def test_the_key_is_the_one_that_mission_toml_names(home, south):
    south.deliver("harbour-desk", 0)
    with Log.open(south.folder) as log:
        log.change_key(
            why=Why.ROTATION,
            by="lead",
            reason="a year",
            source="operator",
            received=datetime(2027, 5, 2, tzinfo=UTC),
        )
    # A planned change is followed.
    assert pull(home)["ok"]
    with Log.open(south.folder) as log:
        log.change_key(
            why=Why.COMPROMISE,
            by="lead",
            reason="stolen",
            source="operator",
            received=datetime(2027, 5, 3, tzinfo=UTC),
        )
    south.deliver("harbour-desk", 1)
    assert "Ask the mission by another way" in refused(home)["refused"]
    path = home / "mission.toml"
    now = (south.folder / "vkey").read_text().strip()
    path.write_text(path.read_text().replace(south.vkey, now))
    assert pull(home)["ok"]
    stranger = Signer(SOUTH, b"x" * 32).verifier.vkey()
    path.write_text(path.read_text().replace(now, stranger))
    assert "never had the key" in refused(home)["refused"]


def test_a_copy_that_is_gone_is_told_and_comes_back(home, south):
    south.deliver("harbour-desk", 0)
    pull(home)
    before = said(home)
    shutil.rmtree(home / copies.FOLDER)
    with opened(home) as mission, pytest.raises(LogDamaged, match="federate pull"):
        mission.in_force()
    assert pull(home)["logs"][0]["log_index"] is None
    assert said(home) == before
    # A copy that somebody changed is no copy.
    (copy,) = (home / copies.FOLDER).glob("*/0*")
    tile = next(path for path in (copy / "tile" / "entries").rglob("*") if path.is_file())
    tile.write_bytes(tile.read_bytes()[:-1] + b"!")
    with opened(home) as mission, pytest.raises(LogDamaged):
        list(mission.entries())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"isle/south"', '"island-truce"'), "mission's own log"),
        (('"isle/south"', '"isle/north"'), "another name"),
        (("vkey = ", "vkez = "), "Field required"),
        (('vkey = "isle', 'vkey = "isla'), "does not match its own hash"),
        (("+A", "+?"), "one line"),
    ],
)
def test_settings_that_cannot_be_are_refused(home, change, told):
    path = home / "mission.toml"
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
    with pytest.raises(ConfigurationError, match=told), opened(home) as mission:
        mission.sync_settings()


def test_a_log_stands_once(home, south):
    path = home / "mission.toml"
    path.write_text(path.read_text() + south.table())
    with pytest.raises(ConfigurationError, match="stands twice"), opened(home) as mission:
        mission.sync_settings()


def run(*words, code=0):
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def test_from_the_command_line(tmp_path, south):
    south.deliver("harbour-desk", 0, 1)
    home = mission_of(tmp_path / "bare")
    with opened(home) as mission:
        mission.sync_settings()
    assert "No other log counts here" in run("federate", "list", "--mission", home)
    with pytest.raises(NotFound, match="federate add"):
        pull(home)
    given = ("--vkey", south.folder / "vkey", "--from", "../south", "--mission", home)
    assert "Added" in run("federate", "add", SOUTH, *given)
    before = (home / "mission.toml").read_text()
    result = CliRunner().invoke(app, ["federate", "add", SOUTH, *map(str, given)])
    assert "stands twice" in str(result.exception)
    assert (home / "mission.toml").read_text() == before
    assert "1 new entries" in run("federate", "pull", "--mission", home)
    assert "1 entries taken over" in run("federate", "list", "--mission", home)
    (south.folder / "checkpoint").unlink()
    assert "REFUSED" in run("federate", "pull", "--mission", home, code=1)


PEOPLE = """
[[people]]
id = "ann"
name = "A"
roles = ["lead"]

[[people]]
id = "ben"
name = "B"
roles = ["lead"]
"""


def erase(folder: Path, payload: bytes) -> None:
    """Two people have a delivery erased."""
    with opened(folder) as mission:
        digest = hashlib.sha256(payload).hexdigest()
        entries = steps.held_by(mission.log, digest)
        asked = steps.ask(
            mission, mission.log, entries, by="ann", reason="in danger", replacement=None
        )
        steps.approve(mission, mission.log, asked, by="ben")


def peopled(folder: Path, name: str, *sites: Site) -> Path:
    mission_of(folder, *sites)
    path = folder / "mission.toml"
    text = path.read_text().replace('id = "island-truce"', f'id = "{name}"')
    path.write_text(text + PEOPLE)
    return folder


def held(folder: Path, payload: bytes) -> list[Path]:
    """Every file below a folder that holds these bytes."""
    return [p for p in folder.rglob("*") if p.is_file() and payload in p.read_bytes()]


def test_what_the_other_log_erased_is_gone_here(tmp_path):
    there = peopled(tmp_path / "there", "isle-there")
    home_report(there, "harbour-desk", 0, 1)
    home_report(there, "harbour-desk", 2)
    home = mission_of(tmp_path / "home", Site(there, "isle-there"))
    assert pull(home)["ok"]
    with opened(home) as mission:
        assert len(bring_up_to_date(mission).incidents) == 3
        publish(mission, bring_up_to_date(mission), days=[None])
    mark = ROWS[1].rsplit(",", 1)[-1].encode()
    assert held(home / copies.FOLDER, mark)
    assert held(home, mark)
    erase(there, delivery(0, 1))
    assert pull(home)["ok"]
    with opened(home) as mission:
        assert len(bring_up_to_date(mission).incidents) == 1
    left = [path for path in held(home, mark) if "bulletins" not in path.parts]
    assert left == []


def test_what_is_erased_at_home_does_not_stay_in_a_copy(tmp_path, south):
    south.deliver("harbour-desk", 0, 1)
    home = peopled(tmp_path / "home", "isle-home", south)
    home_report(home, "harbour-desk", 0, 1)
    assert pull(home)["ok"]
    assert held(home, delivery(0, 1))
    erase(home, delivery(0, 1))
    assert held(home, delivery(0, 1)) == []
    # Nor does the next pull bring it back.
    south.deliver("harbour-desk", 2)
    assert pull(home)["ok"]
    assert held(home, delivery(0, 1)) == []
    with opened(home) as mission:
        assert len(bring_up_to_date(mission).incidents) == 1


def test_the_saboteur_that_keeps_what_was_erased_is_caught(tmp_path, south, monkeypatch):
    monkeypatch.setattr(copies.Copies, "drop", lambda *_: None)
    with pytest.raises(AssertionError):
        test_what_is_erased_at_home_does_not_stay_in_a_copy(tmp_path, south)


def test_the_auditor_makes_a_bulletin_of_two_logs_anew(home, south):
    south.deliver("harbour-desk", 0, 1, 2)
    home_report(home, "hill", 4)
    pull(home)
    with opened(home) as mission:
        publish(mission, bring_up_to_date(mission), days=[None])
    south.deliver("harbour-desk", 5)
    pull(home)
    run("audit", "replay", "--all", "--mission", home)
    run("audit", "fsck", "--mission", home)


def checked(folder: Path, code: int = 0) -> dict:
    return json.loads(run("audit", "fsck", "--mission", folder, "--json", code=code))


def tries_of_a_copy(home, south) -> None:
    south.deliver("harbour-desk", 0, 1)
    pull(home)
    assert checked(home)["federated"] == [SOUTH]
    assert f"The copy of '{SOUTH}' was checked too" in run("audit", "fsck", "--mission", home)
    (copy,) = (home / copies.FOLDER).glob("*/0*")
    payload = next(path for path in (copy / "payload").rglob("*") if path.is_file())
    good = payload.read_bytes()
    payload.write_bytes(good + b"!")
    told = checked(home, code=1)["problems"]
    assert [words.startswith(f"{SOUTH}: payload/") for words in told] == [True]
    payload.unlink()
    assert "missing" in checked(home, code=1)["problems"][0]
    payload.write_bytes(good)
    # Under the key that mission.toml names, whatever lies with the copy.
    path = home / "mission.toml"
    text = path.read_text()
    path.write_text(text.replace(south.vkey, Signer(SOUTH, b"x" * 32).verifier.vkey()))
    assert f"{SOUTH}: vkey: " in checked(home, code=1)["problems"][0]
    path.write_text(text)
    copy.rename(copy.parent / "away")
    assert "federate pull" in checked(home, code=1)["problems"][0]
    (copy.parent / "away").rename(copy)
    assert checked(home)["ok"]


def test_the_auditor_checks_the_copies_too(home, south):
    tries_of_a_copy(home, south)


@pytest.mark.parametrize("name", ["fsck", "keys"])
def test_the_saboteurs_that_check_no_copy_are_caught(home, south, monkeypatch, name):
    if name == "fsck":
        monkeypatch.setattr(checking, "fsck", lambda *_, **__: _Believed())
    else:
        monkeypatch.setattr(checking, "_keys", lambda _: {})
    with pytest.raises(AssertionError):
        tries_of_a_copy(home, south)


def test_a_sound_copy_of_another_past_is_no_copy(home, south, tmp_path):
    twin = Site(tmp_path / "twin", SOUTH)
    south.deliver("harbour-desk", 0)
    pull(home)
    shutil.rmtree(south.folder)
    twin.deliver("harbour-desk", 3)
    (copy,) = (home / copies.FOLDER).glob("*/0*")
    shutil.rmtree(copy)
    shutil.copytree(twin.folder, copy)
    path = home / "mission.toml"
    path.write_text(path.read_text().replace(south.vkey, twin.vkey))
    assert checked(home, code=1)["problems"][0].startswith(f"{SOUTH}: ")


def test_what_is_erased_at_home_is_not_missed_in_a_copy(tmp_path, south):
    test_what_is_erased_at_home_does_not_stay_in_a_copy(tmp_path, south)
    home = tmp_path / "home"
    assert checked(home)["ok"]


def test_the_saboteur_that_follows_links_is_caught(home, south, monkeypatch):
    """Without the refusal a link in another's log would copy any file of this machine."""
    monkeypatch.setattr(pulling.os, "O_NOFOLLOW", 0)
    with pytest.raises(AssertionError):
        test_what_does_not_hold_is_refused(home, south)


def test_the_saboteur_that_drops_what_nobody_registered_is_caught(home, south, monkeypatch):
    monkeypatch.setattr(intake, "_set_aside", lambda *_: None)
    with pytest.raises((AssertionError, ValueError)):
        test_a_source_that_nobody_registered_here_is_quarantined_and_told(home, south)


def test_what_the_other_log_erased_is_told_and_makes_no_liar_of_an_earlier_bulletin(
    tmp_path, monkeypatch
):
    """The next issue says that something is gone, and a replay says why the old cannot be made."""
    there = peopled(tmp_path / "there", "isle-there")
    home_report(there, "harbour-desk", 0, 1)
    home_report(there, "harbour-desk", 2)
    home = mission_of(tmp_path / "home", Site(there, "isle-there"))
    home_report(home, "harbour-desk", 4)

    def issue():
        with opened(home) as mission:
            (made,) = publish(mission, bring_up_to_date(mission), days=[None])
            return made.stem

    assert issue() == "truce"
    pull(home)
    assert issue() == "truce-issue-2"
    erase(there, delivery(0, 1))
    pull(home)
    assert issue() == "truce-issue-3"
    told = json.loads((home / "bulletins/truce-issue-3.changes.json").read_bytes())
    assert told["erased"] is True
    second = json.loads((home / "bulletins/truce-issue-2.seal.json").read_bytes())
    assert told["evidence_before"]["root"] == second["evidence"]["root"]
    first, second, third = replay(home, None)["bulletins"]
    assert (first["verdict"], third["verdict"]) == ("same", "same")
    assert (second["verdict"], second["problems"]) == ("erased", [])
    assert "of isle-there, which entry" in second["words"]
    assert "(in danger)" in second["words"]
    # The saboteur: without a look at the other logs an honest mission would be called a liar.
    monkeypatch.setattr(Mission, "gone", lambda _: ())
    assert replay(home, "truce-issue-2")["bulletins"][0]["verdict"] == "different"
