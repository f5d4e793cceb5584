"""Signing in and seeing to one's account, over the whole application."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.accounts import beginning
from trucewatch.app.web.accounts.guesses import FREE
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite


@pytest.fixture
def site(folder, clock):
    return MissionSite(folder, now=clock)


@pytest.fixture
def client(site):
    site.accounts.set_password("lead-1", PASSWORD, how="command line")
    return TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)


def secret(client, path="/sign-in"):
    return re.search('name="csrf" value="([^"]+)"', client.get(path).text)[1]


def post(client, path, page="/account", **fields):
    head = {"Origin": "http://localhost", "Accept": "text/html"}
    return client.post(path, data={"csrf": secret(client, page), **fields}, headers=head)


def sign_in(client, password=PASSWORD, person="lead-1", **more):
    return post(client, "/sign-in", "/sign-in", person=person, password=password, **more)


def test_one_signs_in_looks_and_signs_out(client, folder):
    answer = sign_in(client, to="/incidents")
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if "trucewatch=" in one)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = client.get("/account")
    assert "Where you are signed in" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    old = client.cookies["trucewatch"]
    assert post(client, "/sign-out").headers["clear-site-data"] == '"cache", "storage"'
    client.cookies.set("trucewatch", old)
    assert client.get("/account").headers["location"] == "/sign-in?to=/account"
    assert [one.what for one in accesses(folder)] == ["password", "sign-in"]


def test_a_session_has_a_new_name_after_each_sign_in(client, site):
    client.cookies.set("trucewatch", "chosen-by-somebody-else", domain="localhost.local")
    sign_in(client)
    first = client.cookies["trucewatch"]
    assert first != "chosen-by-somebody-else"
    changed = "nine storks on the chimney"
    post(client, "/account/password", current=PASSWORD, wanted=changed, again=changed)
    assert client.cookies["trucewatch"] != first
    assert len(site.accounts.store.sessions("lead-1")) == 1
    assert client.get("/account").status_code == 200


def test_unknown_and_wrong_are_told_alike(client):
    wrong, unknown = sign_in(client, "wrong password"), sign_in(client, PASSWORD, "nobody-1")
    assert wrong.status_code == unknown.status_code == 401
    plain = [
        re.sub(r'value="[^"]*"', "", one.text.replace("nobody-1", "lead-1"))
        for one in (wrong, unknown)
    ]
    assert plain[0] == plain[1]
    assert "The name or the password is wrong." in plain[0]


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/ok\r\nX: y",
        "/" + "a" * 3000,
    ],
)
def test_signing_in_leads_nowhere_else(client, to):
    assert sign_in(client, to=to).headers["location"] == "/"


def test_saboteur_without_the_check_one_is_led_elsewhere(client, monkeypatch):
    monkeypatch.setattr(beginning, "within", lambda path: path)
    assert sign_in(client, to="//evil.example").headers["location"] == "//evil.example"


def test_tokens_are_made_shown_once_and_revoked(client, site):
    sign_in(client)
    make = {"scope": ["read"], "days": "30"}
    assert post(client, "/account/tokens", current="not it at all", **make).status_code == 403
    assert post(client, "/account/tokens", current=PASSWORD, days="30").status_code == 422
    assert (
        post(client, "/account/tokens", current=PASSWORD, scope=["all"], days="30").status_code
        == 422
    )
    page = post(client, "/account/tokens", current=PASSWORD, **make).text
    token = re.search("<code>([A-Za-z0-9_-]{43})</code>", page)[1]
    assert token not in client.get("/account").text
    known = site.accounts.by_token(token)
    assert (known.viewer.person, known.viewer.scopes) == ("lead-1", {"read"})
    post(client, "/account/tokens/revoke", token=known.token.id)
    assert site.accounts.by_token(token).viewer.person is None


def test_nobody_ends_the_sessions_or_tokens_of_others(client, site):
    name, secret_of = site.accounts.give_token("analyst-1", frozenset({"read"}), days=1, how="x")
    other = site.accounts.enter("analyst-1", "password").session
    sign_in(client)
    post(client, "/account/tokens/revoke", token=name)
    held = site.accounts.by_session(other).session.digest
    post(client, "/account/sessions", session=held[:16])
    assert site.accounts.by_token(secret_of).viewer.person == "analyst-1"
    assert site.accounts.by_session(other).viewer.person == "analyst-1"
    post(client, "/account/sessions")
    assert site.accounts.store.sessions("lead-1") == ()


def test_by_https_cookies_are_for_this_host_alone(folder, clock):
    write(folder, '[web]\nbase_url = "https://watch.example.org"\n')
    site = MissionSite(folder, now=clock)
    site.accounts.set_password("lead-1", PASSWORD, how="command line")
    client = TestClient(
        make_app(site), base_url="https://watch.example.org", follow_redirects=False
    )
    form = {"csrf": secret(client), "person": "lead-1", "password": PASSWORD}
    http = client.post("/sign-in", data=form, headers={"Origin": "http://watch.example.org"})
    assert http.status_code == 403
    answer = client.post("/sign-in", data=form, headers={"Origin": "https://watch.example.org"})
    for cookie in answer.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_a_password_is_changed_by_who_knows_it_and_says_the_new_one_twice(client, site):
    sign_in(client)
    assert client.get("/sign-in?to=/incidents").headers["location"] == "/incidents"
    changed = "nine storks on the chimney"
    for current, again, status in (
        ("not it at all", changed, 403),
        (PASSWORD, "another one entirely", 422),
    ):
        fields = {"current": current, "wanted": changed, "again": again}
        assert post(client, "/account/password", **fields).status_code == status
    poor = {"current": PASSWORD, "wanted": "password1234", "again": "password1234"}
    assert "guessed first" in post(client, "/account/password", **poor).text
    assert site.accounts.is_password("lead-1", PASSWORD)


def test_who_guesses_too_often_is_told_how_long_to_wait(client):
    for _ in range(FREE):
        assert sign_in(client, "wrong password").status_code == 401
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
