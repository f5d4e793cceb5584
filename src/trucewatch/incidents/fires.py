"""Pixels of one fire in one overpass are one observation."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from trucewatch.incidents.ground import components, mean_point, positions
from trucewatch.model import Interval, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Claim, Detection

THERMAL = "thermal_anomaly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixel:
    """A thermal claim whose place is a point and whose instrument is known."""

    claim: Claim
    place: Point
    detection: Detection

    @property
    def side_m(self) -> float:
        """The mean side of its footprint."""
        return sum(self.detection.footprint_m) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fire:
    """What one platform saw of one fire in one overpass: its pixels, sorted by claim id."""

    pixels: tuple[Pixel, ...]
    place: Point
    when: Interval


def pixels(claims: Iterable[Claim]) -> list[Pixel]:
    """The thermal pixels among the claims, sorted by claim id; other claims are left out."""
    return sorted(
        (
            Pixel(claim=c, place=c.place, detection=c.detection)
            for c in claims
            if c.kind == THERMAL and c.detection is not None and isinstance(c.place, Point)
        ),
        key=lambda p: p.claim.id,
    )


def find_fires(found: Iterable[Pixel], parameters: Parameters) -> list[Fire]:
    """Join pixels that touch in one overpass, sorted by the first claim's id.

    An overpass is a run of detections of one source and platform with no gap longer than
    `overpass_gap_minutes`. Pixels touch where their centres lie within `touch_factor` times
    their mean footprint side: VIIRS pixels grow to twice their size at the edge of the swath.
    """
    by_platform: defaultdict[tuple[str, str], list[Pixel]] = defaultdict(list)
    for pixel in found:
        by_platform[pixel.claim.source, pixel.detection.platform].append(pixel)
    fires = [
        fire
        for platform in by_platform.values()
        for overpass in _overpasses(platform, parameters.overpass_gap_minutes)
        for fire in _touching(overpass, parameters.touch_factor)
    ]
    return sorted(fires, key=lambda f: f.pixels[0].claim.id)


def _overpasses(found: list[Pixel], gap_minutes: float) -> list[list[Pixel]]:
    runs: list[list[Pixel]] = []
    for pixel in sorted(found, key=lambda p: (p.detection.at, p.claim.id)):
        last = runs[-1][-1].detection.at if runs else None
        if last is None or (pixel.detection.at - last).total_seconds() > 60 * gap_minutes:
            runs.append([])
        runs[-1].append(pixel)
    return runs


def _touching(overpass: Sequence[Pixel], factor: float) -> list[Fire]:
    ordered = sorted(overpass, key=lambda p: p.claim.id)
    xyz = positions([p.place for p in ordered])
    reach = np.array([factor * p.side_m / 1000 for p in ordered])
    pairs = cKDTree(xyz).query_pairs(float(reach.max()), output_type="ndarray")
    apart = np.linalg.norm(xyz[pairs[:, 0]] - xyz[pairs[:, 1]], axis=1)
    near = apart <= (reach[pairs[:, 0]] + reach[pairs[:, 1]]) / 2
    label = components(len(ordered), pairs[near, 0], pairs[near, 1])
    return [
        _fire([ordered[i] for i in np.flatnonzero(label == group)])
        for group in sorted(set(label.tolist()))
    ]


def _fire(members: list[Pixel]) -> Fire:
    """One fire of its pixels, placed by radiative power where every pixel has one.

    The error is the pixels' own error and their spread: a wide fire is nowhere exactly.
    """
    powers = [p.detection.power_mw for p in members]
    known = [w for w in powers if w is not None and w > 0]
    weights = known if len(known) == len(members) else [1.0] * len(members)
    places = [p.place for p in members]
    middle = mean_point(places, weights, 1.0)
    off = positions([*places, middle])
    spread = float(np.sum((off[:-1] - off[-1]) ** 2)) * 1e6 / (2 * len(members))
    own = math.fsum(p.error_m**2 for p in places) / len(members)
    return Fire(
        pixels=tuple(members),
        place=Point(middle.lat, middle.lon, math.sqrt(own + spread)),
        when=Interval(
            min(p.claim.when.earliest for p in members), max(p.claim.when.latest for p in members)
        ),
    )
