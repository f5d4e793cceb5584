"""What each account brings to an incident and the next best reading, as data and as lines."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trucewatch.app.pipeline import needed
from trucewatch.app.withdrawing import standing
from trucewatch.findings import regroupings
from trucewatch.incidents import open_incident
from trucewatch.model import distance_m

if TYPE_CHECKING:
    from datetime import tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.incidents import Alternative, Contribution, Neighbour, Opened
    from trucewatch.model import Incident, Interval, Point
    from trucewatch.store import Derived

COLUMNS = 100
PARTS = ("place", "time", "kind", "rate", "detection")
CANNOT = (
    "What each account brings cannot be told: the log, the settings or the parameters changed "
    "since the last run. Run again."
)


def opened(mission: Mission, derived: Derived, incident: Incident) -> dict[str, Any] | None:
    """One incident opened; None where the last run was made of something else than holds now."""
    configuration = mission.configuration()
    found = open_incident(
        incident.id,
        derived.incidents,
        (claim for report in standing(mission) for claim in report.claims),
        derived.origins,
        sources=configuration.sources,
        regions=configuration.agreement.regions,
        parameters=mission.parameters().parameters,
        regrouped=regroupings(mission.decisions(), agreement=configuration.agreement),
        needed=needed(configuration),
    )
    return (
        None if found is None else as_data(found, incident, configuration.mission.mission.timezone)
    )


def as_data(found: Opened, incident: Incident, timezone: str) -> dict[str, Any]:
    """An opened incident as plain values, with times of a named zone."""
    zone = ZoneInfo(timezone)
    return {
        "time_zone": timezone,
        "log_w_nats": found.log_w,
        "accounts": [
            {"label": label(n), **_account(each, zone)} for n, each in enumerate(found.accounts)
        ],
        "near": [_neighbour(each, incident.place, incident.when, zone) for each in found.near],
        "near_in_all": found.near_in_all,
        "alternative": None if found.alternative is None else _alternative(found.alternative),
    }


def label(number: int) -> str:
    """A, B, … Z, AA, AB, …: what an account is called beside its name."""
    letter = chr(ord("A") + number % 26)
    return letter if number < 26 else label(number // 26 - 1) + letter


def _account(each: Contribution, zone: tzinfo) -> dict[str, Any]:
    return {
        "claims": list(each.claims),
        "name": each.name,
        "sealed": each.sealed,
        "kind": each.kind,
        "when": _span(each.when, zone),
        "place": _place(each.place),
        "log_w_nats": each.nats,
        "parts": [{"name": t.name, "nats": t.nats, "words": t.words} for t in each.parts],
        "belongs": each.belongs,
        "probability_without": each.probability_without,
    }


def _neighbour(each: Neighbour, place: Point, when: Interval, zone: tzinfo) -> dict[str, Any]:
    return {
        "incident": each.incident,
        "names": list(each.names),
        "sealed": each.sealed,
        "when": _span(each.when, zone),
        "place": _place(each.place),
        "km": round(distance_m(place, each.place) / 1000, 3),
        "days": round(abs((when.middle - each.when.middle).total_seconds()) / 86_400, 3),
        "log_w_nats": each.nats,
    }


def _alternative(each: Alternative) -> dict[str, Any]:
    return {
        "how": each.how,
        "moved_claims": list(each.moved),
        "incident": each.incident,
        "log_w_nats": each.nats,
        "odds_against_shown": each.odds,
        "share_of_likely_readings": each.chance,
        "words": each.words,
    }


def _span(when: Interval, zone: tzinfo) -> dict[str, str]:
    return {
        "earliest": when.earliest.astimezone(zone).isoformat(timespec="minutes"),
        "latest": when.latest.astimezone(zone).isoformat(timespec="minutes"),
    }


def _place(place: Point) -> dict[str, float]:
    return {
        "latitude": round(place.lat, 6),
        "longitude": round(place.lon, 6),
        "standard_error_m": round(place.error_m, 1),
    }


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people, in lines of at most 100 characters."""
    told = data["opened"]
    if told is None:
        return _wrapped(CANNOT, "")
    accounts = told["accounts"]
    out = [f"Accounts: {len(accounts)} (times in {told['time_zone']}; one standard error)"]
    for each in accounts:
        out += _wrapped(
            f"{each['label']}  {each['name']}: {each['kind']}, {between(each['when'])}, "
            f"{each['place']['latitude']:.4f}, {each['place']['longitude']:.4f} "
            f"± {each['place']['standard_error_m']:,.0f} m",
            "  ",
        )
    if len(accounts) > 1:
        out += _table(data, told)
    out += _wrapped(alternative_words(told), "")
    if told["near"]:
        out.append(f"Near and not joined: {told['near_in_all']} (nats of the best joint reading)")
    for each in told["near"]:
        out += _wrapped(
            f"{each['incident']}  {nats(each['log_w_nats']):>7}  {each['km']:,.1f} km, "
            f"{each['days']:.1f} days away, {'; '.join(each['names'])}",
            "  ",
        )
    return out


def _table(data: dict[str, Any], told: dict[str, Any]) -> list[str]:
    head = "".join(f"{name:>11}" for name in ("log W", *PARTS))
    out = [
        "What log W and P would lose without each (nats; 1 nat = 2.7 times):",
        f"    {head}{'P without':>11}{'belongs':>9}",
    ]
    for each in told["accounts"]:
        values = [each["log_w_nats"], *(part["nats"] for part in each["parts"])]
        cells = "".join(f"{nats(value):>11}" for value in values)
        out.append(
            f"  {each['label']:<2}{cells}{each['probability_without']:>11.4f}"
            f"{each['belongs']:>9.0%}"
        )
    whole = f"All together: log W {nats(told['log_w_nats'])}, P {data['probability']:.4f}. "
    out += _wrapped(f"{whole}The rows do not sum to it: of two accounts each brings the whole.", "")
    for each in told["accounts"]:
        words = "; ".join(part["words"] for part in each["parts"] if part["name"] in MEASURED)
        out += _wrapped(f"{each['label']}: {words}", "  ")
    return out


MEASURED = ("place", "time", "rate")
"""The parts whose words hold a figure of their own; the others say the same for all."""


def alternative_words(told: dict[str, Any]) -> str:
    """The next best reading, or that there is none."""
    if told["alternative"] is None:
        return "No other reading: nothing lies near enough in place and time to be joined."
    return str(told["alternative"]["words"])


def nats(value: float | None) -> str:
    """A figure with its sign, "never" where one witness tells of two."""
    if value is None:
        return "never"
    text = f"{value:+.1f}"
    return "0.0" if text in {"+0.0", "-0.0"} else text.replace("-", "−")


def between(when: dict[str, str]) -> str:
    """An interval of local times, the second without what it shares with the first."""
    first, last = (datetime.fromisoformat(when[key]) for key in ("earliest", "latest"))
    start = f"{first:%Y-%m-%d %H:%M}"
    if first == last:
        return start
    return (
        f"{start} to {last:%H:%M}"
        if first.date() == last.date()
        else (f"{start} to {last:%Y-%m-%d %H:%M}")
    )


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, COLUMNS, initial_indent=indent, subsequent_indent=f"{indent}   ",
        break_on_hyphens=False,
    )  # fmt: skip
