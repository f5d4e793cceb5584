"""What was made of the reports, as drafts: incidents, accounts, ground, trend, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.views import Material, Outlook, drafts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.web.views.composing import Matter
    from trucewatch.bulletins.views import Draft


def judged(matter: Matter) -> Iterator[Draft]:
    """Everything that `bulletins/views` composes, for one kind of viewer."""
    # Where a report stands in the log is for those inside alone.
    entries = matter.mission.store.entries_of_all() if matter.sight.inside else {}
    material = Material(situation=matter.situation, entries=entries)
    return drafts(Outlook(material, matter.sight, at=matter.at))
