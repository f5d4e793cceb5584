"""Vincenty's inverse formula (Survey Review 23, 1975), apart from what it is held against."""

from __future__ import annotations

from math import atan, atan2, cos, radians, sin, sqrt, tan

A, F = 6_378_137.0, 1 / 298.257223563
B = A * (1 - F)


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """The geodesic on the ellipsoid of WGS 84, right to a millimetre."""
    u1, u2 = atan((1 - F) * tan(radians(lat1))), atan((1 - F) * tan(radians(lat2)))
    turn = radians((lon2 - lon1 + 180) % 360 - 180)
    lam = turn
    for _ in range(100):
        x = cos(u2) * sin(lam)
        y = cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam)
        sigma_sin = sqrt(x * x + y * y)
        if sigma_sin == 0:
            return 0.0
        sigma_cos = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma = atan2(sigma_sin, sigma_cos)
        alpha_sin = cos(u1) * cos(u2) * sin(lam) / sigma_sin
        alpha2 = 1 - alpha_sin**2
        mid = sigma_cos - 2 * sin(u1) * sin(u2) / alpha2 if alpha2 else 0.0
        c = F / 16 * alpha2 * (4 + F * (4 - 3 * alpha2))
        last, lam = (
            lam,
            turn
            + (1 - c)
            * F
            * alpha_sin
            * (sigma + c * sigma_sin * (mid + c * sigma_cos * (2 * mid * mid - 1))),
        )
        if abs(lam - last) < 1e-13:
            break
    u = alpha2 * (A * A - B * B) / (B * B)
    big_a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    big_b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    change = (
        big_b
        * sigma_sin
        * (
            mid
            + big_b
            / 4
            * (
                sigma_cos * (2 * mid * mid - 1)
                - big_b / 6 * mid * (4 * sigma_sin**2 - 3) * (4 * mid * mid - 3)
            )
        )
    )
    return B * big_a * (sigma - change)
