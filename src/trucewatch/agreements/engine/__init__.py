"""Very many incidents against very many provisions: outcomes as arrays, words only on demand."""

from __future__ import annotations

from trucewatch.agreements.engine.docket import Docket, docket

__all__ = ["Docket", "docket"]
