"""Two worlds that differ in what a role may not see look the same to that role."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from tests.torture.everything import INSIDE, KEEPERS, OUTSIDE, ROLES, Secrets, everything, notice
from tests.torture.frame import row
from tests.torture.island import write

from trucewatch.app.erasing import steps
from trucewatch.app.intake import ingest
from trucewatch.app.notices import keeping
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.noting import Access
from trucewatch.app.web.policy import policy
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views import composing
from trucewatch.bulletins.views import Record
from trucewatch.errors import Refused
from trucewatch.model import NoticeAct

WORLDS = row("two worlds seen through the application by role R")
GROUPS = {
    "outside": OUTSIDE,
    "inside": tuple(role for role in INSIDE if role not in KEEPERS),
    "keepers": KEEPERS,
}
AGAIN = 10
"""After so many acts a world begins anew."""


def of_accounts(world, random):
    """Somebody gets a password or a token, or looks at what is sealed."""
    accounts = Accounts(world.folder, now=world.clock)
    if random.random() < 0.5:
        accounts.give_token("ana", frozenset({"read"}), days=1, how="test")
    else:
        what = random.choice(["bytes", "joined", "identity"])
        reason = f"reason {random.random()}"
        accounts.notes.note(Access(what=what, by="rob", how="test", id="clm-1", reason=reason))


def of_notices(world, random):
    """The desk enters a notice, acts on one, or hears of something."""
    with world.open(readonly=True) as mission:
        fields = notice(Secrets(desk=f"Relief {random.random()}"))
        fields |= {"from": "2025-11-20T08:00", "to": "2025-11-21T08:00"}
        (one,) = keeping.add(mission, fields, by="dee")["notices"]
        if random.random() < 0.5:
            keeping.act(mission, one["id"], NoticeAct.ACKNOWLEDGE, by="dee")


def of_the_log(world, random):
    """Something was asked to be erased: the log grows."""
    with world.open() as mission:
        entries = [one for one in mission.log.entries() if one.source in {"patrols", "gazette"}]
        held = steps.held_by(mission.log, str(random.choice(entries).index))
        try:
            steps.ask(mission, mission.log, held, by="lou", reason="in danger", replacement=None)
        except Refused:
            # It was asked for before: then what waits is declined.
            waiting = steps.waiting_for(mission.log, held[0].payload)
            steps.decline(mission, mission.log, waiting, by="lea", reason="no")


def of_today(world, random):
    """A report of what happened within everybody's delay."""
    call = (
        f"z{random.randrange(10**9)},2025-11-13 {random.randrange(10, 13)}:10,"
        f"{35 + random.random() / 10:.3f},-40.02,seen,gunfire,,,Shots"
    )
    path = write(world.folder.parent / f"late-{world.folder.name}", "patrols", [call])
    with world.open() as mission:
        ingest(mission, [path])
        bring_up_to_date(mission)


ACTS = {
    "keepers": (of_accounts,),
    "inside": (of_accounts, of_notices),
    "outside": (of_accounts, of_notices, of_the_log, of_today),
}


def seen(world, roles=tuple(ROLES)) -> dict[str, bytes]:
    """What each of some roles is shown of a world, record by record."""
    found = {}
    with world.open(readonly=True) as mission:
        audiences = mission.configuration().mission.audiences
        ground = composing.ground_of(mission)
        for role in roles:
            person = ROLES[role]
            party = role if role in {"north", "south"} else None
            held = frozenset({"public", "party" if party else role})
            sight = policy().sight(Viewer(roles=held, person=person, party=party), audiences)
            records = composing.records_of(mission, ground, sight, at=world.clock())
            rows = sorted([one.sort, one.id, one.body] for one in records)
            found[role] = json.dumps(rows, sort_keys=True).encode()
    return found


class Pairs:
    """One world, and for each group another in which ever more happens behind its back."""

    def __init__(self, folder) -> None:
        self._folder = folder
        self.world = everything(folder / "m", articles=0)
        self.plain = seen(self.world)
        self._at = -1
        self._others = {}
        self.differing: set[str] = set()

    def after(self, step: int, random) -> set[str]:
        """The roles to which the worlds differ after one more act."""
        if step != self._at:
            if self._at < 0 or step % AGAIN == 0 or step != self._at + 1:
                self._others = {group: self.another(f"{group}-{step}") for group in GROUPS}
            self._at = step
            self.differing = set()
            for group, other in self._others.items():
                random.choice(ACTS[group])(other, random)
                now = seen(other, GROUPS[group])
                self.differing |= {role for role in GROUPS[group] if now[role] != self.plain[role]}
        return self.differing

    def another(self, name: str):
        folder = self._folder / name
        shutil.copytree(self.world.folder, folder)
        return replace(self.world, folder=folder)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    return Pairs(tmp_path_factory.mktemp("worlds"))


@WORLDS.tries(parts=4)
def test_what_a_role_may_not_see_changes_nothing_for_it(torture, pairs):
    def attempt(random, number):
        step, role = divmod(number, len(ROLES))
        name = list(ROLES)[role]
        assert name not in pairs.after(step, random), f"{name} sees another world"

    torture(attempt)


def telling(what):
    """A composer's whole output with one more figure in it, which tells of what is hidden."""
    real = composing.records_of

    def told(mission, ground, sight, *, at):
        for one in real(mission, ground, sight, at=at):
            more = {"figure": what(mission)} if one.sort == "mission" else {}
            yield Record(sort=one.sort, id=one.id, body={**one.body, **more})

    return told


TOLD = {
    "a figure of the size of the log": lambda mission: mission.log.size,
    "a count of all that happened": lambda mission: len(mission.store.derived().incidents),
    "a count of notices": lambda mission: len(keeping.listing(mission)["notices"]),
}


@WORLDS.saboteur("a view that tells the size of the log, or counts all", tries=9, share=0.9)
def test_a_view_that_tells_too_much_is_seen(torture, pairs):
    acts = {
        "a figure of the size of the log": of_the_log,
        "a count of all that happened": of_today,
        "a count of notices": of_notices,
    }

    def attempt(random, number):
        name = [*TOLD][number % len(TOLD)]
        other = pairs.another(f"spoilt {number}")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(composing, "records_of", telling(TOLD[name]))
            before = seen(pairs.world, ("public",))
            acts[name](other, random)
            assert seen(other, ("public",))["public"] == before["public"]

    torture(attempt)
