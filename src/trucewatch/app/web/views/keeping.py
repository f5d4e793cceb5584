"""The views of a mission on disk: one file a sight, made when asked for, followed as it moves."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucewatch.app.files import make_folder
from trucewatch.app.listing import current
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.situations import situation_of
from trucewatch.app.web.policy import policy
from trucewatch.app.web.views.composing import COMPOSERS, Matter
from trucewatch.app.web.views.reading import Damaged, FileView
from trucewatch.app.web.views.state import Facts, State, facts, key_of, state_of
from trucewatch.app.web.views.writing import write_view
from trucewatch.bulletins.veil import Veil
from trucewatch.bulletins.views import Door

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from trucewatch.app.settings import AudienceSection
    from trucewatch.bulletins.views import Record, Sight

FOLDER = "views"
"""In the mission's folder; it may be deleted at any time."""


@dataclass(slots=True)
class _Held:
    """One sight and its view; `lock` is held by whoever makes the next one."""

    sight: Sight
    key: str
    view: FileView | None = None
    state: State | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Views:
    """The views of one mission.

    `of` answers at once with what it has, however old, unless something was erased or sealed
    since: then it makes the next view first. `look` is what follows the mission; call it every
    second or two, from one thread.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._mission, self._now = folder, now
        self._folder = folder / FOLDER
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()
        self._facts: Facts | None = None
        self._state: State | None = None
        self._audiences: Mapping[str, AudienceSection] = {}

    @property
    def audiences(self) -> Mapping[str, AudienceSection]:
        """The audiences of the settings in force when the mission was last looked at."""
        self._know()
        return self._audiences

    def of(self, sight: Sight) -> FileView:
        """The view of a sight.

        Raises NotFound where nothing has been derived yet, and what opening a mission raises.
        """
        self._know()
        key = key_of(sight)
        with self._lock:
            held = self._held.get(sight.name)
            if held is None or held.key != key:
                held = self._held[sight.name] = _Held(sight, key)
        view, state, now = held.view, held.state, self._state
        if view is not None and state is not None and now is not None and state.guard == now.guard:
            return view
        return self._bring_up_to_date(held)

    def look(self) -> bool:
        """Notice what moved, and bring the views that somebody has asked for up to date.

        Whether anything had moved. A view that cannot be made at this moment stays as it was.
        """
        found = facts(self._mission)
        if found == self._facts:
            return False
        self._read_state(found)
        with self._lock:
            held = list(self._held.values())
        for one in held:
            if one.state != self._state:
                self._bring_up_to_date(one)
        return True

    def _know(self) -> None:
        if self._state is None:
            self._read_state(facts(self._mission))

    def _read_state(self, found: Facts) -> None:
        with Mission.open(self._mission, readonly=True, now=self._now) as mission:
            state = state_of(mission)
            self._audiences = mission.configuration().mission.audiences
        self._state, self._facts = state, found

    def _bring_up_to_date(self, held: _Held) -> FileView:
        with held.lock:
            if held.view is not None and held.state == self._state:
                return held.view
            path = self._folder / f"{held.key[:32]}.db"
            make_folder(self._folder, private=True)
            opened = self._open(path, held)
            if opened is None:
                opened = self._make(path, held)
            held.view = opened
            return opened

    def _open(self, path: Path, held: _Held) -> FileView | None:
        """The file as it lies there, where it is the one that would be made."""
        state = self._state
        try:
            view = FileView(path)
        except Damaged:
            path.unlink(missing_ok=True)
            return None
        if state is None or view.about.get("guard") != state.guard:
            path.unlink()
            return None
        if view.about.get("basis") != state.basis or view.about.get("key") != held.key:
            return None
        held.state = state
        return view

    def _make(self, path: Path, held: _Held) -> FileView:
        with Mission.open(self._mission, readonly=True, now=self._now) as mission:
            state, at = state_of(mission), self._now()
            records = self._records(mission, held.sight, at)
        known = sorted(held.sight.rules)
        about = {
            "key": held.key,
            "guard": state.guard,
            "basis": state.basis,
            "fields": json.dumps(known),
        }
        write_view(path, records, about=about, at=at, before=path if path.exists() else None)
        view = FileView(path, checked=True)
        held.state = state
        return view

    def _records(self, mission: Mission, sight: Sight, at: datetime) -> list[Record]:
        configuration, derived = mission.configuration(), current(mission)
        situation = situation_of(mission, configuration, derived)
        matter = Matter(
            mission=mission,
            configuration=configuration,
            derived=derived,
            situation=situation,
            sight=sight,
            at=at,
        )
        veil = Veil(situation.sources, situation.claims, sight.audience)
        door = Door(sight, veil, at=at, known=policy().known)
        passed = (door.let_through(draft) for composer in COMPOSERS for draft in composer(matter))
        return [record for record in passed if record is not None]
