"""Two worlds that differ in one secret give every answer alike to whoever may not know it.

Status, headers, ETags, lengths and bodies of whole answers, and the live updates: which come, in
which order and how many. How long an answer takes is not compared.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from random import Random

import pytest
from tests.torture.everything import (
    DAY,
    INSIDE,
    KEEPERS,
    OUTSIDE,
    ROLES,
    Secrets,
    everything,
    notice,
)
from tests.torture.fronts import Front
from tests.torture.island import HEAD, SetClock, write
from tests.torture.test_web_canary import MORE, Lenient
from tests.torture.test_web_roles import TABLE
from tests.torture.test_web_worlds import of_the_log

from trucewatch.app.findings import reviewing
from trucewatch.app.intake import ingest
from trucewatch.app.notices import keeping
from trucewatch.app.publishing import bulletins as publishing
from trucewatch.app.reporting.taking import submit
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web import events
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.noting import Access
from trucewatch.app.web.guard.guarding import Guard
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.policy import policy
from trucewatch.app.web.views.view import View
from trucewatch.model import Ruling

NOT_KEEPERS = tuple(role for role in ROLES if role not in KEEPERS)
NO_AUDITORS = tuple(role for role in ROLES if role != "lead")
NO_PARTIES = tuple(role for role in OUTSIDE if role not in {"north", "south"})
NOBODY = "inc-0000000000000000"
"""The name of an incident that there is not."""


def sealed(word: str):
    """Somebody under seal reports of what others have told of, in words of their own."""

    def act(world):
        registry = world.folder / "sources.toml"
        told = f"""
[[source]]
id = "{word}-house"
name = "The house of {word}"
kind = "resident"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
timezone = "Atlantic/Azores"
owner = "{word} and sons"
citation = "{word} told us"
files = ["{word}*.csv"]
sealed = true
"""
        registry.write_text(registry.read_text("utf-8") + told, "utf-8")
        path = world.folder.parent / f"{word}.csv"
        lat = 35.02 + len(word) / 10_000
        path.write_text(
            f"{HEAD}{word},2025-11-11 06:42,{lat},-40.0123,seen,gunfire,2,,{word} saw it\n", "utf-8"
        )
        with world.open() as mission:
            mission.sync_settings()
            ingest(mission, [path])
            bring_up_to_date(mission)

    return act


def ruled(reason: str):
    """A reviewer rules as in the other world, for another reason."""

    def act(world):
        with world.open() as mission:
            reviewing.review(
                mission, world.names["other"], Ruling.UNVERIFIABLE, by="rob", reason=reason
            )
            bring_up_to_date(mission)

    return act


def happened(day: str):
    """Something happens on a day that is told to nobody yet, and a field team sends a report."""

    def act(world):
        late = world.folder.parent / f"late-{world.folder.name}"
        call = f"z1,{day} 00:10,35.043,-40.02,seen,gunfire,,,Shots"
        with world.open() as mission:
            ingest(mission, [write(late, "patrols", [call])])
            report = {"kind": "mortar", "lat": "35.01", "lon": "-40.03", "error_m": "30"}
            report |= {"from": f"{day}T00:20", "zone": "Atlantic/Azores", "words": "We lie here."}
            submit(mission, report, [], by="fay")
            bring_up_to_date(mission)

    return act


def faulty(world):
    """A known source sends what cannot be read."""
    late = world.folder.parent / f"faulty-{world.folder.name}"
    with world.open() as mission:
        ingest(mission, [write(late, "gazette", ["z3,no time at all,35.0,-40.0,seen,mortar,,,x"])])
        bring_up_to_date(mission)


def of_one_party(world):
    """The parties get a bulletin of their own."""
    with world.open() as mission:
        derived = bring_up_to_date(mission)
        publishing.publish(mission, derived, days=[DAY - timedelta(days=1)], audience="party")


def an_erasure(world):
    """Somebody asks that what a source sent be erased."""
    of_the_log(world, Random("erasure"))


def a_site(world):
    """The desk is told of people on a road on which something happened."""
    fields = notice(Secrets(desk="Lantern"), width_m=300.0)
    fields |= {"from": "2025-11-13T08:00", "to": "2025-11-14T20:00"}
    with world.open(readonly=True) as mission:
        keeping.add(mission, fields, by="dee")


def a_read(world):
    """Somebody looks at what is sealed, and says why."""
    accounts = Accounts(world.folder, now=world.clock)
    reason = "reason of a court"
    accounts.notes.note(Access(what="identity", by="rob", how="test", id="clm-1", reason=reason))


def an_account(world):
    """Somebody gets a password and a token, and signs in."""
    accounts = Accounts(world.folder, now=world.clock)
    accounts.set_password("lou", "a long password of no dictionary", how="test")
    accounts.give_token("lou", frozenset({"read"}), days=1, how="test")
    accounts.enter("lou", "test")


ANNA, SEEN = sealed("anna"), ruled("seen")
PAIRS = {
    "a sealed source": ((ANNA, SEEN), (sealed("bernadette"), SEEN), OUTSIDE),
    "a reviewer's reason": (
        (ANNA, SEEN),
        (ANNA, ruled("a neighbour of the mill says so")),
        OUTSIDE,
    ),
    "a fresh incident": ((), (happened("2025-11-13"),), OUTSIDE),
    "what cannot be read, and what is to be erased": ((), (faulty, an_erasure), OUTSIDE),
    "a bulletin of another audience": ((), (of_one_party,), NO_PARTIES),
    "a notified site": ((), (a_site,), NOT_KEEPERS),
    "a read noted, an account and a password": ((), (a_read, an_account), NO_AUDITORS),
}
"""What is done in the one world, what in the other, and to whom both are to look alike."""

ROADS = [
    told.get("ask", road.partition(" ")[2].partition(" of ")[0])
    for road, told in TABLE.items()
    if road.startswith("GET") and "/static" not in road and "/events" not in road
]
HIDDEN = (
    "/incidents/{}", "/api/v1/incidents/{}", "/api/v1/incidents/{}/accounts",
    "/ogc/collections/incidents/items/{}",
)  # fmt: skip
ANEW = re.compile(rb'name="(?:csrf|session|token)" value="[^"]*"|(?<=csrf=)[^;]+|tok-[0-9a-f]{8}')
"""What each answer has of its own: secrets of forms, and the names of sessions and tokens."""


class Worlds:
    """One mission, and copies of it in which something more has happened."""

    def __init__(self, folder) -> None:
        self._folder = folder
        self.world = everything(folder / "m", articles=1)
        self._after = {}

    def another(self, name: str, acts=()) -> Front:
        """A copy, served, after some acts."""
        folder = self._folder / name.replace(" ", "-")
        shutil.copytree(self.world.folder, folder)
        world = replace(self.world, folder=folder, clock=same(self.world.clock))
        for act in acts:
            act(world)
        return Front(world)

    def after(self, acts) -> Front:
        """The copy in which some acts were done, made once: it may have been looked at before."""
        if acts not in self._after:
            self._after[acts] = self.another(f"after {len(self._after)}", acts)
        return self._after[acts]


def same(clock: SetClock) -> SetClock:
    """A clock of its own that shows the same hour."""
    found = SetClock()
    found.time = clock.time
    return found


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    return Worlds(tmp_path_factory.mktemp("answers"))


@cache
def incidents_of(front: Front) -> frozenset[str]:
    """The names of all that happened in a world, known to anybody or not."""
    with front.world.open(readonly=True) as mission:
        return frozenset(one.id for one in mission.store.derived().incidents)


def asked(front: Front, role: str, path: str) -> bytes:
    """One answer with its status and headers, but for the secrets that each has anew.

    It is asked for as it is: packed, its length would hang on those secrets.
    """
    caller = front.program if path.startswith(("/api", "/ogc")) else front.browser
    answer = caller(role).get(path, headers={"Accept-Encoding": "identity"})
    heads = repr((answer.status_code, sorted(answer.headers.items()))).encode()
    return ANEW.sub(b"", heads + answer.content)


@cache
def answers(front: Front, role: str) -> dict[str, bytes]:
    """Every answer to somebody, asked for once: a page may tell what is new since the last look."""
    paths = [road.format_map(Lenient(front.world.names)) for road in (*ROADS, *MORE)]
    return {path: asked(front, role, path) for path in paths}


def differing(one: Front, two: Front, role: str) -> list[str]:
    """The addresses at which two worlds answer somebody otherwise."""
    here, there = answers(one, role), answers(two, role)
    found = [path for path in here if here[path] != there[path]]
    for name in sorted(incidents_of(one) ^ incidents_of(two)):
        found += [
            path
            for path, nobodys in ((road.format(name), road.format(NOBODY)) for road in HIDDEN)
            if len({asked(front, role, path) for front in (one, two)}) > 1
            or asked(two, role, path).replace(name.encode(), NOBODY.encode())
            != asked(two, role, nobodys)
        ]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("secret", PAIRS)
def test_every_answer_is_the_same_in_both_worlds(worlds, secret):
    first, second, roles = PAIRS[secret]
    one, two = worlds.after(first), worlds.after(second)
    assert {role: found for role in roles if (found := differing(one, two, role))} == {}


def kept(folder) -> bytes:
    """How much a mission keeps, in the open and inside: what no answer may tell."""
    logs = [folder / log / "payload" for log in ("evidence", "inside")]
    return repr([sum(one.stat().st_size for one in log.rglob("*")) for log in logs]).encode()


def test_a_header_that_tells_how_much_is_kept_is_seen_in_every_pair(worlds, monkeypatch):
    real = Guard._dress

    def telling(self, message, request, web):
        real(self, message, request, web)
        message["headers"].append((b"x-kept", kept(request.app.state.site.folder)))

    monkeypatch.setattr(Guard, "_dress", telling)

    def told(name: str, acts) -> bytes:
        return asked(worlds.another(f"kept {name}", acts), "observer", "/health")

    assert told("plain", ()) == told("once more", ())
    for secret, (first, second, _) in PAIRS.items():
        assert told(f"{secret} 1", first) != told(f"{secret} 2", second), secret


def test_what_was_set_aside_is_seen_where_all_are_told_of_it(worlds, monkeypatch):
    """It was so once: the view itself had it, and so its digest, and so every ETag."""
    fields = policy().fields
    for name in [name for name in fields if name.startswith("quarantined.")]:
        wide = fields[name].model_copy(update={"exact": ("*",)})
        monkeypatch.setitem(fields, name, wide)
    one, two = worlds.another("told of"), worlds.another("told of it", (faulty,))
    path = "/api/v1/incidents"
    assert asked(one, "north", path) != asked(two, "north", path)


@dataclass
class Retold:
    """A view under another digest."""

    view: View
    digest: str

    def __getattr__(self, name):
        return getattr(self.view, name)


NIGHT = datetime(2025, 11, 14, 3, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
"""In between lies the hour at which something is released."""
DIGEST = re.compile(b"[0-9a-f]{64}")
COURSES = {
    "outside": (OUTSIDE, (happened("2025-11-14"), faulty, an_erasure, a_site, a_read, an_account)),
    "inside": (tuple(role for role in INSIDE if role not in KEEPERS), (a_site, a_read, an_account)),
    "keepers": (KEEPERS, (a_read, an_account)),
}
"""Who listens, and what happens meanwhile that they may not know of."""


@pytest.fixture
def heard(worlds, monkeypatch):
    """What each of some roles hears in a night in which some things happen, and in the morning.

    In every night what is due is released, and then a party replies, which everybody may know.
    """
    monkeypatch.setattr(events, "EVERY_S", 0.005)
    looked = Counter()
    real = events._news

    def counted(site, viewer, seen, *, inside):
        yield from real(site, viewer, seen, inside=inside)
        looked[site.folder, viewer] += 1

    monkeypatch.setattr(events, "_news", counted)

    def reply(world):
        with world.open() as mission:
            reviewing.reply(
                mission, world.names["released"], party="north", by="nora", words="Not us."
            )
            bring_up_to_date(mission)

    def release(world):
        world.clock.time = MORNING

    def settle(front, roles):
        front.site.views.look()
        until = {role: looked[front.site.folder, front.viewer(role)] + 2 for role in roles}
        for role, count in until.items():
            while looked[front.site.folder, front.viewer(role)] < count:
                time.sleep(0.002)

    def night(name, roles, secrets):
        front = worlds.another(name)
        front.world.clock.time = NIGHT
        with ExitStack() as open_streams:
            streams = {role: front.listens(role) for role in roles}
            for stream in streams.values():
                open_streams.callback(stream.end)
            for act in (*secrets, release, reply):
                act(front.world)
                settle(front, roles)
        return {role: stream.heard for role, stream in streams.items()}

    return night


def test_every_listener_hears_the_same_in_both_worlds(heard):
    plain = heard("plain night", tuple(ROLES), ())
    for role, told in plain.items():
        # The public is told in the morning alone, and those inside need not wait for it.
        both = role in OUTSIDE and role != "public"
        assert told.count(b"event: view") == 1 + both, (role, told)
    for name, (roles, secrets) in COURSES.items():
        told = heard(f"{name} night", roles, secrets)
        for role in roles:
            # Those inside see the root of the log, which hangs on what is thrown for each entry.
            mask = partial(DIGEST.sub, b"") if role in INSIDE else bytes
            assert mask(told[role]) == mask(plain[role]), role


def test_a_stream_that_tells_whenever_the_log_grows_is_seen(heard, monkeypatch):
    real = MissionSite.peek

    def telling(self, viewer):
        view = real(self, viewer)
        return view and Retold(view, f"{view.digest}{kept(self.folder).hex()}")

    monkeypatch.setattr(MissionSite, "peek", telling)
    roles, secrets = COURSES["outside"]
    assert heard("told plain", roles[:2], ()) != heard("told", roles[:2], secrets)
