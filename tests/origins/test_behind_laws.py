"""What holds of the beginnings behind any answer."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.origins.made import article, said

from trucewatch.model import Saying, content_id
from trucewatch.origins import behind
from trucewatch.origins.prints import Prints

SENTENCES = (
    "The old bridge over the river collapsed shortly before dawn on Monday.",
    "Shortly before dawn on Monday the old bridge over the river fell in.",
    "Thirty-five leaders sat down in the harbour hall.",
    "A crossing gave way.",
)
BEFORE = (
    "Freedonian President Ann Doe had warned of it for years and nobody had listened to her.",
    "French President Ann Doe and German Chancellor Bob Roe met in Oldmill with 12 ministers.",
    "",
)
SPEAKERS = (
    None, None, None, "Ann Doe", "Doe's office", "the French presidency", "Chancellor Bob Roe",
    "officials", "French officials", "our reporter", "Wire journalists", "the draft statement",
    "the text", "Paris", "a source", "“", "NATO",
)  # fmt: skip
KINDS = (Saying.FIGURE, Saying.ACTION, Saying.POSITION, Saying.QUOTATION)


@st.composite
def printed(draw, outlets=("A", "B", "C", "Wire", "E", "F"), alone=False):
    """Some outlets' articles on one thing, each with one statement of it."""
    kind = draw(st.sampled_from(KINDS))
    told = []
    for outlet in draw(st.lists(st.sampled_from(outlets), min_size=1, max_size=6, unique=alone)):
        sentence = draw(st.sampled_from(SENTENCES))
        speaker = draw(st.sampled_from(SPEAKERS))
        whole = f"According to {speaker}: {sentence}" if speaker else sentence
        text = f"{draw(st.sampled_from(BEFORE))} {whole}".strip()
        credited = draw(st.sampled_from(((), (), ("Wire",), ("North",))))
        art = article(outlet, text, credits=credited)
        told.append((art, said(art, whole, kind=kind, speaker=speaker)))
    return told


def found(told, order=None):
    pairs = list(told)
    if order is not None:
        order.shuffle(pairs)
    (one,) = behind(
        [tuple(s.id for _, s in pairs)],
        statements={s.id: s for _, s in pairs}, articles={a.id: a for a, _ in pairs},
    )  # fmt: skip
    return one


@given(printed(), st.integers(0, 9))
def test_order_and_repetition_change_nothing(told, seed):
    assert found([*told, *told], random.Random(seed)) == found(told)


@given(printed())
def test_never_more_than_outlets_and_every_statement_stands_on_something(told):
    one = found(told)
    assert 0 < one.independent <= len({s.outlet for _, s in told}) + 1e-9
    assert {c for o in one.origins for c in o.claims} == {s.id for _, s in told}
    assert all(e.one < e.other and 0 < e.strength <= 1 and e.reason for e in one.edges)
    assert len({o.id for o in one.origins}) == len(one.origins)


@given(printed(), st.data())
@settings(max_examples=150)
def test_a_copy_under_another_name_never_raises_the_number(told, data):
    before = found(told).independent
    art, s = data.draw(st.sampled_from(told))
    copy = replace(art, id=content_id("art", [art.id, "copy"]), outlet="Copyist")
    passage = replace(s.passage, article=copy.id)
    again = replace(
        s, id=data.draw(st.sampled_from(("sta-0", "sta-zz"))), article=copy.id, outlet="Copyist",
        passage=passage, core=passage,
    )  # fmt: skip
    assert found([*told, (copy, again)]).independent <= before + 1e-9


@given(printed(alone=True), st.data())
@settings(max_examples=150)
def test_one_more_who_names_the_same_voice_never_raises_the_number(told, data):
    named = [s for _, s in told if s.speaker and s.speaker != "our reporter"]
    if not named:
        return
    s = data.draw(st.sampled_from(named))
    art = article("Other", f"Elsewhere it rained. {s.speaker} told us that a crossing gave way.")
    more = said(
        art, f"{s.speaker} told us that a crossing gave way.", kind=s.kind, speaker=s.speaker
    )
    assert found([*told, (art, more)]).independent <= found(told).independent + 1e-9


@given(printed(alone=True), st.data())
@settings(max_examples=150)
def test_to_say_whose_word_it_is_never_makes_one_voice_two(told, data):
    """An outlet that now names somebody whom another names already adds nobody."""
    silent = [k for k, (_, s) in enumerate(told) if s.speaker is None]
    named = [s.speaker for _, s in told if s.speaker and s.speaker != "our reporter"]
    if not silent or not named:
        return
    k = data.draw(st.sampled_from(silent))
    art, s = told[k]
    now = [*told]
    now[k] = (art, replace(s, speaker=data.draw(st.sampled_from(named))))
    assert found(now).independent <= found(told).independent + 1e-9


def test_without_the_ties_of_text_a_flood_would_raise_the_number(monkeypatch):
    """The saboteur: what is held by the law of copies is held by these ties, not by chance."""
    texts = [article(o, f"{b} {SENTENCES[0]}") for o, b in zip("AB", BEFORE, strict=False)]
    told = [(a, said(a, SENTENCES[0], kind=Saying.ACTION)) for a in texts]
    assert found(told).independent == 1
    monkeypatch.setattr(Prints, "_same_descent", lambda *_: iter(()))
    monkeypatch.setattr(Prints, "_prints", lambda *_: iter(()))
    assert found(told).independent == 2
