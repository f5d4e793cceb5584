"""Who sees which field, and who may go which road: two tables by hand against the application."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from itertools import product
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.torture.everything import HOUR, OUTSIDE, ROLES, everything
from tests.torture.frame import ROWS, row
from tests.torture.fronts import Front, named, routes
from tests.torture.test_roles import contents

from trucewatch.app.web import mission_site
from trucewatch.app.web.acting import acts
from trucewatch.app.web.pages import acting, hotline, incident, notices, queue, reads, reporting
from trucewatch.app.web.policy import policy
from trucewatch.app.web.views.view import Query, Unanswerable
from trucewatch.bulletins.veil import Veil
from trucewatch.bulletins.views import Draft, Sight
from trucewatch.bulletins.views.door import Door, Record

FIELDS = row("role matrix of the application: role × field × state × operation, enumerated")
ROADS = row("role matrix of the application: role × route × state, enumerated")
HERE = Path(__file__).parent
READ = YAML(typ="safe")
SIGHT = READ.load((HERE / "sight.yaml").read_text("utf-8"))
TABLE = READ.load((HERE / "roads.yaml").read_text("utf-8"))
STATES = ("as machines left it", "as people left it")
OPERATIONS = ("let through", "told", "filtered by", "counted by", "called for")
NAMES = [
    f"{sort}.{name}" for sort, who in SIGHT.items() for names in who.values() for name in names
]
CELLS = list(product(NAMES, ROLES, STATES, OPERATIONS))
WAYS = list(product(TABLE, ROLES, STATES))
CALLED = {
    "incident": "incidents", "region": "regions", "zone": "zones", "coverage": "coverage",
    "trend": "trend", "provision": "provisions", "obligation": "obligations", "pledge": "pledges",
    "story": "stories", "bulletin": "bulletins", "alert": "alerts", "source": "sources",
    "account": "incidents/{released}/accounts",
}  # fmt: skip
"""What is asked of the interface for each sort that it has."""
GRID_M = 1000
"""No cell is finer than the settings allow."""


@cache
def rule_of(name: str, role: str) -> str:
    """What the table says of a field to a role: exact, coarse or hidden."""
    sort, _, field = name.partition(".")
    (who,) = [who for who, fields in SIGHT[sort].items() if field in fields]
    if who == "coarse":
        return "coarse" if role in OUTSIDE else "exact"
    return "exact" if role in named(who) else "hidden"


@pytest.fixture(scope="module")
def fronts(tmp_path_factory):
    """The mission in both states, served."""
    folder = tmp_path_factory.mktemp("matrix")
    return {
        state: Front(everything(folder / f"m{number}", people=bool(number))).learn()
        for number, state in enumerate(STATES)
    }


class Sights:
    """What each role is shown in each state, looked up once."""

    def __init__(self, fronts) -> None:
        self.fronts = fronts
        self.view = cache(lambda state, role: fronts[state].view(role))
        self.shown = cache(self._shown)
        self.called = cache(self._called)
        self.sight = cache(self._sight)

    def _sight(self, state: str, role: str) -> Sight:
        site = self.fronts[state].site
        return policy().sight(self.fronts[state].viewer(role), site.views.audiences)

    def _shown(self, state: str, role: str, sort: str) -> list[dict]:
        return list(self.view(state, role).page(sort, Query(limit=500)).bodies)

    def _called(self, state: str, role: str, sort: str) -> list[dict]:
        front = self.fronts[state]
        path = CALLED[sort].format(**front.world.names)
        answer = front.program(role).get(f"/api/v1/{path}")
        assert answer.status_code == 200, (role, path)
        return answer.json()["items"]


@pytest.fixture(scope="module")
def sights(fronts):
    return Sights(fronts)


AT = HOUR + timedelta(days=900)


def let_through(sight: Sight, name: str) -> tuple[object, object]:
    """What comes through the door of a field with a coarser form, and of one without."""
    sort, _, field = name.partition(".")
    door = Door(sight, Veil((), (), sight.audience), at=AT, known=policy().known)
    found = []
    for coarse in ({field: "coarse"}, {}):
        made = door.let_through(Draft(sort=sort, id="x", exact={field: "exact"}, coarse=coarse))
        found.append(None if made is None else made.body.get(field))
    return found[0], found[1]


def cell(sights: Sights, name: str, role: str, state: str, operation: str) -> None:
    """One cell: what the table says is what the application does."""
    told = rule_of(name, role)
    sort, _, field = name.partition(".")
    if operation == "let through":
        expected = {"exact": ("exact", "exact"), "coarse": ("coarse", None), "hidden": (None, None)}
        assert let_through(sights.sight(state, role), name) == expected[told], (name, role)
    elif operation in {"told", "called for"}:
        if operation == "called for" and sort not in CALLED:
            return
        rows = sights.shown if operation == "told" else sights.called
        found = [body for body in rows(state, role, sort) if field in body]
        assert told != "hidden" or not found, f"{role} is {operation} {name}: {found[0]}"
        if told == "coarse":
            assert not any(too_exact(name, body[field]) for body in found), (name, role)
    else:
        view = sights.view(state, role)
        try:
            if operation == "filtered by":
                view.page(sort, Query(where={field: ("1",)}))
            else:
                view.tally(sort, field)
        except Unanswerable:
            assert told == "hidden", f"{role} may not ask for {name}"
        else:
            assert told != "hidden", f"{role} may ask for {name}, which is hidden"


def too_exact(name: str, value: object) -> bool:
    """Whether the coarse form of a field is the exact one."""
    if name == "incident.place":
        return value["exact"] or value["grid_m"] < GRID_M
    if name == "incident.probability":
        return round(value, 2) != value
    if name == "obligation.history":
        return any(one["person"] for one in value)
    return False


def test_both_tables_are_whole_and_the_rows_count_every_cell(fronts):
    assert set(NAMES) == policy().known
    assert len(set(NAMES)) == len(NAMES)
    counts = [one.count for one in ROWS.values() if one in (FIELDS, ROADS)]
    assert counts == [len(CELLS), len(WAYS)]
    for front in fronts.values():
        assert {road.partition(" of ")[0].partition(" to ")[0] for road in TABLE} == routes(
            front.app
        )
    for road, told in TABLE.items():
        who = [role for status, words in told.items() if isinstance(status, int)
               for role in named(words)]  # fmt: skip
        assert sorted(who) == sorted(ROLES), road


@FIELDS.tries(parts=2)
def test_every_field_is_shown_as_the_table_says(torture, sights):
    torture(lambda _, number: cell(sights, *CELLS[number % len(CELLS)]))


@FIELDS.saboteur("a policy with one field widened", tries=60, share=0.99)
def test_a_widened_field_is_caught(torture, sights):
    hidden = [
        (name, role) for name, role in product(NAMES, ROLES) if rule_of(name, role) != "exact"
    ]

    def attempt(random, _):
        name, role = random.choice(hidden)
        real = policy()
        wide = real.fields[name].model_copy(update={"exact": ("*",)})
        wider = replace(real, fields={**real.fields, name: wide})
        with pytest.MonkeyPatch.context() as patched:
            patched.setitem(globals(), "policy", lambda: wider)
            cell(Sights(sights.fronts), name, role, STATES[1], "let through")

    torture(attempt)


@FIELDS.saboteur("a door that lets hidden fields through", tries=6, share=0.9)
def test_an_open_door_is_caught(torture, fronts, tmp_path):
    def open_door(_, draft):
        return Record(sort=draft.sort, id=draft.id, body={**draft.coarse, **draft.exact})

    def attempt(_, number):
        role = OUTSIDE[number % len(OUTSIDE)]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Door, "let_through", open_door)
            folder = tmp_path / f"{number}"
            world = fronts[STATES[1]].world
            shutil.copytree(world.folder, folder, ignore=shutil.ignore_patterns("views"))
            broken = Sights({STATES[1]: Front(replace(world, folder=folder))})
            for name in NAMES:
                cell(broken, name, role, STATES[1], "told")

    torture(attempt)


def filled(value: object, names: dict[str, str]) -> object:
    """What is sent, with the names of the mission in it."""
    if isinstance(value, dict):
        return {filled(key, names): filled(each, names) for key, each in value.items()}
    return value.format(**names) if isinstance(value, str) else value


def ask(front: Front, road: str, role: str):
    """Go one road as somebody; by a session, or by a token where programs go."""
    told = TABLE[road]
    method, _, path = road.partition(" of ")[0].partition(" to ")[0].partition(" ")
    names = {**front.world.names, "role": role}
    path = told.get("ask", path).format(**names)
    client = front.program(role) if path.startswith("/api/v1") else front.browser(role)
    sent = {}
    if "give" in told:
        sent["data"] = filled(told["give"], names)
        if path.endswith(("/report", "/reports")):
            sent["files"] = [("pictures", ("", b"", "text/plain"))]
    if "json" in told:
        sent["json"] = filled(told["json"], names)
        if "seen" in sent["json"]:
            claims, _, entries = sent["json"]["seen"].partition("|")
            looked = {"claims": claims.split(), "entries": [int(one) for one in entries.split()]}
            sent["json"]["seen"] = looked
    if road == "GET /events":
        # A stream has no end: only whether it begins is asked for.
        return front.begun(role)
    answer = client.request(method, path, **sent)
    if path == "/sign-out":
        front.forget(role)
    return answer.status_code


def expected(road: str, role: str) -> int:
    (status,) = [
        status
        for status, words in TABLE[road].items()
        if isinstance(status, int) and role in named(words)
    ]
    return status


@pytest.fixture(scope="module")
def way(fronts, tmp_path_factory):
    """Go one road: what may be done is done on a copy, what may not leaves no trace."""
    place = tmp_path_factory.mktemp("ways")

    def attempt(road: str, role: str, state: str) -> None:
        front = fronts[state]
        told = expected(road, role)
        writes = road.startswith("POST") and "/account" not in road and "sign" not in road
        if not writes:
            assert ask(front, road, role) == told, (road, role, state)
            return
        if told < 400:
            folder = place / "m"
            shutil.copytree(front.world.folder, folder)
            try:
                copy = Front(replace(front.world, folder=folder))
                before = contents(folder)
                assert ask(copy, road, role) == told, (road, role, state)
                assert contents(folder) != before, f"nothing came of {road} by {role}"
            finally:
                shutil.rmtree(folder)
            return
        before = {name: it for name, it in contents(front.world.folder).items()
                  if name.startswith("evidence")}  # fmt: skip
        assert ask(front, road, role) == told, (road, role, state)
        after = contents(front.world.folder)
        assert {name: after.get(name) for name in before} == before, (road, role)

    return attempt


@ROADS.tries(parts=4)
def test_every_road_is_as_the_table_says(torture, way):
    torture(lambda _, number: way(*WAYS[number % len(WAYS)]))


def yes(*_, **__):
    return True


def anybody(viewer, *_):
    return viewer.person or "nobody"


def of_the_asker(request, site):
    return site.viewer(request)


def shown_as(viewer, _request):
    return viewer


FORGOTTEN = {
    "GET /queue": ((queue, "is_inside", yes),),
    "GET /incidents/{identifier}/why": (
        (incident, "_inside", lambda site, viewer, name: incident._visible(site, viewer, name)),
    ),
    "GET /incidents/{identifier}/picture.svg": ((incident, "is_inside", yes),),
    "GET /notices": ((notices, "keeper", of_the_asker),),
    "POST /notices": ((notices, "keeper", of_the_asker),),
    "GET /hotline": ((hotline, "keeper", of_the_asker),),
    "POST /hotline": ((hotline, "keeper", of_the_asker),),
    "GET /reads": ((reads, "AUDITORS", frozenset(ROLES) | {"party"}),),
    "POST /incidents/{identifier}/reviews": (
        (acting, "require", anybody),
        (acts, "require", anybody),
    ),
    "POST /incidents/{identifier}/replies": (
        (acts, "require", anybody),
        (acts, "voice", anybody),
    ),
    "GET /report": ((reporting, "reporter", lambda _: "fay"),),
    "POST /report": ((reporting, "reporter", lambda _: "fay"),),
    "GET /incidents/{identifier} of now": ((mission_site.MissionSite, "viewer", None),),
}
"""Roads with what each forgets to ask."""


@ROADS.saboteur("a route that forgets its check", tries=20, share=0.99)
def test_a_route_without_its_check_is_caught(torture, way, fronts):
    def attempt(random, number):
        road = [*FORGOTTEN][number % len(FORGOTTEN)]
        barred = [role for role in ROLES if expected(road, role) >= 400 and role != "public"]
        with pytest.MonkeyPatch.context() as patched:
            for where, name, instead in FORGOTTEN[road]:
                if instead is None:
                    lead = fronts[STATES[1]].viewer("lead")
                    instead = partial(shown_as, lead)
                patched.setattr(where, name, instead)
            way(road, random.choice(barred), STATES[1])

    torture(attempt)
