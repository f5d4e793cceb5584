"""The frame around every page: who looks, at which mission, and where they can go from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trucewatch.app.web.policy import policy
from trucewatch.app.web.site import site_of
from trucewatch.app.web.speaking import LANGUAGES, current, mark, own_name
from trucewatch.app.web.viewer import Viewer
from trucewatch.bulletins.wording import plain
from trucewatch.errors import TrucewatchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request

    from trucewatch.app.web.accounts.entering import Accounts

CREDITS = "credits.txt"
LONGEST_CREDITS = 4000


@dataclass(frozen=True, slots=True)
class Way:
    """A part of the application; `sort` is the record that one must be let see to be shown it."""

    path: str
    name: str
    sort: str | None = None
    roles: frozenset[str] = frozenset()

    def open_to(self, viewer: Viewer) -> bool:
        """Whether it is shown in the navigation; each page holds its own rights besides."""
        if self.roles and not self.roles & viewer.roles:
            return False
        return self.sort is None or policy().sees(viewer, self.sort)


WAYS = (
    Way("/", mark("Situation")),
    Way("/incidents", mark("Incidents")),
    Way("/queue", mark("Review"), roles=frozenset({"analyst", "reviewer", "lead"})),
    Way("/agreement", mark("Agreement")),
    Way("/commitments", mark("Commitments")),
    Way("/stories", mark("Stories")),
    Way("/bulletins", mark("Bulletins")),
    Way("/sources", mark("Sources")),
    Way("/evidence", mark("Evidence")),
    Way("/notices", mark("Notices"), sort="notice"),
    Way("/hotline", mark("Hotline"), sort="notice"),
    Way("/report", mark("Report"), roles=frozenset({"field"})),
)

_UNSAID: Mapping[str, Any] = {
    "name": None,
    "zone": None,
    "exercise": False,
    "as_of": None,
    "credits": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the base template shows; `mission` says nothing on an error page that reads nothing."""

    mission: Mapping[str, Any]
    viewer: Viewer
    path: str
    query: tuple[tuple[str, str], ...]

    @property
    def zone(self) -> ZoneInfo:
        """The mission's zone; UTC where the viewer is not told which it is."""
        try:
            return ZoneInfo(self.mission.get("zone") or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        """Path, name and whether it is here, of each part that the viewer is shown."""
        return [
            (way.path, way.name, self._here(way.path)) for way in WAYS if way.open_to(self.viewer)
        ]

    @property
    def inside(self) -> bool:
        """Whether the viewer works in the mission: what to do next is told to them alone."""
        return policy().inside(self.viewer)

    @property
    def here(self) -> str | None:
        """The name of the part that is looked at; None on a page that belongs to none of them."""
        return next((name for _path, name, here in self.ways if here), None)

    def _here(self, path: str) -> bool:
        return self.path == path or (path != "/" and self.path.startswith(f"{path}/"))

    @property
    def languages(self) -> list[tuple[str, str, str, bool]]:
        """Code, own name, address of this page in it, and whether it is spoken now."""
        kept = [(name, value) for name, value in self.query if name != "lang"]
        return [
            (code, own_name(code), f"?{urlencode([*kept, ('lang', code)])}", code == current())
            for code in LANGUAGES
        ]


def frame_of(request: Request) -> Frame:
    """The frame of a page, from the viewer's own view of the mission."""
    site = site_of(request)
    viewer = site.viewer(request)
    found = site.view(viewer).page("mission")
    mission = found.bodies[0] if found.bodies else {}
    return _made(request, viewer, {**mission, "credits": credits_of(site.folder)})


def credits_of(folder: Path) -> tuple[str, ...]:
    """Whose outlines and names the mission's maps show, line by line of its `credits.txt`."""
    try:
        with (folder / CREDITS).open("rb") as file:
            text = file.read(LONGEST_CREDITS).decode("utf-8", "replace")
    except OSError:
        # Without the file there is nobody to be named.
        return ()
    return tuple(plain(line) for line in text.splitlines() if line.strip())


def bare_frame(request: Request) -> Frame:
    """A frame that needs no view, for a page that says that something went wrong."""
    return _made(request, Viewer(), {"exercise": _is_exercise(request)})


def _is_exercise(request: Request) -> bool:
    """Whether the settings in force call it a drill; False where they cannot be read either."""
    try:
        accounts: Accounts = request.app.state.accounts
        return accounts.settings.now().mission.exercise
    except (AttributeError, OSError, TrucewatchError):
        return False


def _made(request: Request, viewer: Viewer, mission: Mapping[str, Any]) -> Frame:
    query = tuple(request.query_params.multi_items())
    return Frame(mission={**_UNSAID, **mission}, viewer=viewer, path=request.url.path, query=query)
