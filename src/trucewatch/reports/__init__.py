"""Raw bytes in, reports out: one folder a source format, and nothing is dropped without a word."""

from __future__ import annotations
