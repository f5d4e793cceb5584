"""The application over a mission, asked in process by somebody of every role."""

from __future__ import annotations

import re

from tests.torture.asking import HOME, Caller, Stream
from tests.torture.everything import INSIDE, KEEPERS, OUTSIDE, ROLES, World

from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.viewer import Viewer

GROUPS = {
    "everybody": tuple(ROLES),
    "signed": tuple(role for role in ROLES if role != "public"),
    "outside": OUTSIDE[1:],
    "inside": INSIDE,
    "keepers": KEEPERS,
    "reviewers": ("reviewer", "lead"),
    "tellers": ("reviewer", "desk", "lead"),
    "heard": ("north", "south", "member", *INSIDE),
    "coarse": OUTSIDE,
}
"""The words of the tables that stand for several roles."""


def named(words: str) -> set[str]:
    """The roles that some words of a table stand for."""
    return {role for word in words.split() for role in GROUPS.get(word, (word,))}


class Front:
    """One mission as it is served. Whoever asks has a real session, or a real token."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.site = MissionSite(world.folder, now=world.clock)
        # What follows of an act is derived by hand, so that no thread is left behind.
        self.site.follow = lambda: None
        self.app = make_app(self.site)
        self._browsers: dict[str, Caller] = {}
        self._programs: dict[str, Caller] = {}
        self._viewers: dict[str, Viewer] = {}

    def learn(self) -> Front:
        """Name one record of each sort that everybody may ask for by its name."""
        view = self.view("public")
        for sort in ("story", "region", "zone", "coverage", "trend", "pledge", "alert"):
            self.world.names[sort] = view.page(sort).bodies[0]["id"]
        return self

    def viewer(self, role: str) -> Viewer:
        """Who somebody of a role is, by the settings in force."""
        if role not in self._viewers:
            person, accounts = ROLES[role], self.site.accounts
            self._viewers[role] = (
                Viewer()
                if person is None
                else accounts.by_session(accounts.enter(person, "test").session).viewer
            )
        return self._viewers[role]

    def view(self, role: str):
        return self.site.view(self.viewer(role))

    def browser(self, role: str) -> Caller:
        """A browser in which they have signed in, with the secret of its forms at hand."""
        if role not in self._browsers:
            client = self._client()
            client.headers["Origin"] = HOME
            person = ROLES[role]
            if person is not None:
                session = self.site.accounts.enter(person, "test").session
                client.cookies.set("trucewatch", session)
            page = client.get("/account" if person else "/sign-in").text
            client.headers["X-CSRF-Token"] = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
            self._browsers[role] = client
        return self._browsers[role]

    def program(self, role: str) -> Caller:
        """A program with their token, good for everything that they may do."""
        if role not in self._programs:
            client = self._client()
            person = ROLES[role]
            if person is not None:
                scopes = frozenset({"read", "report", "review", "reply", "notice"})
                _, secret = self.site.accounts.give_token(person, scopes, days=1, how="test")
                client.headers["Authorization"] = f"Bearer {secret}"
            self._programs[role] = client
        return self._programs[role]

    def listens(self, role: str, **headers: str) -> Stream:
        """A stream of live updates that somebody has opened; `end` it."""
        cookies = self.browser(role).cookies.items()
        cookie = "; ".join(f"{name}={value}" for name, value in cookies)
        return Stream(self.app, {"cookie": cookie, **headers})

    def begun(self, role: str) -> int:
        """The status with which a stream of events begins; it is left at once."""
        stream = self.listens(role)
        stream.end()
        return stream.status

    def forget(self, role: str) -> None:
        """Open another window next time."""
        self._browsers.pop(role, None)

    def _client(self) -> Caller:
        return Caller(self.app)


def routes(app) -> set[str]:
    """Every route of an application, "METHOD path" each."""
    found = set()
    for route in app.router.routes:
        inner = getattr(route, "effective_route_contexts", None)
        for one in inner() if inner else [route]:
            path = getattr(one, "path", None)
            found |= {f"{method} {path}" for method in getattr(one, "methods", None) or ()}
    return found
