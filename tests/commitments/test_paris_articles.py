"""What the five articles say is in the ledger as they say it; only short markers stand here."""

from __future__ import annotations

import re

import pytest
from tests.commitments.test_paris_framework import KNOWN, LATER, LEDGER

from trucewatch.commitments import POSITION, gap, matrix

OUTLETS = {
    "a digest without a name": "000",
    "News of Los Angeles": "001",
    "an article without a name": "002",
    "NYC Wins When Everyone Can Vote!": "003",
    "Tnews (Sky News)": "004",
}
NAMED = {"001": "News of Los Angeles", "003": "NYC Wins", "004": "Tnews"}
"""The outlets that name themselves on their page; the other two do not."""

MARKERS = {
    "AR01": {"000": "35 participants", "002": "35 officials"},
    "AR02": {"003": "35 countries"},
    "AR03": {"001": "35 heads of state"},
    "AR04": dict.fromkeys(("000", "002", "003"), "27 heads of state and government"),
    "AR05": {"001": "27 heads of state attending"},
    "AR06": {"004": "more than 27 leaders"},
    "AR07": {"004": "more than 20 European countries"},
    "AR08": {"000": "key priorities", "001": "five priorities", "002": "five critical",
             "004": "five key priorities"},
    "AR09": {"001": "concrete commitments", "002": "concrete commitments"},
    "AR10": dict.fromkeys(("001", "002", "004"), "deconfliction mechanisms"),
    "AR11": dict.fromkeys(("001", "002", "003", "004"), "not everyone is ready"),
    "AR12": {"000": "required in many countries", "001": "required in many countries",
             "002": "several countries", "004": "many countries"},
    "AR13": dict.fromkeys(("001", "002", "003", "004"), "essential"),
    "AR14": {"001": "coalition risks", "002": "very existence", "004": "very existence"},
    "AR15": {"001": "alternatives to boots", "002": "through sanctions",
             "003": "through weapons", "004": "through sanctions"},
    "AR16": {"002": "first line of defense"},
    "AR17": {"002": "away from"},
    "AR18": {"003": "reassure Ukraine"},
    "AR19": {"003": "15,000 to 30,000"},
    "AR20": {"003": "land and air components"},
    "AR21": {"003": "potentially overseeing black sea"},
    "AR22": {"003": "western Ukraine"},
    "AR23": {"003": "signalled it would support"},
    "AR24": {"003": "led by the U.S."},
    "AR25": {"003": "binding commitments to support"},
    "AR26": dict.fromkeys(("000", "002", "004"), "from Washington"),
    "AR27": {"003": "preserves"},
    "AR28": {"003": "tighten and align"},
    "AR29": {"003": "NATO troops"},
    "AR30": {"003": "public indication"},
}  # fmt: skip


@pytest.fixture(scope="module")
def seeds(shared):
    """The pages by number, in small letters and with single spaces."""
    return {
        path.name[:3]: " ".join(path.read_text("utf-8").split()).casefold()
        for path in sorted((shared / "seeds").glob("*.txt"))
    }


def test_every_line_is_marked():
    assert {name for name in KNOWN if name.startswith("AR")} == {*MARKERS}


@pytest.mark.parametrize("name", sorted(MARKERS))
def test_what_marks_a_line_stands_in_every_page_that_it_names(name, seeds):
    outlets = {OUTLETS[part] for part in KNOWN[name].outlet.split("; ")}
    assert outlets == {*MARKERS[name]}
    for number, marker in MARKERS[name].items():
        assert marker.casefold() in seeds[number]
        if number in NAMED:
            assert NAMED[number].casefold() in seeds[number]
            assert NAMED[number] in KNOWN[name].source


@pytest.mark.parametrize("name", sorted(MARKERS))
def test_a_number_of_a_line_stands_in_its_pages(name, seeds):
    """ "More than 27" are at least 28, and "more than 20" and four others at least 25."""
    reckoned = {28.0: "27", 25.0: "20"}
    for value in {KNOWN[name].low, KNOWN[name].high} - {None}:
        for number in MARKERS[name]:
            assert reckoned.get(value, f"{value:,.0f}") in re.findall(
                r"[0-9,]*[0-9]", seeds[number]
            )


@pytest.mark.parametrize("name", sorted(MARKERS))
def test_nobody_promises_anything_by_an_article(name):
    one = KNOWN[name]
    assert (one.stage, one.standing, one.approvals) == (POSITION, "reported", ())
    found = gap(LEDGER.pledges, LEDGER.needs, LATER)
    assert all(name not in line.sum.pledges for each in found for line in each.lines)


def test_no_sentence_is_copied(seeds):
    """No seven words in a row of a line stand in an article."""
    for number, page in seeds.items():
        plain = " ".join(re.findall(r"[\w']+", page))
        for one in (KNOWN[name] for name in sorted(MARKERS)):
            for told in (one.what, *one.caveats):
                words = re.findall(r"[\w']+", told.casefold())
                runs = [" ".join(words[n : n + 7]) for n in range(len(words) - 6)]
                assert [run for run in runs if run in plain] == [], (one.id, number)


def test_numbers_that_contradict_one_another_stand_side_by_side():
    told = {one.item: one for one in matrix(LEDGER.pledges, LATER).disagreements}
    there = {
        (one.pledge.low, one.pledge.high, one.pledge.unit)
        for one in told["summit-attendance"].entries
    }
    assert there >= {(35, 35, "heads of state"), (27, 27, "heads of state"), (28, None, "leaders")}
    assert {one.pledge.id for one in told["coalition-size"].entries} == {"PF015", "AR07"}
    assert {"PF007", "PF032", "AR25"} == {
        one.pledge.id for one in told["response-commitments"].entries
    }
    # The presidency's two figures are its own, however many print them.
    voices = dict(told["summit-attendance"].voices)
    assert voices["Office of the President of France"] == ("AR01", "AR04")
