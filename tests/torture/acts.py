"""Every act of a person on a mission, by the names that `roles.yaml` gives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.torture.island import CALLS, SOURCES, SetClock, lay, write

from trucewatch.app import keys
from trucewatch.app.erasing import steps
from trucewatch.app.findings import regrouping, reviewing
from trucewatch.app.intake import ingest
from trucewatch.app.ledger import stating
from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping, tokens
from trucewatch.app.notices.intake import Intake
from trucewatch.app.obligations import listing as obliging
from trucewatch.app.running import bring_up_to_date
from trucewatch.model import Act, Nature, NoticeAct, Ruling

ROLES = ("lead", "reviewer", "analyst", "desk", "observer")
SPEAKING = {
    "nobody": "",
    "commission": 'body = "commission"',
    "choir": 'body = "choir"',
    "north": 'party = "north"',
    "south": 'party = "south"',
    "council": 'state = "harbour-council"',
    "faraway": 'state = "faraway"',
}
"""For whom a person may speak: a body that decides, one that does not, a party, a state."""
ASKER = "asker"
STRANGER = "stranger"
"""Somebody whom mission.toml does not name."""
SETTINGS = "".join(
    f'\n[[people]]\nid = "{role}-{name}"\nname = "{role} {name}"\nroles = ["{role}"]\n{speaks}\n'
    for role in ROLES
    for name, speaks in SPEAKING.items()
) + (f'\n[[people]]\nid = "{ASKER}"\nname = "Asker"\nroles = ["lead"]\n')
PEOPLE = [f"{role}-{name}" for role in ROLES for name in SPEAKING] + [STRANGER]
FIELDS = {
    "organisation": "Relief",
    "contact": "radio 7",
    "sort": "movement",
    "domain": "land",
    "place": "the mill road",
    "route": [[-40.0, 35.0], [-40.01, 35.01]],
    "from": "2026-06-05T08:00",
    "to": "2026-06-05T14:00",
}
PLEDGE = {
    "by": "North",
    "item": "ferry",
    "priority": "framework",
    "what": "a ferry",
    "stage": "announced",
    "standing": "announced",
    "said": "2026-01-06",
    "source": "page 2",
}
BODIES = """bodies:
  - {id: commission, name: The commission, decides: [breach, obligation, attribution, exemption],
     members: [harbour-council], standing: in_force, source: page 7}
  - {id: choir, name: The choir, decides: [], members: [], standing: in_force, source: page 7}
"""


@dataclass
class Stage:
    """A mission in which everything stands on which somebody can act; names of what there is."""

    folder: Path
    clock: SetClock
    incident: str = ""
    other: str = ""
    obligation: str = ""
    notice: str = ""
    delivery: str = ""
    asked: str = ""
    joined: int = 0
    """The log entry of a merge by ASKER."""

    def open(self) -> Mission:
        return Mission.open(self.folder, now=self.clock)


def staged(folder: Path, *, reviewed: bool) -> Stage:
    """The stage; `reviewed`: people have already ruled, told a party, attributed and replied."""
    lay(folder, settings=SETTINGS)
    agreement = folder / "agreement.yaml"
    text = agreement.read_text("utf-8")
    begin, end = text.index("bodies:"), text.index("instruments:")
    text = text[:begin] + BODIES + "\n" + text[end:]
    agreement.write_text(text.replace("decided_by: chair", "decided_by: commission"), "utf-8")
    stage = Stage(folder, SetClock())
    with stage.open() as mission:
        paths = [write(folder.parent / "in", s, [c for o, c in CALLS if o == s]) for s in SOURCES]
        taken = ingest(mission, paths)
        derived = bring_up_to_date(mission)
        obligation = derived.obligations[0]
        stage.obligation = obligation.id
        stage.incident = obligation.incidents[0]
        stage.other = next(one.id for one in derived.incidents if one.id != stage.incident)
        stage.delivery = str(taken[0].receipt.index)
        held = steps.held_by(mission.log, str(taken[1].receipt.index))
        request = steps.ask(
            mission, mission.log, held, by=ASKER, reason="in danger", replacement=None
        )
        stage.asked = str(request.entry.index)
        (row,) = keeping.add(mission, {**FIELDS, "place": "a first"}, by=ASKER)["notices"]
        stage.notice = row["id"]
        if reviewed:
            by = "reviewer-nobody"
            reviewing.review(mission, stage.incident, Ruling.CONFIRM, by=by, reason="seen")
            reviewing.notify(mission, stage.incident, party="north", by=by)
            reviewing.reply(
                mission, stage.incident, party="north", by="observer-north", words="not us"
            )
            attribute(mission, stage, "lead-commission")
            bring_up_to_date(mission)
            stage.clock.time += timedelta(hours=1)
        # No run comes after it: the incidents that the acts name stay as they are.
        far = next(
            one.id
            for one in derived.incidents
            if one.id not in {stage.incident, stage.other} and one.nature is Nature.EVENT
        )
        stage.joined = regrouping.unite(mission, stage.incident, far, by=ASKER, reason="so")[
            "log_index"
        ]
    return stage


def attribute(mission, stage: Stage, by: str, *, body="commission", party="north") -> None:
    reviewing.attribute(
        mission, stage.incident, body=body, party=party, how="assessed",
        standard="balance of probabilities", reason="seen", by=by,
    )  # fmt: skip


def determine(mission, stage: Stage, by: str, *, body="commission") -> None:
    reviewing.determine(
        mission, stage.incident, body=body, provision="1", breach=True,
        standard="balance of probabilities", reason="seen", by=by,
    )  # fmt: skip


def decide(mission, stage: Stage, by: str, *, body="commission", act=Act.TAKE) -> None:
    obliging.decide(mission, stage.obligation, act, body=body, by=by, reason="so")


def review(mission, stage: Stage, by: str, ruling=Ruling.REFUTE, other=None) -> None:
    reviewing.review(mission, stage.incident, ruling, by=by, reason="so", other=other)


def split(mission, stage: Stage, by: str) -> None:
    incident = reviewing.incident_of(mission, stage.incident)
    of = {c.id: c.source for report in mission.store.reports() for c in report.claims}
    part = [one for one in incident.claims if of[one] == "patrols"][:1]
    regrouping.separate(mission, incident.id, part, by=by, reason="so")


def ask(mission, stage: Stage, by: str) -> None:
    held = steps.held_by(mission.log, stage.delivery)
    steps.ask(mission, mission.log, held, by=by, reason="in danger", replacement=None)


def answered(mission, stage: Stage, by: str, answer) -> None:
    answer(mission, mission.log, steps.waiting_for(mission.log, stage.asked), by=by)


def token(stage: Stage, by: str, call) -> None:
    """What somebody who has a token does through the interface."""
    intake = Intake(stage.folder, now=stage.clock)
    call(intake, intake.person(tokens.give(stage.folder, by)))


MISSIONS: dict[str, Callable[[Mission, Stage, str], object]] = {
    "review": review,
    "review-exempt": lambda m, s, by: review(m, s, by, Ruling.EXEMPT),
    "review-duplicate": lambda m, s, by: review(m, s, by, Ruling.DUPLICATE, s.other),
    "split": split,
    "merge": lambda m, s, by: regrouping.unite(m, s.incident, s.other, by=by, reason="so"),
    "undo": lambda m, s, by: regrouping.undo(m, s.joined, by=by, reason="so"),
    "notify": lambda m, s, by: reviewing.notify(m, s.incident, party="north", by=by),
    "reply-north": lambda m, s, by: reviewing.reply(
        m, s.incident, party="north", by=by, words="no"
    ),
    "dissent-council": lambda m, s, by: reviewing.dissent(
        m, s.incident, state="harbour-council", by=by, words="no"
    ),
    "dissent-stranger": lambda m, s, by: reviewing.dissent(
        m, s.incident, state="faraway", by=by, words="no"
    ),
    "attribute": attribute,
    "withhold": lambda m, s, by: attribute(m, s, by, party=None),
    "determine": determine,
    "attribute-choir": lambda m, s, by: attribute(m, s, by, body="choir"),
    "determine-choir": lambda m, s, by: determine(m, s, by, body="choir"),
    "decide": decide,
    "decide-choir": lambda m, s, by: decide(m, s, by, body="choir"),
    "dispute-north": lambda m, s, by: decide(m, s, by, body="north", act=Act.DISPUTE),
    "statement": lambda m, _, by: stating.state(m, "PF9", PLEDGE, by=by, reason="said"),
    "statements": lambda m, _, by: stating.state_all(
        m,
        "timezone: UTC\nneeds: []\npledges:\n  - {id: PF8, "
        + ", ".join(f"{key}: {value}" for key, value in PLEDGE.items())
        + "}\n",
        file="x",
        by=by,
        reason="said",
    ),
    "notice-add": lambda m, _, by: keeping.add(m, FIELDS, by=by),
    "notice-add-file": lambda m, _, by: keeping.add_all(m, b"[]", by=by),
    "notice-ack": lambda m, s, by: keeping.act(m, s.notice, NoticeAct.ACKNOWLEDGE, by=by),
    "notice-amend": lambda m, s, by: keeping.amend(m, s.notice, {"width_m": 9.0}, by=by),
    "notice-cancel": lambda m, s, by: keeping.act(m, s.notice, NoticeAct.CANCEL, by=by),
    "hotline-add": lambda m, s, by: keeping.contact(
        m, at=s.clock(), parties=["north", "south"], channel="line", subject="a boat",
        outcome="none", answered=True, by=by,
    ),
    "erase-ask": ask,
    "erase-approve": lambda m, s, by: answered(m, s, by, steps.approve),
    "erase-decline": lambda m, s, by: steps.decline(
        m, m.log, steps.waiting_for(m.log, s.asked), by=by, reason="no"
    ),
}  # fmt: skip
"""Acts on an open mission."""
FOLDERS: dict[str, Callable[[Stage, str], object]] = {
    "token-submit": lambda s, by: token(
        s, by, lambda intake, person: intake.enter_one(person, FIELDS)
    ),
    "token-act": lambda s, by: token(
        s, by, lambda intake, person: intake.act(person, s.notice, NoticeAct.CANCEL, b"")
    ),
    "key-rotate": lambda s, by: keys.rotate(s.folder, by=by, reason="plan", now=s.clock),
    "key-compromised": lambda s, by: keys.compromised(s.folder, by=by, reason="lost", now=s.clock),
}
"""Acts that open the mission themselves."""


def perform(stage: Stage, act: str, by: str) -> None:
    """Do one act as one person."""
    if act in FOLDERS:
        FOLDERS[act](stage, by)
        return
    with stage.open() as mission:
        MISSIONS[act](mission, stage, by)
