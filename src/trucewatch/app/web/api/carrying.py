"""From a view to an exported file: which incidents, and what the file says of itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.views.view import Query, View
from trucewatch.bulletins import exports
from trucewatch.bulletins.exports import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from trucewatch.app.web.viewer import Viewer

AT_ONCE = 1000
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Carried:
    """One thing that may be exported: its media type, the end of its name, and what makes it."""

    media: str
    suffix: str
    sort: str
    write: Callable[[Head, Iterator[Mapping[str, Any]]], Iterator[bytes]]


def _zip_of_alerts(head: Head, bodies: Iterator[Mapping[str, Any]]) -> Iterator[bytes]:
    """The messages as they were sent, one file each, beside one that says what they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo("about.txt", _EPOCH), f"{head.line}\n")
        for body in bodies:
            name, message = body.get("id"), body.get("cap")
            if isinstance(name, str) and isinstance(message, str):
                packed.writestr(zipfile.ZipInfo(f"{name}.xml", _EPOCH), message)
    yield out.getvalue()


FORMATS: Mapping[str, Carried] = {
    **{
        name: Carried(one.media, one.suffix, "incident", one.write)
        for name, one in exports.FORMATS.items()
    },
    "cap": Carried("application/zip", ".cap.zip", "alert", _zip_of_alerts),
}
"""Every format by name: those of incidents, and the alerts."""


def carried(view: View, chosen: Carried, head: Head, query: Query) -> Iterator[bytes]:
    """The file in pieces; the first page is asked before the first piece is.

    Raises Unanswerable where the view cannot answer the query.
    """
    if chosen.sort != "incident":
        query = Query(limit=query.limit)
    first = view.page(chosen.sort, replace(query, limit=min(query.limit, AT_ONCE)))
    more = first.matched > query.limit

    def bodies() -> Iterator[Mapping[str, Any]]:
        page, left = first, query.limit
        while True:
            yield from page.bodies
            left -= len(page.bodies)
            if page.after is None or left <= 0:
                return
            page = view.page(
                chosen.sort, replace(query, after=page.after, limit=min(left, AT_ONCE))
            )

    pieces = chosen.write(replace(head, more=more), bodies())
    # What is wrong is to be known before the status is sent.
    return chain([next(pieces, b"")], pieces)


def head_of(view: View, viewer: Viewer, *, made: datetime) -> Head:
    """What a file of this view says of itself; it credits the sources that the viewer may know."""
    found = view.page("mission", Query(limit=1)).bodies
    about = found[0] if found else {}
    audience = about.get("audience") or f"inside ({', '.join(sorted(viewer.roles))})"
    return Head(
        mission=str(about.get("name", "")),
        audience=str(audience),
        zone=str(about.get("zone", "")),
        made=made.isoformat(),
        digest=view.digest,
        exercise=about.get("exercise") is True,
        credits=tuple(sorted({_credit(one) for one in view.page("source").bodies})),
    )


def _credit(source: Mapping[str, Any]) -> str:
    told = [str(source[one]) for one in ("licence", "citation") if source.get(one)]
    name = str(source.get("name", "a source"))
    return f"{name} ({'; '.join(told)})" if told else name
