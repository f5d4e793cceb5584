"""Whether a truce holds: rates over time from counts, change points, and a verdict in a word."""

from __future__ import annotations

from trucewatch.findings.holding.following import follow

__all__ = ["follow"]
