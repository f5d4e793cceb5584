"""Two worlds that differ only in what stays inside look the same to every audience outside."""

from __future__ import annotations

import shutil
from dataclasses import replace
from random import Random

import pytest
from tests.torture.frame import row
from tests.torture.island import begun
from tests.torture.outside import SETTINGS, alike, desk, live

from trucewatch.app import deciding
from trucewatch.app.notices import keeping
from trucewatch.app.publishing import bulletins as publishing
from trucewatch.evidence import EntryKind

WORLDS = row("two worlds that differ only in what role R may not see")
PLANS = 10
"""So many lives as everybody may know them; each has one world in which no desk is at work."""


@pytest.fixture(scope="module")
def plain() -> dict[int, dict[str, bytes]]:
    """What was seen of each life in which no desk is at work: it is lived once."""
    return {}


@pytest.fixture
def pair(tmp_path, plain):
    """Live one life twice, with a desk that is at work and without; `sabotage` spoils the first."""

    def lived(name, number, inside):
        folder = tmp_path / name
        seen = live(begun(folder / "m", settings=SETTINGS), Random(f"life {number}"), inside)
        shutil.rmtree(folder)
        return seen

    def attempt(random, number, sabotage=None):
        life = number % PLANS
        with alike() as patched:
            if life not in plain:
                plain[life] = lived(f"plain {life}", life, lambda _: [])
            if sabotage is not None:
                sabotage(patched)
            seen = lived(str(number), life, lambda mission: desk(mission, random))
        differing = sorted(
            name for name in {*seen, *plain[life]} if seen.get(name) != plain[life].get(name)
        )
        assert differing == []

    return attempt


@WORLDS.tries(parts=4, traced=4)
def test_what_stays_inside_changes_nothing_outside(torture, pair):
    torture(pair)


@WORLDS.saboteur("enters notices in the evidence log", tries=8, share=0.8)
def test_notices_in_the_evidence_log_are_seen(torture, pair):
    def sabotage(patched):
        patched.setattr(deciding, "INSIDE", frozenset())
        patched.setattr(deciding, "KINDS", deciding.KINDS | {EntryKind.NOTICE})
        patched.setattr(keeping, "stays_inside", lambda mission: mission.decisions())

    torture(lambda random, number: pair(random, number, sabotage))


@WORLDS.saboteur("counts notices in a bulletin", tries=8, share=0.8)
def test_a_count_of_notices_is_seen(torture, pair):
    real = publishing.situation_of

    def telling(mission, configuration, derived):
        count = len(keeping.listing(mission)["notices"])
        situation = real(mission, configuration, derived)
        return replace(situation, mission=situation.mission + "." * count)

    torture(
        lambda random, number: pair(
            random, number, lambda patched: patched.setattr(publishing, "situation_of", telling)
        )
    )
