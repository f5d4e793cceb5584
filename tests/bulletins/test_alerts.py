"""Alerts: each thing told once, corrected in the open, taken back, and nothing that harms."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from trucewatch.bulletins import Period, compose, redact, sweep
from trucewatch.bulletins.alerts import (
    Desk,
    Message,
    Scope,
    Status,
    alerts,
    faults,
    render_alert_json,
    render_cap,
    send,
)
from trucewatch.errors import Withheld
from trucewatch.model import (
    Effect,
    Obligation,
    Outcome,
    Point,
    Progress,
    Responsibility,
    Said,
    State,
)

DESK = Desk(sender="terno", audience="public", scope=Scope.PUBLIC)
LATE = datetime(2031, 5, 20, tzinfo=UTC)
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@pytest.fixture
def days():
    """All days of the island."""
    return Period(
        first=datetime(2031, 5, 1, tzinfo=UTC).date(),
        last=datetime(2031, 5, 6, tzinfo=UTC).date(),
        title="",
        number="",
    )


@pytest.fixture
def told(days, public):
    """What an audience may read of a situation, over all days."""
    return lambda situation, **changes: redact(
        compose(replace(situation, **changes), days, None), public
    )


def test_whom_a_body_holds_responsible_is_told_with_its_word_and_nobody_else(situation, told):
    assert "Responsibility: withheld." in all_bytes(alerts(told(situation), DESK, at=LATE))
    word = Said(
        index=9,
        at=datetime(2031, 5, 6, tzinfo=UTC),
        by="the chair",
        what="attribution",
        word="hill",
        words="two gunners said so",
        of="board",
        effect=Effect.HOLDS,
        standard="clear and convincing",
    )
    named = tuple(
        replace(
            f, responsibility=Responsibility.DETERMINED, party="hill", body="board", said=(word,)
        )
        if f.incident == "inc-a1"
        else f
        for f in situation.findings
    )
    found = by_subject(alerts(told(situation, findings=named), DESK, at=LATE))
    assert (
        "Hill Council, determined by board (clear and convincing)"
        in found["inc-a1"].info.description
    )
    assert "Responsibility: withheld." in found["inc-b1"].info.description


def with_state(situation, incident, state):
    return tuple(
        replace(f, state=state) if f.incident == incident else f for f in situation.findings
    )


def all_bytes(messages):
    return b"\n".join(
        render(one.alert) for one in messages for render in (render_cap, render_alert_json)
    ).decode()


def by_subject(messages):
    return {one.subject: one.alert for one in messages}


def test_breaches_are_told_and_nothing_else(situation, told):
    found = by_subject(alerts(told(situation), DESK, at=LATE))
    assert sorted(found) == ["inc-a1", "inc-b1"]  # not the undetermined, not the fires
    assert {one.message for one in found.values()} == {Message.ALERT}
    assert {one.status for one in found.values()} == {Status.ACTUAL}


@pytest.mark.parametrize(
    ("state", "certainty"),
    [
        (State.VERIFIED, "Observed"),
        (State.CORROBORATED, "Likely"),
        (State.REPORTED, "Possible"),
        (State.ALLEGATION, "Possible"),
        (State.UNVERIFIABLE, None),
        (State.REFUTED, None),
        (State.EXEMPT, None),
        (State.DUPLICATE, None),
        (State.SUPERSEDED, None),
    ],
)
def test_the_rung_of_the_ladder_is_the_certainty(situation, told, state, certainty):
    published = told(situation, findings=with_state(situation, "inc-a1", state))
    found = by_subject(alerts(published, DESK, at=LATE))
    assert (found["inc-a1"].info.certainty if "inc-a1" in found else None) == certainty


def test_the_same_state_sends_nothing_twice(situation, told):
    first = alerts(told(situation), DESK, at=LATE)
    assert alerts(told(situation), DESK, at=LATE + timedelta(days=9), sent=first) == ()


def test_a_change_is_an_update_that_references_all_before_it(situation, told):
    sent = list(alerts(told(situation), DESK, at=LATE))
    for day, state in enumerate((State.REPORTED, State.VERIFIED), start=1):
        published = told(situation, findings=with_state(situation, "inc-a1", state))
        sent += alerts(published, DESK, at=LATE + timedelta(days=day), sent=sent)
    chain = [one.alert for one in sent if one.subject == "inc-a1"]
    assert [one.message for one in chain] == [Message.ALERT, Message.UPDATE, Message.UPDATE]
    assert [ref.identifier for ref in chain[2].references] == [
        "terno.public.inc-a1.1",
        "terno.public.inc-a1.2",
    ]
    references = etree.fromstring(render_cap(chain[1])).findtext(f"{CAP}references")
    assert references == "terno,terno.public.inc-a1.1,2031-05-20T00:00:00-00:00"


def takes_back(situation, told):
    """What is sent when an incident is refuted, and when it is gone."""
    sent = alerts(told(situation), DESK, at=LATE)
    refuted = told(situation, findings=with_state(situation, "inc-a1", State.REFUTED))
    gone = told(situation, incidents=(), findings=(), assessments=())
    return [
        [one for one in alerts(state, DESK, at=LATE, sent=sent) if one.subject == "inc-a1"]
        for state in (refuted, gone)
    ]


def test_what_falls_is_taken_back_with_its_reason_and_at_once(situation, told):
    for messages, why in zip(
        takes_back(situation, told), ("It is refuted", "no report that counts"), strict=True
    ):
        (one,) = messages
        assert one.alert.message is Message.CANCEL
        assert [ref.identifier for ref in one.alert.references] == ["terno.public.inc-a1.1"]
        assert why in one.alert.note
        assert one.alert.info is None


def test_saboteur_who_forgets_what_was_sent_takes_nothing_back(situation, told, monkeypatch):
    monkeypatch.setattr(send, "_over", lambda _last: True)
    assert not any(
        one.alert.message is Message.CANCEL
        for messages in takes_back(situation, told)
        for one in messages
    )


def test_a_cancel_goes_to_whoever_got_what_it_takes_back(situation, told):
    few = Desk(
        sender="terno", audience="public", scope=Scope.PRIVATE, addresses=("a@b.example", "c")
    )
    sent = alerts(told(situation), few, at=LATE)
    nothing = told(situation, incidents=(), findings=(), assessments=())
    back = alerts(nothing, DESK, at=LATE, sent=sent)
    assert {one.alert.addresses for one in back} == {("a@b.example", "c")}
    assert {one.alert.scope for one in back} == {Scope.PRIVATE}


def test_once_taken_back_it_begins_anew(situation, told):
    sent = list(alerts(told(situation), DESK, at=LATE))
    sent += alerts(told(situation, assessments=()), DESK, at=LATE, sent=sent)
    again = by_subject(alerts(told(situation), DESK, at=LATE, sent=sent))
    assert again["inc-a1"].message is Message.ALERT
    assert again["inc-a1"].identifier == "terno.public.inc-a1.3"
    assert again["inc-a1"].references == ()


def test_a_new_name_goes_on_with_the_chain_and_a_merger_ends_one(situation, told):
    sent = alerts(told(situation), DESK, at=LATE)
    renamed = tuple(replace(i, id="inc-zz") if i.id == "inc-b1" else i for i in situation.incidents)
    published = told(
        situation,
        incidents=renamed,
        findings=tuple(
            replace(f, incident="inc-zz") if f.incident == "inc-b1" else f
            for f in situation.findings
        ),
        assessments=tuple(
            replace(a, incident="inc-zz") if a.incident == "inc-b1" else a
            for a in situation.assessments
        ),
    )
    became = {"inc-b1": "inc-zz"}
    (update,) = alerts(published, DESK, at=LATE, sent=sent, became=became)
    assert (update.alert.message, update.alert.incidents) == (Message.UPDATE, ("inc-zz",))
    assert update.chain == "terno.public.inc-b1.1"
    merged = told(situation, incidents=tuple(i for i in situation.incidents if i.id != "inc-b1"))
    (cancel,) = alerts(merged, DESK, at=LATE, sent=sent, became={"inc-b1": "inc-a1"})
    assert (cancel.alert.message, cancel.subject) == (Message.CANCEL, "inc-b1")
    assert "told of in inc-a1" in cancel.alert.note


def not_marked(messages):
    """The messages of a drill that could be taken for the real thing."""
    return [
        one
        for one in messages
        if one.alert.status is not Status.EXERCISE
        or "<status>Exercise</status>" not in render_cap(one.alert).decode()
        or '"status": "Exercise"' not in render_alert_json(one.alert).decode()
        or not one.alert.note.startswith("EXERCISE.")
        or (one.alert.info and not one.alert.info.headline.startswith("EXERCISE."))
        or (one.alert.info and not one.alert.info.description.startswith("EXERCISE."))
    ]


def a_drill(situation, told):
    """An alert, an update and a cancel of a drill."""
    drill = replace(situation, exercise=True)
    sent = list(alerts(told(drill), DESK, at=LATE))
    verified = with_state(situation, "inc-a1", State.VERIFIED)
    sent += alerts(told(drill, findings=verified), DESK, at=LATE, sent=sent)
    sent += alerts(told(drill, assessments=()), DESK, at=LATE, sent=sent)
    assert {one.alert.message for one in sent} == set(Message)
    return sent


def test_a_drill_is_always_an_exercise(situation, told):
    assert not_marked(a_drill(situation, told)) == []


def test_saboteur_who_drops_the_mark_is_seen(situation, told, monkeypatch):
    class Careless:
        ACTUAL = EXERCISE = Status.ACTUAL

    monkeypatch.setattr(send, "Status", Careless)
    assert len(not_marked(a_drill(situation, told))) == 5


def test_what_began_as_a_drill_is_taken_back_as_one(situation, told):
    sent = alerts(told(replace(situation, exercise=True)), DESK, at=LATE)
    back = alerts(told(situation), DESK, at=LATE, sent=sent)
    cancelled = [one for one in back if one.alert.message is Message.CANCEL]
    assert len(cancelled) == 2
    assert not_marked(cancelled) == []
    assert {one.alert.status for one in back if one.alert.info} == {Status.ACTUAL}


def places(situation, told):
    text = all_bytes(alerts(told(situation), DESK, at=LATE)).lower()
    return [secret for secret in ("314159", "271828", "38.731", "27.227", "heron", "nest",
                                  "mill", "vespers", "clm-b1") if secret in text]  # fmt: skip


def test_no_exact_place_and_no_sealed_source(situation, told):
    assert places(situation, told) == []
    moved = tuple(
        replace(i, place=Point(i.place.lat + 1e-4, i.place.lon, i.place.error_m))
        if i.id == "inc-b1"
        else i
        for i in situation.incidents
    )
    claims = tuple(
        replace(c, place=next(i.place for i in moved if i.id == "inc-b1"))
        if c.id == "clm-b1"
        else c
        for c in situation.claims
    )
    before, after = (told(situation), told(situation, incidents=moved, claims=claims))
    assert all_bytes(alerts(before, DESK, at=LATE)) == all_bytes(alerts(after, DESK, at=LATE))


def test_saboteur_without_the_grid_gives_the_place(situation, told, monkeypatch):
    door = sys.modules["trucewatch.bulletins.told"]
    monkeypatch.setattr(door, "cell_centre", lambda lat, lon, _: (lat, lon))
    assert places(situation, told) == ["38.731", "27.227"]


def test_the_sweep_looks_at_an_alert_too(situation, days, public, told):
    (one, *_) = alerts(told(situation), DESK, at=LATE)
    named = replace(one.alert, note="says Heron's Nest")
    with pytest.raises(Withheld, match=r"Alert\.note"):
        sweep(compose(situation, days, None), public, named)


def too_fresh(situation, told):
    """What is told in the hour before the audience's delay has run: a day after 4 May."""
    at = datetime(2031, 5, 5, 23, 59, tzinfo=UTC)
    return [one.subject for one in alerts(told(situation), DESK, at=at)]


def test_nobody_is_told_before_the_delay_has_run(situation, told):
    assert too_fresh(situation, told) == []
    at = datetime(2031, 5, 6, 0, 0, tzinfo=UTC)  # the zone is that of UTC in May
    assert len(alerts(told(situation), DESK, at=at)) == 2


def test_saboteur_without_the_delay_tells_too_soon(situation, told, monkeypatch):
    monkeypatch.setattr(send._Sending, "_due", lambda _self, _draft: True)
    assert too_fresh(situation, told) == ["inc-a1", "inc-b1"]


def test_an_update_waits_too_and_a_cancel_does_not(situation, told):
    sent = alerts(told(situation), DESK, at=LATE)
    early = datetime(2031, 5, 5, 12, tzinfo=UTC)
    verified = told(situation, findings=with_state(situation, "inc-a1", State.VERIFIED))
    assert alerts(verified, DESK, at=early, sent=sent) == ()
    assert len(alerts(told(situation, assessments=()), DESK, at=early, sent=sent)) == 2


def a_step(**changes):
    start = datetime(2031, 5, 4, 12, tzinfo=UTC)
    whole = {
        "id": "obl-1", "trigger": "T1", "incidents": ("inc-a1",), "duty_of": ("Guild",),
        "duty": "ask both sides", "opened": start, "due": LATE, "decided_by": "the board",
        "standing": "reported", "missing": ("Assembly",),
    }  # fmt: skip
    return Obligation(**{**whole, **changes})


@pytest.mark.parametrize(
    ("hours", "progress", "urgency"),
    [
        (-5, Progress.OPEN, "Future"),
        (-1, Progress.OPEN, "Expected"),
        (0, Progress.OPEN, "Immediate"),
        (5, Progress.DISPUTED, "Immediate"),
        (5, Progress.DONE, "Past"),
        (-5, Progress.DECLINED, "Past"),
    ],
)
def test_a_step_is_as_urgent_as_its_deadline_is_near(situation, told, hours, progress, urgency):
    published = told(situation, obligations=(a_step(progress=progress),))
    at = LATE + timedelta(hours=hours)
    info = by_subject(alerts(published, DESK, at=at))["obl-1"].info
    assert info.urgency == urgency
    assert info.certainty == "Likely"
    assert ("standing", "reported") in info.facts
    assert ("approvals-missing", "Assembly") in info.facts


def test_a_step_is_cancelled_with_its_breach(situation, told):
    sent = alerts(told(situation, obligations=(a_step(),)), DESK, at=LATE)
    cancelled = a_step(progress=Progress.CANCELLED)
    (back,) = alerts(told(situation, obligations=(cancelled,)), DESK, at=LATE, sent=sent)
    assert (back.subject, back.alert.message) == ("obl-1", Message.CANCEL)
    fallen = tuple(
        replace(a, outcome=Outcome.EXEMPT) if a.incident == "inc-a1" else a
        for a in situation.assessments
    )
    back = alerts(
        told(situation, obligations=(a_step(),), assessments=fallen), DESK, at=LATE, sent=sent
    )
    assert sorted((one.subject, one.alert.message.value) for one in back) == [
        ("inc-a1", "Cancel"),
        ("obl-1", "Cancel"),
    ]


states = st.sampled_from([State.ALLEGATION, State.CORROBORATED, State.VERIFIED, State.REFUTED])


@given(st.lists(st.tuples(states, states, st.booleans(), st.integers(0, 40)), max_size=8))
def test_law_readers_hold_what_is_told_now_and_nothing_that_fell(situation, days, public, steps):
    sent, at = [], datetime(2031, 5, 4, tzinfo=UTC)
    for one, two, there, hours in steps:
        at += timedelta(hours=hours)
        now = replace(
            situation,
            findings=tuple(
                replace(f, state={"inc-a1": one, "inc-b1": two}.get(f.incident, f.state))
                for f in situation.findings
            ),
            incidents=situation.incidents if there else situation.incidents[1:],
        )
        published = redact(compose(now, days, None), public)
        sent += alerts(published, DESK, at=at, sent=sent)
        assert alerts(published, DESK, at=at, sent=sent) == ()
        stands = {"inc-a1": there and one is not State.REFUTED, "inc-b1": two is not State.REFUTED}
        for subject, holds in stands.items():
            mine = [s for s in sent if s.subject == subject]
            if not holds:
                assert not mine or mine[-1].alert.message is Message.CANCEL
            elif at >= datetime(2031, 5, 6, tzinfo=UTC):
                assert mine[-1].alert.info is not None
    identifiers = [s.alert.identifier for s in sent]
    assert len(identifiers) == len(set(identifiers))
    assert all(faults(render_cap(s.alert)) == () for s in sent)


def test_what_we_send_breaks_no_rule(situation, told):
    few = Desk(sender="terno", audience="public", scope=Scope.PRIVATE, addresses=("a",))
    some = replace(few, scope=Scope.RESTRICTED, restriction="for the island alone")
    for desk in (DESK, few, some):
        sent = alerts(told(situation, obligations=(a_step(),)), desk, at=LATE)
        sent += alerts(told(situation, assessments=()), desk, at=LATE, sent=sent)
        assert len(sent) == 6
        assert [faults(render_cap(one.alert)) for one in sent] == [()] * 6


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ((b"<sender>terno</sender>", b""), "alert lacks sender"),
        ((b"<status>Actual", b"<status>Real"), "status is 'Real'"),
        ((b"-00:00</sent>", b"Z</sent>"), "not a time with an offset in figures"),
        ((b"<identifier>terno", b"<identifier>terno, no"), "holds a blank"),
        ((b"<urgency>Past</urgency>", b""), "info lacks urgency"),
        ((b"<scope>Public</scope>", b"<scope>Restricted</scope>"), "goes with the scope Restr"),
        ((b"<scope>Public</scope>", b"<scope>Private</scope>"), "Private needs addresses"),
        ((b"<msgType>Alert", b"<msgType>Cancel"), "an Cancel needs references"),
        ((b"<scope>Public</scope>", b"<scope>Public</scope><mood>low</mood>"), "'mood'"),
        ((b"<circle>38", b"<circle>98"), "on the Earth"),
        ((b"<category>Security</category>", b"<category></category>"), "category is empty"),
        ((b"<status>", b"<status>Test</status><status>"), "alert holds status more than once"),
        ((b"<info>", b"<references>one two</references><info>"), "not sender,identifier,sent"),
        ((b"info>", b"resource>"), "an Alert without info tells nothing"),
        ((b"cap:1.2", b"cap:1.1"), "not an alert of CAP 1.2"),
        ((b"</alert>", b""), "it is not XML"),
    ],
)
def test_a_file_that_breaks_a_rule_is_seen(situation, told, change, fault):
    raw = render_cap(alerts(told(situation), DESK, at=LATE)[0].alert)
    assert change[0] in raw
    assert fault in "; ".join(faults(raw.replace(*change)))


def test_order_counts(situation, told):
    raw = render_cap(alerts(told(situation), DESK, at=LATE)[0].alert)
    root = etree.fromstring(raw)
    root.insert(0, root.find(f"{CAP}status"))
    assert "the elements of alert are not in the order of the standard" in faults(
        etree.tostring(root)
    )


def test_only_what_was_redacted_and_made_here_goes_out(situation, days):
    with pytest.raises(TypeError):
        alerts(compose(situation, days, None), DESK, at=LATE)
    for render in (render_cap, render_alert_json):
        with pytest.raises(TypeError):
            render("<alert/>")


@pytest.mark.parametrize("scope", [Scope.RESTRICTED, Scope.PRIVATE])
def test_a_desk_says_to_whom(scope):
    with pytest.raises(ValueError, match="audience has"):
        Desk(sender="terno", audience="few", scope=scope)
