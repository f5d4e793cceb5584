"""An invented story of talks on invented islands, from bytes to verdicts: nothing here happened."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from trucewatch.model import Verdict

ISLAND = Path(__file__).parent / "island"


@pytest.fixture(scope="module")
def story(read):
    return read(ISLAND)[0]


def question(story, topic, index=0):
    return [one for one in story.questions if one.topic == topic][index]


def given(question):
    return {one.value: one.outlets for one in question.answers}


def test_four_nouns_for_one_figure_of_the_host(story):
    asked = question(story, "attendance")
    whole, part = asked.answers
    assert (whole.value, len(whole.outlets)) == ("24", 4)
    assert {one.words for one in whole.variants} == {
        "24 delegates", "24 delegations", "24 officials", "24 participants",
    }  # fmt: skip
    assert (part.value, len(part.outlets)) == ("9", 3)
    assert asked.verdict is Verdict.SINGLE_ORIGIN
    assert asked.inconsistent == ()


def test_two_sides_that_count_the_dead_differently_are_in_dispute(story):
    asked = question(story, "killed")
    assert given(asked) == {"12": ("harbour-post",), "31": ("morning-gazette",)}
    assert asked.verdict is Verdict.DISPUTED
    assert any("nobody is shown to have changed their word" in why for why in asked.reasons)


def test_a_lead_that_passed_on_is_a_change(story):
    asked = question(story, "delegation-lead@kenya")
    assert list(given(asked)) == ["amos wekesa", "grace otieno"]
    assert asked.verdict is Verdict.CHANGED
    assert any("as the state before" in why for why in asked.reasons)


def test_a_position_that_moved_from_day_to_day_is_a_change(story):
    asked = question(story, "position/monitoring-mission@norway")
    assert list(given(asked)) == ["considers", "is asked for", "supports"]
    assert asked.verdict is Verdict.CHANGED
    assert any("evening-mail was published after" in why for why in asked.reasons)


def test_two_who_counted_for_themselves_agree(story):
    asked = question(story, "number-of-boat")
    assert given(asked) == {"18": ("evening-mail", "strait-daily")}
    assert asked.verdict is Verdict.AGREED


def test_a_number_within_a_range_of_others_can_be_true(story):
    asked = question(story, "troops")
    assert set(given(asked)) == {"250", "200 to 300"}
    assert asked.verdict is Verdict.COMPATIBLE


def test_two_renderings_are_one_quotation_and_another_is_not(story):
    sentences = [one for one in story.questions if one.topic == "quotation@ingrid-solvang"]
    assert sorted(len(one.answers[0].variants) for one in sentences) == [1, 2]
    assert all(len(one.answers) == 1 for one in sentences)
    assert any("“send anyone”" in why for one in sentences for why in one.reasons)


def test_who_printed_it_first_is_told_by_the_day(story):
    whole = question(story, "attendance").answers[0]
    assert whole.first is not None
    assert whole.first.earliest.day == 3


def test_a_page_that_prints_another_outlets_text_brings_no_agreement(story, read, tmp_path):
    folder = tmp_path / "island"
    shutil.copytree(ISLAND, folder)
    shutil.copy(folder / "strait-daily.txt", folder / "a-mirror.txt")
    after = read(folder)[0]
    verdicts = [Counter((q.topic, q.verdict) for q in one.questions) for one in (story, after)]
    assert verdicts[0] == verdicts[1]
    assert "a-mirror" in given(question(after, "number-of-boat"))["18"]
