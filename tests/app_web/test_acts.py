"""What people enter through the application: who may, on what they saw, and what comes of it."""

from __future__ import annotations

import re

import pytest
from tests.app_web.reviewed import ROLES, caller, form_secret, look, reader, site_of, size, staffed

from trucewatch.app import beside
from trucewatch.app.findings import regrouping
from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping
from trucewatch.app.web.accounts.noting import Notes, accesses
from trucewatch.app.web.acting import acts, rights
from trucewatch.app.web.api import acts as calls
from trucewatch.errors import EvidenceError
from trucewatch.model import Nature, Review

PEOPLE = (None, *ROLES)
MAY = {
    "review": {"ann", "ben", "chief"},
    "split": {"ann", "ben", "chief"},
    "notify": {"ann", "ben", "chief", "clerk"},
    "reply": {"pam", "clerk"},
    "reply for another": {"clerk"},
}
"""Who may do what: reviewing, telling, and speaking for a party."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return site_of(staffed(tmp_path_factory.mktemp("acts") / "mission"))


@pytest.fixture(scope="module")
def events(site):
    """Incidents that nobody has touched yet, handed out one at a time."""
    with Mission.open(site.folder, readonly=True) as mission:
        found = [i.id for i in mission.store.derived().incidents if i.nature is Nature.EVENT]
    return iter(found)


@pytest.fixture(scope="module")
def pair(site, events):
    """Two incidents that nobody has touched yet and that people may join."""
    with Mission.open(site.folder, readonly=True) as mission:
        found = {one.id: one for one in mission.store.derived().incidents}
        held = regrouping._inseparable(mission, [*found.values()])
    vague = {claim for together, why in held if why for claim in together}
    joined = (name for name in events if not vague & {*found[name].claims})
    return lambda: (next(joined), next(joined))


def review(client, incident, seen, **more):
    body = {"ruling": "confirm", "reason": "seen on site", "seen": seen, **more}
    return client.post(f"/api/v1/incidents/{incident}/reviews", json=body)


def call(client, act, incident, seen):
    post = f"/api/v1/incidents/{incident}"
    if act == "review":
        return review(client, incident, seen)
    if act == "split":
        return review(client, incident, seen, ruling="split", part=seen["claims"][:1])
    if act == "notify":
        return client.post(f"{post}/notifications", json={"party": "ukraine"})
    party = "ukraine" if act == "reply" else "russia"
    return client.post(f"{post}/replies", json={"party": party, "words": "It was not so."})


@pytest.mark.parametrize("act", MAY)
def test_every_act_as_every_role(site, events, act):
    for person in PEOPLE:
        incident = next(events)
        before = size(site.folder)
        answer = call(caller(site, person), act, incident, look(site, incident))
        entered = size(site.folder) - before
        if person not in MAY[act]:
            assert answer.status_code in {401, 403}, (person, act, answer.text)
            assert entered == 0, (person, act)
        elif act == "split":
            # They may, and one account alone cannot be parted: that is told, and nothing entered.
            assert (answer.status_code, entered) == (400, 0), answer.text
        else:
            assert (answer.status_code, entered) == (201, 1), (person, act, answer.text)
            assert answer.json()["log_index"] == before


def test_a_refusal_does_not_tell_what_there_is(site, events):
    client = caller(site, "pam")
    there = review(client, next(events), {"claims": ["clm-0123456789abcdef"], "entries": []})
    nowhere = review(client, "inc-0123456789abcdef", {"claims": ["clm-0123"], "entries": []})
    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())


def test_a_token_is_good_for_its_scopes_alone(site, events):
    incident = next(events)
    seen = look(site, incident)
    before = size(site.folder)
    assert review(caller(site, "ann", scopes=("read",)), incident, seen).status_code == 403
    assert review(caller(site, "ann", scopes=("read", "reply")), incident, seen).status_code == 403
    # Who may not look does not speak on what they cannot have seen, their party's matters included.
    assert review(caller(site, "ann", scopes=("review",)), incident, seen).status_code == 403
    answer = call(caller(site, "pam", scopes=("reply",)), "reply", incident, seen)
    assert answer.status_code == 403
    assert "'read'" in answer.json()["detail"]
    assert size(site.folder) == before


def test_where_rights_are_not_asked_the_log_still_refuses(site, events, monkeypatch):
    """The act asks for rights, and so does the entry itself: without the first the second holds."""
    for module in (acts, calls):
        monkeypatch.setattr(module, "require", lambda viewer, _act: viewer.person)
    incident = next(events)
    before = size(site.folder)
    assert review(caller(site, "ana"), incident, look(site, incident)).status_code == 400
    assert size(site.folder) == before


def test_two_must_be_two(site, events):
    incident = next(events)
    ann, ben = caller(site, "ann"), caller(site, "ben")
    first = review(ann, incident, look(site, incident))
    assert first.json()["needs_second"] is True
    again = review(ann, incident, first.json()["seen"])
    assert again.status_code == 409
    assert "the second of two must be somebody else" in again.json()["detail"]
    second = review(ben, incident, first.json()["seen"])
    assert second.status_code == 201
    with Mission.open(site.folder, readonly=True) as mission:
        rulings = [
            one.by
            for one in mission.decisions()
            if isinstance(one.decision, Review) and one.decision.incident == incident
        ]
    assert rulings == ["ann", "ben"]


def test_without_the_guard_one_person_says_it_twice(site, events, monkeypatch):
    monkeypatch.setattr(acts, "check_new", lambda *_, **__: None)
    incident = next(events)
    ann = caller(site, "ann")
    first = review(ann, incident, look(site, incident))
    assert review(ann, incident, first.json()["seen"]).status_code == 201


def test_what_changed_since_somebody_looked_is_told_and_asked_again(site, events):
    incident = next(events)
    seen = look(site, incident)
    before = size(site.folder)
    fewer = {**seen, "claims": ["clm-00000000"]}
    stale = review(caller(site, "ann"), incident, fewer)
    assert stale.status_code == 409
    assert any("joined it" in one for one in stale.json()["changes"])
    assert any("clm-00000000 has left it" in one for one in stale.json()["changes"])
    assert size(site.folder) == before
    # Somebody else has ruled meanwhile, and no run has told of it yet.
    assert review(caller(site, "ben"), incident, seen).status_code == 201
    late = review(caller(site, "ann"), incident, seen)
    assert late.status_code == 409
    assert any("Office BEN entered confirm" in one for one in late.json()["changes"])
    assert size(site.folder) == before + 1
    assert review(caller(site, "ann"), incident, late.json()["seen"]).status_code == 201


def test_without_the_check_a_set_that_nobody_saw_is_confirmed(site, events, monkeypatch):
    monkeypatch.setattr(acts, "check_seen", lambda *_: None)
    incident = next(events)
    wrong = {"claims": ["clm-00000000"], "entries": []}
    answer = review(caller(site, "ann"), incident, wrong)
    assert answer.status_code == 201, "the check of what was seen holds nothing up"


def test_a_ruling_is_taken_back_by_who_gave_it_and_stays_in_the_log(site, events):
    incident = next(events)
    ann, ben, chief = (caller(site, who) for who in ("ann", "ben", "chief"))
    index = review(ann, incident, look(site, incident)).json()["log_index"]
    path = f"/api/v1/incidents/{incident}/undo"
    body = {"entry": index, "reason": "the wrong one"}
    before = size(site.folder)
    assert ben.post(path, json=body).status_code == 400
    assert chief.post(path, json=body).status_code == 400
    assert caller(site, "clerk").post(path, json=body).status_code == 403
    assert ann.post(path, json={**body, "entry": 0}).status_code == 404
    assert size(site.folder) == before
    taken = ann.post(path, json=body)
    assert (taken.status_code, taken.json()["log_index"]) == (201, before)
    assert ann.post(path, json=body).status_code == 400
    with Mission.open(site.folder, readonly=True) as mission:
        said = [one for one in mission.decisions() if one.index in {index, before}]
    assert [one.decision.ruling.value for one in said] == ["confirm", "release"]


def test_a_merge_is_entered_and_taken_back(site, pair):
    one, other = pair()
    ann = caller(site, "ann")
    seen, both = look(site, one), {"ruling": "merge", "other": other}
    both["seen_other"] = look(site, other)
    merged = review(ann, one, seen, **both)
    assert merged.status_code == 201, merged.text
    stale = review(ann, one, seen, **both)
    assert stale.status_code == 409
    body = {"entry": merged.json()["log_index"], "reason": "they are two"}
    assert ann.post(f"/api/v1/incidents/{one}/undo", json=body).status_code == 201


def test_nobody_joins_what_they_have_not_looked_at(site, pair):
    """Of the other incident of a merge, too, what came since is told, and asked again."""
    one, other = pair()
    ann, ben = caller(site, "ann"), caller(site, "ben")
    seen, looked = look(site, one), look(site, other)
    before = size(site.folder)
    both = {"ruling": "merge", "other": other}
    unseen = review(ann, one, seen, **both)
    assert unseen.status_code == 409
    assert unseen.json()["changes"] == [f"You have not looked at {other} yet."]
    assert unseen.json()["seen_other"] == looked
    assert "seen" not in unseen.json(), "what was chosen is as it was seen"
    fewer = {**looked, "claims": ["clm-00000000"]}
    assert review(ann, one, seen, **both, seen_other=fewer).status_code == 409
    assert size(site.folder) == before
    # Somebody rules on the other one meanwhile.
    assert review(ben, other, looked).status_code == 201
    late = review(ann, one, seen, **both, seen_other=looked)
    assert late.status_code == 409
    assert late.json()["changes"][0] == f"{other} has changed since you looked."
    assert any("Office BEN entered confirm" in each for each in late.json()["changes"])
    assert size(site.folder) == before + 1
    now = late.json()["seen_other"]
    assert review(ann, one, seen, **both, seen_other=now).status_code == 201


def test_without_the_check_of_the_other_a_change_is_lost_unseen(site, pair, monkeypatch):
    monkeypatch.setattr(acts, "check_other", lambda *_: None)
    one, other = pair()
    looked = look(site, other)
    assert review(caller(site, "ben"), other, looked).status_code == 201
    ann, seen = caller(site, "ann"), look(site, one)
    both = {"ruling": "merge", "other": other}
    # Other accounts the entry itself still refuses; of what people said meanwhile it knows nothing.
    fewer = {**looked, "claims": ["clm-00000000"]}
    assert review(ann, one, seen, **both, seen_other=fewer).status_code == 400
    answer = review(ann, one, seen, **both, seen_other=looked)
    assert answer.status_code == 201, "the check of the other incident holds nothing up"


def test_a_form_shows_the_other_incident_before_it_joins(site, events, pair):
    one, other = pair()
    ann = reader(site, "ann")
    page = ann.get(f"/incidents/{one}").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form = {"csrf": form_secret(page), "seen": seen, "ruling": "merge", "other": other}
    form["reason"] = "one and the same"
    before = size(site.folder)
    asked = ann.post(f"/incidents/{one}/reviews", data=form)
    assert (asked.status_code, size(site.folder)) == (409, before)
    assert f"You have not looked at {other} yet." in asked.text
    assert f'href="/incidents/{other}"' in asked.text
    assert f'name="other" value="{other}"' in asked.text, "what somebody wrote is not lost"
    looked = asked.text.split(f'name="seen-{other}" value="')[1].split('"')[0]
    # A fault of another sort leaves what was looked at as it was.
    unsaid = ann.post(
        f"/incidents/{one}/reviews", data={**form, f"seen-{other}": looked, "reason": " "}
    )
    assert (unsaid.status_code, size(site.folder)) == (422, before)
    assert f'name="seen-{other}" value="{looked}"' in unsaid.text
    third = ann.post(
        f"/incidents/{one}/reviews", data={**form, f"seen-{other}": looked, "other": next(events)}
    )
    assert (third.status_code, size(site.folder)) == (409, before)
    done = ann.post(f"/incidents/{one}/reviews", data={**form, f"seen-{other}": looked})
    assert (done.status_code, size(site.folder)) == (200, before + 1)


def test_the_queue_carries_what_it_shows_of_the_other(site):
    """Where both stand in the list, both were looked at; a script is told of the other."""
    ann = reader(site, "ann")
    ann.headers["Accept"] = "application/json"
    page = ann.get("/queue?state=reported", headers={"Accept": "text/html"}).text
    shown = dict(re.findall(r'name="seen-(inc-[0-9a-f]+)" value="([^"]+)"', page))
    one, other = [name for name, text in shown.items() if text == as_text(look(site, name))][:2]
    form = {"csrf": form_secret(page), "incident": one, "act": "merge", "other": other}
    form |= {"reason": "one and the same", f"seen-{one}": shown[one]}
    asked = ann.post("/queue/acts", data=form)
    assert asked.status_code == 409
    assert asked.json()["other"] == other
    assert asked.json()["seen_other"] == shown[other]
    done = ann.post("/queue/acts", data={**form, f"seen-{other}": shown[other]})
    assert done.status_code == 200, done.text


def as_text(seen):
    return f"{' '.join(seen['claims'])}|{' '.join(map(str, seen['entries']))}"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ruling": "confirm", "reason": "", "seen": {"claims": ["clm-0123"], "entries": []}},
        {"ruling": "confirm", "reason": "x", "seen": {"claims": [], "entries": []}},
        {"ruling": "release", "reason": "x", "seen": {"claims": ["clm-0123"], "entries": []}},
        {"ruling": "confirm", "reason": "x" * 2001, "seen": {"claims": ["clm-01"], "entries": []}},
        {"ruling": "confirm", "reason": "x", "seen": {"claims": ["../../x"], "entries": [-1]}},
    ],
)
def test_what_is_not_of_the_form_is_refused(site, events, body):
    before = size(site.folder)
    answer = caller(site, "ann").post(f"/api/v1/incidents/{next(events)}/reviews", json=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert size(site.folder) == before


def test_a_form_does_the_same_without_a_script(site, events):
    incident = next(events)
    ann = reader(site, "ann")
    page = ann.get(f"/incidents/{incident}").text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form = {"csrf": form_secret(page), "seen": seen, "ruling": "refute", "reason": "a drill"}
    before = size(site.folder)
    without = ann.post(f"/incidents/{incident}/reviews", data={**form, "csrf": ""})
    assert (without.status_code, size(site.folder)) == (403, before)
    unsaid = ann.post(f"/incidents/{incident}/reviews", data={**form, "reason": " "})
    assert (unsaid.status_code, size(site.folder)) == (422, before)
    answer = ann.post(f"/incidents/{incident}/reviews", data=form)
    assert answer.status_code == 200
    assert f"Entered as log entry {before}: refute." in answer.text
    assert "Undo" in answer.text
    stale = reader(site, "ben")
    page = stale.get(f"/incidents/{incident}").text
    asked = {**form, "csrf": form_secret(page), "ruling": "confirm", "reason": "I was there"}
    answer = stale.post(f"/incidents/{incident}/reviews", data=asked)
    assert answer.status_code == 409
    assert "Office ANN entered refute" in answer.text
    assert "I was there" in answer.text, "what somebody wrote is not lost"
    assert f"|{before}" in answer.text, "the next one is on what there is now"


def test_a_party_replies_and_a_state_dissents_on_the_page(site, events):
    incident = next(events)
    pam = reader(site, "pam")
    page = pam.get(f"/incidents/{incident}").text
    assert 'action="/incidents/' in page
    assert "Your ruling" not in page
    assert 'option value="russia"' not in page
    form = {"csrf": form_secret(page), "party": "ukraine", "words": "Our post was fired upon."}
    answer = pam.post(f"/incidents/{incident}/replies", data=form)
    assert "the reply is printed beside the finding" in answer.text
    other = pam.post(f"/incidents/{incident}/replies", data={**form, "party": "russia"})
    assert other.status_code == 403
    mem = reader(site, "mem")
    page = mem.get(f"/incidents/{incident}").text
    form = {"csrf": form_secret(page), "state": "france", "words": "We see it otherwise."}
    assert "the dissent is printed" in mem.post(f"/incidents/{incident}/dissents", data=form).text
    form["state"] = "germany"
    assert mem.post(f"/incidents/{incident}/dissents", data=form).status_code == 403


def test_an_act_waits_for_another_writer_and_gives_up(site, events, monkeypatch):
    monkeypatch.setattr(beside, "PATIENCE_S", 0.1)
    incident = next(events)
    seen = look(site, incident)
    with Mission.open(site.folder):
        answer = review(caller(site, "ann"), incident, seen)
    assert answer.status_code == 503
    assert review(caller(site, "ann"), incident, seen).status_code == 201


def test_who_may_is_the_same_by_rights_as_by_the_entries_own_rule():
    """The two tables must not drift apart: reviewers, tellers, the desk."""
    from trucewatch.app.web.viewer import Viewer

    for name, (role, _) in ROLES.items():
        viewer = Viewer(
            roles=frozenset({"public", role}),
            person=name,
            party="ukraine" if role == "party" else None,
        )
        assert rights.may(viewer, rights.Act.REVIEW) is (name in MAY["review"])
        assert rights.may(viewer, rights.Act.NOTIFY) is (name in MAY["notify"])
        assert rights.may(viewer, rights.Act.REPLY) is (name in MAY["reply"])


def test_the_helpers_name_every_role():
    assert {role for role, _ in ROLES.values()} | {"public"} == set(reviewed_roles())


def reviewed_roles():
    from trucewatch.app.web.policy import policy

    return policy().roles


def contact(page, **more):
    """A contact over the hotline, as its form sends it."""
    form = {"csrf": form_secret(page), "party": ["russia", "ukraine"], "channel": "the red line"}
    return form | {"at": "2026-04-12T08:00", "subject": "the crossing", "answered": "yes"} | more


def test_the_desk_keeps_the_hotlines_log_and_each_look_is_noted(site):
    clerk = reader(site, "clerk")
    empty = clerk.get("/hotline")
    assert empty.status_code == 200
    assert "No contact has been entered." in empty.text
    before = size(site.folder)
    done = clerk.post("/hotline", data=contact(empty.text), follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, "/hotline?done=1")
    unanswered = contact(empty.text, subject="the mill")
    unanswered.pop("answered")
    assert clerk.post("/hotline", data=unanswered, follow_redirects=False).status_code == 303
    page = clerk.get("/hotline?done=1").text
    assert "1 was not answered." in page
    assert "The contact was entered." in page
    assert 'datetime="2026-04-12T08:00+03:00"' in page
    assert page.index("the mill") < page.index("the crossing"), "the newest first"
    assert size(site.folder) == before, "nothing of it stands in the evidence log"
    noted = {one.by for one in accesses(site.folder) if one.what == "contacts"}
    assert noted == {"clerk"}
    with Mission.open(site.folder, readonly=True) as mission:
        told = keeping.contacts(mission)["contacts"]
    assert [(one["subject"], one["answered"]) for one in told] == [
        ("the crossing", True),
        ("the mill", False),
    ]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"party": ["ukraine"]}, "between two parties"),
        ({"party": ["ukraine", "<script>"]}, "no party of the agreement"),
        ({"at": "yesterday"}, "write day and hour"),
        ({"at": "2031-01-01T08:00"}, "its time lies ahead"),
        ({"subject": " "}, "say in words"),
    ],
)
def test_a_contact_that_is_none_comes_back_as_it_was_filled_in(site, wrong, why):
    chief = reader(site, "chief")
    form = contact(chief.get("/hotline").text, channel="a radio <7>", **wrong)
    answer = chief.post("/hotline", data=form)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="a radio &lt;7&gt;"' in answer.text
    assert "<script>" not in answer.text.split("<h1", 1)[1]


def test_a_token_for_reading_enters_no_contact(site):
    form = contact('name="csrf" value="x"', at="2026-04-13T08:00")
    for scopes, status in ((("read",), 403), (("read", "notice"), 303)):
        clerk = caller(site, "clerk", scopes=scopes)
        assert clerk.post("/hotline", data=form, follow_redirects=False).status_code == status


def test_a_look_that_cannot_be_noted_is_not_shown(site, monkeypatch):
    def full(*_):
        raise EvidenceError("the disk is full")

    clerk, chief = reader(site, "clerk"), reader(site, "chief")
    monkeypatch.setattr(Notes, "once", full)
    for client, path in ((clerk, "/hotline"), (chief, "/reads")):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "the red line" not in answer.text
        assert "clerk" not in answer.text
