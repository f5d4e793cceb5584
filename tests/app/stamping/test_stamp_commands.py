"""Time stamps as an operator, a reader and an auditor meet them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from tests.app.stamping.authority import stamped
from tests.app.witnessing.test_clocks import CLINIC, FISHERS, take
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.mission import Mission
from trucewatch.app.watching import Watcher

runner = CliRunner()


def run(*arguments: str, code: int = 0) -> str:
    done = runner.invoke(app, [*arguments])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def test_from_the_run_to_the_page_of_a_seal(island, authority):
    home = ("--mission", str(island))
    with Mission.open(island) as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
    before = json.loads(run("run", *home, "--json"))
    assert "timestamp" not in before
    run("bulletin", *home)
    (page,) = (island / "bulletins").glob("*.seal.html")
    assert "Time stamp" not in page.read_text("utf-8")
    seal, records = page.with_suffix(".json").read_bytes(), before["evidence"]["records"]

    # A seal from before the authority came gets its stamp; neither it nor the evidence changes.
    stamped(island, authority)
    told = run("run", *home)
    assert "says CN=Stamps of tests, who is no witness" in told
    assert re.search(
        r"<dt>Time stamp</dt><dd>\d{4}-\d\d-\d\d [\d:]{8} UTC: by then this seal stood in the log, "
        r"says <bdi>CN=Stamps of tests</bdi>",
        page.read_text("utf-8"),
    )
    assert "on the word of this log&#39;s keeper alone" in page.read_text("utf-8").lower()
    assert page.with_suffix(".json").read_bytes() == seal
    again = json.loads(run("run", *home, "--json"))
    assert "timestamp" not in again
    assert len(authority.asked) == 1
    # The certificates are a settings file like others; the stamp is no evidence.
    assert again["evidence"]["records"] == records + 1
    first = page.read_bytes()

    # A new seal is covered by the stamp that its own command asks for; the old one keeps its first.
    told = json.loads(run("bulletin", "--date", "2026-04-12", *home, "--json"))
    assert told["timestamp"]["authority"] == "CN=Stamps of tests"
    assert "Time stamp" in (island / "bulletins" / "2026-04-12.seal.html").read_text("utf-8")
    assert page.read_bytes() == first
    assert run("audit", "fsck", *home)
    assert json.loads(run("audit", "replay", "--all", *home, "--json"))["ok"]

    told = run("audit", "stamps", *home)
    assert "\nisland-truce: 2 time stamps\nTime stamp: the first " in told
    assert "It does not say that there is one log." in told
    *_, newest = sorted((island / "evidence" / "stamped").iterdir())
    newest.write_bytes(newest.read_bytes()[:-1] + b"\x00")
    assert "DOES NOT HOLD" in run("audit", "stamps", *home, code=1)
    bad = json.loads(run("audit", "stamps", *home, "--json", code=1))
    assert [one["holds"] for one in bad["stamps"]] == [True, False]


def test_an_authority_that_is_gone_is_told_and_stops_nothing(island, authority):
    stamped(island, authority)
    authority.close()
    home = ("--mission", str(island))
    told = run("run", *home)
    assert f"Warning: no time stamp: {authority.url} is not reachable" in told
    assert "not reachable" in json.loads(run("bulletin", *home, "--json"))["timestamp"]["words"]
    assert (island / "bulletins" / "index.html").is_file()
    assert run("audit", "stamps", *home).endswith("\nisland-truce: 0 time stamps\n")


def test_watching_has_what_it_took_stamped(island, authority):
    stamped(island, authority)
    told: list[dict[str, object]] = []
    Watcher(island, timedelta(minutes=10), told.append, lambda: datetime.now(UTC)).look()
    (said,) = (one["words"] for one in told if one["what"] == "stamp")
    assert str(said).startswith("Time stamp: the first ")
