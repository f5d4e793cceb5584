"""Incidents and their findings as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from trucewatch.agreements.kinds import SIGN, weapons_of
from trucewatch.model import Nature, kind_tree
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from trucewatch.model import Finding, Incident, Window

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

T = TypeVar("T", bound="Hashable")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = 4 * 10**17
"""Microseconds from 1970 that lie beyond the calendar: an open end."""


def ticks(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    past = moment - _EPOCH
    return (past.days * 86_400 + past.seconds) * 1_000_000 + past.microseconds


def ends(window: Window) -> tuple[int, int]:
    """Both ends of a window in microseconds; OPEN to either side for an open end."""
    return (
        -OPEN if window.start is None else ticks(window.start),
        OPEN if window.end is None else ticks(window.end),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """One row an incident, in the order of their ids.

    `kind` and `arms` count into `kinds` and `weapons`; what is equal of all rows of one fact is
    counted by `codes`.
    """

    incidents: Sequence[Incident]
    findings: Sequence[Finding]
    lon: Floats
    lat: Floats
    error: Floats
    earliest: Ints
    latest: Ints
    kinds: tuple[str, ...]
    kind: Ints
    weapons: tuple[frozenset[str], ...]
    arms: Ints
    sign: Bools
    fire: Bools
    static: Bools

    @classmethod
    def of(cls, incidents: Sequence[Incident], findings: Mapping[str, Finding]) -> Columns:
        """The columns; ValueError where an incident has no finding."""
        ordered = sorted(incidents, key=lambda one: one.id)
        missing = next((one.id for one in ordered if one.id not in findings), None)
        if missing is not None:
            raise ValueError(f"{missing} has no finding: judge it before it is assessed")
        tree = kind_tree()
        kinds, kind = coded([one.kind for one in ordered])
        # What the word for a kind says of weapons depends on the kind, too.
        acts, act = coded([(one.kind, one.weapons) for one in ordered])
        weapons, of_act = coded([weapons_of(name, named) for name, named in acts])
        places = np.array(
            [(one.place.lon, one.place.lat, one.place.error_m) for one in ordered],
            dtype=np.float64,
        ).reshape(-1, 3)
        fire = np.array([one.nature is Nature.FIRE for one in ordered], dtype=np.bool_)
        signs = np.array([tree.is_a(one, SIGN) for one in kinds], dtype=np.bool_)
        return cls(
            incidents=ordered,
            findings=[findings[one.id] for one in ordered],
            lon=places[:, 0].copy(),
            lat=places[:, 1].copy(),
            error=places[:, 2].copy(),
            earliest=np.array([ticks(one.when.earliest) for one in ordered], dtype=np.int64),
            latest=np.array([ticks(one.when.latest) for one in ordered], dtype=np.int64),
            kinds=kinds,
            kind=kind,
            weapons=weapons,
            arms=of_act[act] if len(act) else act,
            sign=(signs[kind] | fire) if len(kind) else fire,
            fire=fire,
            static=np.array(
                [one.nature is Nature.STATIC_SOURCE for one in ordered], dtype=np.bool_
            ),
        )

    def __len__(self) -> int:
        """How many incidents."""
        return len(self.incidents)

    def reach(self, errors: float, least_m: float = 0.0) -> tuple[Floats, Floats]:
        """Half the sides of a box, in degrees of longitude and latitude, that holds a circle.

        Its radius is that many standard errors, or `least_m` if that is more. Where the circle
        holds a pole the box goes all round.
        """
        angle = np.minimum(np.maximum(errors * self.error, least_m) / EARTH_RADIUS_M, np.pi / 2)
        ratio = np.sin(angle) / np.maximum(np.cos(np.radians(self.lat)), 1e-12)
        wide = np.where(ratio < 1, np.arcsin(np.minimum(ratio, 1.0)), np.pi)
        return np.degrees(wide), np.degrees(angle)


def coded(values: Sequence[T]) -> tuple[tuple[T, ...], Ints]:
    """The different values, in the order in which they come, and the number of each."""
    numbers: dict[T, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in values]
    return tuple(numbers), np.array(codes, dtype=np.int64)
