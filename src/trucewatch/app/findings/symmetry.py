"""The symmetry audit of a mission, as the command prints it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.findings.listing import receipts
from trucewatch.app.listing import current, up_to_date
from trucewatch.findings import symmetry
from trucewatch.model import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.mission import Mission
    from trucewatch.model import Delay, Part, Symmetry, SymmetryRow, Watched

TITLES = {
    View.REPORTS.value: "By the party that reports",
    View.ACCUSED.value: "By the party that a body has held responsible",
    View.SIDE.value: "By the side of the line",
}


def audit(mission: Mission) -> dict[str, Any]:
    """Rates for each party and whether they differ; NotFound before the first run."""
    derived, configuration = current(mission), mission.configuration()
    agreement = configuration.agreement
    found = symmetry(
        derived.incidents,
        derived.findings,
        derived.origins,
        parties=[party.id for party in agreement.parties],
        sources=configuration.sources,
        zones=agreement.zones,
        watches=derived.coverage.watches,
        days=sorted({one.day for one in derived.coverage.region_days}),
        zone=configuration.zone,
        received=receipts(mission),
    )
    names = {party.id: party.name for party in agreement.parties}
    return {**_data(found, names), "up_to_date": up_to_date(mission)}


def _data(found: Symmetry, names: dict[str, str]) -> dict[str, Any]:
    return {
        "fewest": found.fewest,
        "tests": found.tests,
        "rows": [_row(row, names) for row in found.rows],
        "differences": [
            {
                "view": one.view.value,
                "party": one.party,
                "measure": one.measure,
                "p": one.p,
                "unseen": _rounded(one.unseen),
                "words": one.words,
            }
            for one in found.differences
        ],
        "without": dict(found.without),
        "caveats": list(found.caveats),
    }


def _row(row: SymmetryRow, names: dict[str, str]) -> dict[str, Any]:
    return {
        "view": row.view.value,
        "party": row.party,
        "name": names.get(row.party, row.party),
        "incidents": row.incidents,
        "by_kind": dict(row.by_kind),
        "parts": [_part(one) for one in row.parts],
        "delays": [_delay(one) for one in row.delays],
        "watched": None if row.watched is None else _watched(row.watched),
    }


def _part(one: Part) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "count": one.count,
        "among": one.among,
        "share": _rounded(one.share),
        "interval_95": [_rounded(one.low), _rounded(one.high)],
    }


def _delay(one: Delay) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "known": one.known,
        "median_hours": _rounded(one.median),
        "interval_95": [_rounded(one.low), _rounded(one.high)],
    }


def _watched(one: Watched) -> dict[str, Any]:
    return {
        "count": one.count,
        "km2_days": _rounded(one.area_days),
        "per_1000_km2_days": _rounded(one.rate),
        "interval_95": [_rounded(one.low), _rounded(one.high)],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def lines(data: dict[str, Any]) -> list[str]:
    """The rates by view and party, then what the tests show, then what none of it can show."""
    out: list[str] = []
    for view, title in TITLES.items():
        out += [f"{title} (for {data['without'][view]} events none can be told)", ""]
        for row in data["rows"]:
            if row["view"] == view:
                out += _lines_of(row, data["fewest"])
        told = [one for one in data["differences"] if one["view"] == view]
        out += [
            f"  {one['party']}, {one['measure']}: {one['words']}"
            for one in told
            if one["p"] is not None
        ]
        few = sum(one["p"] is None for one in told)
        out += [f"  Too few to tell in {few} of {len(told)} comparisons.", ""]
    return [*out, *data["caveats"]]


def _lines_of(row: dict[str, Any], fewest: int) -> Iterator[str]:
    kinds = ", ".join(f"{count} told of by {kind}" for kind, count in row["by_kind"].items())
    yield f"  {row['name']}: {row['incidents']} events{f' ({kinds})' if kinds else ''}"
    if not row["incidents"]:
        yield ""
        return
    few = f"too few to tell (under {fewest})"
    for one in row["parts"]:
        said = few
        if one["share"] is not None:
            low, high = one["interval_95"]
            said = f"{one['share']:.0%} (95 % interval {low:.0%} to {high:.0%})"
        yield f"    {one['measure']}: {one['count']} of {one['among']}, {said}"
    for one in row["delays"]:
        said = few
        if one["median_hours"] is not None:
            low, high = one["interval_95"]
            said = f"median {one['median_hours']:.1f} h (95 % interval {low:.1f} to {high:.1f})"
        yield f"    {one['measure']}: known of {one['known']}, {said}"
    ground = row["watched"]
    if ground is not None and ground["per_1000_km2_days"] is not None:
        low, high = ground["interval_95"]
        yield (
            f"    {ground['per_1000_km2_days']:.2f} events per 1,000 km² that could be seen for a "
            f"day (95 % interval {low:.2f} to {high:.2f})"
        )
    elif ground is not None:
        yield "    what could be seen of this side, nobody has stated"
    yield ""
