"""How often the verdict on a truce is right, on truces that are made up.

`python -m benchmarks.truces` prints the table; with `--write` it goes into docs/validation.md.

Counts come day by day from a negative binomial, 30 days before and 30 in the truce; what is seen
of them is a share, and where a world says so, more happens unseen than seen. Some worlds break what
the verdict takes for granted: levels that drift from day to day (autocorrelated), and a watch that
sees half as much from the truce on, which nobody states.

"right" is the word that the made-up rates give, "wrong" a word that they contradict; the rest
cannot be told. "false alarms" are truces called eroding although nothing rose. "held" is how often
the widened interval holds the true ratio.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.sections import write_section
from benchmarks.validation import PAGE
from trucewatch.findings.holding import follow
from trucewatch.findings.holding.rules import HALF
from trucewatch.model import Counted, Course, Interval, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

START = datetime(2030, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 30


@dataclass(frozen=True)
class World:
    """Rates a day before, early and late in the truce, and how they are seen.

    `alpha` is the dispersion, `seen` the share stated (None: not stated), `unseen` how much more
    happens out of sight, `better` how much better, unstated, the watch is in the truce than before,
    `drift` the autocorrelation of the daily levels.
    """

    name: str
    rates: tuple[float, float, float]
    alpha: float = 1.0
    seen: float | None = 1.0
    unseen: float = 1.0
    better: float = 1.0
    drift: float = 0.0

    @property
    def ratio(self) -> float:
        """The true rate now over the one before."""
        return self.rates[2] / self.rates[0]

    @property
    def truth(self) -> Course:
        """The word that the true rates give."""
        if self.ratio > HALF:
            return Course.COLLAPSED
        return Course.ERODING if self.rates[2] > self.rates[1] else Course.HOLDING


WORLDS = (
    World("kept, all seen", (40, 2, 2)),
    World("kept, few events", (5, 0.25, 0.25)),
    World("kept, bursts", (40, 2, 2), alpha=4),
    World("kept, half seen, more unseen", (40, 2, 2), seen=0.5, unseen=2),
    World("kept, watch halved unstated", (40, 4, 4), seen=None, better=0.5),
    World("at one half", (40, 20, 20)),
    World("nothing changes", (40, 40, 40)),
    World("nothing changes, watch halved unstated", (40, 40, 40), seen=None, better=0.5),
    World("nothing changes, bursts", (40, 40, 40), alpha=4),
    World("it rises", (200, 4, 60)),
    World("it rises, bursts", (200, 4, 60), alpha=4),
    World("it breaks down", (40, 2, 40)),
    World("kept, levels drift", (40, 2, 2), drift=0.6),
    World("nothing changes, levels drift", (40, 40, 40), drift=0.6),
)


def counts(world: World, random: np.random.Generator) -> list[Counted]:
    """One made-up series."""
    before, early, late = world.rates
    rates = np.array([before] * DAYS + [early] * (DAYS // 2) + [late] * (DAYS - DAYS // 2))
    levels = rates * _levels(world, random, len(rates))
    share = 0.5 if world.seen is None else world.seen
    shares = np.where(np.arange(len(rates)) < DAYS, share, share * world.better)
    # The mean over all ground is the world's rate: what is seen is less, where more is unseen.
    quiet = 1 / (share + (1 - share) * world.unseen) if world.unseen != 1 else 1.0
    inside = np.where(np.arange(len(rates)) < DAYS, 1.0, quiet)
    drawn = random.poisson(levels * shares * inside)
    return [
        Counted(
            when=Interval(START + (at - DAYS) * DAY, START + (at + 1 - DAYS) * DAY),
            count=int(n),
            seen=world.seen,
        )
        for at, n in enumerate(drawn)
    ]


def _levels(world: World, random: np.random.Generator, days: int) -> Floats:
    """Gamma levels of mean 1 and variance `alpha`; with `drift`, each leans on the day before."""
    if not world.drift:
        return random.gamma(1 / world.alpha, world.alpha, days)
    # A log-normal first-order autoregression of the same mean and variance.
    spread = np.log1p(world.alpha)
    noise = random.normal(0.0, np.sqrt(spread), days)
    state: Floats = np.empty(days)
    state[0] = noise[0]
    for at in range(1, days):
        state[at] = world.drift * state[at - 1] + np.sqrt(1 - world.drift**2) * noise[at]
    levels: Floats = np.exp(state - spread / 2)
    return levels


def measure(world: World, runs: int) -> dict[str, float]:
    """The shares of right and wrong words, of false alarms, and of intervals that hold."""
    random = np.random.default_rng([*world.name.encode()])
    tally = {"right": 0, "wrong": 0, "false alarms": 0, "held": 0}
    for _ in range(runs):
        found = follow(
            counts(world, random),
            truce=Window(START, START + DAYS * DAY),
            before=Window(START - DAYS * DAY, START),
            source="made",
            what="violations",
        )
        word = found.verdict
        tally["right"] += word is world.truth
        tally["wrong"] += _contradicted(word, world)
        tally["false alarms"] += word is Course.ERODING and world.rates[2] <= world.rates[1]
        high = float("inf") if found.high is None else found.high
        tally["held"] += found.low is not None and found.low <= world.ratio <= high
    return {name: n / runs for name, n in tally.items()}


def rise_held(levels: tuple[float, ...], runs: int = 40) -> float:
    """How often the interval of a rise holds the last level over the first.

    Each level lasts eight days and is as dispersed as the counts of the monitoring mission.
    """
    random = np.random.default_rng(len(levels))
    rates, size = np.repeat(levels, 8), 1 / 1.4
    held = 0
    for _ in range(runs):
        drawn = random.poisson(rates * random.gamma(size, 1 / size, len(rates)))
        days = [Interval(START + at * DAY, START + (at + 1) * DAY) for at in range(len(rates))]
        found = follow(
            [Counted(when=d, count=int(n), seen=1.0) for d, n in zip(days, drawn, strict=True)],
            truce=Window(START, days[-1].latest),
            source="made",
            what="violations",
        )
        rise, true = found.rise, levels[-1] / levels[0]
        held += rise is not None and rise.low <= true <= rise.high
    return held / runs


def _contradicted(word: Course, world: World) -> bool:
    if word is Course.HOLDING:
        return world.ratio > HALF or world.rates[2] > world.rates[1]
    if word is Course.COLLAPSED:
        return world.ratio < HALF
    return word is Course.ERODING and world.rates[2] <= world.rates[1]


def scores(runs: int = 40) -> dict[str, float]:
    """The figures that have bounds: the worst world of each, bar the two whose levels drift."""
    found = {world: measure(world, runs) for world in WORLDS if not world.drift}
    steady = [s for world, s in found.items() if world.rates[1] == world.rates[2]]
    return {
        "wrong": max(s["wrong"] for s in found.values()),
        "false alarms": max(s["false alarms"] for s in found.values()),
        "held": min(s["held"] for s in steady),
        "right, kept and seen": found[WORLDS[0]]["right"],
        "right, kept in bursts": found[WORLDS[2]]["right"],
        "right, it rises": next(s["right"] for w, s in found.items() if w.name == "it rises"),
    }


def lines(runs: int) -> list[str]:
    """The table of the page."""
    found = [
        f"{runs} truces of each kind.",
        "",
        "| made-up truce | truth | right | wrong | false alarms | interval holds |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for world in WORLDS:
        s = measure(world, runs)
        figures = " | ".join(f"{s[k]:.2f}" for k in ("right", "wrong", "false alarms", "held"))
        found.append(f"| {world.name} | {world.truth.value} | {figures} |")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.truces", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    args = parser.parse_args(arguments)
    found = lines(args.runs)
    print(*found, sep="\n")
    if args.write:
        write_section(PAGE, "made", found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
