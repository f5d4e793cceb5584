"""A log that shows two histories to two readers: with few enough liars it never gets two quorums.

Above the bound it must get them, which shows that the trial bites.
"""

from __future__ import annotations

from random import Random

import pytest
from tests.torture.frame import row
from tests.torture.split import Liar, Split, findings, guilty

from trucewatch.evidence.tlog.policy import Policy, PolicyWitness

SPLIT = row("split view with f ≤ quorum bound / above it")


@SPLIT.tries()
def test_within_the_bound_no_split_view_succeeds(torture):
    seen = {0: 0, 1: 0}

    def attempt(random, _):
        count = random.randrange(1, 14)
        bound = (count - 1) // 3
        split = Split(
            random,
            count=count,
            liars=random.randint(0, bound),
            quorum=random.randint(1 + 2 * count // 3, count),
        )
        assert split.policy.resists_split_view
        assert split.policy.liars == bound
        cut = random.randint(0, len(split.honest))
        mixed = random.sample(split.honest, len(split.honest))
        notes = split.notes(mixed[:cut], mixed[cut:])
        reached = findings(split, notes)
        assert reached <= 1, "both histories reached a quorum"
        seen[reached] += 1
        lying = {f"{w.cosigner.name}+{w.cosigner.key_id.hex()}" for w in split.liars}
        assert guilty(split, notes) == lying

    torture(attempt)
    # Both ends are met: one history that is believed, and none.
    if sum(seen.values()) >= 200:
        assert min(seen.values()) > 20


@SPLIT.saboteur("more liars than the quorum bears", tries=20, share=0.99)
def test_above_the_bound_it_succeeds(torture):
    def attempt(random, _):
        count = random.randrange(4, 14)
        quorum = random.randint(1 + 2 * count // 3, count - 1)
        # As many as two quorums share: then every honest one need lie to nobody.
        liars = 2 * quorum - count
        assert liars > (count - 1) // 3
        split = Split(random, count=count, liars=liars, quorum=quorum)
        half = len(split.honest) // 2
        notes = split.notes(split.honest[:half], split.honest[half:])
        # It succeeds until somebody compares: then log and liars stand convicted by their own hand.
        convicted.append(len(guilty(split, notes)) == liars)
        assert findings(split, notes) <= 1, "both histories reached a quorum"

    convicted: list[bool] = []
    torture(attempt)
    assert all(convicted)


@pytest.mark.parametrize("count", [3, 4, 7, 37])
def test_a_quorum_below_the_rule_is_split_by_as_many_as_may_lie(count):
    """Why the rule is what it is: half of the honest on either side, and liars on both."""
    bound = max(1, (count - 1) // 3)
    quorum = (count - bound) // 2 + bound
    split = Split(Random(1), count=count, liars=bound, quorum=quorum)
    assert not split.policy.resists_split_view
    half = len(split.honest) // 2
    assert findings(split, split.notes(split.honest[:half], split.honest[half:])) == 2


def test_one_liar_under_two_names_would_be_two():
    """The saboteur: a policy that does not look whether a key stands under two names."""
    split = Split(Random(3), count=3, liars=1, quorum=3)
    alias = Liar(1, "alias")
    split.liars.append(alias)
    members = [*split.policy.witnesses, PolicyWitness("alias", alias.cosigner)]
    with pytest.raises(ValueError, match="under two names"):
        Policy(members, 3)
    careless = Policy.__new__(Policy)
    careless.witnesses, careless.quorum = tuple(members), 3
    careless._by_key = {(w.cosigner.name, w.cosigner.key_id): w for w in members}
    split.policy = careless
    assert (careless.liars, careless.resists_split_view) == (1, True)
    assert findings(split, split.notes(split.honest[:1], split.honest[1:])) == 2
