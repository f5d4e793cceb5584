"""The truth table: what a jurist worked out by hand, against the program, both of its paths, and
the slow reference."""

from __future__ import annotations

from collections import Counter

import pytest

import trucewatch.agreements.assessing.bench as bench
from trucewatch.agreements import assess
from trucewatch.agreements.engine import docket
from trucewatch.model import Exemption, Outcome

from .reference import Slow
from .truth_table import TABLES, agreement, cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.label}-{case.provision}")
def test_each_case(case):
    found = {
        one.provision: one for one in assess([case.incident], [case.finding], agreement())
    }.get(case.provision)
    said = "none" if found is None else found.outcome.value
    assert said == case.outcome, (case.why, found)
    if case.share is not None:
        assert found is not None
        assert found.share == pytest.approx(case.share, abs=0.002)
    provision = next(one for one in agreement().provisions if one.id == case.provision)
    slow = Slow(case.incident, case.finding, agreement()).outcome(provision)
    assert ("none" if slow is None else slow.value) == case.outcome


def test_the_table_is_long_enough_and_balanced():
    assert len(cases()) >= 200
    counts = Counter(case.outcome for case in cases())
    assert min(counts[one.value] for one in Outcome) >= 20
    assert counts["none"] >= 3
    assert {case.label.partition("-")[0] for case in cases()} == set(TABLES)
    assert all(case.why for case in cases())


def test_no_case_stands_twice():
    asked = [(c.provision, c.incident.kind, c.incident.weapons, c.incident.place, c.incident.when,
              c.incident.counts, c.incident.nature, c.incident.observations, c.finding.state)
             for c in cases()]  # fmt: skip
    assert [one for one, n in Counter(asked).items() if n > 1] == []


def test_the_engine_agrees_with_every_case():
    incidents, findings = [c.incident for c in cases()], [c.finding for c in cases()]
    held = docket(incidents, findings, agreement())
    plain = assess(incidents, findings, agreement())
    assert held.tally() == {one: sum(a.outcome is one for a in plain) for one in Outcome}
    kept = {(one.incident, one.provision): one for one in held.assessments()}
    assert [kept[one.incident, one.provision] for one in plain
            if (one.incident, one.provision) in kept] == list(kept.values())  # fmt: skip
    wanted = {(c.incident.id, c.provision): c for c in cases()}
    for pair, one in kept.items():
        if pair in wanted:
            assert one.outcome.value == wanted[pair].outcome
    assert all(a.outcome is Outcome.OUTSIDE for a in plain
               if (a.incident, a.provision) not in kept)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CERTAIN", 0.99),
        ("CERTAIN", 0.5),
        ("_covered", lambda *_: True),
        ("_all_left", lambda *_: False),
        ("SETTLED", {}),
    ],
)
def test_the_table_sees_a_rule_that_is_bent(monkeypatch, name, value):
    """The saboteurs: with any limit or rule moved, some case must fail."""
    monkeypatch.setattr(bench, name, value)
    failed = 0
    for case in cases():
        found = {a.provision: a for a in assess([case.incident], [case.finding], agreement())}
        one = found.get(case.provision)
        failed += ("none" if one is None else one.outcome.value) != case.outcome
    assert failed


def test_an_exception_that_gives_nothing_excepts_nothing():
    case = next(one for one in cases() if one.outcome == "breach")
    assert Slow(case.incident, case.finding, agreement()).spares(Exemption(words="x")) == "no"
