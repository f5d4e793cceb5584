"""What the tests of every reader need: deliveries of bytes, and a reader's own samples."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

import trucewatch.reports
from trucewatch.model import Extent, Source, SourceKind
from trucewatch.reports.reader import Delivery

Deliver = Callable[..., Delivery]


@pytest.fixture(scope="module")
def samples(request: pytest.FixtureRequest) -> Path:
    """The samples of the reader after which the folder of the test is named."""
    return Path(trucewatch.reports.__file__).parent / request.path.parent.name / "samples"


@pytest.fixture(scope="session")
def deliver() -> Deliver:
    """Makes a delivery of some bytes."""

    def make(
        raw: bytes,
        mapping: str | None = None,
        *,
        reader: str | None = None,
        kind: SourceKind = SourceKind.PRESS,
        timezone: str = "Europe/Kyiv",
        extent: Extent | None = None,
    ) -> Delivery:
        return Delivery(
            source=Source(id="src", name="A source", kind=kind, timezone=timezone, reader=reader),
            payload=hashlib.sha256(raw).hexdigest(),
            raw=raw,
            name="file.csv",
            mapping=mapping,
            mapping_name="mine.toml",
            extent=extent,
        )

    return make
