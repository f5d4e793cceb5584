"""Polygons are kept once, not in every report that names them.

A region's outline weighs tens of kilobytes and hundreds of claims may stand in it. What is stored
of such a claim holds a stand-in, whose code is the digest of the real area.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.model import Area
from trucewatch.store.codec import to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucewatch.model import Report


def set_aside(reports: Iterable[Report]) -> tuple[list[Report], dict[str, str]]:
    """The reports with stand-ins for their areas, and the areas as text by digest (SHA-256, hex).

    A report without areas is given back as it is.
    """
    texts: dict[str, str] = {}
    # Claims of one region mostly share one object: then its outline is written out once.
    seen: dict[int, Area] = {}

    def stand_in(area: Area) -> Area:
        if id(area) not in seen:
            text = to_text(area)
            digest = hashlib.sha256(text.encode("ascii")).hexdigest()
            texts[digest] = text
            seen[id(area)] = Area(code=digest, name="", polygons=())
        return seen[id(area)]

    return [_with_areas(report, stand_in) for report in reports], texts


def put_back(report: Report, area_of: Callable[[str], Area]) -> Report:
    """The report as it was before `set_aside`; `area_of` gives the area of a digest."""
    return _with_areas(report, lambda area: area_of(area.code))


def _with_areas(report: Report, exchange: Callable[[Area], Area]) -> Report:
    if not any(isinstance(claim.place, Area) for claim in report.claims):
        return report
    return replace(
        report,
        claims=tuple(
            replace(claim, place=exchange(claim.place)) if isinstance(claim.place, Area) else claim
            for claim in report.claims
        ),
    )
