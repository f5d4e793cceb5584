"""The views of the ledger by example: what stands, who approved, what is missing, what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from trucewatch.commitments import (
    falls_due,
    gap,
    ledger_at,
    matrix,
    origins,
    overdue,
    standing,
    states,
)
from trucewatch.commitments.ledger import lasting, readiness
from trucewatch.model import (
    Approval,
    Entered,
    Interval,
    Need,
    Pledge,
    Pledged,
    Stage,
    Window,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def day(month: int, number: int, *, year: int = 2026, days: int = 1) -> Interval:
    start = datetime(year, month, number, tzinfo=UTC)
    return Interval(start, start + timedelta(days=days))


def pledge(name: str = "P1", **changes: object) -> Pledge:
    given: dict[str, object] = {
        "id": name,
        "by": "Northland",
        "priority": "multinational-force",
        "what": "a brigade",
        "stage": "committed",
        "standing": "signed",
        "said": day(1, 6),
        "low": 3000.0,
        "high": 4000.0,
        "unit": "personnel",
        "caveats": (),
        "source": "https://example.org/1",
        "domains": ("land",),
    }
    return Pledge(**{**given, **changes})  # type: ignore[arg-type] -- one loose helper for many tests


NEED = Need(
    id="force",
    priority="multinational-force",
    item="",
    what="personnel",
    low=15000,
    high=30000,
    unit="personnel",
    domains=("land", "sea", "air"),
    standing="reported",
    source="https://example.org/need",
)


def approval(state: str, *, body: str = "Chamber", **changes: object) -> Approval:
    return Approval(body=body, kind="parliament", state=state, **changes)  # type: ignore[arg-type] -- as above


class TestStanding:
    def test_nothing_stands_before_it_was_said(self):
        assert standing(pledge(), datetime(2026, 1, 5, tzinfo=UTC)) is None

    def test_on_the_day_itself_it_is_a_perhaps(self):
        found = standing(pledge(), datetime(2026, 1, 6, 9, tzinfo=UTC))
        assert found.rung is None
        assert found.stages == {None, "committed"}
        assert found.shown.name == "committed"

    def test_once_the_day_is_over_it_is_certain(self):
        found = standing(pledge(), datetime(2026, 1, 7, tzinfo=UTC))
        assert found.stages == {"committed"}

    def test_each_rung_has_its_own_day_and_source(self):
        one = pledge(
            stage="authorised",
            said=day(3, 1),
            stages=(Stage(name="announced", said=day(1, 6), source="s"),),
        )
        assert standing(one, datetime(2026, 2, 1, tzinfo=UTC)).rung.name == "announced"
        assert standing(one, NOW).rung.name == "authorised"

    def test_a_rung_of_an_unknown_day_is_never_certain(self):
        one = pledge(
            stage="delivered",
            said=None,
            stages=(Stage(name="committed", said=day(1, 6), source="s"),),
        )
        assert standing(one, NOW).stages == {"committed", "delivered"}
        assert standing(one, NOW).shown.name == "committed"

    def test_a_lower_rung_of_an_unknown_day_is_no_step_back(self):
        one = pledge(stages=(Stage(name="announced", said=None, source="s"),))
        assert standing(one, NOW).stages == {"committed"}

    def test_validity(self):
        one = pledge(
            valid=Window(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC))
        )
        times = [datetime(2026, month, 15, tzinfo=UTC) for month in (1, 3, 5)]
        assert [standing(one, at).valid for at in times] == ["not yet", "yes", "lapsed"]
        assert standing(pledge(standing="lapsed"), NOW).valid == "lapsed"


class TestAuthorisation:
    def word(self, *approvals: Approval, **changes: object) -> str:
        return standing(pledge(approvals=approvals, **changes), NOW).authorisation.word

    def test_none_on_record_is_not_none_needed(self):
        assert self.word() == "none on record"

    def test_only_granted_with_day_and_source_is_an_approval(self):
        assert self.word(approval("granted", said=day(3, 1), source="s")) == "granted"
        assert self.word(approval("granted", said=day(3, 1))) == "outstanding"
        assert self.word(approval("granted", source="s")) == "outstanding"
        assert self.word(approval("granted", said=day(7, 1), source="s")) == "none on record"
        for state in ("needed", "promised", "consultation", "unclear"):
            assert self.word(approval(state)) == "outstanding"

    def test_the_guard_on_records_bites(self, monkeypatch):
        """Without it, a grant that nobody dates or sources would authorise a deployment."""
        monkeypatch.setattr(lasting, "approval_state", lambda one, _: one.state)
        with pytest.raises(AssertionError):
            self.test_only_granted_with_day_and_source_is_an_approval()

    def test_every_body_must_grant_and_one_may_refuse(self):
        granted = approval("granted", said=day(3, 1), source="s")
        other = approval("needed", body="Council")
        assert self.word(granted, other) == "outstanding"
        refused = replace(other, state="refused", said=day(4, 1), source="s")
        assert self.word(granted, refused) == "refused"

    def test_the_last_word_of_a_body_counts(self):
        needed = approval("needed", said=day(1, 6))
        granted = approval("granted", said=day(3, 1), source="s")
        assert self.word(granted, needed) == "granted"
        found = standing(pledge(approvals=(granted, needed)), datetime(2026, 2, 1, tzinfo=UTC))
        assert found.authorisation.word == "outstanding"

    def test_a_rung_of_authorisation_is_one(self):
        assert self.word(stage="authorised") == "granted"
        assert self.word(approval("needed"), stage="authorised") == "outstanding"


class TestOrigins:
    def test_several_outlets_with_one_credit_are_one_origin(self):
        found = origins(
            [
                pledge("A", outlet="Morning Post", credits="The Times"),
                pledge("B", outlet="Evening Post", credits="The Times; nobody could verify it"),
                pledge("C", outlet="the times"),
                pledge("D", outlet="Gazette"),
                pledge("E", source="https://example.org/e"),
            ]
        )
        assert found["A"] == found["B"] == found["C"]
        assert len({*found.values()}) == 3
        assert found["D"] == "Gazette"
        assert found["E"] == "https://example.org/e"


class TestMatrix:
    def test_a_statement_stands_in_the_cell_of_each_domain(self):
        found = matrix([pledge(domains=("land", "sea")), pledge("P2", domains=())], NOW)
        assert [(one.domain, len(one.entries)) for one in found.cells] == [
            ("land", 1),
            ("sea", 1),
            ("", 1),
        ]

    def test_contradictions_stand_side_by_side_with_their_origins(self):
        said = [
            pledge("A", item="x", low=24.0, high=24.0, outlet="Post", credits="Times"),
            pledge("B", item="x", low=48.0, high=48.0, outlet="Mail", credits="Times"),
            pledge("C", item="x", low=24.0, high=24.0, outlet="Gazette"),
        ]
        (told,) = matrix(said, NOW).disagreements
        assert told.differs == ("amount",)
        assert [one.pledge.id for one in told.entries] == ["A", "B", "C"]
        assert told.voices == (("Gazette", ("C",)), ("Times", ("A", "B")))

    def test_what_agrees_is_no_disagreement(self):
        said = [pledge("A", item="x", outlet="Post"), pledge("B", item="x", outlet="Mail")]
        assert matrix(said, NOW).disagreements == ()


class TestGap:
    def lines(self, *pledges: Pledge) -> dict[tuple[str, str], tuple[object, ...]]:
        (found,) = gap(pledges, [NEED], NOW)
        return {
            (line.sum.stage, line.sum.standing): (
                line.sum.low,
                line.sum.high,
                line.short_low,
                line.short_high,
            )
            for line in found.lines
        }

    def test_stages_and_standings_are_never_added(self):
        found = self.lines(
            pledge("A"),
            pledge("B", stage="allocated", low=1000.0, high=1000.0),
            pledge("C", standing="reported", low=10.0, high=10.0),
        )
        assert found == {
            ("committed", "signed"): (3000, 4000, 11000, 27000),
            ("allocated", "signed"): (1000, 1000, 14000, 29000),
            ("committed", "reported"): (10, 10, 14990, 29990),
        }

    def test_an_open_end_leaves_no_least_shortfall(self):
        assert self.lines(pledge(high=None)) == {("committed", "signed"): (3000, None, 0, 27000)}

    def test_one_item_counts_once_from_least_to_most(self):
        said = [pledge("A", item="x"), pledge("B", item="x", low=2000.0, high=6000.0)]
        assert self.lines(*said)["committed", "signed"][:2] == (2000, 6000)

    def test_what_may_have_been_withdrawn_adds_no_low_end(self):
        out = Stage(name="withdrawn", said=None, source="s")
        assert self.lines(pledge(stages=(out,)))["committed", "signed"][:2] == (0, 4000)
        gone = pledge("B", item="x", stage="withdrawn")
        assert self.lines(pledge("A", item="x"), gone)["committed", "signed"][:2] == (0, 4000)

    def test_the_guard_on_withdrawals_bites(self, monkeypatch):
        """Without it, one statement less would leave a higher least figure."""
        monkeypatch.setattr(lasting.Standing, "out", False)
        with pytest.raises(AssertionError):
            self.test_what_may_have_been_withdrawn_adds_no_low_end()

    def test_who_sends_no_troops_fills_no_need_of_people(self):
        """With a number or without: a leading role in supply is no soldier."""
        said = [
            pledge("A", low=None, high=None, unit=None, limits=("no-troops",)),
            pledge("B", limits=("no-troops",)),
        ]
        (found,) = gap(said, [NEED], NOW)
        assert found.lines == ()
        assert found.left == (
            ("A", "no troops in the country"),
            ("B", "no troops in the country"),
        )
        (other,) = gap(said, [replace(NEED, unit="EUR")], NOW)
        assert dict(other.left)["A"] == "no number given"

    def test_what_adds_nothing_is_listed_with_the_reason(self):
        said = [
            pledge("A", low=None, high=None, unit=None),
            pledge("B", unit="company", low=1.0, high=1.0),
            pledge("C", stage="position", low=800000.0, high=800000.0),
            pledge("D", domains=("cyber",)),
            pledge("E", stage="withdrawn"),
            pledge("F", standing="lapsed"),
            pledge("G", valid=Window(NOW + timedelta(days=1), None)),
            pledge("H", priority="monitoring"),
        ]
        (found,) = gap(said, [NEED], NOW)
        assert found.lines == ()
        assert found.left == (
            ("A", "no number given"),
            ("B", "counted in another unit: company"),
            ("C", "a position, no promise"),
            ("D", "another domain"),
            ("E", "suspended or withdrawn"),
            ("F", "lapsed"),
            ("G", "not valid yet"),
        )

    def test_by_domain_each_statement_stands_in_one_column(self):
        said = [
            pledge("A"),
            pledge("B", domains=("land", "sea"), low=5.0, high=5.0),
            pledge("C", domains=(), low=7.0, high=7.0),
        ]
        (found,) = gap(said, [NEED], NOW)
        assert [(name, part.low) for name, part in found.lines[0].domains] == [
            ("land", 3000),
            ("not said", 7),
            ("several", 5),
        ]

    def test_money_is_decimal_and_currencies_are_apart(self):
        need = replace(NEED, unit="EUR", low=1.0, high=1.0, domains=())
        said = [
            pledge("A", unit="EUR", low=0.1, high=0.1),
            pledge("B", unit="EUR", low=0.2, high=0.2),
            pledge("C", unit="USD", low=5.0, high=5.0),
        ]
        (found,) = gap(said, [need], NOW)
        assert found.lines[0].sum.low == Decimal("0.3")
        assert found.left == (("C", "counted in another unit: USD"),)


class TestDue:
    def test_what_is_awaited_by_day_and_without_one(self):
        said = [
            pledge(
                "A",
                approvals=(approval("needed"), approval("promised", body="Council", due=day(7, 1))),
            ),
            pledge("B", due=day(6, 20), valid=Window(None, datetime(2027, 1, 1, tzinfo=UTC))),
        ]
        assert [(one.pledge, one.kind, one.when is None) for one in falls_due(said, NOW)] == [
            ("B", "delivery", False),
            ("A", "approval", False),
            ("B", "validity", False),
            ("A", "approval", True),
        ]
        soon = falls_due(said, NOW, within=timedelta(days=25))
        assert [(one.pledge, one.kind) for one in soon] == [("B", "delivery"), ("A", "approval")]

    def test_the_day_named_is_the_last_on_which_it_holds(self):
        one = pledge(valid=Window(None, datetime(2027, 1, 1, tzinfo=UTC)))
        (ends,) = falls_due([one], NOW)
        assert ends.when.latest.date().isoformat() == "2026-12-31"
        assert falls_due([one], datetime(2026, 12, 31, 23, tzinfo=UTC)) != ()
        assert falls_due([one], datetime(2027, 1, 1, tzinfo=UTC)) == ()

    def test_what_is_past_is_overdue_and_what_has_no_day_never_is(self):
        said = [pledge("A", due=day(5, 31), approvals=(approval("needed"),))]
        assert [one.kind for one in overdue(said, NOW)] == ["delivery"]
        assert [one.kind for one in falls_due(said, NOW)] == ["approval"]
        assert overdue(said, datetime(2026, 5, 31, 23, tzinfo=UTC)) == ()

    def test_what_is_kept_refused_or_withdrawn_awaits_nothing(self):
        refused = approval("refused", said=day(3, 1), source="s")
        said = [
            pledge("A", stage="deployed", due=day(5, 1)),
            pledge("B", approvals=(refused, approval("needed", body="Council"))),
            pledge("C", stage="withdrawn", due=day(5, 1), approvals=(approval("needed"),)),
        ]
        assert (falls_due(said, NOW), overdue(said, NOW)) == ((), ())


class TestSeveralStates:
    JOINT = pledge("J", by="Northland; Southland;", domains=("land", "sea"), item="x")

    def test_they_are_told_apart_once_each(self):
        assert states("Northland; Southland; Northland ;") == ("Northland", "Southland")
        assert states("Northland") == ("Northland",)
        assert states(" ; ") == (" ; ",)

    def test_it_stands_with_each_of_them(self):
        found = matrix([self.JOINT], NOW).cells
        assert [(one.by, one.domain, one.entries[0].pledge) for one in found] == [
            (by, domain, self.JOINT)
            for by in ("Northland", "Southland")
            for domain in ("land", "sea")
        ]

    def test_what_it_adds_is_counted_once(self):
        (found,) = gap([self.JOINT], [NEED], NOW)
        (line,) = found.lines
        assert (line.sum.low, line.sum.high, line.sum.pledges) == (3000, 4000, ("J",))

    def test_without_the_split_the_states_would_be_one(self, monkeypatch):
        monkeypatch.setattr(readiness, "states", lambda by: (by,))
        with pytest.raises(AssertionError):
            self.test_it_stands_with_each_of_them()


def test_what_people_enter_supersedes_by_the_order_of_the_log():
    first, second = pledge(what="first"), pledge(what="second")
    new = pledge("P2")
    entered = [
        Entered(index=index, at=NOW, by="desk", decision=Pledged(pledge=one, reason="r"))
        for index, one in ((9, second), (3, first), (5, new))
    ]
    assert ledger_at([pledge(), pledge("P3")], entered) == (second, new, pledge("P3"))
