"""What is opened on demand is what was named, whole, and of no source under seal."""

from __future__ import annotations

import hashlib

import pytest
from tests.app_web.reviewed import reader, site_of, staffed

from trucewatch.app.mission import Mission
from trucewatch.app.web.pages import opening
from trucewatch.errors import NotFound
from trucewatch.model import Nature

SEALED = "ucdp-candidate"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return site_of(staffed(tmp_path_factory.mktemp("opening") / "mission", sealed=SEALED))


@pytest.fixture(scope="module")
def found(site):
    """One incident of an open source and one of the sealed, with claim, report and entries."""
    with Mission.open(site.folder, readonly=True) as mission:
        held = mission.store.derived()
        out = {}
        for incident in held.incidents:
            if incident.nature is Nature.STATIC_SOURCE:
                continue
            for name in incident.claims:
                claim = mission.store.find(name)
                entries = list(mission.store.report_entries(claim.report))
                sort = "sealed" if claim.source == SEALED else "open"
                out.setdefault(sort, (incident.id, claim.id, claim.report, entries))
                if len(out) == 2:
                    return out
    raise AssertionError("both sorts are there")


def test_bytes_are_those_that_the_log_holds(site, found):
    _, _, report, entries = found["open"]
    index, raw = entries[0]
    told = opening.record(site, report, index)
    with Mission.open(site.folder, readonly=True) as mission:
        payload = mission.payload(raw.payload)
    assert hashlib.sha256(payload).hexdigest() == told["payload"]
    assert told["bytes"] in payload
    assert (told["of"], told["length"]) == (len(payload), len(told["bytes"]))
    assert told["text"].encode() == told["bytes"]


def test_another_entry_than_the_report_stands_in_is_not_opened(site, found):
    _, _, report, entries = found["open"]
    other = max(index for index, _ in entries) + 1
    with pytest.raises(NotFound, match=f"in log entry {other}"):
        opening.record(site, report, other)


def test_a_report_or_account_is_named_by_its_whole_id(site, found):
    _, claim, report, entries = found["open"]
    for name in (report[:-1], claim, "rpt-0123456789abcdef", ""):
        with pytest.raises(NotFound):
            opening.record(site, name, entries[0][0])
    for name in (claim[:-1], report, "clm-0123456789abcdef", ""):
        with pytest.raises(NotFound):
            opening.identity(site, name)
    assert opening.identity(site, claim)["claim"] == claim


def test_bytes_under_seal_are_not_there(site, found):
    _, claim, report, entries = found["sealed"]
    with pytest.raises(NotFound, match="no record"):
        opening.record(site, report, entries[0][0])
    # Who stands behind it is opened by itself, with a reason that is noted before.
    assert opening.identity(site, claim)["id"] == SEALED


def test_an_incident_is_explained_by_its_whole_id(site, found):
    incident, claim, *_ = found["open"]
    assert opening.arithmetic(site, incident)["incident"] == incident
    for name in (incident[:-1], claim):
        with pytest.raises(NotFound, match="no incident"):
            opening.arithmetic(site, name)
        with pytest.raises(NotFound, match="no incident"):
            opening.drawn(site, name)


def test_there_is_no_proof_of_what_is_not_in_the_log(site):
    with Mission.open(site.folder, readonly=True) as mission:
        size = mission.log.size
    for index in (size, size + 1000):
        with pytest.raises(NotFound, match=f"no log entry {index}"):
            opening.proof_of(site, index)
    proof = opening.proof_of(site, size - 1)
    assert f"index {size - 1}" in proof["proof"]


def test_an_account_of_another_incident_opens_nothing(site, found):
    """The reviewer is named in the log for the incident that the page shows, and no other."""
    _, claim, *_ = found["open"]
    other, *_ = found["sealed"]
    ann = reader(site, "ann")
    page = ann.get(f"/incidents/{other}").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    form = {"csrf": csrf, "account": claim, "reason": "a drill"}
    assert ann.post(f"/incidents/{other}/identity", data=form).status_code == 404
    nowhere = ann.post("/incidents/inc-0123456789abcdef/identity", data=form)
    assert nowhere.status_code == 404
