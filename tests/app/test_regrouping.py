"""Reviewers part and join incidents: from the command line to the log, the incidents and back."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.torture.acts import SETTINGS
from tests.torture.island import CALLS, SOURCES, SetClock, lay, write
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.explaining.explanation import explain
from trucewatch.app.findings import regrouping, reviewing
from trucewatch.app.findings.listing import findings, findings_lines, queue
from trucewatch.app.findings.seen import (
    Repeated,
    Seen,
    Stale,
    check_new,
    check_seen,
    seen_now,
    standing_word,
)
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawing import withdraw
from trucewatch.errors import NotFound, Refused
from trucewatch.evidence import fsck
from trucewatch.findings import regroupings
from trucewatch.model import Effect, Nature, Ruling, State

ANN, BEN, LEAD, CLERK = "reviewer-nobody", "reviewer-north", "lead-nobody", "desk-nobody"
TWO = "\n[review]\ntwo_person = true\n" + SETTINGS


def made(folder, settings):
    lay(folder, settings=settings)
    with Mission.open(folder, now=SetClock()) as mission:
        ingest(
            mission,
            [write(folder.parent / "in", s, [c for o, c in CALLS if o == s]) for s in SOURCES],
        )
        bring_up_to_date(mission)
    return folder


@pytest.fixture(scope="module")
def island(tmp_path_factory):
    return made(tmp_path_factory.mktemp("island") / "m", SETTINGS)


@pytest.fixture(scope="module")
def island_of_two(tmp_path_factory):
    return made(tmp_path_factory.mktemp("two") / "m", TWO)


@pytest.fixture
def mission(island, tmp_path):
    with Mission.open(shutil.copytree(island, tmp_path / "m"), now=SetClock()) as opened:
        yield opened


@pytest.fixture
def of_two(island_of_two, tmp_path):
    with Mission.open(shutil.copytree(island_of_two, tmp_path / "m"), now=SetClock()) as opened:
        yield opened


def shots(derived):
    """What holds anything of the firing at the ferry, the largest part first."""
    found = [one for one in derived.incidents if one.kind == "small_arms"]
    return sorted(found, key=lambda one: -len(one.claims))


def patrol_of(mission, incident):
    """The patrol's claim on it, which is an account of its own."""
    of = {c.id: c.source for r in mission.store.reports() for c in r.claims}
    (claim,) = [one for one in incident.claims if of[one] == "patrols"]
    return claim


def state_of(derived, incident):
    return next(one for one in derived.findings if one.incident == incident.id)


def parted(mission, *, by=ANN):
    whole = shots(mission.store.derived())[0]
    claim = patrol_of(mission, whole)
    return whole, regrouping.separate(mission, whole.id, [claim], by=by, reason="another pier")


def test_a_split_makes_two_of_one_and_undo_makes_them_one_again(mission):
    before = bring_up_to_date(mission)
    whole, said = parted(mission)
    after = bring_up_to_date(mission)
    rest, part = shots(after)
    assert sorted([*rest.claims, *part.claims]) == list(whole.claims)
    assert part.claims == (patrol_of(mission, whole),)
    line = "set apart from other reports by decision of reviewer nobody (log entry "
    for one in (rest, part):
        assert f"{line}{said['log_index']})" in one.reasons
        assert {*one.origins} < {*whole.origins}
        assert one.probability < whole.probability
        told = explain(mission, one.id)
        assert told["finding"]["said"][0]["what"] == "split"
        assert told["finding"]["said"][0]["effect"] == "holds"
    order = [State.ALLEGATION, State.REPORTED, State.CORROBORATED]
    was = order.index(state_of(before, whole).state)
    assert all(order.index(state_of(after, one).state) <= was for one in (rest, part))
    regrouping.undo(mission, said["log_index"], by=ANN, reason="the map was wrong")
    again = bring_up_to_date(mission)
    assert repr(again.incidents) == repr(before.incidents)
    effects = [one.effect for one in state_of(again, whole).said]
    assert effects == [Effect.TAKEN_BACK, Effect.RECORDED]
    assert fsck(mission.folder / "evidence").ok


def test_a_merge_of_what_was_split_supersedes_the_split(mission):
    before = bring_up_to_date(mission)
    parted(mission)
    rest, part = shots(bring_up_to_date(mission))
    said = regrouping.unite(mission, rest.id, part.id, by=LEAD, reason="one burst, seen twice")
    after = bring_up_to_date(mission)
    (whole,) = shots(after)
    was = shots(before)[0]
    assert f"joined by decision of lead nobody (log entry {said['log_index']})" in whole.reasons
    for name in ("id", "claims", "place", "when", "origins", "probability", "terms"):
        assert getattr(whole, name) == getattr(was, name)
    assert [one.effect for one in state_of(after, whole).said] == [
        Effect.SUPERSEDED,
        Effect.HOLDS,
    ]


def test_a_merge_of_what_is_far_apart_adds_no_origin_and_is_opened_by_explain(mission):
    before = bring_up_to_date(mission)
    events = [one for one in before.incidents if one.nature is Nature.EVENT]
    one, other = events[0], events[1]
    regrouping.unite(mission, one.id, other.id, by=ANN, reason="the hour was wrong")
    after = bring_up_to_date(mission)
    both = next(each for each in after.incidents if one.claims[0] in each.claims)
    assert {*both.claims} == {*one.claims, *other.claims}
    assert {*both.origins} == {*one.origins, *other.origins}
    assert any("lower than if each were" in reason for reason in both.reasons)
    assert explain(mission, both.id)["opened"] is not None
    assert len(after.incidents) == len(before.incidents) - 1


def test_what_is_decided_survives_a_replay(mission):
    parted(mission)
    now = bring_up_to_date(mission)
    with replayed(mission, mission.size) as (_, again):
        assert repr(again.incidents) == repr(now.incidents)
        assert repr(again.findings) == repr(now.findings)


def test_a_split_finds_its_claims_when_more_has_come(mission):
    whole, _ = parted(mission)
    claim = patrol_of(mission, whole)
    more = ["c9,2025-11-11 06:41,35.02,-40.01,seen,gunfire,2,ferryman,I heard the shots"]
    ingest(mission, [write(mission.folder.parent / "more", "gazette", more)])
    parts = [one for one in shots(bring_up_to_date(mission)) if {*one.claims} & {*whole.claims}]
    assert [claim in one.claims for one in parts].count(True) == 1
    (home,) = [one for one in parts if claim in one.claims]
    assert {*home.claims} & {*whole.claims} == {claim}


def test_where_two_are_asked_for_one_is_not_enough(of_two):
    before = bring_up_to_date(of_two)
    whole, said = parted(of_two)
    assert any("asks for two" in line for line in reviewing.lines(said))
    one = bring_up_to_date(of_two)
    assert repr(one.incidents) == repr(before.incidents)
    assert state_of(one, whole).said[0].effect is Effect.WAITS
    row = next(r for r in queue(of_two, overdue=False, limit=99)["queue"]
               if r["incident"] == whole.id)  # fmt: skip
    assert any("one of two reviewers has said" in why for why in row["waits"]["why"])
    parted(of_two)
    assert repr(bring_up_to_date(of_two).incidents) == repr(before.incidents), "the same person"
    parted(of_two, by=BEN)
    both = bring_up_to_date(of_two)
    rest, part = shots(both)
    assert all("log entry" in " ".join(one.reasons) for one in (rest, part))
    regrouping.unite(of_two, rest.id, part.id, by=BEN, reason="no, one")
    assert repr(bring_up_to_date(of_two).incidents) == repr(before.incidents), "one of two is gone"


def test_who_may_not_is_refused_and_nothing_is_written(mission):
    whole = shots(mission.store.derived())[0]
    size = mission.size
    claim = patrol_of(mission, whole)
    other = next(one for one in mission.store.derived().incidents if one.id != whole.id)
    with pytest.raises(Refused, match=r"reviewer or the lead does.*may enter it: "):
        regrouping.separate(mission, whole.id, [claim], by=CLERK, reason="x")
    with pytest.raises(Refused, match="reviewer or the lead does"):
        regrouping.unite(mission, whole.id, other.id, by=CLERK, reason="x")
    with pytest.raises(Refused, match="not all"):
        regrouping.separate(mission, whole.id, whole.claims, by=ANN, reason="x")
    with pytest.raises(Refused, match="name the claims"):
        regrouping.separate(mission, whole.id, [], by=ANN, reason="x")
    with pytest.raises(NotFound, match="has no claim"):
        regrouping.separate(mission, whole.id, [other.claims[0]], by=ANN, reason="x")
    with pytest.raises(Refused, match="one incident already"):
        regrouping.unite(mission, whole.id, whole.id[:-1], by=ANN, reason="x")
    with pytest.raises(Refused, match="reason is empty"):
        regrouping.unite(mission, whole.id, other.id, by=ANN, reason=" ")
    with pytest.raises(Refused, match="1 claims came and 1 went"):
        regrouping.separate(
            mission, whole.id, [claim], by=ANN, reason="x",
            expected_claims=["clm-0", *whole.claims[1:]],
        )  # fmt: skip
    assert mission.size == size


def test_what_was_looked_at_and_is_named_is_decided_on(mission):
    whole = shots(mission.store.derived())[0]
    claim, size = patrol_of(mission, whole), mission.size
    with pytest.raises(Refused, match=f"{len(whole.claims)} claims of {whole.id} begin with 'clm'"):
        regrouping.separate(mission, whole.id, ["clm"], by=ANN, reason="x")
    for name in ("", whole.id, "nothing"):
        with pytest.raises(NotFound, match="has no claim"):
            regrouping.separate(mission, whole.id, [name], by=ANN, reason="x")
    assert mission.size == size
    # In whatever order they were looked at.
    regrouping.separate(
        mission, whole.id, [claim], by=ANN, reason="x", expected_claims=reversed(whole.claims)
    )
    assert mission.size == size + 1


def test_a_ruling_on_what_is_no_more_is_not_taken_back(mission):
    whole = shots(mission.store.derived())[0]
    ruled = reviewing.review(mission, whole.id, Ruling.CONFIRM, by=ANN, reason="seen")
    for report in {mission.store.find(claim).report for claim in whole.claims}:
        withdraw(mission, report, reason="an error")
    bring_up_to_date(mission)
    told = f"no report stands any more on what log entry {ruled['log_index']} ruled on"
    with pytest.raises(Refused, match=told):
        regrouping.undo(mission, ruled["log_index"], by=ANN, reason="x")


def test_somebody_who_decides_is_told_what_has_changed_since_they_looked(mission):
    _, said = parted(mission)
    (rest, part) = shots(bring_up_to_date(mission))
    now = seen_now(mission, rest)
    assert now.entries == {said["log_index"]}
    check_seen(mission, rest, now)
    more = Seen.of([*rest.claims, "clm-1", "clm-2", "clm-3", "clm-4"], [*now.entries, 99])
    with pytest.raises(Stale) as caught:
        check_seen(mission, rest, more)
    assert caught.value.changes == (
        "4 accounts have left it.",
        "Log entry 99 no longer speaks of it.",
    )
    assert caught.value.now == now
    with pytest.raises(Stale) as caught:
        check_seen(mission, rest, Seen.of([*rest.claims, *part.claims], []))
    assert caught.value.changes == (
        f"{part.claims[0]} has left it.",
        f"reviewer nobody entered split (log entry {said['log_index']}).",
    )


def test_the_same_word_twice_is_refused_and_another_is_not(mission):
    one = shots(mission.store.derived())[0]
    index = reviewing.review(mission, one.id, Ruling.CONFIRM, by=ANN, reason="x")["log_index"]
    reviewing.review(mission, one.id, Ruling.ASK, by=ANN, reason="what of the mole?")
    bring_up_to_date(mission)
    one = shots(mission.store.derived())[0]
    assert standing_word(mission, one, by=ANN).index == index, "a question takes nothing back"
    assert standing_word(mission, one, by=BEN) is None
    with pytest.raises(Repeated, match=rf"you have said confirm already \(log entry {index}\)$"):
        check_new(mission, one, Ruling.CONFIRM, by=ANN, other="")
    for ruling, by in ((Ruling.REFUTE, ANN), (Ruling.ASK, ANN), (Ruling.CONFIRM, BEN)):
        check_new(mission, one, ruling, by=by, other="")
    regrouping.undo(mission, index, by=ANN, reason="x")
    bring_up_to_date(mission)
    assert standing_word(mission, shots(mission.store.derived())[0], by=ANN) is None


def test_claims_of_one_account_are_not_parted(mission):
    whole = shots(mission.store.derived())[0]
    of = {c.id: c.text for r in mission.store.reports() for c in r.claims}
    cut = next(one for one in whole.claims if of[one] == "Shots at the ferry")
    with pytest.raises(Refused, match="they are one account"):
        regrouping.separate(mission, whole.id, [cut], by=ANN, reason="x")


def test_a_report_names_its_claims(mission):
    whole = shots(mission.store.derived())[0]
    claim = mission.store.find(patrol_of(mission, whole))
    regrouping.separate(mission, whole.id, [claim.report], by=ANN, reason="x")
    assert len(shots(bring_up_to_date(mission))) == 2


def test_undo_takes_back_ones_own_and_the_lead_anybodys(mission):
    _, said = parted(mission)
    index = said["log_index"]
    with pytest.raises(Refused, match="takes back what they entered themselves"):
        regrouping.undo(mission, index, by=BEN, reason="x")
    with pytest.raises(NotFound, match="no decision of people"):
        regrouping.undo(mission, 0, by=ANN, reason="x")
    undone = regrouping.undo(mission, index, by=LEAD, reason="x")
    with pytest.raises(Refused, match="was taken back before"):
        regrouping.undo(mission, index, by=ANN, reason="x")
    with pytest.raises(Refused, match="is no split, merge or ruling"):
        regrouping.undo(mission, undone["log_index"], by=LEAD, reason="x")


def test_undo_of_a_ruling_is_a_release_of_the_last_one(mission):
    one = shots(mission.store.derived())[0]
    first = reviewing.review(mission, one.id, Ruling.CONFIRM, by=ANN, reason="seen")["log_index"]
    assert state_of(bring_up_to_date(mission), one).state is State.VERIFIED
    with pytest.raises(Refused, match="who ruled takes it back"):
        regrouping.undo(mission, first, by=LEAD, reason="x")
    second = reviewing.review(mission, one.id, Ruling.REFUTE, by=ANN, reason="no")["log_index"]
    with pytest.raises(Refused, match=f"superseded by '{ANN}' in log entry {second}"):
        regrouping.undo(mission, first, by=ANN, reason="x")
    released = regrouping.undo(mission, second, by=ANN, reason="x")["log_index"]
    assert state_of(bring_up_to_date(mission), one).provisional
    with pytest.raises(Refused, match="sets nothing to take back"):
        regrouping.undo(mission, released, by=ANN, reason="x")


def test_a_split_that_finds_nothing_any_more_is_told(mission):
    whole, said = parted(mission)
    withdraw(mission, patrol_of(mission, whole), reason="an error")
    after = bring_up_to_date(mission)
    (rest,) = shots(after)
    assert not any("log entry" in reason for reason in rest.reasons)
    (entry,) = state_of(after, rest).said
    assert (entry.effect, entry.why) == (Effect.VOID, "no report stands any more on one side of it")
    data = findings(
        mission, state=None, nature=None, provisional=False, reviewed=False, stale=False,
        overdue=False, limit=99,
    )  # fmt: skip
    assert data["entries_on_what_is_no_more"] == [said["log_index"]]
    assert str(said["log_index"]) in "\n".join(findings_lines(data))


def test_a_ruling_follows_the_larger_part_and_is_stale(mission):
    one = shots(mission.store.derived())[0]
    reviewing.review(mission, one.id, Ruling.CONFIRM, by=ANN, reason="seen")
    bring_up_to_date(mission)
    parted(mission)
    after = bring_up_to_date(mission)
    rest, part = shots(after)
    assert state_of(after, rest).state is State.VERIFIED
    assert state_of(after, rest).stale
    assert state_of(after, part).state is State.REPORTED


def test_what_a_split_took_away_stays_as_cancelled(mission):
    before = bring_up_to_date(mission)
    parted(mission)
    after = bring_up_to_date(mission)
    was = {one.id for one in before.obligations}
    assert was
    assert was <= {one.id for one in after.obligations}


def test_an_entry_that_takes_back_what_is_not_theirs_counts_for_nothing(mission):
    _, said = parted(mission)
    regrouping.undo(mission, said["log_index"], by=ANN, reason="x")
    entered = mission.decisions()
    agreement = mission.configuration().agreement
    assert regroupings(entered, agreement=agreement) == ()
    undone = entered[-1]
    for wrong in ({"whose": BEN}, {"entry": undone.index}, {"entry": 0}):
        changed = type(undone.decision)(
            **{name: getattr(undone.decision, name) for name in undone.decision.__slots__} | wrong
        )
        forged = [*entered[:-1], type(undone)(
            index=undone.index, at=undone.at, by=LEAD, decision=changed,
            person=mission.configuration().people[LEAD],
        )]  # fmt: skip
        (stands,) = regroupings(forged, agreement=agreement)
        assert stands.index == said["log_index"]


def run(folder, *words):
    return CliRunner().invoke(app, [*words, "--mission", str(folder)])


def test_the_commands(island, tmp_path):
    folder = shutil.copytree(island, tmp_path / "m")
    with Mission.open(folder, readonly=True) as mission:
        whole = shots(mission.store.derived())[0]
        claim = patrol_of(mission, whole)
    told = run(folder, "split", whole.id, "--claims", f"{claim}, ", "--by", ANN, "--reason", "x")
    assert told.exit_code == 0, told.output
    assert f"Entered on {whole.id}: split, by reviewer nobody" in told.output
    assert run(folder, "run").exit_code == 0
    with Mission.open(folder, readonly=True) as mission:
        rest, part = shots(mission.store.derived())
    told = run(folder, "merge", rest.id, part.id, "--by", ANN, "--reason", "x", "--json")
    said = json.loads(told.output)
    assert said["what"] == "merge"
    told = run(folder, "undo", str(said["log_index"]), "--by", ANN, "--reason", "x", "--json")
    assert json.loads(told.output)["what"] == "undo"
    again = run(folder, "undo", str(said["log_index"]), "--by", ANN, "--reason", "x")
    assert isinstance(again.exception, Refused)
