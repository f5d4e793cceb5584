"""Articles of the press: pages, archives, feeds and flat text. See NOTES.md beside this file."""

from __future__ import annotations

from trucewatch.reports.press.reading import read_articles

__all__ = ["read_articles"]
