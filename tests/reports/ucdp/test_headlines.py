"""Headlines: figures that somebody claims, and weapons that they name."""

from __future__ import annotations

import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.model import kind_tree
from trucewatch.reports.ucdp.headlines import figures, weapon_kind


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (
            "At the front in the past 24 hours - 101 clashes, 469 ceasefire violations recorded",
            {("ceasefire violations", 469), ("clashes", 101)},
        ),
        (
            "91 clashes on the front, 7,696 violations recorded since the ceasefire was declared",
            {("ceasefire violations", 7696), ("clashes", 91)},
        ),
        ("Troops fired 592 times in a day, two killed", {("strikes or shots", 592)}),
        ("148 clashes on the frontline in a day", {("clashes", 148)}),
        ("Army shells town over 1,800 times in past 24 hours", {("strikes or shots", 1800)}),
        ("Forces violate ceasefire five times on March 6", {("ceasefire violations", 5)}),
        ("They attacked the region almost 70 times", {("attacks", 70)}),
        ("One wounded amid 15 enemy attacks", {("attacks", 15)}),
        ("3 died in attacks", set()),
        ("Two soldiers killed, 8 wounded in fresh clashes", set()),
        ("469 traffic violations recorded", set()),
        ("2014 clashes remembered", set()),
        ("All events on September 1 attacks cancelled", set()),
        ("Fire 1.5 times stronger", set()),
        ("They fired three times more than last week", set()),
        ("18 injured and three dead", set()),
    ],
)
def test_figures(headline: str, expected: set[tuple[str, int]]) -> None:
    found = list(figures(headline))
    assert {(figure.subject, figure.value) for figure in found} == expected
    assert all(figure.quote in headline for figure in found)


def test_the_quote_keeps_how_sure_they_were() -> None:
    (figure,) = figures("Enemy attacked the city more than 40 times yesterday")
    assert figure.quote == "attacked the city more than 40 times"


@given(st.text(max_size=200))
def test_any_text_is_read_and_quoted_faithfully(text: str) -> None:
    plain = " ".join(text.split())
    for figure in figures(text):
        assert figure.quote in plain
        assert figure.value >= 0
    weapon_kind([text])


def test_a_hostile_headline_costs_little() -> None:
    begun = time.process_time()
    for text in ("fired " * 100_000, "1 " * 100_000, "5 of the " * 50_000, "fire" + " " * 500_000):
        list(figures(text + "times violations ceasefire"))
        weapon_kind([text])
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("headlines", "kind"),
    [
        (["Man dies in mortar fire"], "mortar"),
        (["A woman dies in a drone attack", "One dead"], "drone_strike"),
        (["Artillery shelling kills two"], "shelling"),
        (["Rocket hits market", "Shelling of the market"], "explosion"),
        (["SUV hits landmine"], "mine"),
        (["Sniper kills one"], "sniper"),
        (["Drones and artillery kill two"], None),
        (["Missile kills one", "Drone kills one"], None),
        (["Coal mine flooded"], None),
        (["Anti-tank missile hits a car"], None),
        (["They struck a plant which produces components for cruise missiles"], None),
        (["Drone operators killed"], None),
        (["Three dead in the city"], None),
        ([], None),
    ],
)
def test_weapons(headlines: list[str], kind: str | None) -> None:
    assert weapon_kind(headlines) == kind


@given(st.lists(st.sampled_from(["mortar fire", "drones", "a rocket", "shelling", "calm"])))
def test_the_order_of_headlines_does_not_matter(headlines: list[str]) -> None:
    assert weapon_kind(headlines) == weapon_kind(sorted(headlines + headlines))


def test_the_lexicon_knows_only_kinds_of_the_tree_and_each_word_once() -> None:
    text = files("trucewatch.reports.ucdp").joinpath("weapons.toml").read_text("utf-8")
    data = tomllib.loads(text)
    del data["things"]
    words = [word for listed in data.values() for word in listed]
    assert set(data) <= set(kind_tree())
    assert len(words) == len(set(words))
    assert all(word == word.lower() for word in words)
