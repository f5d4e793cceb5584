"""A run derives beside those who write the log: nobody waits for it, and nothing is lost by it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from tests.app.test_erasing import ISLAND, WITNESS, Clock
from tests.app.test_erasing import PEOPLE as PERSONS

from trucewatch.app import beside, running
from trucewatch.app.erasing import steps
from trucewatch.app.findings import reviewing
from trucewatch.app.intake import ingest
from trucewatch.app.listing import up_to_date
from trucewatch.app.mission import STATE, Mission
from trucewatch.app.pipeline import derive
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.errors import LogBusy, TrucewatchError
from trucewatch.evidence import fsck
from trucewatch.model import Nature, Ruling

SECOND = 1.0
WAIT_S = 60


def opened(folder):
    return Mission.open(folder, now=Clock())


@pytest.fixture(scope="module")
def derived(tmp_path_factory):
    """A small mission, up to date."""
    folder = shutil.copytree(ISLAND, tmp_path_factory.mktemp("beside") / "mission")
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text() + PERSONS)
    delivered = (folder / "reports.csv").rename(folder.parent / "reports.csv")
    with opened(folder) as mission:
        ingest(mission, [delivered])
        bring_up_to_date(mission)
    return folder


@pytest.fixture
def folder(derived, tmp_path):
    return shutil.copytree(derived, tmp_path / "mission")


class Run:
    """A run in a thread of its own, which stands still within its arithmetic until `go`."""

    def __init__(self, folder):
        self.folder = folder
        self.there, self.goes = threading.Event(), threading.Event()
        self.derived = self.summary = self.fault = None
        self.thread = threading.Thread(target=self.work)

    def slowly(self, *args, **kwargs):
        if threading.current_thread() is self.thread:
            self.there.set()
            assert self.goes.wait(WAIT_S)
        return derive(*args, **kwargs)

    def work(self):
        try:
            with (
                opened(self.folder) as mission,
                beside.brought_up_to_date(mission) as self.derived,
            ):
                self.summary = summary_of(mission, self.derived)
        except TrucewatchError as fault:
            self.fault = fault
            self.there.set()

    def go(self):
        self.goes.set()
        self.thread.join(WAIT_S)
        assert not self.thread.is_alive()
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def under_way(folder, monkeypatch):
    """A run that is within its arithmetic, on something new."""

    @contextmanager
    def begun(*, news=True):
        if news:
            with opened(folder) as mission:
                rule(mission, "seen on site")
        run = Run(folder)
        monkeypatch.setattr(running, "derive", run.slowly)
        run.thread.start()
        try:
            assert run.there.wait(WAIT_S)
            yield run
        finally:
            run.goes.set()
            run.thread.join(WAIT_S)

    return begun


def first_event(mission):
    return next(i for i in mission.store.derived().incidents if i.nature is Nature.EVENT)


def rule(mission, reason, by="reviewer-1"):
    return reviewing.review(mission, first_event(mission).id, Ruling.CONFIRM, by=by, reason=reason)[
        "log_index"
    ]


def a_delivery(tmp_path):
    """A file that the mission has not seen."""
    path = tmp_path / "reports-witness.csv"
    path.write_bytes(WITNESS)
    return path


def test_a_decision_and_a_delivery_enter_at_once_while_a_run_derives(folder, tmp_path, under_way):
    with under_way() as run:
        since = time.monotonic()
        with opened(folder) as mission:
            took = time.monotonic() - since
            index = rule(mission, "seen again", by="reviewer-2")
            took = max(took, time.monotonic() - since)
        assert took < SECOND
        with opened(folder) as mission:
            (taken,) = ingest(mission, [a_delivery(tmp_path)])
        run.go()
    # What the run made is what the first entries say, and it says so.
    assert run.summary["log"]["size"] == index
    with opened(folder) as mission:
        assert taken.receipt.index == index + 1
        assert not up_to_date(mission)
        assert mission.store.basis() == run.summary["evidence"]["root"]
        assert mission.store.derived() == run.derived
        held = next(f for f in run.derived.findings if f.incident == first_event(mission).id)
        assert held.reviewed_by == ("First reviewer",)
    # The next run has both.
    with opened(folder) as mission:
        with beside.brought_up_to_date(mission) as found:
            assert mission.size == index + 2
        assert up_to_date(mission)
        state = mission.store.state()
        held = next(f for f in found.findings if f.incident == first_event(mission).id)
        assert held.reviewed_by == ("Second reviewer",)
    assert fsck(folder / "evidence").ok
    # As if it had never been derived beside anybody.
    (folder / STATE).unlink()
    with opened(folder) as mission:
        assert bring_up_to_date(mission) == found
        assert mission.store.state() == state


def test_a_run_that_kept_the_log_is_caught(folder, under_way, monkeypatch):
    monkeypatch.setattr(beside, "let_go", lambda _: None)
    monkeypatch.setattr(beside, "hold", lambda _: None)
    with under_way() as run:
        with pytest.raises(LogBusy), opened(folder):
            pass
        run.go()


def test_two_do_not_derive_at_once(folder, under_way):
    with under_way() as run:
        with (
            opened(folder) as mission,
            pytest.raises(LogBusy, match="another process derives"),
        ):
            bring_up_to_date(mission)
        run.go()
    with opened(folder) as mission:
        assert up_to_date(mission)
        assert bring_up_to_date(mission) == run.derived


def test_nothing_is_erased_under_a_run(folder, under_way):
    with under_way() as run:
        with (
            opened(folder) as mission,
            pytest.raises(LogBusy),
            steps.erasing(mission, within=False),
        ):
            pass
        run.go()
    with opened(folder) as mission, steps.erasing(mission, within=False) as log:
        assert log is mission.log


def other_settings(folder, tmp_path):
    """Other settings that reports are read by come into force, and are read by."""
    path = folder / "sources.toml"
    path.write_text(path.read_text() + "\n# Read again.\n")
    with opened(folder) as mission:
        before = mission.store.version()
        ingest(mission, [a_delivery(tmp_path)])
        assert mission.store.version() != before


def test_what_was_read_otherwise_meanwhile_is_derived_from_anew(folder, tmp_path, under_way):
    with under_way() as run:
        other_settings(folder, tmp_path)
        run.go()
    with opened(folder) as mission:
        assert up_to_date(mission)
        assert run.summary["log"]["size"] == mission.size
        assert mission.store.derived() == run.derived


def test_where_all_is_read_anew_the_log_is_held_and_nobody_sees_a_state_half_made(
    folder, under_way
):
    with opened(folder) as mission, mission.store.batch():
        mission.store.mark_read(mission.size, "another version")
        before = mission.store.basis()
    with under_way(news=False) as run:
        with pytest.raises(LogBusy), opened(folder):
            pass
        with Mission.open(folder, readonly=True) as mission:
            assert mission.store.basis() == before
        run.go()
    with opened(folder) as mission:
        assert up_to_date(mission)


SLOW = """
import sys, time
from trucewatch.app import cli, running
def slowly(*_, **__):
    print("deriving", flush=True)
    time.sleep(60)
running.derive = slowly
sys.argv = ["trucewatch", "run", "--mission", sys.argv[1]]
cli.main()
"""


def test_a_run_that_is_killed_while_it_derives_leaves_all_sound(folder):
    with opened(folder) as mission:
        rule(mission, "seen on site")
        before = mission.store.basis()
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "deriving\n"
        with opened(folder) as mission:
            index = rule(mission, "seen again", by="reviewer-2")
        os.kill(process.pid, signal.SIGKILL)
    assert fsck(folder / "evidence").ok
    with opened(folder) as mission:
        assert mission.store.basis() == before
        with beside.brought_up_to_date(mission):
            assert mission.size == index + 1
        assert up_to_date(mission)
        assert not mission.log.account
