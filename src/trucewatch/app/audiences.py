"""The audiences of mission.toml as the stages know them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.bulletins import Audience

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.app.settings import AudienceSection


def audience_from(name: str, sections: Mapping[str, AudienceSection]) -> Audience:
    """How much is held back from one audience, beside the finer grids of the others.

    KeyError for one that there is not.
    """
    section = sections[name]
    grids = {each.grid_km * 1000 for each in sections.values()}
    return Audience(
        name=name,
        grid_m=section.grid_km * 1000,
        delay=timedelta(hours=section.delay_hours),
        show_sources=section.show_sources,
        min_count=section.min_count,
        finer=tuple(sorted(each for each in grids if each < section.grid_km * 1000)),
    )
