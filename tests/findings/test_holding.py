"""Whether a truce holds: the laws of the verdict, and the figures behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trucewatch.findings.holding import follow, rules
from trucewatch.model import Counted, Course, Interval, Window

START = datetime(2030, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)
BEFORE = Window(START - 10 * DAY, START)
SURE = {Course.HOLDING, Course.ERODING, Course.COLLAPSED}


def period(at: int, count: int, *, days: int = 1, seen=1.0, part="", stated=True) -> Counted:
    """A period that begins `at` days after the truce does."""
    begins = START + at * DAY
    return Counted(
        when=Interval(begins, begins + days * DAY), count=count, seen=seen, part=part, stated=stated
    )


def series(before, during, **how) -> list[Counted]:
    return [period(at - len(before), n, **how) for at, n in enumerate([*before, *during])]


def judged(counts, *, days: int | None = None, before: Window | None = BEFORE):
    truce = Window(START, None if days is None else START + days * DAY)
    return follow(counts, truce=truce, before=before, source="patrols", what="violations")


counts = st.lists(st.integers(0, 60), min_size=1, max_size=10)
shares = st.sampled_from([None, 0.05, 0.1, 0.3, 0.5, 0.8, 1.0])

# ---- the words


def test_a_truce_that_is_kept_and_seen_holds():
    found = judged(series([40, 55, 38, 61, 47, 52, 44, 58, 49, 50], [2, 0, 1, 3, 1, 2, 0, 1]))
    assert found.verdict is Course.HOLDING
    assert found.high is not None
    assert found.low < found.ratio < found.high <= rules.HALF
    assert found.allowance == 1
    (level,) = found.levels
    assert (level.count, level.days, level.seen, level.adjusted) == (10, 8, 1, True)


def test_a_truce_in_which_nothing_changes_has_collapsed():
    found = judged(series([40, 55, 38, 61, 47, 52, 44, 58, 49, 50], [52, 47, 49, 55, 41, 60]))
    assert found.verdict is Course.COLLAPSED
    assert found.low > rules.HALF


def test_a_truce_in_which_violence_comes_back_below_what_it_was_erodes():
    calm, worse = [2, 1, 0, 2, 1, 3, 1, 2, 0, 1], [18, 22, 17, 20, 19, 21, 18, 20]
    found = judged(series([100, 96, 104, 99, 102, 98, 101, 97, 103, 100], calm + worse))
    assert found.verdict is Course.ERODING
    assert found.rise is not None
    assert found.rise.at == START + 10 * DAY
    assert found.rise.probability > rules.SURE
    assert [level.count for level in found.levels] == [sum(calm), sum(worse)]


def test_one_bad_day_is_no_change_of_level():
    found = judged(series([], [1, 0, 2, 0, 1, 36, 0, 1, 0, 2, 1, 0]), before=None)
    assert found.rise is None or found.rise.probability < rules.SURE
    assert found.verdict is Course.UNTOLD


def test_a_single_day_does_not_settle_it():
    found = judged(series([9, 8, 11, 7, 10, 9, 12, 8, 9, 9], [3], seen=None, stated=False))
    assert found.verdict is Course.UNTOLD
    assert found.low < rules.HALF < found.high


def test_without_a_rate_before_only_a_rise_can_be_told():
    assert judged(series([], [3, 2, 4, 3, 3, 2]), before=None).verdict is Course.UNTOLD
    risen = judged(series([], [3, 2, 4, 3, 3, 2, 90, 85, 99, 92, 88, 95]), before=None)
    assert risen.verdict is Course.ERODING


STEADY = [100, 96, 104, 99, 102, 98, 101, 97, 103, 100]


@pytest.mark.parametrize(
    ("before", "during", "word"),
    [
        (STEADY, [80, 82, 79, 81, 78, 80, 83, 79, 80, 81], Course.COLLAPSED),
        (STEADY, [30, 31, 29, 30, 32, 28, 30, 31, 29, 30], Course.HOLDING),
        (
            [],
            [60, 62, 59, 61, 58, 60, 63, 59, 60, 61, 90, 88, 91, 92, 89, 90, 93, 88, 90, 91],
            Course.ERODING,
        ),
    ],
)
def test_what_a_factor_of_two_unseen_could_undo_is_not_told(before, during, word):
    stretch = BEFORE if before else None
    assert judged(series(before, during), before=stretch).verdict is word
    assert judged(series(before, during, seen=None), before=stretch).verdict is Course.UNTOLD


@pytest.mark.parametrize(
    ("during", "one_cut"),
    [([1, 6, 6, 8, 13, 9, 6, 10, 11, 20], True), ([3, 1, 6, 5, 9, 8, 4, 12, 7, 9], False)],
)
def test_what_may_be_rising_is_not_said_to_hold(during, one_cut, monkeypatch):
    """In one step or gradually, and no step of it sure."""
    found = judged(series([100] * 10, during))
    assert found.high < rules.HALF
    assert (found.rise is not None) is one_cut
    assert found.verdict is Course.UNTOLD
    monkeypatch.setattr("trucewatch.findings.holding.following.EVEN", 1.0)
    assert judged(series([100] * 10, during)).verdict is Course.HOLDING, "the saboteur"


def test_a_rise_is_held_against_the_calmest_stretch_and_not_the_last():
    steps = [2, 1, 3, 2, 2, 1, 3, 2, 20, 22, 19, 21, 18, 20, 21, 19]
    found = judged(series([], [*steps, *(10 * n for n in steps[8:])]), before=None)
    assert [level.count for level in found.levels] == [16, 160, 1600]
    assert found.rise.ratio == pytest.approx(100)


def test_where_little_could_be_seen_it_is_unobserved():
    found = judged(series([50] * 10, [0] * 10, seen=0.09))
    assert found.verdict is Course.UNOBSERVED
    assert "9.0%" in found.reasons[0]


# ---- what is left out


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        ([period(3, 5, days=9)], "lies only partly in the stretch"),
        ([period(3, 5, seen=0.0)], "0.0% of it could be seen, which is next to nothing"),
        ([period(3, 5, seen=0.009)], "0.9% of it could be seen, which is next to nothing"),
        ([period(3, 5), period(3, 6)], "two counts of it differ"),
        ([period(0, 5, days=2)], "overlaps another period"),
    ],
)
def test_a_period_that_cannot_be_used_is_left_out_with_its_reason(odd, reason):
    found = judged([period(0, 1), period(1, 2), *odd], days=5)
    assert any(reason in one for one in found.left_out)
    assert all(one.when not in {each.when for each in odd} for one in found.series)


def test_a_period_without_one_of_the_parts_is_left_out():
    halves = [period(0, 1, part="a"), period(0, 2, part="b"), period(1, 1, part="a")]
    found = judged(halves, days=5)
    assert [one.count for one in found.series] == [3]
    assert found.left_out == ("2030-05-11T00:00Z/2030-05-12T00:00Z: nothing is said of b",)


def test_one_stray_name_does_not_undo_all_other_periods():
    halves = [period(at, 1, part=name) for at in range(5) for name in "ab"]
    found = judged([*halves, period(2, 7, part="typo")], days=5)
    assert [one.count for one in found.series] == [2] * 5
    assert found.left_out == ("counts of typo: less than half of the periods have any",)


def test_where_every_period_has_another_part_there_is_no_series():
    found = judged([period(at, 1, part=f"place {at}") for at in range(3)], days=3)
    assert found.verdict is Course.UNOBSERVED
    assert all("it has none of the usual counts" in one for one in found.left_out[:3])


def test_silence_before_is_no_rate_of_nought():
    """Else any truce after a silence would be said to have collapsed."""
    listed = series([0] * 10, [5, 4, 6], seen=None, stated=False)
    found = judged(listed)
    assert found.before is None
    assert found.verdict is Course.UNTOLD
    stated = judged([replace(one, stated=True) for one in listed])
    assert stated.before is not None


@pytest.mark.parametrize("wrong", [{"count": -1}, {"seen": 1.5}, {"when": Interval.instant(START)}])
def test_a_count_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"count|share|length"):
        replace(period(0, 1), **wrong)


@pytest.mark.parametrize(
    ("truce", "before"),
    [
        (Window(None, START), None),
        (Window(START, None), Window(START - DAY, START + DAY)),
        (Window(START, None), Window(None, START)),
    ],
)
def test_a_truce_or_a_time_before_without_its_edge_is_refused(truce, before):
    with pytest.raises(ValueError, match="truce"):
        follow([], truce=truce, before=before, source="s", what="w")


# ---- laws


@settings(max_examples=40)
@given(counts, counts, shares, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(before, during, seen, random):
    listed = series(before, during, seen=seen)
    mixed = [*listed, *listed[:3]]
    random.shuffle(mixed)
    assert judged(mixed) == judged(listed)


@settings(max_examples=40)
@given(counts, counts, shares, st.data())
def test_into_how_many_parts_a_count_is_split_does_not_matter(before, during, seen, data):
    listed = series(before, during, seen=seen)
    split = []
    for one in listed:
        here = data.draw(st.integers(0, one.count))
        split += [
            replace(one, part="a", count=here),
            replace(one, part="b", count=one.count - here),
        ]
    assert judged(split) == judged(listed)


@settings(max_examples=40)
@given(counts, st.integers(1, 10), shares)
def test_nothing_observed_never_holds(before, days, seen):
    nobody = judged(series(before, [], seen=seen), days=days)
    assert nobody.verdict is Course.UNOBSERVED
    blind = judged(series(before, [0] * days, seen=0.0))
    assert blind.verdict is Course.UNOBSERVED
    silence = judged(series(before, [0] * days, seen=None, stated=False))
    assert silence.verdict is Course.UNOBSERVED


def test_without_the_guard_silence_would_be_called_holding(monkeypatch):
    """The saboteur: the law above stands on the guard, not on luck."""
    monkeypatch.setattr("trucewatch.findings.holding.following._unobserved", lambda _: None)
    silence = judged(series([50] * 10, [0] * 10, seen=None, stated=False))
    assert silence.verdict is Course.HOLDING


@settings(max_examples=60)
@given(counts, counts, shares, shares)
def test_less_coverage_is_never_more_certain(before, during, one, other):
    more, less = sorted((one, other), key=lambda share: -(share or 0.0))
    assume(more != less)
    well, badly = (judged(series(before, during, seen=share)) for share in (more, less))
    if well.verdict not in SURE:
        assert badly.verdict not in SURE
    if well.verdict is not Course.HOLDING:
        assert badly.verdict is not Course.HOLDING
    if Course.UNOBSERVED not in {well.verdict, badly.verdict} and well.low is not None:
        assert badly.low <= well.low + 1e-6
        assert badly.high is None or (well.high is not None and well.high <= badly.high + 1e-6)


@settings(max_examples=25)
@given(counts, counts)
def test_the_rule_is_the_same_for_all_and_knows_no_names(before, during):
    """Whoever counted what, wherever: only the numbers make the verdict."""
    listed = series(before, during)
    renamed = [replace(one, part="the other side") for one in listed]
    truce = Window(START, None)
    here = follow(listed, truce=truce, before=BEFORE, source="a", what="shots")
    there = follow(renamed, truce=truce, before=BEFORE, source="b", what="flights")
    assert replace(there, source="a", what="shots", series=here.series) == here


@settings(max_examples=40)
@given(counts, counts, shares)
def test_every_interval_holds_its_figure_and_every_word_its_threshold(before, during, seen):
    found = judged(series(before, during, seen=seen))
    for level in found.levels:
        assert 0 <= level.low <= level.high
    assert sum(level.count for level in found.levels) in {0, sum(during)}
    if found.verdict is Course.HOLDING:
        assert found.high is not None
        assert found.high <= rules.HALF
    if found.verdict is Course.COLLAPSED:
        assert found.low > rules.HALF
    if found.verdict is Course.ERODING:
        assert found.rise is not None
        assert found.rise.probability >= rules.SURE
        assert found.rise.low > 1
