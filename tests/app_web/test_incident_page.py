"""The page of one incident: what it answers, what it opens, and what stays under seal."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest
from tests.app_web.reviewed import caller, form_secret, reader, site_of, staffed

from trucewatch.app.mission import Mission
from trucewatch.app.web.accounts.noting import accesses, listed, sifted
from trucewatch.app.web.guard import forms
from trucewatch.app.web.pages import opening, reads
from trucewatch.model import Nature

SEALED = "ucdp-candidate"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A mission whose only source of events is under seal."""
    return site_of(staffed(tmp_path_factory.mktemp("sealed") / "mission", sealed=SEALED))


@pytest.fixture(scope="module")
def told(site):
    """An event of the sealed source: the incident, the name and the texts that nobody may read."""
    with Mission.open(site.folder, readonly=True) as mission:
        derived = mission.store.derived()
        incident = next(
            i for i in derived.incidents if i.nature is Nature.EVENT and len(i.claims) == 1
        )
        claim = mission.store.find(incident.claims[0])
        report = mission.store.find(claim.report)
        name = mission.configuration().sources[SEALED].name
        entries = [index for index, _ in mission.store.report_entries(report.id)]
    return {
        "incident": incident.id,
        "claim": claim.id,
        "report": report.id,
        "entry": entries[0],
        "secrets": [name, SEALED, report.text],
    }


@pytest.fixture(scope="module")
def hot(site):
    """A fire of several open accounts."""
    with Mission.open(site.folder, readonly=True) as mission:
        found = mission.store.derived().incidents
    return max((i for i in found if i.nature is Nature.FIRE), key=lambda i: len(i.claims)).id


PATHS = ("/incidents/{incident}", "/incidents/{incident}/why", "/incidents/{incident}/picture.svg",
         "/queue?pick={incident}", "/incidents/{incident}/why?part=true")  # fmt: skip


@pytest.mark.parametrize("person", ["ana", "ann", "chief", "clerk"])
@pytest.mark.parametrize("path", PATHS)
def test_a_source_under_seal_is_told_to_nobody(site, told, path, person):
    answer = reader(site, person).get(path.format(**told))
    assert answer.status_code == 200, answer.text[:300]
    for secret in told["secrets"]:
        assert secret not in answer.text


def test_without_the_veil_the_seal_would_be_broken(site, told, monkeypatch):
    monkeypatch.setattr(opening.Veil, "is_open", lambda *_: True)
    data = opening.arithmetic(site, told["incident"])
    assert any(told["secrets"][2] in str(one) for one in (data["reports"], data["claims"]))


def test_bytes_and_proofs_of_a_sealed_source_are_not_here(site, told):
    path = f"/incidents/{told['incident']}"
    ann = reader(site, "ann")
    assert ann.get(f"{path}/records/{told['report']}/{told['entry']}").status_code == 404
    assert ann.get(f"{path}/proofs/{told['entry']}").status_code == 404


def test_an_identity_is_opened_with_a_reason_by_who_may_and_noted(site, told):
    path = f"/incidents/{told['incident']}/identity"
    ann = reader(site, "ann")
    page = ann.get(f"/incidents/{told['incident']}").text
    form = {"csrf": form_secret(page), "account": told["claim"], "reason": "to ask them again"}
    assert ann.post(path, data={**form, "reason": " "}).status_code == 422
    before = len([one for one in accesses(site.folder) if one.what == "identity"])
    assert before == 0
    answer = ann.post(path, data=form)
    assert answer.status_code == 200
    assert told["secrets"][0] in answer.text
    assert answer.headers["cache-control"].endswith("no-store")
    (noted,) = [one for one in accesses(site.folder) if one.what == "identity"]
    assert (noted.by, noted.id, noted.reason) == ("ann", told["claim"], "to ask them again")
    for person in ("ana", "clerk", "pam", "mem", "team", "obs"):
        other = reader(site, person)
        form["csrf"] = secret_of(site, other)
        refused = other.post(path, data=form)
        assert refused.status_code == 403
        assert told["secrets"][0] not in refused.text
    assert len([one for one in accesses(site.folder) if one.what == "identity"]) == 1


def secret_of(site, client):
    """The secret of a form in this browser, whatever page would show it."""
    name = client.headers["Cookie"].partition("=")[2]
    bound = f"session {site.accounts.store.session(name).digest}"
    return forms.made(site.accounts.store.secret(), bound)


def test_what_is_opened_is_noted_before_it_is_shown(site, hot, monkeypatch):
    ana = reader(site, "ana")
    assert ana.get(f"/incidents/{hot}/why").status_code == 200
    assert [one.id for one in accesses(site.folder) if one.what == "joined" and one.by == "ana"]

    def full(*_):
        from trucewatch.errors import EvidenceError

        raise EvidenceError("the disk is full")

    monkeypatch.setattr(type(site.accounts.notes), "read", full)
    refused = ana.get(f"/incidents/{hot}/why")
    assert refused.status_code == 503
    assert "next best reading" not in refused.text


@pytest.mark.parametrize("person", [None, "obs", "pam", "mem", "team"])
def test_those_outside_open_nothing(site, hot, person):
    client = reader(site, person)
    page = client.get(f"/incidents/{hot}").text
    assert "Can I trust it?" in page
    for word in ("as received", "log entry", "Your ruling", "Open the arithmetic", "clm-"):
        assert word not in page, word
    for path in ("why", "picture.svg", "proofs/1", "records/rep-0123/1"):
        answer = client.get(f"/incidents/{hot}/{path}")
        assert answer.status_code == 403, path
    queue = client.get("/queue")
    assert queue.status_code == (401 if person is None else 403)


def test_bytes_are_text_and_are_downloaded_as_such(site, hot):
    ana = reader(site, "ana")
    page = ana.get(f"/incidents/{hot}").text
    path = page.split('">as received')[0].rsplit('href="', 1)[1]
    shown = ana.get(path)
    assert shown.status_code == 200
    assert '<pre class="bytes"' in shown.text
    file = ana.get(f"{path}?download=true")
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.content.decode().split(",")[0] in shown.text


def test_there_is_nothing_under_another_name(site):
    ana = reader(site, "ana")
    assert ana.get("/incidents/inc-0123456789abcdef").status_code == 404
    assert ana.get("/incidents/../queue").status_code in {200, 404}
    assert ana.get("/incidents/%3Cscript%3E").status_code in {404, 422}


def test_the_queue_shows_who_may_not_rule_no_way_to_rule(site):
    page = reader(site, "ana").get("/queue").text
    assert "since receipt" in page
    assert "somebody is said to be killed" in page
    assert "<textarea" not in page
    assert reader(site, "ana").get("/queue?colour=red").status_code == 200
    assert "Nothing that waits" in reader(site, "ana").get("/queue?state=nowhere").text
    assert reader(site, "ana").get("/queue?after=nonsense").status_code == 400


def test_a_token_that_may_not_read_opens_nothing(site, hot):
    client = caller(site, "ann", scopes=("review",))
    assert client.get(f"/incidents/{hot}/why").status_code == 403


def read_back(client, **asked):
    answer = client.get("/reads", params=asked)
    assert answer.status_code == 200
    return answer.text


def test_the_lead_reads_who_looked_at_what(site, told):
    ann, path = reader(site, "ann"), f"/incidents/{told['incident']}"
    form = {"csrf": form_secret(ann.get(path).text), "account": told["claim"]}
    answer = ann.post(f"{path}/identity", data=form | {"reason": "<b>a court</b> asks"})
    assert answer.status_code == 200
    reader(site, "ana").get(f"{path}/why")
    chief = reader(site, "chief")
    page = read_back(chief)
    for words in (told["claim"], "&lt;b&gt;a court&lt;/b&gt; asks", "Office ANN",
                  "identity behind a seal", "why accounts were joined"):  # fmt: skip
        assert words in page, words
    assert not [secret for secret in told["secrets"] if secret in page]
    assert f'href="{path}"' in read_back(chief, what="joined")
    of_ann = read_back(chief, by="ann", what="identity")
    assert told["claim"] in of_ann
    assert "Office ANA</bdi>" not in of_ann
    assert "Nothing that was noted passes these filters." in read_back(chief, by="nobody")
    # The same as the command tells, and this look is one of them.
    zone = ZoneInfo("Europe/Kyiv")
    assert sifted(listed(site.folder, zone), by="chief", what="reads")
    for person in PEOPLE_BUT_THE_LEAD:
        assert reader(site, person).get("/reads").status_code == 403, person
    assert reader(site, None).get("/reads").status_code == 401
    assert caller(site, "chief", scopes=("report",)).get("/reads").status_code == 403


PEOPLE_BUT_THE_LEAD = ("obs", "pam", "mem", "team", "ana", "ann", "clerk")


def test_without_its_guard_the_desk_reads_what_was_noted(site, monkeypatch):
    monkeypatch.setattr(reads, "AUDITORS", frozenset({"desk"}))
    assert reader(site, "clerk").get("/reads").status_code == 200


def test_what_was_noted_is_turned_over_page_by_page(site, monkeypatch):
    monkeypatch.setattr(reads, "ROWS", 2)
    chief = reader(site, "chief")
    read_back(chief)
    all_of_it = listed(site.folder, ZoneInfo("Europe/Kyiv"))
    path, seen = "/reads?what=sign-in", 0
    while path:
        page = chief.get(path).text
        seen += page.count('<tr><th scope="row">')
        more = re.search('rel="next" href="([^"]+)"', page)
        path = more and more[1].replace("&amp;", "&")
    assert seen == len(sifted(all_of_it, what="sign-in")) > 4
    assert "To the beginning" in page
    first = chief.get("/reads?skip=x").text
    assert "To the beginning" not in first
    assert "To the beginning" not in chief.get("/reads?skip=99999999").text


def test_only_the_lead_is_led_to_what_was_noted(site):
    for person, shown in (("chief", True), ("clerk", False), ("ann", False)):
        for path in ("/account", "/evidence"):
            assert ('href="/reads"' in reader(site, person).get(path).text) is shown, person


def test_before_the_first_bulletin_the_public_is_not_told_that_nothing_came_in(site):
    public, inside = (reader(site, who).get("/sources").text for who in (None, "ana"))
    assert "no bulletin has told of it yet" in public
    assert "this does not say that nothing came in" in public
    for words in ("Nothing has come in", "was set aside"):
        assert words not in public
    assert "records received" in inside
    assert "No record of these sources was set aside." in inside
