from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

import trucewatch.reports
from trucewatch.model import Source, SourceKind
from trucewatch.reports.reader import Delivery

Deliver = Callable[..., Delivery]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The reader's own samples."""
    return Path(trucewatch.reports.__file__).parent / Path(__file__).parent.name / "samples"


@pytest.fixture(scope="session")
def deliver() -> Deliver:
    """Makes a delivery of some bytes."""

    def make(raw: bytes, mapping: str | None = None, timezone: str = "Europe/Kyiv") -> Delivery:
        source = Source(id="src", name="A source", kind=SourceKind.PRESS, timezone=timezone)
        return Delivery(
            source=source,
            payload=hashlib.sha256(raw).hexdigest(),
            raw=raw,
            mapping=mapping,
            mapping_name="mine.toml",
        )

    return make
