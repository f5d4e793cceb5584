"""Forms of the incident page and the queue: what is missing is told, and nothing is entered."""

from __future__ import annotations

import pytest
from tests.app_web.reviewed import caller, form_secret, reader, site_of, size, staffed

from trucewatch.app.mission import Mission
from trucewatch.app.web.acting import acts, wording
from trucewatch.app.web.viewer import Viewer
from trucewatch.errors import NotFound, Refused
from trucewatch.findings.hearing.authority import REVIEWERS
from trucewatch.model import Nature, Ruling


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return site_of(staffed(tmp_path_factory.mktemp("forms") / "mission"))


@pytest.fixture(scope="module")
def incidents(site):
    with Mission.open(site.folder, readonly=True) as mission:
        return [i.id for i in mission.store.derived().incidents if i.nature is Nature.EVENT]


@pytest.fixture(scope="module")
def form(site, incidents):
    """Ann's page of the first incident, and what its forms carry."""
    ann = reader(site, "ann")
    page = ann.get(f"/incidents/{incidents[0]}").text
    return ann, {
        "csrf": form_secret(page),
        "seen": page.split('name="seen" value="')[1].split('"')[0],
        "reason": "seen on site",
    }


def sent(site, form, incident, act, **more):
    """A form sent; nothing may be entered by it."""
    ann, fields = form
    before = size(site.folder)
    answer = ann.post(f"/incidents/{incident}/{act}", data={**fields, **more})
    assert size(site.folder) == before
    return answer


@pytest.mark.parametrize("ruling", ["", "agree", "release"])
def test_a_ruling_is_one_that_the_form_offers(site, form, incidents, ruling):
    answer = sent(site, form, incidents[0], "reviews", ruling=ruling)
    assert answer.status_code == 422
    assert "choose what you rule" in answer.text


def test_a_split_names_what_is_to_be_parted(site, form, incidents):
    answer = sent(site, form, incidents[0], "split")
    assert answer.status_code == 422
    assert "tick the accounts" in answer.text


def test_an_account_of_another_incident_is_not_parted(site, form, incidents):
    answer = sent(site, form, incidents[0], "split", **{"part-clm-0123456789abcdef": "1"})
    assert answer.status_code in {400, 404, 422}


@pytest.mark.parametrize("entry", ["", "x", "-1", "1.5", "1" * 19, "\u0661"])
def test_an_undo_names_a_log_entry(site, form, incidents, entry):
    answer = sent(site, form, incidents[0], "undo", entry=entry)
    assert answer.status_code == 422
    assert "name the log entry" in answer.text


def test_an_entry_that_speaks_of_something_else_is_not_taken_back(site, form, incidents):
    assert sent(site, form, incidents[0], "undo", entry="0").status_code == 404


def test_a_merge_with_what_there_is_not_finds_nothing(site, form, incidents):
    answer = sent(site, form, incidents[0], "reviews", ruling="merge", other="inc-0123456789abcdef")
    assert answer.status_code == 404
    answer = sent(site, form, incidents[0], "reviews", ruling="duplicate", other="nonsense")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "say what you saw"),
        ("clm-0123", "say what you saw"),
        ("clm-0123|" + "1 " * wording.LONGEST_SEEN, "say what you saw"),
        ("|12", "which accounts"),
        ("clm-XYZ|12", "which accounts"),
        ("clm-0123|01", "which log entries"),
        ("clm-0123|-1", "which log entries"),
        (f"clm-0123|{'9' * 19}", "which log entries"),
    ],
)
def test_what_somebody_saw_is_read_strictly(text, said):
    with pytest.raises(Refused, match=said):
        wording.read_seen(text)


def test_what_somebody_saw_is_carried_whole():
    text = wording.seen_text(["clm-0456", "clm-0123"], [12, 3])
    seen = wording.read_seen(text)
    assert text == "clm-0123 clm-0456|3 12"
    assert (seen.claims, seen.entries) == ({"clm-0123", "clm-0456"}, {3, 12})


def test_the_acts_themselves_refuse_what_no_form_offers(site, incidents):
    """The guard does not rest on the forms: whoever calls the act meets it, too."""
    ann = Viewer(roles=frozenset({"public", *REVIEWERS}), person="ann")
    seen = wording.read_seen("clm-0123|")
    with pytest.raises(Refused, match="taken back by its log entry"):
        acts.rule(site, ann, incidents[0], Ruling.RELEASE, reason="x", seen=seen)
    with pytest.raises(NotFound):
        acts.rule(site, ann, "inc-0123456789abcdef", Ruling.CONFIRM, reason="x", seen=seen)
    with pytest.raises(NotFound):
        acts.rule(site, ann, incidents[0], Ruling.DUPLICATE, reason="x", seen=seen, other="inc-01")
    with pytest.raises(Refused, match="is no party"):
        acts.notify(site, ann, incidents[0], party="nobody")


def test_an_incident_is_named_by_its_whole_id(site, incidents):
    """A beginning would do on the command line; a page names what was looked at."""
    answer = caller(site, "ann").post(
        f"/api/v1/incidents/{incidents[0][:10]}/reviews",
        json={"ruling": "confirm", "reason": "x", "seen": {"claims": ["clm-0123"], "entries": []}},
    )
    assert answer.status_code == 404


def test_a_form_of_the_queue_with_nothing_chosen_finds_nothing(site, form):
    ann, fields = form
    before = size(site.folder)
    answer = ann.post("/queue/acts", data={**fields, "incident": "", "act": "confirm"})
    assert (answer.status_code, size(site.folder)) == (404, before)
