"""The page on seven real truces says what the data say; the verdicts hold on made-up ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from benchmarks.check_floors import FLOORS, shortfalls
from benchmarks.validation import KYIV, PAGE, SECTIONS, by_day, truces

from benchmarks import truces as made
from benchmarks import validation
from trucewatch.findings.holding import follow
from trucewatch.findings.holding.rules import HALF, SURE
from trucewatch.model import Claim, Counted, Course, Interval, Point, Window

# A pure function of the files, asked for by many tests.
verdicts, osce = cache(validation.verdicts), cache(validation.osce)


def section(name: str) -> list[str]:
    text = PAGE.read_text("utf-8")
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    return text.split(start)[1].split(end)[0].strip().splitlines()


@pytest.mark.parametrize("name", SECTIONS)
def test_every_figure_of_the_page_is_computed_from_the_data(data: Path, name: str):
    assert section(name) == SECTIONS[name](data)


def test_the_verdicts_on_the_seven_truces(data: Path):
    found = {(one.truce.id, one.data): one.course for one in verdicts(data)}
    assert {name for name, _ in found} == set(truces(data))
    assert [course.verdict for course in found.values()] == [
        Course.UNTOLD,
        Course.UNOBSERVED,
        Course.UNTOLD,
        Course.UNTOLD,
        Course.UNOBSERVED,
        Course.UNOBSERVED,
        Course.ERODING,
        Course.UNTOLD,
    ]
    for course in found.values():
        assert (course.verdict is Course.UNOBSERVED) is (course.levels == ())


def test_the_page_names_every_truce_and_every_verdict_in_words(data: Path):
    text = PAGE.read_text("utf-8")
    beside = text.split("## Beside what was reported")[1].split("\n## ")[0]
    for course in {one.course.verdict for one in verdicts(data)}:
        assert f"**{course.value.capitalize()}" in beside
    addresses = (data / "truce-windows/truces.csv").read_text("utf-8")
    addresses += (data / "osce-smm-daily-counts/smm_daily_counts.csv").read_text("utf-8")
    cited = [part.split(")")[0] for part in beside.split("](")[1:]]
    assert len(cited) >= 8
    invented = [one for one in cited if one.startswith("http") and one not in addresses]
    assert invented == []


def test_the_misses_that_the_page_names_are_those(data: Path):
    """Two hundred and fifty-one by 4 August, of which six stand in the rows."""
    (whole, *_), _ = osce(data)
    early = [
        one.count
        for one in whole.course.series
        if one.when.latest.astimezone(KYIV).date().isoformat() <= "2020-08-04"
    ]
    assert 251 - sum(early) == 245
    assert "245 fell on days that are no rows" in PAGE.read_text("utf-8").replace("\n ", "")


def test_the_page_says_which_word_hangs_on_a_rule_that_came_after_the_data(data: Path):
    """By the last change alone only the row of all counts would not be called a rise."""
    page = " ".join(PAGE.read_text("utf-8").split())
    found = {one.data: one.course for one in osce(data)[0] if one.course.changes}
    by_the_first = {
        name: course.changes[-1].probability >= SURE
        and course.changes[-1].low > (course.allowance or 1)
        for name, course in found.items()
    }
    assert [name for name, risen in by_the_first.items() if not risen] == ["all, to 30 August 2021"]
    assert all(course.verdict is Course.ERODING for course in found.values())
    last = found["all, to 30 August 2021"].changes[-1]
    assert f"the last alone: {last.ratio:.3g}×, P {last.probability:.2f}" in page
    assert "is no test of the rule" in page


@pytest.mark.parametrize(
    ("quiet", "share", "high"), [(1, None, 0.66), (2, None, 0.31), (1, 1.0, 0.33)]
)
def test_one_day_of_none_does_not_settle_it(
    data: Path, quiet: int, share: float | None, high: float
):
    """The figures that the page gives for a source of nine lethal events a day."""
    easter = next(one for one in verdicts(data) if one.truce.id == "ukr-easter-2026")
    end = easter.truce.before.end
    assert end is not None
    seen = [replace(one, seen=share) for one in easter.course.series if one.when.latest <= end]
    day = timedelta(days=1)
    seen += [
        Counted(when=Interval(end + at * day, end + (at + 1) * day), count=0, seen=share)
        for at in range(quiet)
    ]
    found = follow(
        seen,
        truce=Window(end, end + quiet * day),
        before=easter.truce.before,
        source="made",
        what="lethal events",
    )
    assert found.high == pytest.approx(high, abs=0.01)
    assert (found.verdict is Course.HOLDING) is (high < HALF)


def test_a_day_that_is_not_sure_is_no_day():
    day = Interval.days(date(2026, 4, 1), date(2026, 4, 1), KYIV)
    claim = Claim(
        id="clm-1",
        report="rep-1",
        source="one",
        kind="mortar",
        place=Point(48.0, 37.0, 100.0),
        when=day,
    )
    week = replace(claim, when=Interval(day.earliest, day.latest + timedelta(days=6)))
    assert [one.count for one in by_day([claim, week])] == [1]


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_row_of_made_up_truces_is_what_is_computed():
    """One row whole: the others take minutes, by the same seeds and the same code."""
    world = next(one for one in made.WORLDS if one.name == "it breaks down")
    runs = int(section("made")[0].split()[0])
    s = made.measure(world, runs)
    figures = " | ".join(f"{s[k]:.2f}" for k in ("right", "wrong", "false alarms", "held"))
    assert f"| it breaks down | {world.truth.value} | {figures} |" in section("made")


@pytest.mark.parametrize("name", ["kept, all seen", "nothing changes", "it rises"])
def test_made_up_truces_are_judged_as_they_were_made(name: str):
    world = next(one for one in made.WORLDS if one.name == name)
    found = made.measure(world, 20)
    assert found["right"] >= (0.5 if world.truth is Course.COLLAPSED else 0.85)
    assert found["wrong"] <= 0.1
    assert found["false alarms"] <= 0.1


def test_a_verdict_that_takes_any_interval_would_be_seen(monkeypatch: pytest.MonkeyPatch):
    """The saboteur: with the threshold gone, truces in which nothing changes are said to hold."""
    monkeypatch.setattr("trucewatch.findings.holding.rules.HALF", 10.0)
    world = next(one for one in made.WORLDS if one.name == "nothing changes")
    assert made.HALF == HALF == 0.5
    assert made.measure(world, 5)["wrong"] > 0.5


def test_how_often_the_interval_of_a_rise_holds_is_what_the_page_says():
    one, two = made.rise_held((4, 60)), made.rise_held((3, 50, 400))
    page = " ".join(PAGE.read_text("utf-8").split())
    assert f"in one step its interval holds the true ratio in {one:.2f} of them" in page
    assert f"in two steps in {two:.2f}" in page


def test_floors_are_committed_and_a_worse_verdict_falls_short():
    floors = json.loads(FLOORS.read_text("utf-8"))["desk"]["truces"]
    assert shortfalls(floors, floors) == []
    assert len(shortfalls(floors | {"wrong": 0.9, "held": 0.1}, floors)) == 2
