from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from trucewatch.model import Extent, Source, SourceKind
from trucewatch.reports.reader import Delivery

Deliver = Callable[..., Delivery]


@pytest.fixture(scope="session")
def deliver() -> Deliver:
    """Makes a delivery of some bytes."""

    def make(
        raw: bytes,
        reader: str | None = None,
        kind: SourceKind = SourceKind.CODER,
        timezone: str = "Europe/Kyiv",
        extent: Extent | None = None,
    ) -> Delivery:
        source = Source(id="src", name="A source", kind=kind, timezone=timezone, reader=reader)
        return Delivery(
            source=source,
            payload=hashlib.sha256(raw).hexdigest(),
            raw=raw,
            name="file.csv",
            extent=extent,
        )

    return make
