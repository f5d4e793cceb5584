"""The guard before the whole application: no route is beside it."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.guard import heads
from trucewatch.app.web.guard.open import FACTOR, OPEN
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite


@pytest.fixture(scope="module")
def app(made, tmp_path_factory):
    import shutil

    folder = shutil.copytree(made, tmp_path_factory.mktemp("whole") / "mission")
    write(folder, '[web]\nsecond_factor = ["analyst"]\n')
    return make_app(MissionSite(folder))


@pytest.fixture(scope="module")
def client(app):
    app.state.accounts.set_password("lead-1", PASSWORD, how="command line")
    return TestClient(
        app, base_url="http://localhost", follow_redirects=False, raise_server_exceptions=False
    )


def routes(app):
    """The paths and methods of every route, its parameters filled in."""
    found = set()
    for route in app.router.routes:
        inner = getattr(route, "effective_route_contexts", None)
        for one in inner() if inner else [route]:
            path = getattr(one, "path", None)
            for method in getattr(one, "methods", None) or ():
                if path and method in {"GET", "POST"}:
                    found.add((method, re.sub(r"\{[^}]*\}", "1", path)))
    return sorted(found)


def test_every_answer_of_every_route_is_dressed(app, client):
    found = [(method, path) for method, path in routes(app) if path != "/events"]
    assert len(found) > 20
    asked = [("OPTIONS", path) for _, path in found] + found[::4]
    for method, path in asked:
        answer = client.request(method, path)
        assert answer.headers["content-security-policy"] == heads.POLICY, path
        for name, value in heads.HEADERS.items():
            assert answer.headers[name] == value, path
        assert "access-control-allow-origin" not in answer.headers
        assert "server" not in answer.headers
        assert "Traceback" not in answer.text


def test_no_write_of_any_route_goes_without_its_secret(app, client):
    session = app.state.accounts.sign_in("lead-1", PASSWORD).session
    writes = [path for method, path in routes(app) if method == "POST"]
    assert len(writes) > 10
    for path in writes:
        for head in ({}, {"Origin": "http://localhost"}, {"Origin": "http://evil.example"}):
            answer = client.post(path, headers={"Cookie": f"trucewatch={session}", **head})
            assert answer.status_code == 403, path


def test_no_other_name_gets_an_answer(app, client):
    for _, path in routes(app)[:5]:
        assert client.get(path, headers={"Host": "evil.example"}).status_code == 421


def test_who_owes_a_second_factor_gets_nothing_of_any_route(app, client):
    session = app.state.accounts.enter("analyst-1", "password").session
    head = {"Cookie": f"trucewatch={session}", "Accept": "text/html"}
    assert client.get(FACTOR, headers=head).status_code == 200
    asked = [one for one in routes(app) if one[1] not in OPEN and not one[1].startswith("/static")]
    assert len(asked) > 40
    for method, path in asked:
        answer = client.request(method, path, headers={**head, "Origin": "http://localhost"})
        led = answer.status_code == 303 and answer.headers["location"] == FACTOR
        assert led if method == "GET" else answer.status_code == 403, path
