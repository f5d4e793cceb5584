"""Deliveries that come twice, late, in any order and cut in any way tell what one batch tells."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random

import pytest
from tests.torture.frame import row
from tests.torture.island import CALLS, SetClock, begun, write

from trucewatch.app import intake, running
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.app.withdrawing import withdraw
from trucewatch.evidence import Log
from trucewatch.evidence.log.batch import Batch
from trucewatch.model import Report, content_id
from trucewatch.reports import read_delivery

SHUFFLED = row("duplicate, late, shuffled delivery")
SETS = 20
"""So many sets of calls are delivered in many ways each: the batch is made once a set."""


@dataclass(frozen=True)
class Plan:
    """What is delivered and taken back, however it comes: the calls of each source as files."""

    files: tuple[tuple[str, tuple[str, ...]], ...]
    withdrawn: tuple[str, ...]


def readable(call: str) -> bool:
    """Whether the sources' reader takes a call."""
    return "not a time" not in call and "a whistle" not in call


def plan(number: int) -> Plan:
    """One of the sets of calls, cut into files."""
    random = Random(f"plan {number % SETS}")
    chosen = random.sample(CALLS, random.randint(3, 8))
    files = []
    for source in sorted({source for source, _ in chosen}):
        rest = [call for owner, call in chosen if owner == source]
        while rest:
            cut = random.randint(1, len(rest))
            files.append((source, tuple(rest[:cut])))
            rest = rest[cut:]
    told = [call for _, call in chosen if readable(call)]
    return Plan(tuple(files), tuple(random.sample(told, number % 3 == 0 and len(told) > 2)))


def cut_otherwise(files, random: Random):
    """The same calls of the same sources in other files; some stand in two of them."""
    found = []
    for source in sorted({source for source, _ in files}):
        rest = [call for owner, calls in files if owner == source for call in calls]
        random.shuffle(rest)
        # What cannot be read has no id: the same bad record in two files is counted in both.
        good = [call for call in rest if readable(call)]
        again = random.sample(good, random.randint(0, len(good)))
        while rest:
            cut = random.randint(1, len(rest))
            found.append((source, tuple(rest[:cut])))
            rest = rest[cut:]
        if again:
            found.append((source, tuple(again)))
    return found


@dataclass(frozen=True)
class End:
    """What a mission comes to: everything derived, the intake's sums, and the bulletin's bodies."""

    derived: object
    intake: object
    bodies: object


class Machine:
    """One mission that is driven step by step; `check` holds what must be so at any time."""

    def __init__(self, empty: Path, folder: Path) -> None:
        self.folder = Path(shutil.copytree(empty, folder / "m"))
        self.files = folder / "files"
        self.clock = SetClock()
        self.mission = Mission.open(self.folder, now=self.clock)
        self.receipts: dict[tuple[str, bytes], object] = {}
        self.told: set[str] = set()

    def restart(self) -> None:
        """Close and open again, as another process would."""
        self.mission.close()
        self.mission = Mission.open(self.folder, now=self.clock)

    def deliver(self, *files) -> None:
        """Deliver some files at once; the same bytes of the same source get their first receipt."""
        paths = [write(self.files, source, calls) for source, calls in files]
        for path, (source, calls), taken in zip(
            paths, files, ingest(self.mission, paths), strict=True
        ):
            assert taken.count.received == len(calls)
            key = (source, path.read_bytes())
            known = self.receipts.setdefault(key, taken.receipt)
            assert replace(taken.receipt, repeated=known.repeated) == known
            assert taken.receipt.repeated == (taken.receipt is not known)
            self.told.update(calls)

    def take_back(self, call: str) -> None:
        """Withdraw the claim that a call made; the same word again changes nothing."""
        words = call.rpartition(",")[2]
        claims = [
            claim.id
            for report in self.mission.store.reports()
            for claim in report.claims
            if claim.text == words
        ]
        for claim in sorted(claims):
            withdraw(self.mission, claim, reason="the caller took it back")

    def end(self, made: Plan, *, whole: bool) -> End:
        """Run, publish, and say what came out; without `whole`, less what counts the entries.

        A withdrawal is somebody's decision and has its hour, which obligations and bulletins tell.
        """
        derived = bring_up_to_date(self.mission)
        intake = summary_of(self.mission, derived)["intake"]
        issued = publish(self.mission, derived, days=[None])
        bodies: dict[str, object] = {path.name: path.read_bytes() for path in issued[0].files}
        if not whole:
            (one,) = (name for name in bodies if name.endswith(".json"))
            told = json.loads(bodies[one])
            # It names the set of entries that it rests on, and these are cut otherwise.
            assert told.pop("evidence")
            bodies = {one: told}
            intake = {name: count["accepted"] for name, count in intake.items()}
        self.mission.close()
        if made.withdrawn:
            opened = tuple((one.id, one.opened, one.progress) for one in derived.obligations)
            return End((replace(derived, obligations=()), opened), intake, None)
        return End(derived, intake, bodies)


def batch(empty: Path, folder: Path, made: Plan, *, whole: bool) -> End:
    """What one batch over everything comes to."""
    machine = Machine(empty, folder)
    machine.deliver(*made.files)
    for call in made.withdrawn:
        machine.take_back(call)
    return machine.end(made, whole=whole)


def drive(machine: Machine, made: Plan, random: Random, *, whole: bool) -> End:
    """Deliver all of a plan in a way that the dice choose."""
    waiting = list(made.files if whole else cut_otherwise(made.files, random))
    random.shuffle(waiting)
    came: list = []
    back = set(made.withdrawn)
    while waiting or back & machine.told:
        machine.clock.late(random)
        what = random.choices(
            ["next", "some", "again", "run", "restart", "withdraw"], [5, 2, 3, 1, 1, 2]
        )[0]
        if what in {"next", "some"} and waiting:
            taken = [waiting.pop() for _ in range(min(len(waiting), 1 + (what == "some")))]
            machine.deliver(*taken)
            came += taken
        elif what == "again" and came:
            machine.deliver(*random.choices(came, k=random.randint(1, 2)))
        elif what == "run":
            bring_up_to_date(machine.mission)
        elif what == "restart":
            machine.restart()
        elif what == "withdraw":
            for call in sorted(back & machine.told):
                machine.take_back(call)
                back.discard(call)
    return machine.end(made, whole=whole)


@pytest.fixture
def tried(tmp_path):
    """Make a try: one plan as a batch and in a way of its own; `sabotage` spoils the second."""
    empty = begun(tmp_path / "empty")
    batches: dict = {}

    def attempt(random, number, sabotage=None):
        # The same files in another order; or the same calls in other files.
        whole = number % 2 == 0
        made = plan(number)
        if (made, whole) not in batches:
            batches[made, whole] = batch(empty, tmp_path / f"b{len(batches)}", made, whole=whole)
        folder = tmp_path / str(number)
        with pytest.MonkeyPatch.context() as patched:
            if sabotage is not None:
                sabotage(patched)
            machine = Machine(empty, folder)
            try:
                end = drive(machine, made, random, whole=whole)
            finally:
                machine.mission.close()
        shutil.rmtree(folder)
        wanted = batches[made, whole]
        assert end.intake == wanted.intake
        assert end.derived == wanted.derived
        assert end.bodies == wanted.bodies

    return attempt


@SHUFFLED.tries(parts=8, traced=20)
def test_any_delivery_comes_to_what_one_batch_comes_to(torture, tried):
    torture(tried)


def salted(patched):
    """A report is another one each time that it is delivered."""

    def read(delivery):
        for item in read_delivery(delivery):
            if isinstance(item, Report):
                name = content_id("rep", [item.id, delivery.payload, str(next(numbers))])
                claims = tuple(
                    replace(one, id=content_id("clm", [one.id, name]), report=name)
                    for one in item.claims
                )
                yield replace(item, id=name, claims=claims)
            else:
                yield item

    numbers = count()
    patched.setattr(intake, "read_delivery", read)


def too_late(patched):
    """What comes after the first run is in the log, and is not looked at."""
    read = running.read_log

    def once(mission, configuration, **more):
        if mission.store.derived() is None:
            read(mission, configuration, **more)

    patched.setattr(running, "read_log", once)
    patched.setattr(intake, "read_log", lambda *_, **__: {})


def first_come(patched):
    """Of two reports on one hour, the one that came first is believed."""

    def by_arrival(mission):
        seen = set()
        entries = {r.id: mission.store.report_entries(r.id)[0][0] for r in mission.store.reports()}
        for report in sorted(mission.store.reports(), key=lambda one: (entries[one.id], one.id)):
            hours = {claim.when.earliest for claim in report.claims}
            if not hours & seen:
                yield report
            seen |= hours

    patched.setattr(running, "standing", by_arrival)


def receipts_anew(patched):
    """Each delivery gets a receipt of its own, as if it were a new one."""
    patched.setattr(Batch, "repeated", lambda *_: None)
    patched.setattr(Log, "_find", lambda *_: None)


@SHUFFLED.saboteur("takes a report that comes again for another one", tries=12)
def test_a_pipeline_that_counts_repetitions_is_caught(torture, tried):
    torture(lambda random, number: tried(random, number, salted))


@SHUFFLED.saboteur("reads nothing after its first run", tries=16)
def test_a_pipeline_that_is_closed_to_what_is_late_is_caught(torture, tried):
    torture(lambda random, number: tried(random, number, too_late))


@SHUFFLED.saboteur("believes whoever tells of an hour first", tries=16)
def test_a_pipeline_that_goes_by_arrival_is_caught(torture, tried):
    torture(lambda random, number: tried(random, number, first_come))


@SHUFFLED.saboteur("gives a receipt of its own to what comes again", tries=12)
def test_a_log_that_enters_repetitions_is_caught(torture, tried):
    torture(lambda random, number: tried(random, number, receipts_anew))
