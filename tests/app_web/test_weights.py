"""A page is light before anything else: on a line of 64 kbit/s it is there in seconds."""

from __future__ import annotations

import pytest
from benchmarks.weights import PAGES, weigh
from fastapi.testclient import TestClient

from trucewatch.app.demonstration import build
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

MOST_BYTES = 30_000


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "mission"
    build(folder, progress=lambda *_: None)
    return TestClient(make_app(MissionSite(folder)), base_url="http://127.0.0.1")


def test_what_a_reader_waits_for_is_small(client):
    found = {each.page: each for each in weigh(client)}
    assert set(PAGES) < set(found)
    heavy = {page: each.first for page, each in found.items() if each.first > MOST_BYTES}
    assert heavy == {}
    assert max(each.seconds for each in found.values()) < 4
    # The map and the chart come of themselves only where the line is not slow.
    assert found["/"].scripts < 5_000
