"""What the pages ask of a view in the same way: whole lists, groups, and the hour it is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from trucewatch.app.web.views.view import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucewatch.app.web.site import Site
    from trucewatch.app.web.views.view import Body, View

_SOME = 500


def every(view: View, sort: str, query: Query | None = None) -> list[Body]:
    """All records of a sort that a viewer sees, in their order; for sorts of which there are few.

    Of incidents and of whatever grows with them, ask for a page.
    """
    return list(_every(view, sort, query or Query()))


def _every(view: View, sort: str, query: Query) -> Iterator[Body]:
    after: str | None = None
    while True:
        page = view.page(sort, Query(text=query.text, where=query.where, after=after, limit=_SOME))
        yield from page.bodies
        after = page.after
        if after is None:
            return


def hour(site: Site, view: View) -> datetime:
    """The hour by which time is reckoned that is left: a drill's own where there is one."""
    drill = view.one("drill", "clock")
    return site.now() if drill is None else datetime.fromisoformat(drill["at"])


def grouped(rows: Iterable[Body], field: str) -> dict[str, list[Body]]:
    """Rows by the value of one field, in the order in which each value stands first."""
    found: dict[str, list[Body]] = {}
    for row in rows:
        found.setdefault(str(row.get(field)), []).append(row)
    return found
