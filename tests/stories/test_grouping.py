"""Articles on one event are one story; two events of a kind are two."""

from __future__ import annotations

import random
from datetime import UTC, date, timedelta
from math import gamma, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stories.telling import article, count, says

from trucewatch.model import Interval
from trucewatch.reports.press import read_articles
from trucewatch.stories import bunches, group, neighbours, traits

FIRST = {
    "a": "An earthquake of magnitude 6.1 struck the Orlan coast near Vessby on Tuesday, killing"
    " 14 people, the mayor of Vessby, Lina Torvald, said. The harbour and two schools collapsed.",
    "b": "At least 14 people died when a 6.1 quake hit Vessby. Rescue workers searched a school"
    " on the Orlan coast, Torvald said.",
    "c": "Vessby buries its dead: mayor Lina Torvald thanks rescuers after the Orlan earthquake"
    " of Tuesday, which left 14 people dead in the harbour quarter.",
}
SECOND = {
    "d": "An earthquake of magnitude 5.4 struck the Quillan hills near Maradou on Tuesday, killing"
    " three people, the governor, Jonas Beke, said. A school and a bridge collapsed.",
    "e": "Three people died when a 5.4 quake hit Maradou. Rescue workers searched a school"
    " in the Quillan hills, Beke said.",
    "f": "Maradou counts its dead: governor Jonas Beke thanks rescuers after the Quillan earthquake"
    " of Tuesday, which left three dead by the bridge.",
}
# Four stories of one dispute, all with its people.
DISPUTE = {
    "k": "Avaria and Bregen exchanged 157 prisoners each on Saturday, President Ana Reyes said. The"
    " freed soldiers, some held since the siege of Tarn, came by bus to the Lowland district with"
    " flags around their shoulders. Bregen's ministry of defence thanked the mediators. Envoy Per"
    " Holm called the swap a good sign. Relatives waited with photographs of the missing.",
    "l": "Captives come home: more than 150 soldiers returned to Avaria in a swap with Bregen on"
    " Saturday. Many had been caught at Tarn. Families stood at the buses in the Lowland district"
    " with photographs of the missing. Every name counts, wrote Reyes, who thanked the mediators.",
    "m": "A hundred drones and more struck four substations in southern Avaria overnight and left"
    " 400,000 people in Port Osk without electricity. President Reyes called it a war on"
    " civilians in winter. Hospitals ran on generators; engineers of Voltan hoped to mend"
    " the transformers by Friday. Gunners had downed 96 of the 120.",
    "n": "Marshal Ivo Krell of Bregen told reporters aboard his aeroplane that the Skerry islands"
    " would be his before the year was out. Fisheries minister Tove Lind, whose trawlers work"
    " those waters, called it disrespectful. Avaria has sent two corvettes. The governor of the"
    " archipelago, Sanna Moe, said that the herring did not care whose flag flew over it.",
}
WORDS = ("harbour", "quake", "Vessby", "Torvald", "Maradou", "Beke", "bridge", "die", "14", "the")


def on(number, month=4):
    return Interval.days(date(2031, month, number), date(2031, month, number), UTC)


def made(texts, **kept):
    return [article(outlet, text, title="", **kept) for outlet, text in texts.items()]


def outlets(articles, statements=()):
    """Who is with whom, as words: "abc def"."""
    names = {a.id: a.outlet for a in articles}
    found = group(articles, statements)
    return " ".join(sorted("".join(sorted(names[key] for key in story)) for story in found))


def test_two_like_events_are_two_stories():
    assert outlets(made(FIRST) + made(SECOND)) == "abc def"


def test_stories_of_one_dispute_share_its_people_and_stay_apart():
    """As far as they have more of their own: nobody is known beforehand to be in the news daily."""
    assert outlets(made(DISPUTE)) == "kl m n"
    assert outlets(made({key: DISPUTE[key] for key in "kmn"})) == "k m n"
    assert outlets(made(DISPUTE | FIRST | SECOND)) == "abc def kl m n"


def test_the_five_seeds_are_one_story_alone_and_among_others(shared):
    seeds = [
        found
        for path in sorted((shared / "seeds").iterdir())
        for found in read_articles(path.read_bytes(), name=path.name)
    ]
    ids = tuple(sorted(seed.id for seed in seeds))
    assert len(ids) == 5
    assert group(seeds, []) == (ids,)
    assert set(group(seeds + made(FIRST) + made(SECOND), [])) > {ids}


def test_weeks_apart_is_another_story_and_no_date_stands_in_nobodys_way():
    texts = {**FIRST, "x": FIRST["a"] + " The town remembers."}
    dated = [
        article(outlet, text, published=on(28, 5) if outlet == "x" else on(9))
        for outlet, text in texts.items()
    ]
    assert outlets(dated) == "abc x"
    assert outlets(made(texts)) == "abcx"
    assert outlets([*made(FIRST, published=on(9)), article("x", texts["x"])]) == "abcx"


def test_every_article_of_a_story_is_within_the_time_of_every_other():
    """A running story does not become one by a chain of days."""
    start = date(2031, 3, 1)
    days = [start + timedelta(days=5 * i) for i in range(12)]
    chain = [
        article(f"{i:02}", FIRST["a"], published=Interval.days(day, day, UTC))
        for i, day in enumerate(days)
    ]
    found = group(chain, [])
    when = {a.id: a.published for a in chain}
    for story in found:
        span = max(when[i].latest for i in story) - min(when[i].earliest for i in story)
        assert span <= timedelta(days=14)
    assert 4 <= len(found) <= 6


def test_statements_that_answer_alike_bring_articles_together():
    one = article("a", "Delegates met in Vessby to talk about tolls and quotas at sea.", title="")
    other = article("b", "Envoys gathered to discuss fishing; Lina Torvald had asked.", title="")
    assert len(group([one, other], [])) == 2
    alike = [
        says(art, topic, art.text, quantity=count(n, "x", f"{n} x"))
        for art in (one, other)
        for topic, n in (("attendance", 35), ("number-of-boats", 412), ("troops", 7))
    ]
    assert len(group([one, other], alike)) == 1


def test_what_is_in_an_unlisted_language_alone_is_joined_with_nothing():
    """Nobody can say what is common in it."""
    pair = made({"a": "Vessby ja Torvald", "b": "Vessby ja Torvald olivat"}, language="xx")
    assert outlets(pair) == "a b"
    assert outlets(made(FIRST) + pair[:1]) != "aabc"


def test_no_words_is_no_story():
    assert group([], []) == ()
    assert outlets(made({"a": "", "b": " ", "c": "the of and"})) == "a b c"


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=8), max_size=9), st.randoms())
def test_order_and_repetition_change_nothing_and_everyone_is_in_one_story(texts, chance):
    made = [
        article(f"{i}", " ".join(words), published=None if i % 3 else on(1 + 7 * (i % 4)))
        for i, words in enumerate(texts)
    ]
    found = group(made, [])
    assert sorted(key for story in found for key in story) == sorted(a.id for a in made)
    assert found == tuple(sorted(found))
    again = made + made[:3]
    chance.shuffle(again)
    assert group(again, []) == found


def world(n, size, seed=1):
    """Stories of invented words, `size` articles each."""
    chance = random.Random(seed)
    found = []
    for i in range(n):
        story = random.Random(i // size)
        own = [f"{story.randrange(10**6)}q" for _ in range(20)]
        noise = [f"{chance.randrange(3000)}n" for _ in range(20)]
        found.append(article(f"{i}", " ".join(chance.sample(own, 14) + noise), title=""))
    return found


def test_a_flood_of_one_story_stays_one_and_leaves_the_others_alone():
    flood, other = world(400, 400), world(420, 5)[400:]
    found = group(flood + other, [])
    assert max(len(story) for story in found) == 400
    assert len(found) == 5


def test_traits_of_many_do_not_compare_all_with_all(monkeypatch):
    """A hostile set in which every article holds the same words."""
    compared = []
    alike = bunches.Bunches.likeness
    monkeypatch.setattr(
        bunches.Bunches, "likeness", lambda self, a, b: compared.append(1) or alike(self, a, b)
    )
    for n in (300, 600):
        compared.clear()
        group(world(n, n), [])
        assert len(compared) < n * 2 * neighbours.NEAREST


def test_a_page_of_a_million_words_has_no_more_traits_than_a_page():
    long = article("a", " ".join(f"w{i}x" for i in range(50_000)))
    assert len(traits.traits([long], []).of[0]) == traits.MOST


@pytest.mark.parametrize("n", [1, 2, 60, 150, 251])
def test_stretches_leave_nobody_out(n):
    """Articles with one trait in common find one another, however many have it."""
    of = neighbours.neighbours([("same",)] * n, {"same": 0.1}, list(range(n)))
    assert all(others for others in of) or n == 1


def bunch(compared, i, *found):
    return compared.one(i, found, (None, None))


def test_the_gain_is_the_ratio_of_the_marginal_chances():
    """Held against the formula written out, for counts of two bunches and one trait."""

    def marginal(k, n, share):
        a, b = bunches.ALPHA, bunches.BETA
        ofs = bunches.OWN * share * (a + b) / a
        noise = (share - bunches.OWN * share) / (1 - ofs)
        law = gamma(a + k) * gamma(b + n - k) / gamma(a + b + n) * gamma(a + b)
        law /= gamma(a) * gamma(b)
        return log(ofs * law + (1 - ofs) * noise**k * (1 - noise) ** (n - k))

    shares = {"p": 0.01, "q": 0.1, "r": 0.02}
    b = bunches.Bunches(traits.Traits([], shares, shares))
    two = b.join(bunch(b, 0, "p", "q"), bunch(b, 1, "p"))
    one = bunch(b, 2, "p", "r")
    counts = {"p": (2, 1), "q": (1, 0), "r": (0, 1)}
    expected = sum(
        marginal(k + j, 3, shares[t]) - marginal(k, 2, shares[t]) - marginal(j, 1, shares[t])
        for t, (k, j) in counts.items()
    )
    assert isclose(b.gain(two, one), expected)
    assert isclose(b.gain(one, two), expected)
