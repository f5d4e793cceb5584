"""The views of a mission on disk: one file a sight, made when asked for, followed as it moves."""

from __future__ import annotations

import hashlib
import json
import threading
import time
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
from trucewatch.app.web.views.writing import DRAFT, write_view
from trucewatch.bulletins.views import last_release

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from trucewatch.app.settings import AudienceSection
    from trucewatch.bulletins.views import Sight


LEFT_S = 600.0
"""A draft that nothing was written to for so long belongs to nobody."""


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
    drill: datetime | None


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
        known = self._know()
        with self._lock:
            held = self._held.get(sight.name)
            # Most callers hand in the very sight that they did before.
            if held is None or (held.sight is not sight and held.key != key_of(sight)):
                held = self._held[sight.name] = _Held(sight, key_of(sight))
            held.sight = sight
        view = held.view
        if view is not None and self._may_show(view, known):
            return view
        return self._bring_up_to_date(held)

    def peek(self, sight: Sight) -> FileView | None:
        """The view of a sight that somebody has asked for before; it never waits and makes none."""
        with self._lock:
            held, known = self._held.get(sight.name), self._known
        if held is None or known is None or held.sight != sight or held.view is None:
            return None
        return held.view if self._may_show(held.view, known) else None

    @staticmethod
    def _may_show(view: FileView, known: _Known) -> bool:
        return not view.damaged and view.about["guard"] == known.state.guard

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
            drill = configuration.mission.mission.exercise
            hour = hour_of(mission, self._now()) if drill else None
        if self._known is None or self._known.state.guard != state.guard:
            self._sweep(state.guard)
        zone = ZoneInfo(configuration.mission.mission.timezone)
        return _Known(found, state, configuration.mission.audiences, zone, hour)

    def _sweep(self, guard: str) -> None:
        """Remove the files that hold what was erased or sealed since, whoever asked for them."""
        for path in self._folder.glob("*"):
            if path.name.startswith(DRAFT) and not _is_left(path):
                continue
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
        if view.damaged or (about.get("key"), about.get("guard")) != (held.key, known.state.guard):
            return False
        if not held.sight.inside and about.get("release") != self._release():
            return False
        return _is_public(held.sight) or about.get("basis") == known.state.basis

    def _release(self) -> str:
        zone = self._know().zone
        hour = self._know().drill or self._now()
        return last_release(hour, zone).astimezone(UTC).isoformat()

    def _bring_up_to_date(self, held: _Held) -> FileView:
        with held.lock:
            if held.view is not None and self._holds(held.view, held):
                return held.view
            make_folder(self._folder, private=True)
            before = self._open(held)
            if before is None or not self._holds(before[1], held):
                before = self._make(held, before)
            held.view = before[1]
            return before[1]

    def _open(self, held: _Held) -> tuple[Path, FileView] | None:
        """The file that lies there, where viewers of this sight may have seen all of it."""
        checked = held.view is not None and not held.view.damaged
        found = None
        for path in self._folder.glob(f"{_stem(held.sight)}-*.db"):
            try:
                view = FileView(path, checked=checked)
            except Damaged:
                view = None
            guard = self._know().state.guard
            if (
                view is None
                or found is not None
                or (view.about.get("key"), view.about.get("guard")) != (held.key, guard)
            ):
                path.unlink(missing_ok=True)
            else:
                found = path, view
        return found

    def _make(self, held: _Held, before: tuple[Path, FileView] | None) -> tuple[Path, FileView]:
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
            path = write_view(
                self._folder,
                _stem(held.sight),
                records_of(mission, ground, held.sight, at=at),
                about=about,
                at=at,
                before=None if before is None else before[0],
            )
        made = FileView(path, checked=True)
        if before is not None and before[0] != path:
            before[0].unlink(missing_ok=True)
        return path, made

    def _ground_of(self, state: State, mission: Mission) -> Ground:
        kept = self._ground
        if kept is None or kept[0] != state:
            kept = self._ground = state, ground_of(mission)
        return kept[1]


def _is_left(draft: Path) -> bool:
    """Whether nobody is at a draft any more: a crash has left it."""
    try:
        return draft.stat().st_mtime < time.time() - LEFT_S
    except FileNotFoundError:
        return False


def _stem(sight: Sight) -> str:
    return hashlib.sha256(sight.name.encode()).hexdigest()[:16]


def _is_public(sight: Sight) -> bool:
    return sight.name == PUBLIC
