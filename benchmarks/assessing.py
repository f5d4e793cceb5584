"""Very many incidents against very many provisions and notices: assessing.py [--incidents N,N].

The world is made up: a land of four degrees by four, provisions over zones of every sort, in
versions that follow one another, with windows, weapons, exceptions, permissions and conditions.
Each size runs in a process of its own, so that its peak of memory is its own. Times are of the
wall, after one small run that loads all libraries; "processor s" is of all cores together.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import random
import resource
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.model import (
    ALWAYS,
    Agreement,
    Area,
    Count,
    Drawn,
    Duty,
    Edition,
    Entered,
    Exemption,
    Finding,
    Incident,
    Instrument,
    Interval,
    Nature,
    Notice,
    NoticeAct,
    Notifying,
    Party,
    Point,
    Provision,
    Responsibility,
    State,
    Window,
    Zone,
)

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2031, 4, 1, tzinfo=UTC)
DAYS = 90
HOUR = timedelta(hours=1)
AMENDED = START + timedelta(days=DAYS / 2)
WEST, SOUTH, SIDE = 34.0, 46.0, 4.0
PARTIES = ("north", "south")
ACTS = (
    ("explosion", 20), ("shelling", 15), ("small_arms", 14), ("armed_clash", 8), ("artillery", 8),
    ("drone_strike", 8), ("mortar", 6), ("multiple_rockets", 3), ("airstrike", 3), ("mine", 2),
    ("heavy_weapons", 2), ("drone_overflight", 3), ("movement", 2), ("event", 2),
    ("access_denied", 1), ("thermal_anomaly", 3),
)  # fmt: skip
ARMS = ("artillery", "mortar", "mortar_120mm", "tank", "multiple_rocket_launcher", "small_arms")
CONDITIONS = (
    "killed >= 1",
    "killed + wounded >= 3",
    "observations >= 5",
    'kind != "mine"',
    "origins >= 2 || killed >= 1",
)
ERRORS = (300.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 8_000.0, 25_000.0)
PRECISION = ((1.0, 5), (12.0, 2), (24.0, 8), (24.0 * 6, 1), (24.0 * 30, 1))


def incidents(number: int, seed: int = 1) -> list[Incident]:
    """Made-up incidents over ninety days; one in eight at a known minute, most on a known day."""
    chance = random.Random(seed)
    kinds, weights = zip(*ACTS, strict=True)
    lengths, often = zip(*PRECISION, strict=True)
    made = []
    for place in range(number):
        kind = chance.choices(kinds, weights)[0]
        length = timedelta(hours=chance.choices(lengths, often)[0])
        begin = START + timedelta(hours=chance.randrange(24 * DAYS))
        when = Interval(begin, begin + (timedelta(0) if chance.random() < 0.125 else length))
        arms = (chance.choice(ARMS),) if chance.random() < 0.3 else ()
        counts: tuple[Count, ...] = ()
        if chance.random() < 0.3:
            low = chance.choice((0, 0, 1, 1, 2, 5))
            counts = (Count(what="killed", best=None, low=low, high=low + chance.choice((0, 2))),)
        made.append(
            Incident(
                id=f"inc-{place:07d}",
                nature=Nature.FIRE if kind == "thermal_anomaly" else Nature.EVENT,
                kind=kind,
                place=Point(
                    SOUTH + SIDE * chance.random(),
                    WEST + SIDE * chance.random(),
                    chance.choice(ERRORS),
                ),
                when=when,
                region=None,
                probability=round(chance.random(), 3),
                claims=("clm",),
                sources=("src",),
                origins=("org",),
                observations=chance.choice((1, 1, 1, 3, 8, 20)),
                terms=(),
                reasons=(),
                weapons=arms,
                counts=counts,
            )
        )
    return made


def findings(some: list[Incident], seed: int = 2) -> list[Finding]:
    """A finding for each; a few have been settled by a person."""
    chance = random.Random(seed)
    states, weights = zip(*STATES, strict=True)
    return [
        Finding(
            id=f"fnd-{one.id}",
            incident=one.id,
            state=chance.choices(states, weights)[0],
            provisional=True,
            responsibility=Responsibility.WITHHELD,
            standard="none",
            independent_origins=chance.choice((1, 1, 1, 2, 3)),
            probability=one.probability,
            seen_share=None,
            reasons=(),
        )
        for one in some
    ]


STATES = (
    (State.ALLEGATION, 30), (State.REPORTED, 50), (State.CORROBORATED, 18), (State.VERIFIED, 3),
    (State.REFUTED, 1), (State.UNVERIFIABLE, 1), (State.EXEMPT, 1),
)  # fmt: skip


def zone(code: str, chance: random.Random, holds: Window = ALWAYS) -> Zone:
    """A made-up zone: a strip along a winding line, or a round place, from 1 to 60 km across."""
    lat, lon = SOUTH + SIDE * chance.random(), WEST + SIDE * chance.random()
    scale = math.cos(math.radians(lat))
    if chance.random() < 0.5:
        reach = 10 ** chance.uniform(-2, -0.5)
        corners = chance.choice((4, 12, 64))
        ring = [
            (
                lon + reach / scale * math.cos(2 * math.pi * step / corners),
                lat + reach * math.sin(2 * math.pi * step / corners),
            )
            for step in range(corners)
        ]
    else:
        half = chance.choice((0.02, 0.05, 0.13))
        line = [(lon + 0.1 * step, lat + 0.05 * math.sin(0.7 * step + lat)) for step in range(15)]
        ring = [(x, y - half) for x, y in line] + [(x, y + half) for x, y in reversed(line)]
    area = Area(code, code.title(), (((*ring, ring[0]),),))
    return Zone(code=code, name=area.name, drawn=Drawn.POLYGON, area=area, holds=holds)


def agreement(provisions: int, seed: int = 3) -> Agreement:
    """Made-up terms: half in zones, some of which move; one in six excepts, one in ten permits."""
    chance = random.Random(seed)
    halves = (Window(START - 24 * HOUR, AMENDED), Window(AMENDED, None))
    zones = []
    for number in range(max(4, provisions * 2 // 5)):
        code = f"z{number:03d}"
        parts = halves if number % 5 == 0 else (ALWAYS,)
        zones += [zone(code, chance, holds) for holds in parts]
    codes = sorted({one.code for one in zones})
    return Agreement(
        id="made-up",
        name="Made up",
        parties=tuple(Party(id=one, name=one.title()) for one in PARTIES),
        guarantors=(),
        instruments=(
            *(
                Instrument(
                    id=f"paper-{place}",
                    title="The paper",
                    standing="in_force",
                    version=str(place),
                    source="page 1",
                    accepted_by=PARTIES,
                    text="paper",
                    edition=Edition.AMENDED if place else Edition.PUBLISHED,
                    holds=holds,
                )
                for place, holds in enumerate(halves)
            ),
            Instrument(
                id="draft",
                title="A draft",
                standing="reported",
                version="0",
                source="page 0",
                edition=Edition.DRAFT,
            ),
        ),
        provisions=tuple(provision(number, codes, chance) for number in range(provisions)),
        regions=(),
        zones=tuple(zones),
        truce=Window(START, None),
        standards=(),
    )


def span(chance: random.Random) -> tuple[datetime, datetime]:
    """Most terms hold throughout; some for days."""
    if chance.random() < 0.6:
        return START, START + timedelta(days=DAYS)
    begin = START + timedelta(hours=chance.randrange(24 * DAYS))
    return begin, begin + timedelta(hours=chance.choice((6, 32, 240)))


def exception(codes: list[str], chance: random.Random) -> Exemption:
    """One to three parts of an exception."""
    parts = set(chance.sample(("kinds", "weapons", "zones", "window", "condition"), k=2))
    return Exemption(
        kinds=(chance.choice(("mine", "mortar", "small_arms")),) if "kinds" in parts else (),
        weapons=(chance.choice(ARMS),) if "weapons" in parts else (),
        zones=(chance.choice(codes),) if "zones" in parts else (),
        window=Window(*span(chance)) if "window" in parts else ALWAYS,
        condition=chance.choice(CONDITIONS) if "condition" in parts else None,
        words="as agreed",
    )


def provision(number: int, codes: list[str], chance: random.Random) -> Provision:
    """One made-up term."""
    duty = chance.choices((Duty.FORBID, Duty.PERMIT, Duty.REQUIRE), (88, 8, 4))[0]
    kinds = (
        (chance.choice(("drone_overflight", "mine", "movement")),)
        if duty is Duty.PERMIT
        else chance.choice(
            (("hostile_act",), ("shelling",), ("drone_strike", "airstrike"), ("mortar",),
             ("heavy_weapons", "movement"), ("small_arms",), ("explosion",))
        )
    )  # fmt: skip
    begin, end = hours = span(chance)
    # A version that holds at some of its hours, so that every term can be broken.
    version = f"paper-{int(begin + (end - begin) / 2 >= AMENDED)}"
    here = chance.sample(codes, k=chance.choice((1, 1, 2, 4))) if chance.random() < 0.9 else []
    return Provision(
        id=f"P{number:04d}",
        instrument=version,
        duty=duty,
        kinds=kinds,
        parties=PARTIES if chance.random() < 0.85 else PARTIES[:1],
        zones=tuple(here),
        window=Window(*hours),
        exceptions=tuple(
            exception(codes, chance) for _ in range(chance.choice((0, 0, 0, 0, 1, 2)))
        ),
        words="No such act.",
        source="page 2",
        weapons=(chance.choice(ARMS),) if chance.random() < 0.15 else (),
        condition=chance.choice(CONDITIONS) if chance.random() < 0.15 else None,
    )


def notices(number: int, seed: int = 4) -> list[Entered]:
    """Made-up notices of sites and movements, each entered two days ahead."""
    chance = random.Random(seed)
    made = []
    for place in range(number):
        lat, lon = SOUTH + SIDE * chance.random(), WEST + SIDE * chance.random()
        moves = chance.random() < 0.6
        stops = 1 + (chance.randrange(1, 6) if moves else 0)
        begin = START + timedelta(hours=chance.randrange(24 * DAYS))
        notice = Notice(
            id=f"ntc-{place:05d}",
            organisation="Made-up Aid",
            contact="desk",
            sort="movement" if moves else "site",
            domain=chance.choice(("land", "land", "sea", "air")),
            place="somewhere",
            route=tuple((lon + 0.1 * step, lat + 0.03 * step) for step in range(stops)),
            width_m=chance.choice((200.0, 500.0, 2_000.0)),
            window=Window(begin, begin + timedelta(hours=chance.choice((4, 10, 72)))),
            submitted=begin - 48 * HOUR,
            emergency=False,
        )
        made.append(
            Entered(
                index=place,
                at=begin - 48 * HOUR,
                by="desk",
                decision=Notifying(act=NoticeAct.SUBMIT, id=notice.id, notice=notice),
            )
        )
    return sorted(made, key=lambda one: (one.at, one.index))


def measure(number: int, provisions: int, noticed: int) -> dict[str, float]:
    """Assess and match once; seconds by step, what came of it, and the peak of memory in MiB."""
    from trucewatch.agreements.engine import docket
    from trucewatch.commitments.notices import match

    small = incidents(50)
    docket(small, findings(small), agreement(20))
    match(small, notices(5))
    some, text, entered = incidents(number), agreement(provisions), notices(noticed)
    found = findings(some)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    marks, used = [time.perf_counter()], time.process_time()
    held = docket(some, found, text)
    marks.append(time.perf_counter())
    touched = match(some, entered)
    marks.append(time.perf_counter())
    taken = [b - a for a, b in pairwise(marks)]
    return {
        "incidents": number,
        "pairs": held.pairs,
        "kept": len(held.rows),
        "looked up": held.looked_up,
        **{outcome.value: count for outcome, count in held.tally().items()},
        "matches": len(touched),
        "assess s": taken[0],
        "match s": taken[1],
        "both s": sum(taken),
        "processor s": time.process_time() - used,
        "MiB before": before,
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def scores(_: Path) -> dict[str, float]:
    """Seconds and peak memory of the whole task: 100,000 incidents, 500 terms, 1,000 notices."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        told = pool.apply(measure, (100_000, 500, 1_000))
    return {"seconds": told["both s"], "MiB": told["MiB"]}


def main() -> None:
    """Print one line of JSON for each size."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--incidents", default="1000,10000,100000")
    given.add_argument("--provisions", type=int, default=500)
    given.add_argument("--notices", type=int, default=1000)
    chosen = given.parse_args()
    for size in (int(one) for one in chosen.incidents.split(",")):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            told = pool.apply(measure, (size, chosen.provisions, chosen.notices))
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
