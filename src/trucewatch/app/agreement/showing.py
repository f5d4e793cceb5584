"""A mission's `agreement.yaml` as it stands in its folder: checked, shown, and its schema."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trucewatch.agreements import area_m2, examine
from trucewatch.app.configuration import AGREEMENT, MISSION
from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import ConfigurationError
from trucewatch.model import NEVER, Drawn, Edition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo
    from pathlib import Path

    from trucewatch.agreements import Examined
    from trucewatch.model import Agreement, Exemption, Provision, Step, Trigger, Window, Zone

NOT_YET, EMPTY = "not yet: no hour is known", "never"


def examined(file: Path) -> Examined:
    """One agreement with the zone files beside it, by the folder and not by the log.

    A fault of the files is part of the answer; ConfigurationError for a file that is not there.
    """
    text = _text(file, file.name)
    paths = sorted(file.parent.glob("zones/*.geojson"))
    names = [path.relative_to(file.parent).as_posix() for path in paths]
    zones = {name: _text(path, name) for name, path in zip(names, paths, strict=True)}
    return examine(text, file=file.name, zone_files=zones)


def file_of(file: Path | None, mission: Path) -> Path:
    """The file that is meant: the one that is named, or that of the mission."""
    found = mission / AGREEMENT if file is None else file
    return found / AGREEMENT if found.is_dir() else found


def zone_of(file: Path) -> tzinfo:
    """The time zone of the mission that the file belongs to; UTC where there is no mission."""
    mission = file.parent / MISSION
    if not mission.is_file():
        return UTC
    settings = read_settings(MissionFile, _text(mission, MISSION), file=MISSION)
    return ZoneInfo(settings.mission.timezone)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError("not UTF-8 text", file=name) from None
    except OSError as fault:
        raise ConfigurationError(f"cannot be read: {fault.strerror}", file=str(path)) from None


def checked(found: Examined, file: Path) -> dict[str, Any]:
    """The faults and the doubts, and how much there is of everything."""
    return {
        "file": str(file),
        "ok": found.agreement is not None,
        "faults": [_told(one) for one in found.faults],
        "doubts": [_told(one) for one in found.doubts],
        "counts": {} if found.agreement is None else _counts(found.agreement),
    }


def _told(fault: ConfigurationError) -> dict[str, Any]:
    return {
        "file": fault.file,
        "line": fault.line,
        "field": fault.field,
        "message": fault.message,
        "words": str(fault),
    }


def _counts(one: Agreement) -> dict[str, int]:
    return {
        "instruments": len(one.instruments),
        "bodies": len(one.bodies),
        "zones": len({zone.code for zone in one.zones}),
        "provisions": len(one.provisions),
        "triggers": len(one.triggers),
        "steps": sum(len(trigger.steps) for trigger in one.triggers),
    }


def shown(one: Agreement, zone: tzinfo) -> dict[str, Any]:
    """All of an agreement as plain data, its times in `zone`."""
    window = _Hours(zone)
    texts = {text.id: text for text in one.instruments}
    hours = {each.id: each.window.overlap(texts[each.instrument].holds) for each in one.provisions}
    return {
        "id": one.id,
        "name": one.name,
        "timezone": str(zone),
        "parties": [{"id": party.id, "name": party.name} for party in one.parties],
        "guarantors": list(one.guarantors),
        "states": list(one.states),
        "lead": one.lead,
        "truce": window.of(one.truce),
        "instruments": [
            {
                "id": text.id,
                "text": text.text,
                "title": text.title,
                "version": text.version,
                "edition": text.edition.value,
                "standing": text.standing,
                "holds": _draft() if text.edition is Edition.DRAFT else window.of(text.holds),
                "announced_by": list(text.announced_by),
                "accepted_by": list(text.accepted_by),
                "source": text.source,
            }
            for text in one.instruments
        ],
        "bodies": [
            {
                "id": body.id,
                "name": body.name,
                "decides": list(body.decides),
                "members": list(body.members),
                "standing": body.standing,
                "source": body.source,
            }
            for body in one.bodies
        ],
        "zones": [_zone(each, window) for each in one.zones],
        "provisions": [_provision(each, hours[each.id], window) for each in one.provisions],
        "standards": dict(one.standards),
        "needed": dict(one.needed),
        "triggers": [_trigger(each, hours, window) for each in one.triggers],
    }


def _draft() -> dict[str, Any]:
    return {"start": None, "end": None, "never": True, "words": "never: a draft"}


class _Hours:
    """Windows as local times, for people and for programs."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def of(self, window: Window) -> dict[str, Any]:
        """The ends in ISO 8601 with their offset (None is open), and the window in words."""
        if window.empty:
            words = NOT_YET if window == NEVER else EMPTY
            return {"start": None, "end": None, "never": True, "words": words}
        start, end = self._local(window.start), self._local(window.end)
        first = "no beginning" if start is None else f"{start:%Y-%m-%d %H:%M %Z}"
        last = "no end" if end is None else f"{end:%Y-%m-%d %H:%M %Z}"
        return {
            "start": None if start is None else start.isoformat(),
            "end": None if end is None else end.isoformat(),
            "never": False,
            "words": "always" if start is None and end is None else f"{first} to {last}",
        }

    def _local(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else moment.astimezone(self.zone)


def _zone(zone: Zone, window: _Hours) -> dict[str, Any]:
    return {
        "code": zone.code,
        "name": zone.name,
        "drawn": zone.drawn.value,
        "buffer_km": None if zone.drawn is Drawn.POLYGON else zone.buffer_m / 1000,
        "area_km2": round(area_m2(zone.area) / 1e6, 1),
        "side": zone.side,
        "holds": window.of(zone.holds),
    }


def _provision(one: Provision, holds: Window, window: _Hours) -> dict[str, Any]:
    return {
        "id": one.id,
        "instrument": one.instrument,
        "duty": one.duty.value,
        "kinds": list(one.kinds),
        "weapons": list(one.weapons),
        "parties": list(one.parties),
        "zones": list(one.zones),
        "holds": window.of(holds),
        "condition": one.condition,
        "exceptions": [_exception(each, window) for each in one.exceptions],
        "words": one.words,
        "source": one.source,
    }


def _exception(one: Exemption, window: _Hours) -> dict[str, Any]:
    return {
        "kinds": list(one.kinds),
        "weapons": list(one.weapons),
        "zones": list(one.zones),
        "window": window.of(one.window),
        "condition": one.condition,
        "words": one.words,
    }


def _trigger(one: Trigger, hours: Mapping[str, Window], window: _Hours) -> dict[str, Any]:
    meant = [each for name, each in hours.items() if not one.provisions or name in one.provisions]
    # What nothing can open is not shown as if it held.
    alive = any(not one.window.overlap(each).empty for each in meant)
    return {
        "id": one.id,
        "provisions": list(one.provisions),
        "count": one.count,
        "within_hours": one.within.total_seconds() / 3600,
        "kinds": list(one.kinds),
        "zones": list(one.zones),
        "by": list(one.by),
        "at_least": dict(one.at_least),
        "window": window.of(one.window),
        "can_open": window.of(one.window if alive else NEVER),
        "condition": one.condition,
        "source": one.source,
        "steps": [_step(each) for each in one.steps],
    }


def _step(one: Step) -> dict[str, Any]:
    return {
        "id": one.id,
        "duty": one.duty,
        "duty_of": list(one.duty_of),
        "decided_by": one.decided_by,
        "clock": one.clock.value,
        "after_hours": None
        if one.after is None or one.calendar is not None
        else one.after.total_seconds() / 3600,
        "after_calendar_days": one.after.days if one.after and one.calendar else None,
        "calendar": one.calendar,
        "standard": one.standard,
        "standing": one.standing,
        "follows": one.follows,
        "approval": list(one.approval),
        "condition": one.condition,
        "words": one.words,
        "source": one.source,
    }
