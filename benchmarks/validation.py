"""The verdicts on seven real truces, from the data at hand: `python -m benchmarks.validation`.

Writes the tables of docs/validation.md between their markers; a test holds the page to what this
computes. The data lie beside the project. What is counted, and over which days, follows rules that
look at no outcome: whole local days of the truce (for alerts, which have hours, spans of 12 hours
or the truce's own length if shorter), held against the ten days before it, or as many as it lasts.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from benchmarks.sections import write_section
from trucewatch.findings.holding import broken_links, follow
from trucewatch.model import Counted, Interval, Report, Source, SourceKind, Window
from trucewatch.reports import Delivery, read_delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trucewatch.model import Claim, Level, PeriodCount, TruceCourse

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"
KYIV = ZoneInfo("Europe/Kyiv")
DAY = timedelta(days=1)
LEAST_BEFORE = 10 * DAY
LONG_BEFORE = 180 * DAY
"""For a truce without an end: half a year, as the mission tcg-2020 has it."""

ENERGY = frozenset(
    {"ENERGY_GRID_SUPPORT", "FUEL_STORAGE_TERMINAL", "PIPELINE_PUMPING", "REFINING_PETROCHEM_GAS"}
)
"""What the moratorium of 2025 names: refineries, pipelines, storage, power plants, substations."""

UCDP_2026 = "ucdp-candidate-2026-04/ukraine_russia.csv"
UCDP_2020 = "ucdp-ged-ukraine/conflict_data_ukr_2014_2018_2020.csv"
SMM = "osce-smm-daily-counts/smm_daily_counts.csv"
VOLUNTEERS, OFFICIAL = (f"air-raid-sirens/{kind}_data_en.csv" for kind in ("volunteer", "official"))


@dataclass(frozen=True)
class Truce:
    """One row of truces.csv; a bare date is a local day in Kyiv. Without an end, it is open."""

    id: str
    name: str
    start: datetime
    end: datetime | None

    @property
    def window(self) -> Window:
        """When it holds."""
        return Window(self.start, self.end)

    @property
    def before(self) -> Window:
        """The stretch that it is held against: whole local days up to the one it starts on."""
        length = LONG_BEFORE if self.end is None else max(LEAST_BEFORE, self.end - self.start)
        first = self.start.astimezone(KYIV).date()
        days = -(-length // DAY)
        return Window.days(first - days * DAY, first - DAY, KYIV)


@dataclass(frozen=True)
class Verdict:
    """One row of the page: a truce, the data that it was judged by, and what came out."""

    truce: Truce
    data: str
    course: TruceCourse


def truces(data: Path) -> dict[str, Truce]:
    """The truces by id."""
    found = {}
    with (data / "truce-windows/truces.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            end = _moment(row["end_utc"]) if row["end_utc"] else None
            name = row["name"].split(" (")[0]
            found[row["truce_id"]] = Truce(row["truce_id"], name, _moment(row["start_utc"]), end)
    return found


def _moment(text: str) -> datetime:
    if len(text) == len("2025-03-18"):
        return datetime.fromisoformat(text).replace(tzinfo=KYIV)
    return datetime.fromisoformat(text)


def reports(data: Path, path: str, reader: str) -> list[Report]:
    """What one reader makes of one file."""
    raw = (data / path).read_bytes()
    source = Source(
        id=reader, name=reader, kind=SourceKind.CODER, timezone="Europe/Kyiv", reader=reader
    )
    payload = hashlib.sha256(raw).hexdigest()
    items = read_delivery(Delivery(source=source, payload=payload, raw=raw, name=path))
    return [item for item in items if isinstance(item, Report)]


def claims(data: Path, path: str, reader: str) -> list[Claim]:
    """The claims in one file."""
    return [claim for report in reports(data, path, reader) for claim in report.claims]


def energy(data: Path, path: str) -> list[Claim]:
    """The press reports of VIINA whose targets are those that the moratorium names."""
    with (data / path).open(encoding="utf-8") as lines:
        wanted = {
            row["event_id_1pd"]
            for row in csv.DictReader(lines)
            if ENERGY & {*row["target_classes"].split("|")}
        }
    return [claim for claim in claims(data, path, "viina") if claim.external_id in wanted]


def by_day(found: Iterable[Claim]) -> list[Counted]:
    """Claims by local day, those whose day is sure; from the first to the last day told of."""
    days = Counter(
        day
        for claim in found
        for day in [claim.when.earliest.astimezone(KYIV).date()]
        if claim.when == Interval.days(day, day, KYIV)
    )
    return [
        Counted(when=Interval.days(day, day, KYIV), count=days[day], stated=False)
        for day in _every(min(days), max(days))
    ]


def _every(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def by_span(found: Iterable[Claim], truce: Truce) -> list[Counted]:
    """Alerts by the span in which they began: 12 hours, or the truce's own length if shorter."""
    start, half_a_day = truce.start, timedelta(hours=12)
    length = half_a_day if truce.end is None else min(half_a_day, truce.end - start)
    starts = sorted(claim.when.earliest for claim in found)
    spans = Counter((moment - start) // length for moment in starts)
    first, last = (starts[0] - start) // length + 1, (starts[-1] - start) // length
    return [
        Counted(
            when=Interval(start + at * length, start + (at + 1) * length),
            count=spans[at],
            stated=False,
        )
        for at in range(first, last)
    ]


def counted(tallies: Iterable[PeriodCount]) -> list[Counted]:
    """The periods of a monitoring mission."""
    return [Counted(when=one.when, count=one.count, part=one.region) for one in tallies]


def verdicts(data: Path) -> list[Verdict]:
    """The verdict on every truce by whatever of the data tells of acts in its time."""
    known = truces(data)
    smm = [tally for report in reports(data, SMM, "smm") for tally in report.tallies]
    lethal_2020 = [
        one
        for one in claims(data, UCDP_2020, "ucdp")
        if datetime(2019, 12, 31, 22, tzinfo=UTC) <= one.when.earliest
    ]
    press = {
        year: claims(data, f"viina-infrastructure/viina_{year}.csv", "viina")
        for year in (2022, 2023, 2025)
    }
    listed: list[tuple[str, str, list[Counted]]] = [
        (
            "ukr-easter-2026",
            "lethal events (UCDP candidate)",
            by_day(claims(data, UCDP_2026, "ucdp")),
        ),
        ("ukr-easter-2025", "press, energy and industry (VIINA)", by_day(press[2025])),
        ("ukr-victory-day-2025", "press, energy and industry (VIINA)", by_day(press[2025])),
        (
            "ukr-energy-2025",
            "press, energy alone (VIINA)",
            by_day(energy(data, "viina-infrastructure/viina_2025.csv")),
        ),
        ("ukr-christmas-2023", "press, energy and industry (VIINA)", by_day(press[2023])),
        ("ukr-mariupol-volnovakha-2022", "press, energy and industry (VIINA)", by_day(press[2022])),
        ("ukr-tcg-2020", "violations counted (OSCE)", counted(smm)),
        ("ukr-tcg-2020", "lethal events (UCDP)", by_day(lethal_2020)),
    ]
    return [_verdict(known[name], what, series) for name, what, series in listed]


def _verdict(truce: Truce, what: str, series: Iterable[Counted]) -> Verdict:
    found = follow(series, truce=truce.window, before=truce.before, source=truce.id, what=what)
    return Verdict(truce, what, found)


def osce(data: Path) -> tuple[list[Verdict], tuple[str, ...]]:
    """The same counts up to two dates, for each region, and without what was called exercises."""
    truce = truces(data)["ukr-tcg-2020"]
    smm = [tally for report in reports(data, SMM, "smm") for tally in report.tallies]
    summer = datetime(2020, 8, 31, tzinfo=UTC)
    exercise = {
        one.when
        for one in smm
        if "exercise" in " ".join(one.notes) and "previous" not in " ".join(one.notes)
    }
    regions = sorted({one.region for one in smm})
    parts: list[tuple[str, list[PeriodCount]]] = [
        ("all, to 30 August 2021", smm),
        ("all, to 30 August 2020", [one for one in smm if one.when.latest < summer]),
        *((f"{name} alone", [one for one in smm if one.region == name]) for name in regions),
        (
            "without periods in which the mission saw live-fire exercises",
            [one for one in smm if one.when not in exercise],
        ),
    ]
    return (
        [_verdict(truce, what, counted(chosen)) for what, chosen in parts],
        broken_links(smm),
    )


def signs(data: Path) -> list[Verdict]:
    """Air-raid alerts around the two truces of which there are any: signs, and no violations."""
    known = truces(data)
    christmas, corridor = known["ukr-christmas-2023"], known["ukr-mariupol-volnovakha-2022"]
    volunteers = claims(data, VOLUNTEERS, "sirens")
    january = [
        one for one in volunteers if one.when.earliest >= datetime(2022, 12, 31, 22, tzinfo=UTC)
    ]
    spring = [one for one in volunteers if one.when.earliest < datetime(2022, 5, 31, tzinfo=UTC)]
    return [
        _verdict(christmas, "alerts (volunteers)", by_span(january, christmas)),
        _verdict(corridor, "alerts (volunteers), whole country", by_span(spring, corridor)),
        _verdict(
            corridor,
            "alerts (volunteers), Donetsk oblast",
            by_span([one for one in spring if one.region == "Donetska oblast"], corridor),
        ),
    ]


def row(one: Verdict) -> str:
    """One line of a table."""
    course = one.course
    now = course.levels[-1] if course.levels else None
    ratio = "–"
    if course.low is not None and course.ratio is not None:
        ratio = f"{course.ratio:.2f} ({course.low:.2f}–{_high(course.high)})"
    return (
        f"| {one.truce.name} | {one.data} | **{course.verdict.value}** | {_rate(course.before)} | "
        f"{_rate(now)} | {ratio} |"
    )


def _high(high: float | None) -> str:
    return "any" if high is None else f"{high:.2f}"


def _short(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 100 else f"{rate:.2g}"


def _rate(level: Level | None) -> str:
    if level is None:
        return "–"
    return (
        f"{_short(level.per_day)} ({_short(level.low)}–{_short(level.high)}); {level.count:,} in "
        f"{level.days:.3g} of {level.of_days:.3g} days"
    )


HEAD = (
    "| truce | counted | verdict | a day before (95 %) | a day now (95 %) | now ÷ before |",
    "| --- | --- | --- | --- | --- | --- |",
)


def table(found: Iterable[Verdict]) -> list[str]:
    """A table with the reason of each verdict below it."""
    listed = list(found)
    lines = [*HEAD, *(row(one) for one in listed), ""]
    return lines + [f"- {one.truce.name}, {one.data}: {one.course.reasons[0]}." for one in listed]


def osce_table(data: Path) -> list[str]:
    """The counts of the monitoring mission, with their change points."""
    found, chain = osce(data)
    lines = [
        "| counts | verdict | first stretch, a day (95 %) | now, a day (95 %) | now ÷ calmest |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in found:
        rise, levels = one.course.rise, one.course.levels
        risen = "no change" if rise is None else _risen(rise.ratio, rise.low, rise.high)
        probability = "" if rise is None else f", P {rise.probability:.2f}"
        lines.append(
            f"| {one.data} | **{one.course.verdict.value}** | {_rate(levels[0])} | "
            f"{_rate(levels[-1])} | {risen}{probability} |"
        )
    lines.append("")
    lines += [
        f"- Of all counts: a change at {_local(change.at)} (between {_local(change.earliest)} and "
        f"{_local(change.latest)} with P {change.probability:.2f}), "
        f"{_risen(change.ratio, change.low, change.high)}."
        for change in found[0].course.changes
    ]
    return [*lines, *(f"- Chain of reports: {one}." for one in chain)]


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(KYIV):%-d %B %Y}"


def _risen(ratio: float | None, low: float, high: float) -> str:
    value = "from nought" if ratio is None else f"{ratio:.3g}×"
    return f"{value} ({low:.2g}–{high:.3g})"


SECTIONS: dict[str, Callable[[Path], list[str]]] = {
    "truces": lambda data: table(verdicts(data)),
    "osce": osce_table,
    "signs": lambda data: table(signs(data)),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets")
    parser.add_argument("--write", action="store_true", help="write the tables into the page")
    args = parser.parse_args(arguments)
    for name, lines_of in SECTIONS.items():
        lines = lines_of(args.data)
        print(f"== {name}", *lines, sep="\n")
        if args.write:
            write_section(PAGE, name, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
