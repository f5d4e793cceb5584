"""The security pages: every requirement stands there once, and every test that they name exists."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("security.md", "threat-model.md")
STANDINGS = ("met", "in part", "by whoever deploys it", "not met", "does not apply")
PER_CHAPTER = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13,
    14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
"""How many requirements of levels 1 and 2 a chapter of ASVS 5.0.0 has."""


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def rows() -> list[tuple[list[str], str]]:
    """The requirements of each row, and how it stands with them."""
    found = []
    for line in page("security.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and re.fullmatch(r"[\d., ]+\d", cells[0]):
            standing = next(one for one in STANDINGS if cells[1].startswith(one))
            found.append((cells[0].split(", "), standing))
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_test_that_is_named_exists(name):
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page(name))
    assert len(named) > 10
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file()
        or (test and f"\ndef {test}(" not in (ROOT / path).read_text("utf-8"))
    ]
    assert missing == []


def test_every_requirement_stands_there_once():
    numbers = [number for row, _ in rows() for number in row]
    assert len(numbers) == len(set(numbers))
    assert Counter(int(number.split(".")[0]) for number in numbers) == PER_CHAPTER


def test_the_sums_are_those_of_the_rows():
    counted: Counter[str] = Counter()
    for row, standing in rows():
        counted[standing] += len(row)
    shown = dict(re.findall(r"^\| ([a-z ]+) \| (\d+) \|$", page("security.md"), re.MULTILINE))
    assert {name: int(count) for name, count in shown.items()} == counted


def test_what_is_not_met_is_named_in_one_place():
    """Nobody has to search the tables for what is missing."""
    told = page("security.md").partition("\n## ")[0]
    missing = {number for row, standing in rows() if standing == "not met" for number in row}
    assert missing == set(re.findall(r"\d+\.\d+\.\d+", told.partition("*Not met*")[2]))


def test_a_time_is_promised_for_each_sort_of_flaw_and_there_is_a_way_to_see_what_is_behind():
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    promised = [line.split(" | ")[-1] for line in told.splitlines() if line.startswith("| ")][1:]
    assert len(promised) == 4
    assert all(re.fullmatch(r"(\d+ days|half a year) \|", one) for one in promised)
    assert "`make outdated`" in told
    assert "\noutdated:" in (ROOT / "Makefile").read_text("utf-8")
