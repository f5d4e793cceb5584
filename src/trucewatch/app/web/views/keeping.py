"""The views of a mission on disk: one file a sight, made when asked for, followed as it moves."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.app.files import make_folder
from trucewatch.app.mission import VIEWS, Mission
from trucewatch.app.web.composing import hour_of
from trucewatch.app.web.viewer import PUBLIC
from trucewatch.app.web.views.composing import Ground, ground_of, records_of
from trucewatch.app.web.views.reading import Damaged, FileView
from trucewatch.app.web.views.state import Facts, State, facts, key_of, state_of
from trucewatch.app.web.views.writing import write_view
from trucewatch.bulletins.views import last_release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from trucewatch.app.settings import AudienceSection
    from trucewatch.bulletins.views import Sight


@dataclass(slots=True)
class _Held:
    """One sight and its view; `lock` is held by whoever makes the next one."""

    sight: Sight
    key: str
    view: FileView | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the mission since it was last looked at."""

    facts: Facts
    state: State
    audiences: Mapping[str, AudienceSection]
    zone: ZoneInfo


class Views:
    """The views of one mission.

    `of` answers at once with what it has, however old, unless something was erased or sealed
    since: then it makes the next view first. `look` is what follows the mission; call it every
    second or two, from one thread.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._mission, self._now = folder, now
        self._folder = folder / VIEWS
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._known: _Known | None = None
        self._ground: tuple[State, Ground] | None = None

    @property
    def audiences(self) -> Mapping[str, AudienceSection]:
        """The audiences of the settings in force when the mission was last looked at."""
        return self._know().audiences

    def of(self, sight: Sight) -> FileView:
        """The view of a sight.

        Raises NotFound where nothing has been derived yet, and what opening a mission raises.
        """
        known, key = self._know(), key_of(sight)
        with self._lock:
            held = self._held.get(sight.name)
            if held is None or held.key != key:
                held = self._held[sight.name] = _Held(sight, key)
        view = held.view
        if view is not None and view.about["guard"] == known.state.guard:
            return view
        return self._bring_up_to_date(held)

    def look(self) -> bool:
        """Notice what moved, and bring the views that somebody has asked for up to date.

        Whether any view is another than before. What cannot be made at this moment stays as it was,
        and the fault is raised.
        """
        found = facts(self._mission)
        if self._known is None or found != self._known.facts:
            self._known = self._read(found)
        with self._lock:
            held = list(self._held.values())
        moved = False
        for one in held:
            before = one.view
            if before is not None and not self._holds(before, one):
                moved = self._bring_up_to_date(one) is not before or moved
        # It is large, and needed again only when the mission has moved.
        self._ground = None
        return moved

    def _know(self) -> _Known:
        if self._known is None:
            self._known = self._read(facts(self._mission))
        return self._known

    def _read(self, found: Facts) -> _Known:
        with Mission.open(self._mission, readonly=True, now=self._now) as mission:
            configuration, state = mission.configuration(), state_of(mission)
        if self._known is None or self._known.state.guard != state.guard:
            self._sweep(state.guard)
        zone = ZoneInfo(configuration.mission.mission.timezone)
        return _Known(found, state, configuration.mission.audiences, zone)

    def _sweep(self, guard: str) -> None:
        """Remove the files that hold what was erased or sealed since, whoever asked for them."""
        for path in self._folder.glob("*"):
            try:
                kept = FileView(path, checked=True).about.get("guard") == guard
            except Damaged:
                kept = False
            if not kept:
                path.unlink(missing_ok=True)

    def _holds(self, view: FileView, held: _Held) -> bool:
        """Whether a view is the one that would be made now.

        Those outside are told at fixed hours alone. The public's moves at no other time: when a
        report came in would tell who may have sent it. Who has signed in is told of decisions at
        once.
        """
        known, about = self._know(), view.about
        if (about.get("key"), about.get("guard")) != (held.key, known.state.guard):
            return False
        if not held.sight.inside and about.get("release") != self._release():
            return False
        return _is_public(held.sight) or about.get("basis") == known.state.basis

    def _release(self) -> str:
        zone = self._know().zone
        return last_release(self._now(), zone).astimezone(UTC).isoformat()

    def _bring_up_to_date(self, held: _Held) -> FileView:
        with held.lock:
            if held.view is not None and self._holds(held.view, held):
                return held.view
            make_folder(self._folder, private=True)
            path = self._folder / f"{hashlib.sha256(held.sight.name.encode()).hexdigest()[:32]}.db"
            before = self._open(path, held)
            if before is None or not self._holds(before, held):
                before = self._make(path, held, before)
            held.view = before
            return before

    def _open(self, path: Path, held: _Held) -> FileView | None:
        """The file that lies there, where viewers of this sight may have seen all of it."""
        try:
            view = FileView(path, checked=held.view is not None)
        except Damaged:
            path.unlink(missing_ok=True)
            return None
        if (view.about.get("key"), view.about.get("guard")) != (held.key, self._know().state.guard):
            path.unlink()
            return None
        return view

    def _make(self, path: Path, held: _Held, before: FileView | None) -> FileView:
        with Mission.open(self._mission, readonly=True, now=self._now) as mission:
            state, at = state_of(mission), hour_of(mission, self._now())
            ground = self._ground_of(state, mission)
            about = {
                "key": held.key,
                "guard": state.guard,
                "basis": state.basis,
                "release": self._release(),
                "fields": json.dumps(sorted(held.sight.rules)),
            }
            write_view(
                path,
                records_of(mission, ground, held.sight, at=at),
                about=about,
                at=at,
                before=None if before is None else path,
            )
        return FileView(path, checked=True)

    def _ground_of(self, state: State, mission: Mission) -> Ground:
        kept = self._ground
        if kept is None or kept[0] != state:
            kept = self._ground = state, ground_of(mission)
        return kept[1]


def _is_public(sight: Sight) -> bool:
    return sight.name == PUBLIC
