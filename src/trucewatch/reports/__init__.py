"""Raw bytes in, reports out: one folder a source format, and nothing is dropped without a word."""

from __future__ import annotations

from trucewatch.reports.reader import Delivery, Reader
from trucewatch.reports.registry import READERS, read_delivery

__all__ = ["READERS", "Delivery", "Reader", "read_delivery"]
