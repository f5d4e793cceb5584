"""Alerts ask the witnesses first: what they open with their word is told in the same call."""

from __future__ import annotations

import json

from tests.app.witnessing.servers import say, section
from tests.app.witnessing.test_clocks import CLINIC, FISHERS, T1, cosigned, take
from typer.testing import CliRunner

from trucewatch.app.cli import app


def alerts(island, *more: str):
    done = CliRunner().invoke(app, ["alerts", "--mission", str(island), *more])
    assert done.exit_code == 0, done.output
    return done.output


def test_witnesses_are_asked_before_anything_is_sent(island, open_island, witnesses):
    three = witnesses("one", "two", "three")
    say(island, section(three, 3))
    cosigned(three, T1)
    with open_island() as mission:
        take(mission, "a.csv", FISHERS)
        take(mission, "b.csv", CLINIC)
    told = json.loads(alerts(island, "--json"))
    assert set(told["witnesses"]["answers"]) == {"one", "two", "three"}
    assert told["sent"] != []
    with open_island() as mission:
        entries = list(mission.log.entries())
        sent = [one.index for one in entries if one.source == "alerts"]
    assert min(sent) > told["witnesses"]["heartbeat"]
    # What is told to people names them as well; what was sent waits for them again.
    assert "Witness one: cosigned" in alerts(island)
