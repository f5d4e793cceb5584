"""Lists of what has been derived, with filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app import lineage
from trucewatch.app.mission import NOTHING_DERIVED
from trucewatch.errors import NotFound
from trucewatch.model import Outcome, State, kind_tree

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.store import Derived


def incidents(
    mission: Mission,
    *,
    region: str | None,
    kind: str | None,
    state: str | None,
    outcome: str | None,
    first: date | None,
    last: date | None,
    limit: int,
    changed_since: str | None = None,
) -> dict[str, Any]:
    """Incidents in order of time, each with its finding and assessments.

    The days are those of the mission's zone, and let through what may have happened on them.
    `changed_since` names a bulletin, and lets through what changed since; what is no longer there
    stands under "gone", whatever the filters. Raises NotFound where nothing has been run yet, and
    for a kind, region, state, outcome or bulletin that there is not: an empty list would say that
    nothing happened.
    """
    derived = current(mission)
    known("region", region, _regions(mission, derived))
    known("state", state, set(State))
    known("outcome", outcome, set(Outcome))
    tree, zone = kind_tree(), mission.configuration().zone
    findings = {finding.incident: finding for finding in derived.findings}
    assessed: dict[str, dict[str, str]] = {}
    for each in derived.assessments:
        assessed.setdefault(each.incident, {})[each.provision] = each.outcome.value
    found = mission.store.incidents(
        region=region,
        kind=kind,
        state=state,
        outcome=outcome,
        day_from=first,
        day_to=last,
        zone=zone,
    )
    changed, gone, since = {}, [], ""
    if changed_since is not None:
        since, changes = lineage.since_bulletin(mission, derived, changed_since)
        changed = {name: lineage.row(change) for change in changes for name in change.after}
        gone = [lineage.row(change) for change in changes if not change.after]
        found = tuple(incident for incident in found if incident.id in changed)
    rows = []
    for incident in found[:limit]:
        finding = findings[incident.id]
        rows.append(
            {
                "id": incident.id,
                "nature": incident.nature.value,
                "kind": incident.kind,
                "kind_name": tree[incident.kind].name,
                "from": local(incident.when.earliest, zone),
                "to": local(incident.when.latest, zone),
                "region": incident.region,
                "latitude": round(incident.place.lat, 5),
                "longitude": round(incident.place.lon, 5),
                "error_m": round(incident.place.error_m),
                "probability": round(incident.probability, 4),
                "state": finding.state.value,
                "origins": finding.independent_origins,
                "claims": len(incident.claims),
                "outcomes": dict(sorted(assessed.get(incident.id, {}).items())),
                **({"change": changed[incident.id]} if incident.id in changed else {}),
            }
        )
    data: dict[str, Any] = {"found": len(found), "shown": len(rows), "incidents": rows}
    return data if changed_since is None else {**data, "since": since, "gone": gone}


def _regions(mission: Mission, derived: Derived) -> set[str]:
    """The codes by which the mission reports, and any other that an incident bears."""
    codes = {area.code for area in mission.configuration().agreement.regions}
    return codes | {each.region for each in derived.incidents if each.region is not None}


def known(what: str, word: str | None, words: set[str]) -> None:
    """NotFound, with the words there are, for a filter that no noun can pass."""
    if word is not None and word not in words:
        there = ", ".join(sorted(words)) or "none"
        raise NotFound(f"no {what} is called {word!r}; there are: {there}")


def local(moment: datetime, zone: tzinfo) -> str:
    """A moment in the mission's zone, to the minute, with its offset."""
    return moment.astimezone(zone).isoformat(timespec="minutes")


def current(mission: Mission) -> Derived:
    """What the last run derived; raises NotFound before the first one."""
    derived = mission.store.derived()
    if derived is None:
        raise NotFound(NOTHING_DERIVED)
    return derived


def up_to_date(mission: Mission) -> bool:
    """Whether the last run knew all that the log now holds: deliveries, settings, decisions."""
    return mission.store.basis() == mission.in_force().root


def voices(count: int) -> str:
    """How many independent voices, in words."""
    return "1 voice" if count == 1 else f"{count} independent voices"


def lines(data: dict[str, Any]) -> list[str]:
    """A table of incidents for people."""
    out = []
    for row in data["incidents"]:
        out.append(_line(row))
        if "change" in row:
            out += [f"    {row['change']['fate']}: {why}" for why in row["change"]["why"]]
    for change in data.get("gone", ()):
        said, *why = change["why"]
        out += [said, *(f"    {each}" for each in why)]
    since = f" (changed since {data['since']}; {len(data['gone'])} gone)" if "since" in data else ""
    return [*out, f"{data['shown']} of {data['found']} incidents shown{since}."]


def _line(row: dict[str, Any]) -> str:
    return (
        f"{row['id']}  {row['from']} – {row['to']}  {row['region'] or 'no region':<9} "
        f"{row['kind_name']}, {row['state']}, P {row['probability']:.2f}, "
        f"{voices(row['origins'])}"
        + "".join(f", {term}: {word}" for term, word in row["outcomes"].items())
    )
