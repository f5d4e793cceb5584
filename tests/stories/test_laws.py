"""Laws of the comparison: order, repetition, copies and new evidence."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.stories.telling import article, count, day, question, says, settled

from trucewatch.model import Bound, Stance, Verdict
from trucewatch.stories import settling

OUTLETS = "abcde"
TEXT = "At {} they met for talks: {} came."
QUOTES = (
    "we shall open the harbour on Monday if the guns fall silent",
    "we will open the harbour on Monday if the guns stay silent",
    "open the harbour on Monday",
    "nobody here wants another winter like the last",
    "we shall never open the harbour on Monday if the guns fall silent",
)

quantities = st.builds(
    lambda low, more, bound, unit: ("attendance", {"quantity": count(
        low, unit, f"{bound} {low}", high=low + more if bound is Bound.RANGE else None, bound=bound
    )}),
    st.integers(1, 4), st.integers(1, 3), st.sampled_from(list(Bound)),
    st.sampled_from(["delegate", "guest"]),
)  # fmt: skip
parts = st.builds(
    lambda low, unit: ("attendance/heads-of-state", {"quantity": count(low, unit, f"{low} x")}),
    st.integers(1, 4),
    st.sampled_from(["head of state", "leader"]),
)
stances = st.builds(
    lambda stance, earlier: ("position/toll@avaria", {"stance": stance, "earlier": earlier}),
    st.sampled_from(list(Stance)),
    st.booleans(),
)
names = st.builds(
    lambda people: ("delegation-lead@avaria", {"value": "; ".join(sorted(people))}),
    st.sets(st.sampled_from(["ivo tal", "tal", "mara orr", "orr"]), min_size=1),
)
quotes = st.builds(lambda quote: ("quotation@ivo-tal", {"quote": quote}), st.sampled_from(QUOTES))
days = st.builds(lambda n: ("post@ivo-tal", {"when": day(n)}), st.integers(1, 3))
fields = st.one_of(quantities, parts, stances, names, quotes, days)
tellings = st.lists(st.tuples(st.sampled_from(OUTLETS), fields), min_size=1, max_size=8)
publications = st.dictionaries(
    st.sampled_from(OUTLETS), st.integers(1, 5).map(day), max_size=len(OUTLETS)
)


def made(told, published):
    """Articles and statements of a drawn telling; one article an outlet."""
    articles, statements = {}, []
    for outlet, (topic, what) in told:
        if outlet not in articles:
            words = " ".join([TEXT.format(outlet, "all"), *QUOTES])
            articles[outlet] = article(outlet, words, published=published.get(outlet))
        core = what.get("quote") or "they met"
        statements.append(says(articles[outlet], topic, core, **what))
    return list(articles.values()), statements


@given(tellings, publications, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(told, published, chance):
    articles, statements = made(told, published)
    expected = settled(articles, statements)
    again = [*articles, chance.choice(articles)]
    repeated = [*statements, chance.choice(statements)]
    chance.shuffle(again)
    chance.shuffle(repeated)
    assert settled(again, repeated) == expected


@given(tellings, publications)
def test_nothing_that_is_said_is_lost(told, published):
    articles, statements = made(told, published)
    story = settled(articles, statements)
    found = Counter(
        key for one in story.questions for answer in one.answers for key in answer.statements
    )
    assert set(found) == {one.id for one in statements}
    for one in story.questions:
        for answer in one.answers:
            words = Counter(key for variant in answer.variants for key in variant.statements)
            assert words == Counter(answer.statements)


@given(
    tellings, publications, st.dictionaries(st.sampled_from(OUTLETS), st.just("host")), st.data()
)
def test_a_copy_under_another_name_makes_no_agreement(told, published, behind, data):
    articles, statements = made(told, published)
    before = settled(articles, statements, behind)
    source = data.draw(st.sampled_from(sorted({outlet for outlet, _ in told})))
    copied = [("z", what) for outlet, what in told if outlet == source]
    copy, more = made(copied, {"z": published[source]} if source in published else {})
    behind = {**behind, "z": behind.get(source, source)}
    after = settled([*articles, *copy], [*statements, *more], behind)
    single = {one.topic for one in before.questions}
    for topic in single:
        was = Counter(one.verdict for one in before.questions if one.topic == topic)
        now = Counter(one.verdict for one in after.questions if one.topic == topic)
        assert now[Verdict.AGREED] <= was[Verdict.AGREED]


@given(tellings, publications, st.data())
def test_one_more_origin_that_says_the_same_never_weakens_an_agreement(told, published, data):
    articles, statements = made(told, published)
    agreed = [
        (one.topic, key)
        for one in settled(articles, statements).questions
        if one.verdict is Verdict.AGREED
        for answer in one.answers
        if len(answer.origins) > 1
        for key in answer.statements
    ]
    if not agreed:
        return
    topic, key = data.draw(st.sampled_from(sorted(agreed)))
    same = next(what for (_, what), one in zip(told, statements, strict=True) if one.id == key)
    more, said = made([("z", same)], {})
    after = settled([*articles, *more], [*statements, *said])
    assert any(
        one.verdict is Verdict.AGREED and "z" in answer.outlets
        for one in after.questions
        if one.topic == topic
        for answer in one.answers
    )


@given(st.integers(1, 50), st.integers(2, 5))
def test_fifty_copies_are_one_origin(number, copies):
    told = [(f"outlet {n}", ("attendance", {"quantity": count(number, "guest", "all")}))
            for n in range(copies)]  # fmt: skip
    articles, statements = made(told, {})
    behind = {outlet: "the host" for outlet, _ in told}
    asked = question(settled(articles, statements, behind), "attendance")
    assert asked.verdict is Verdict.SINGLE_ORIGIN


def test_the_laws_are_broken_where_outlets_are_taken_for_origins(monkeypatch):
    """The saboteur: without the count of origins four prints of one word would agree."""

    def outlets(answers):
        return {("outlet", outlet) for one in answers for outlet in one.outlets}

    monkeypatch.setattr(settling, "_voices", outlets)
    monkeypatch.setattr(settling, "TWO", 0.0)
    told = [(n, ("attendance", {"quantity": count(9, "guest", "all")})) for n in "abcd"]
    articles, statements = made(told, {})
    asked = question(settled(articles, statements, dict.fromkeys("abcd", "host")), "attendance")
    assert asked.verdict is Verdict.AGREED
