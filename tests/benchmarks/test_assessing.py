"""The benchmark of assessing runs, its world exercises what it claims, and its pairs add up."""

from __future__ import annotations

from benchmarks import assessing
from trucewatch.agreements.holding import terms_of
from trucewatch.model import Duty


def test_the_made_up_world_goes_the_whole_way():
    told = assessing.measure(200, 50, 20)
    assert told["incidents"] == 200
    assert told["pairs"] == 200 * 50
    assert told["breach"] + told["exempt"] + told["outside"] + told["undetermined"] == told["pairs"]
    assert min(told["breach"], told["exempt"], told["undetermined"]) > 0


def test_the_made_up_terms_use_all_that_there_is():
    text = assessing.agreement(500)
    terms = text.provisions
    assert len(terms_of(text)) == 500
    assert {one.duty for one in terms} == set(Duty)
    for part in ("zones", "weapons", "condition", "exceptions"):
        assert sum(bool(getattr(one, part)) for one in terms) >= 50, part
    assert len({one.code for one in text.zones}) < len(text.zones)
    assert len({one.instrument for one in terms}) == 2
