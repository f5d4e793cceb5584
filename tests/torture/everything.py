"""A mission in which everything exists that somebody may not see, with somebody of every role."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.app_web import photos
from tests.torture.acts import BODIES, FIELDS, PLEDGE
from tests.torture.island import CALLS, HEAD, SOURCES, SetClock, lay, write

from trucewatch.app.erasing import steps
from trucewatch.app.findings import reviewing
from trucewatch.app.findings.seen import seen_now
from trucewatch.app.intake import ingest
from trucewatch.app.ledger import stating
from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping
from trucewatch.app.publishing import alerting
from trucewatch.app.publishing import bulletins as publishing
from trucewatch.app.reporting.taking import submit
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.acting.wording import seen_text
from trucewatch.model import Incident, Nature, NoticeAct, Ruling
from trucewatch.store import Derived

HOUR = datetime(2025, 11, 13, 15, tzinfo=UTC)
"""The hour at which everybody looks: some of what happened is not a day old yet."""
DAY = date(2025, 11, 11)
PRESS = Path(__file__).parents[1] / "stories" / "island"
ARTICLES = 4

PEOPLE = {
    "obi": ("observer", ""),
    "nora": ("party", 'party = "north"'),
    "susa": ("party", 'party = "south"'),
    "mem": ("member", 'state = "harbour-council"'),
    "fay": ("field", ""),
    "ana": ("analyst", ""),
    "rob": ("reviewer", ""),
    "dee": ("desk", ""),
    "lea": ("lead", 'body = "commission"'),
    "lou": ("lead", ""),
}
"""Who has an account; `lou` decides beside `lea` and is in no table."""
ROLES = {
    "public": None,
    "observer": "obi",
    "north": "nora",
    "south": "susa",
    "member": "mem",
    "field": "fay",
    "analyst": "ana",
    "reviewer": "rob",
    "desk": "dee",
    "lead": "lea",
}
"""The roles of every table here, and who holds each: a party's two apart."""
OUTSIDE = ("public", "observer", "north", "south", "member", "field")
INSIDE = ("analyst", "reviewer", "desk", "lead")
KEEPERS = ("desk", "lead")

SEALED = """
[[source]]
id = "{id}"
name = "{name}"
kind = "resident"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
timezone = "Atlantic/Azores"
owner = "{owner}"
citation = "{owner} told us"
files = ["sealed*.csv"]
sealed = true

[[source]]
id = "team-east"
name = "Field team East"
kind = "patrol"
reader = "field"
timezone = "Atlantic/Azores"
people = ["fay"]

[[source]]
id = "papers"
name = "Papers of the island"
kind = "press"
reader = "press"
timezone = "Europe/Paris"
files = ["*.txt"]
"""
SETTINGS = """
[review]
two_person = true
reply_hours = 48

[web]
calls_per_minute = 1000000

[audiences.party]
grid_km = 5
delay_hours = 12
[audiences.member]
grid_km = 2
delay_hours = 6

[oidc]
issuer = "http://127.0.0.1:9"
client_id = "trucewatch"
secret_file = "oidc.secret"
""" + "".join(
    f'\n[[people]]\nid = "{name}"\nname = "Office of {name}"\nroles = ["{role}"]\n{more}\n'
    for name, (role, more) in PEOPLE.items()
)
PICTURE_HELD = {
    "kind": "small_arms", "lat": "35.02", "lon": "-40.01", "error_m": "30",
    "from": "2025-11-11T06:41", "zone": "Atlantic/Azores", "wounded": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Secrets:
    """What only some may see, in the words that a try gives it."""

    id: str = "hidden-house"
    name: str = "The house behind the mill"
    owner: str = "Family of the mill"
    words: str = "I saw it from my window"
    place: tuple[str, str] = ("35.0217431", "-40.0131726")
    desk: str = "Relief"
    oidc: str = "the secret of the client"
    field: str = "Shots from the pier; we lay down."
    team: tuple[str, str] = ("35.02", "-40.01")
    patrol: tuple[str, str] = ("35.021", "-40.012")
    ruled: str = "seen"
    danger: str = "in danger"


@dataclass
class World:
    """A mission, its clock, and the names of what there is in it."""

    folder: Path
    clock: SetClock = field(default_factory=SetClock)
    names: dict[str, str] = field(default_factory=dict)

    def open(self, **how: bool) -> Mission:
        return Mission.open(self.folder, now=self.clock, **how)

    def run(self) -> None:
        """Derive by hand what a served mission derives by itself."""
        with self.open() as mission:
            bring_up_to_date(mission)


def notice(secrets: Secrets, **more: object) -> dict[str, object]:
    """A notice that says a secret in every field."""
    word = secrets.desk
    return {
        **FIELDS,
        "organisation": f"{word} organisation",
        "contact": f"{word} contact",
        "place": f"{word} place",
        "note": f"{word} note",
        "from": "2025-11-12T08:00",
        "to": "2025-11-12T12:00",
        "route": [[-40.10, 35.008], [-40.10, 35.012]],
        **more,
    }


def everything(
    folder: Path, *, people: bool = True, secrets: Secrets | None = None, articles: int = ARTICLES
) -> World:
    """The mission; without `people` as machines left it: a drill in which nobody has ruled yet."""
    told = secrets or Secrets()
    lay(folder, settings=SETTINGS, gazette=SEALED.format(**vars(told)))
    agreement = folder / "agreement.yaml"
    text = agreement.read_text("utf-8")
    begin, end = text.index("bodies:"), text.index("instruments:")
    text = text[:begin] + BODIES + "\n" + text[end:]
    agreement.write_text(text.replace("decided_by: chair", "decided_by: commission"), "utf-8")
    if people:
        mission_file = folder / "mission.toml"
        told_of = mission_file.read_text("utf-8")
        mission_file.write_text(told_of.replace("exercise = true ", "exercise = false"), "utf-8")
    secret = folder / "oidc.secret"
    secret.write_text(told.oidc + "\n", "utf-8")
    secret.chmod(0o600)
    world = World(folder)
    inbox = folder.parent / f"in-{folder.name}"
    with world.open() as mission:
        world.clock.time = HOUR - timedelta(days=4)
        mission.sync_settings()
        _keep_notices(mission, world, told)
        world.clock.time = HOUR - timedelta(hours=4)
        stood = ",".join(told.patrol)
        calls = [(source, call.replace("35.021,-40.012", stood)) for source, call in CALLS]
        paths = [write(inbox, s, [c for o, c in calls if o == s]) for s in SOURCES]
        sealed = inbox / "sealed.csv"
        lat, lon = told.place
        sealed.write_text(
            f"{HEAD}s1,2025-11-11 06:41,{lat},{lon},seen,gunfire,3,,{told.words}\n", "utf-8"
        )
        taken = ingest(mission, [*paths, sealed, *sorted(PRESS.glob("*.txt"))[:articles]])
        lat, lon = told.team
        seen = {**PICTURE_HELD, "lat": lat, "lon": lon, "words": told.field}
        submit(mission, seen, [photos.jpeg()], by="fay")
        stating.state(mission, "PF9", PLEDGE | {"said": "2025-11-06"}, by="lea", reason="said")
        derived = bring_up_to_date(mission)
        obligation = derived.obligations[0]
        world.names |= {
            "obligation": obligation.id,
            "incident": obligation.incidents[0],
            "delivery": str(taken[0].receipt.index),
        }
        world.clock.time += timedelta(hours=1)
        publishing.publish(mission, derived, days=[DAY], audience="public")
        publishing.publish(mission, derived, days=[DAY], audience="party")
        alerting.send(mission, derived)
        if people:
            world.clock.time += timedelta(hours=1)
            _decide(mission, world, told)
        world.clock.time = HOUR
        derived = bring_up_to_date(mission)
        _name(mission, derived, world)
    return world


def _keep_notices(mission: Mission, world: World, told: Secrets) -> None:
    (one,) = keeping.add(mission, notice(told), by="dee")["notices"]
    (other,) = keeping.add(mission, notice(told, width_m=90.0), by="dee")["notices"]
    keeping.act(mission, one["id"], NoticeAct.ACKNOWLEDGE, by="dee")
    keeping.act(mission, other["id"], NoticeAct.CANCEL, by="dee", reason=f"{told.desk} reason")
    keeping.contact(
        mission, at=mission.now(), parties=["north", "south"], channel=f"{told.desk} channel",
        subject=f"{told.desk} subject", outcome=f"{told.desk} outcome", answered=True, by="dee",
    )  # fmt: skip
    world.names |= {"notice": one["id"]}


def _decide(mission: Mission, world: World, told: Secrets) -> None:
    incident = world.names["incident"]
    reviewing.review(mission, incident, Ruling.CONFIRM, by="rob", reason=told.ruled)
    too = f"{told.ruled}, too"
    reviewing.review(mission, incident, Ruling.CONFIRM, by="lou", reason=too)
    for party in ("north", "south"):
        reviewing.notify(mission, incident, party=party, by="rob")
    reviewing.reply(mission, incident, party="north", by="nora", words="It was not us.")
    reviewing.dissent(mission, incident, state="harbour-council", by="mem", words="We doubt it.")
    reviewing.attribute(
        mission, incident, body="commission", party="north", how="assessed",
        standard="balance of probabilities", reason="seen", by="lea",
    )  # fmt: skip
    held = steps.held_by(mission.log, world.names["delivery"])
    steps.ask(mission, mission.log, held, by="lou", reason=told.danger, replacement=None)


def _name(mission: Mission, derived: Derived, world: World) -> None:
    """The names of what the routes are asked for."""
    named = world.names
    events = [one for one in derived.incidents if one.nature is Nature.EVENT]
    reports = list(mission.store.reports())
    sources = {claim.id: one.source for one in reports for claim in one.claims}
    named["sealed claim"] = next(
        claim for claim, source in sources.items() if source not in {*SOURCES, "team-east"}
    )
    released = next(one for one in events if named["sealed claim"] in one.claims)
    ruled = {released.id, named["incident"]}
    report = next(
        one
        for one in reports
        if one.source == "harbour-desk" and {each.id for each in one.claims} & {*released.claims}
    )
    entry, _ = mission.store.report_entries(report.id)[0]
    second = next(one for one in events if one.id == named["incident"])
    other = next(one for one in events if one.id not in ruled)
    sent = [one for one in mission.log.entries() if one.source == "team-east"]
    named |= {
        "released": released.id,
        "other": other.id,
        "part": min(second.claims),
        "seen": _seen(mission, other),
        "seen first": _seen(mission, second),
        "fresh": max(events, key=lambda one: (one.when.latest, one.id)).id,
        "report": report.id,
        "entry": str(entry),
        "claim": report.claims[0].id,
        "picture": sent[0].payload,
        "receipt": str(sent[1].index),
        "bulletin": f"{DAY}.html",
        "party bulletin": f"party.{DAY}",
    }


def _seen(mission: Mission, incident: Incident) -> str:
    """What a reviewer's form says that they saw."""
    now = seen_now(mission, incident)
    return seen_text(now.claims, now.entries)
