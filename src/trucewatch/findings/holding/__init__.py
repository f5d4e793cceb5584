"""Whether a truce holds: rates over time from counts, change points, and a verdict in a word."""

from __future__ import annotations

from trucewatch.findings.holding.chain import broken_links
from trucewatch.findings.holding.following import follow
from trucewatch.findings.holding.gathering import courses

__all__ = ["broken_links", "courses", "follow"]
