"""What two issues say otherwise is drawn from the two, and tells nothing that neither tells."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from trucewatch.bulletins import compose, correct, redact, render_correction, shown, sweep
from trucewatch.errors import Withheld
from trucewatch.model import Change, Fate


@pytest.fixture
def issue(situation, whole, previous, public):
    """One issue of the bulletin; changes to its situation may be given."""
    return lambda **changes: redact(compose(replace(situation, **changes), whole, previous), public)


def change(fate: Fate, before: tuple[str, ...], after: tuple[str, ...]) -> Change:
    return Change(fate=fate, before=before, after=after, moves=(), aspects=(), why=("clm-1",))


def told(before, after, *changes):
    return correct(before, after, changes, corrects="truce", issue="truce-issue-2", as_sealed=True)


def test_each_fate_in_words(issue):
    one = issue()
    a, b, c = (item.id for item in one.incidents[:3])
    whole = told(
        one,
        one,
        change(Fate.MERGED, (a, b), (a,)),
        change(Fate.SPLIT, (c,), (c, "inc-hidden")),
        change(Fate.REGROUPED, (a, c), (b, "inc-hidden", "inc-too")),
        change(Fate.NEW, (), (b,)),
        change(Fate.WITHDRAWN, (b,), ()),
        change(Fate.RENAMED, (a,), (b,)),
    )
    words = {(each.before, each.after): each.words[0] for each in whole.changes}
    assert words == {
        ((a, b), (a,)): f"{a} and {b} are one incident now: {a}",
        (
            (c,),
            (c,),
        ): f"{c} is more than one incident now: {c} and what this bulletin does not show",
        ((a, c), (b,)): f"{a} and {c} are grouped otherwise now: "
        f"{b} and what this bulletin does not show",
        ((), (b,)): f"{b} is new",
        ((b,), ()): f"{b} is gone: no report that stands describes it",
        ((a,), (b,)): f"{a} is called {b} now",
    }
    assert "clm-1" not in str(whole)
    assert "inc-hidden" not in str(whole)


@pytest.mark.parametrize("fate", [Fate.GROWN, Fate.MERGED, Fate.SPLIT, Fate.UNCHANGED])
def test_what_only_one_issue_shows_is_said_and_how_many_it_was_is_not(issue, fate):
    one = issue()
    a = one.incidents[0].id
    gone = told(one, one, change(fate, (a,), ("inc-x", "inc-y"))).changes
    came = told(one, one, change(fate, ("inc-x", "inc-y"), (a,))).changes
    assert [each.words for each in gone] == [(f"no longer in this bulletin: {a}",)]
    assert [each.words for each in came] == [(f"not in it before: {a}",)]
    assert told(one, one, change(fate, ("inc-x",), ("inc-y",))).changes == ()


def test_one_incident_told_otherwise(issue, situation):
    before = issue()
    first = next(i for i in situation.incidents if i.id == before.incidents[0].id)
    # Within its cell and below the count that may be told, more than was published stays hidden.
    hidden = replace(first, place=replace(first.place, lat=first.place.lat + 1e-6))
    likelier = replace(first, probability=0.5, kind="mortar")
    for now, words in (
        (hidden, None),
        (likelier, {"kind", "that it happened"}),
    ):
        others = tuple(i for i in situation.incidents if i.id != first.id)
        claims = tuple(
            replace(c, place=now.place) if c.id in first.claims else c for c in situation.claims
        )
        after = issue(incidents=(*others, now), claims=claims)
        changes = told(before, after, change(Fate.GROWN, (first.id,), (first.id,))).changes
        if words is None:
            assert changes == ()
        else:
            assert changes[0].fate == "revised"
            assert words <= {each.split(":")[0] for each in changes[0].words}


def test_figures_and_headlines_stand_beside_one_another(issue):
    before, after = issue(), issue(incidents=(), findings=(), assessments=(), obligations=())
    whole = told(before, after)
    names = {figure.name for figure in whole.figures}
    assert "incidents" in names
    assert all(figure.before != figure.after for figure in whole.figures)
    assert (whole.headline_before, whole.headline) == (before.headline, after.headline)
    assert shown(after) == frozenset()


def test_the_page_and_the_json(issue):
    one = issue()
    a = one.incidents[0].id
    whole = replace(told(one, one, change(Fate.NEW, (), (a,))), mission="<script>x</script>")
    made = render_correction(whole)
    assert json.loads(made["json"])["schema"] == "trucewatch.correction/1"
    page = made["html"].decode()
    assert "<script" not in page
    assert f"{a} is new" in page
    assert one.incidents[0].region in page
    assert "not to the byte" not in page
    assert "not to the byte" in render_correction(replace(whole, as_sealed=False))["html"].decode()


def test_only_what_was_redacted_is_compared(issue, situation, whole, previous):
    unredacted = compose(situation, whole, previous)
    for pair in ((unredacted, issue()), (issue(), unredacted)):
        with pytest.raises(TypeError):
            told(*pair)


def test_the_last_look_finds_a_sealed_name(issue, situation, whole, previous, public):
    """A saboteur: a correction that speaks the name of a sealed source."""
    sealed = next(source for source in situation.sources if source.sealed)
    bulletin = compose(situation, whole, previous)
    spoilt = replace(told(issue(), issue()), headline_before=f"seen by {sealed.name}")
    sweep(bulletin, public, told(issue(), issue()))
    with pytest.raises(Withheld):
        sweep(bulletin, public, spoilt)
