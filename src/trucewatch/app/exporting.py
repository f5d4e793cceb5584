"""Exports: files of what an audience may see of incidents, for other programs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from trucewatch.app.files import make_folder, write_whole
from trucewatch.app.publishing.bulletins import audience_of
from trucewatch.app.web.api.carrying import FORMATS, carried, head_of
from trucewatch.app.web.policy import policy
from trucewatch.app.web.viewer import PUBLIC, Viewer
from trucewatch.app.web.views.keeping import Views
from trucewatch.app.web.views.view import Query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trucewatch.app.mission import Mission

FOLDER = "exports"
MOST = 1_000_000
"""More incidents than these are not written to one file; it says so where there are more."""


def export(
    mission: Mission, *, audience: str, formats: Sequence[str], out: Path | None
) -> dict[str, Any]:
    """Write a file for each format, out of what `audience` may see by now.

    The fields are those that everybody sees, the places and times those of the audience. Raises
    NotFound for an audience that there is not, or where nothing has been derived yet.
    """
    configuration = mission.configuration()
    readers = audience_of(configuration, audience)
    public = policy().sight(Viewer(), configuration.mission.audiences)
    sight = replace(public, name=f"audience:{audience}", audience=readers)
    view = Views(mission.folder, now=mission.now).of(sight)
    made = mission.now().astimezone(UTC).replace(microsecond=0)
    head = head_of(view, Viewer(), made=made)
    private = audience != PUBLIC
    folder = out or mission.folder / (f"{FOLDER}-for-{audience}" if private else FOLDER)
    make_folder(folder, private=private)
    files = []
    for name in formats:
        chosen = FORMATS[name]
        path = folder / f"{'alerts' if name == 'cap' else 'incidents'}{chosen.suffix}"
        body = b"".join(carried(view, chosen, head, Query(limit=MOST)))
        write_whole(path, body, private=private)
        files.append({"format": name, "file": str(path), "bytes": len(body)})
    return {
        "exercise": configuration.mission.mission.exercise,
        "audience": audience,
        "incidents": view.page("incident", Query(limit=1)).matched,
        "alerts": view.page("alert", Query(limit=1)).matched,
        "digest": view.digest,
        "made": made.isoformat(),
        "files": files,
    }


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    seen = f"{data['incidents']} incidents and {data['alerts']} alerts"
    return [
        *(f"{one['format']:<8} {one['file']} ({one['bytes']:,} bytes)" for one in data["files"]),
        f"The audience '{data['audience']}' may see {seen}.",
    ]
