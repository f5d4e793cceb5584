"""A witness that answered never cosigns a fork afterwards, whatever the power does."""

from __future__ import annotations

import base64
import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from trucewatch.errors import TrucewatchError
from trucewatch.evidence.log.storage import place_durably
from trucewatch.evidence.witness import Witness, make_witness, store, watch

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("witness")
SHARED = 5
"""How many entries the log and its fork have in common."""
LIVES = 3


class Liar:
    """A log that tries to have both of its histories cosigned, and what it was given."""

    def __init__(self, tree, random: Random) -> None:
        self.random = random
        log = tree().grow(30)
        self.branches = {"log": log, "fork": log.fork(SHARED, 25)}
        self.cosigned: set[tuple[str, int]] = set()
        self.times: list[int] = []

    def run(self, witness: Witness) -> None:
        """Send what the witness would take; every answer is remembered as soon as it is heard."""
        known = 0
        for _ in range(40):
            name = self.random.choice(sorted(self.branches))
            size = min(30, known + self.random.choice((0, 1, 2, 5)))
            # The clock jumps too, and back.
            now = NOW + timedelta(seconds=self.random.randrange(-9999, 9999))
            answer = witness.add_checkpoint(self.branches[name].request(known, size), now=now)
            if answer.status == 409:
                known = int(answer.body)
            elif answer.status == 200:
                known = size
                self.cosigned.add((name, size))
                self.times.append(self._time(answer.body))

    def _time(self, line: str) -> int:
        return int.from_bytes(base64.b64decode(line.split(" ")[2])[4:12], "big")

    def check(self) -> None:
        """Nobody holds two checkpoints that contradict one another, and no time ran back."""
        beyond = {name for name, size in self.cosigned if size > SHARED}
        assert len(beyond) <= 1
        assert self.times == sorted(self.times)


def storm(disk, power_cut, tree, seed: int) -> Liar:
    """Some lives of one witness, each ended by a power cut."""
    random = Random(seed)
    liar = Liar(tree, random)
    disk = disk.clone()
    for _ in range(LIVES):
        kind = type(disk)
        disk.cut_at = disk.operations + random.randrange(1, 90)
        with contextlib.suppress(power_cut):
            liar.run(Witness.open(HERE, disk=disk))
        disk = disk.after_power_cut(random)
        disk.__class__ = kind
    liar.run(Witness.open(HERE, disk=disk))
    liar.check()
    return liar


def laid_out(kind, tree):
    """A witness that was made and told of the log a good while ago."""
    disk = kind()
    make_witness(HERE, name="w.example.org", disk=disk)
    watch(HERE, tree().vkey, disk=disk)
    for folder, names in disk.folders.items():
        disk.safe[folder] = dict(names)
        for file in names.values():
            if file is not None:
                file.safe, file.pending = bytearray(file.now), []
    return disk


def caught(disk, power_cut, tree, seeds: int) -> int:
    """In how many of so many storms something was seen to be wrong."""
    count = 0
    for seed in range(seeds):
        try:
            storm(disk, power_cut, tree, seed)
        except (AssertionError, TrucewatchError, OSError):
            count += 1
    return count


def test_power_cuts_make_no_witness_say_two_things(disks, tree):
    disk = laid_out(disks.sim, tree)
    answered = sum(len(storm(disk, disks.power_cut, tree, seed).cosigned) for seed in range(200))
    # The storms are no calm: most of them reach far beyond the common part.
    assert answered > 1000


def test_the_saboteur_that_does_not_sync_is_caught(disks, tree):
    assert caught(laid_out(disks.forgetful, tree), disks.power_cut, tree, 60) > 30


@pytest.mark.parametrize("what", ["file", "folder"])
def test_each_single_sync_is_needed(disks, tree, what):
    class Careless(disks.sim):
        def sync_file(self, path):
            if what == "folder":
                super().sync_file(path)

        def sync_folder(self, path):
            if what == "file":
                super().sync_folder(path)

    assert caught(laid_out(Careless, tree), disks.power_cut, tree, 60) > 10


def test_the_saboteur_that_answers_before_it_writes_is_caught(disks, tree, monkeypatch):
    waiting: dict[int, tuple] = {}

    def later(disk, digest, note):
        earlier = waiting.pop(id(disk), None)
        waiting[id(disk)] = (digest, note)
        if earlier:
            place_durably(disk, f"logs/{earlier[0]}/checkpoint", earlier[1].encode(), private=False)

    monkeypatch.setattr(store, "write_known", later)
    assert caught(laid_out(disks.sim, tree), disks.power_cut, tree, 60) > 10


def test_a_making_that_was_cut_short_is_finished(disks, tree):
    for cut in range(1, 60):
        disk = disks.sim()
        disk.cut_at = cut
        try:
            make_witness(HERE, name="w.example.org", disk=disk)
            watch(HERE, tree().vkey, disk=disk)
        except disks.power_cut:
            disk = disk.after_power_cut(Random(cut))
        else:
            break
        try:
            make_witness(HERE, name="w.example.org", disk=disk)
        except TrucewatchError:
            Witness.open(HERE, disk=disk)
        watch(HERE, tree().vkey, disk=disk)
        log = tree().grow(3)
        with Witness.open(HERE, disk=disk) as witness:
            assert witness.add_checkpoint(log.request(0, 3), now=NOW).status == 200
    else:
        pytest.fail("making a witness takes more steps than were tried")


def test_two_requests_at_once_are_one_after_the_other(tmp_path, tree):
    """Compare and set under one lock: of many racers for one step a single one wins."""
    folder = tmp_path / "w"
    make_witness(folder, name="w.example.org")
    log = tree().grow(30)
    watch(folder, log.vkey)
    forks = [log.fork(SHARED, 25, salt=f"f{number}-") for number in range(8)]
    with Witness.open(folder) as witness, ThreadPoolExecutor(8) as pool:
        assert witness.add_checkpoint(log.request(0, SHARED), now=NOW).status == 200
        bodies = [fork.request(SHARED, size) for fork in forks for size in (10, 20)]
        answers = list(pool.map(lambda body: witness.add_checkpoint(body, now=NOW), bodies))
    assert sorted(answer.status for answer in answers)[:2] == [200, 409]
