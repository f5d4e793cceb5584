"""A mission's life with secrets in it, and all of it that somebody outside can have."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from tests.torture.island import CALLS, SetClock, write

from trucewatch.app.explaining.explanation import explain
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping, tokens
from trucewatch.app.publishing import alerting
from trucewatch.app.publishing import bulletins as publishing
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.app.withdrawing import withdraw
from trucewatch.errors import NotFound
from trucewatch.evidence import fsck
from trucewatch.evidence.log import batch, layout
from trucewatch.model import NoticeAct

AUDIENCES = ("public", "states", "press")
SETTINGS = """
[audiences.states]
grid_km = 1
delay_hours = 0
scope = "restricted"
restriction = "for the states that take part"
[audiences.press]
grid_km = 20
show_sources = false
min_count = 2
[[people]]
id = "duty-desk"
name = "Duty desk"
roles = ["desk"]
"""
PUBLIC = ("bulletins", "alerts", "evidence/checkpoint", "evidence/vkey", "evidence/tile")
NOBODYS = "ntc-0000000000000000"


@contextmanager
def alike():
    """Keys, salts and nonces are the same in both worlds: what differs is what was done."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(layout.secrets, "token_bytes", lambda size: b"k" * size)
        patched.setattr(batch.secrets, "token_hex", lambda size: "5a" * size)
        yield patched


def fields(random: Random, words: str = "relief") -> dict:
    """A notice near what happened, or far from it."""
    west, south = random.uniform(-40.3, -39.8), random.uniform(34.8, 35.2)
    return {
        "organisation": f"{words} organisation",
        "contact": f"{words} contact",
        "sort": "movement",
        "domain": random.choice(["land", "sea", "air"]),
        "place": f"{words} place",
        "route": [[west, south], [west + 0.01, south + 0.01]],
        "width_m": random.randint(1, 900) + 0.25,
        "from": f"2026-06-{random.randint(10, 28)}T08:11",
        "to": f"2026-06-{random.randint(10, 28)}T23:23",
        "note": f"{words} note",
    }


def desk(mission, random: Random, words: str = "relief") -> list[str]:
    """What a desk does in an hour, or nothing; the ids of its notices."""
    names = []
    for _ in range(random.randint(1, 2)):
        one = fields(random, words)
        one["to"] = max(one["to"], one["from"][:11] + "23:59")
        (row,) = keeping.add(mission, one, by="duty-desk")["notices"]
        names.append(row["id"])
        if random.random() < 0.5:
            keeping.act(mission, row["id"], NoticeAct.ACKNOWLEDGE, by="duty-desk")
        if random.random() < 0.4:
            keeping.act(
                mission, row["id"], NoticeAct.CANCEL, by="duty-desk", reason=f"{words} reason"
            )
    if random.random() < 0.7:
        keeping.contact(
            mission, at=mission.now(), parties=["north", "south"], channel=f"{words} channel",
            subject=f"{words} subject {random.random()}", outcome=f"{words} outcome",
            answered=True, by="duty-desk",
        )  # fmt: skip
    if random.random() < 0.4:
        tokens.give(mission.folder, "duty-desk")
    return names


def live(folder: Path, plan: Random, inside) -> dict[str, bytes]:
    """One life: two deliveries, bulletins for each audience, alerts, a correction.

    `plan` throws the dice of what everybody may know; `inside` is called each hour with the
    mission. What comes back is all that can be seen from outside.
    """
    clock = SetClock()
    calls = plan.sample(CALLS, plan.randint(5, 9))
    cut = plan.randint(2, 4)
    seen: dict[str, bytes] = {}
    with Mission.open(folder, now=clock) as mission:
        for part in (calls[:cut], calls[cut:]):
            paths = [
                write(folder.parent / "in", source, [c for o, c in part if o == source])
                for source in sorted({source for source, _ in part})
            ]
            ingest(mission, paths)
            names = inside(mission)
            clock.time += timedelta(hours=1)
            derived = bring_up_to_date(mission)
            for audience in AUDIENCES:
                publishing.publish(mission, derived, days=[None], audience=audience)
            alerting.send(mission, derived)
            clock.time += timedelta(hours=1)
        claims = sorted(claim for one in derived.incidents for claim in one.claims)
        withdraw(mission, claims[0], reason="the editor withdrew it")
        inside(mission)
        derived = bring_up_to_date(mission)
        publishing.publish(mission, derived, days=[None])
        seen["run --json"] = json.dumps(summary_of(mission, derived), default=str).encode()
        for number, name in enumerate([*names, NOBODYS][:1]):
            for what, call in (
                ("explain", lambda name=name: explain(mission, name)),
                ("withdraw", lambda name=name: withdraw(mission, name, reason="x")),
            ):
                with pytest.raises(NotFound) as refused:
                    call()
                seen[f"{what} {number}"] = str(refused.value).replace(name, "…").encode()
    for name in PUBLIC:
        place = folder / name
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file():
                seen[path.relative_to(folder).as_posix()] = path.read_bytes()
    checked = fsck(folder / "evidence")
    assert checked.ok, checked.problems
    seen["audit fsck"] = repr(checked).replace(str(folder), "").encode()
    return seen
