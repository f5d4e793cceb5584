"""Seals and cover pages say what witnesses said, and go on saying it when they come later."""

from __future__ import annotations

import json
import re

from tests.app.witnessing.servers import reply, say, section
from tests.app.witnessing.test_clocks import CLINIC, FISHERS, T1, cosigned, take

from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.publishing.covers import bring_covers_up_to_date
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.witnessing.collecting import collect
from trucewatch.evidence.audit import check_proof, policy_of


def publishing(mission):
    collect(mission)
    (issued,) = publish(mission, bring_up_to_date(mission), days=[None])
    return issued


def test_a_seal_names_the_quorum_and_a_second_issue_is_not_made(island, open_island, witnesses):
    three = witnesses("one", "two", "three")
    cosigned(three, T1)
    say(island, section(three, 3))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        issued = publishing(mission)
        said = json.loads(issued.seal.read_bytes())["witnessing"]
        stamp = "2026-05-01T12:00:00Z"
        assert {key: value for key, value in said.items() if key != "note"} == {
            "grade": "finding-grade",
            "cosigned": [{"witness": name, "at": stamp} for name in ("one", "three", "two")],
            "not_after": stamp,
            "quorum": 3,
            "witnesses": 3,
            "resists_split_view": True,
            "size": said["size"],
        }
        held = mission.log.read_checkpoint(said["note"])
        assert held.size == said["size"]
        assert held.root == mission.log.root_at(said["size"])
        assert said["note"].count("— example.org/") == 3
        # The seal's own entry is cosigned too; nobody's evidence has changed by that.
        again = publishing(mission)
        assert (again.new, again.stem) == (False, issued.stem)
    page = (island / "bulletins" / "index.html").read_text("utf-8")
    assert "<b>finding-grade</b>, cosigned by one, three, two" in page
    seal = (island / "bulletins" / f"{issued.stem}.seal.html").read_text("utf-8")
    assert "2026-05-01 12:00:00 UTC: by then all of it stood in the log" in seal
    assert "3 of 3 witnesses make a quorum, which resists a split view" in seal
    assert 'aria-hidden="true">●' in seal
    assert 'href="verify.html"' in seal
    page = (island / "bulletins" / "verify.html").read_text("utf-8")
    (given,) = re.findall('<script type="application/json" id="given">(.*?)</script>', page)
    assert json.loads(given) == {
        "logs": [(island / "evidence" / "vkey").read_text().rstrip("\n")],
        "witnesses": sorted(re.findall('vkey = "(.*?)"', (island / "mission.toml").read_text())),
        "quorum": 3,
    }


def test_who_comes_later_is_told_around_the_seal_and_not_in_it(island, open_island, witnesses):
    one, two = witnesses("one", "two")
    two.how = lambda _, request: reply(request, 503, "")
    say(island, section([one, two], 2))
    folder = island / "bulletins"
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        issued = publishing(mission)
        sealed = {path: path.read_bytes() for path in folder.iterdir()}
        said = json.loads(issued.seal.read_bytes())["witnessing"]
        assert (said["grade"], [each["witness"] for each in said["cosigned"]]) == (
            "append-only", ["one"],
        )  # fmt: skip
        assert "not_after" not in said
        assert "<b>append-only</b>, cosigned by one" in (folder / "index.html").read_text("utf-8")
        two.how = type(two).answer
        collect(mission)
        changed = bring_covers_up_to_date(mission)
        proof = folder / f"{issued.stem}.tlog-proof"
        assert {path.name for path in changed} == {
            "index.html", f"{issued.stem}.seal.html", proof.name,
        }  # fmt: skip
        assert bring_covers_up_to_date(mission) == ()
    keys = [each.key.cosigner.vkey() for each in (one, two)]
    policy = policy_of([(island / "evidence/vkey").read_text().strip()], keys, 2)
    found = check_proof(proof.read_bytes(), policy, payload=issued.seal.read_bytes())
    assert found.holds, found.reasons
    assert not check_proof(proof.read_bytes(), policy, payload=b"another seal").holds
    assert f'href="{proof.name}"' in (folder / f"{issued.stem}.seal.html").read_text("utf-8")
    for path, body in sealed.items():
        assert (path.read_bytes() == body) is not (path in changed)
    page = (folder / "index.html").read_text("utf-8")
    assert "<b>finding-grade</b>, cosigned by one, two (after it was sealed)" in page
    assert "the cosignatures came later" in (folder / f"{issued.stem}.seal.html").read_text("utf-8")


def test_without_witnesses_a_seal_is_as_it_was(island, open_island):
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        issued = publishing(mission)
        assert "witnessing" not in json.loads(issued.seal.read_bytes())
    page = (island / "bulletins" / "index.html").read_text("utf-8")
    # The mission's own word starts its clocks; it makes nobody a witness.
    assert "<b>recorded</b>" in page
    assert "finding-grade" not in page


def test_a_weak_quorum_is_said_in_the_seal(island, open_island, witnesses):
    say(island, section(witnesses("one", "two", "three"), 1))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        issued = publishing(mission)
        assert json.loads(issued.seal.read_bytes())["witnessing"]["resists_split_view"] is False
    seal = (island / "bulletins" / f"{issued.stem}.seal.html").read_text("utf-8")
    assert "which does not resist a split view" in seal
