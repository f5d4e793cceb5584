"""An authority that is gone after the test, and small missions that ask it."""

from __future__ import annotations

import pytest
from tests.app.stamping.authority import Authority
from tests.app.witnessing.conftest import (  # noqa: F401 -- fixtures
    island,
    isle,
    open_island,
    open_isle,
    shipped,
    witnesses,
)

from trucewatch.app.mission import Mission


@pytest.fixture
def open_now(isle):  # noqa: F811 -- a fixture asks for another
    """The mission with a clock that is right: an authority's is."""
    return lambda: Mission.open(isle)


@pytest.fixture
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("authority"))
    yield made
    made.close()
