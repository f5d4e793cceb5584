"""The forms of one's own account: what is refused is told on the page, and changes nothing."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.web_accounts.conftest import PASSWORD
from tests.web_accounts.test_pages import post, secret, sign_in

from trucewatch.app.web.accounts import pages
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

WANTED = "nine storks on the chimney"


@pytest.fixture
def site(folder, clock):
    site = MissionSite(folder, now=clock)
    site.accounts.set_password("lead-1", PASSWORD, how="command line")
    return site


@pytest.fixture
def client(site):
    return TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"current": "not it at all", "wanted": WANTED, "again": WANTED}, 403, "is wrong"),
        ({"current": PASSWORD, "wanted": WANTED, "again": WANTED + "s"}, 422, "differ"),
        ({"current": PASSWORD, "wanted": "short", "again": "short"}, 422, "three words will do"),
    ],
)
def test_a_password_stays_where_the_form_is_wrong(client, site, fields, status, said):
    sign_in(client)
    before = client.cookies["trucewatch"]
    answer = post(client, "/account/password", **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert client.cookies["trucewatch"] == before
    assert site.accounts.is_password("lead-1", PASSWORD)


@pytest.mark.parametrize(
    "path", ["/account/password", "/account/sessions", "/account/tokens", "/account/tokens/revoke"]
)
def test_who_has_not_signed_in_is_led_to_sign_in(client, site, path):
    """A form of a page that was left open, sent after the session ended."""
    before = site.accounts.store.tokens("lead-1")
    answer = post(client, path, "/sign-in", scope=["read"], days="30", current=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?to=/account")
    assert site.accounts.store.tokens("lead-1") == before
    assert site.accounts.is_password("lead-1", PASSWORD)


def test_a_program_with_a_token_does_not_see_to_the_account(client, site):
    """A token is nobody at a form: what it may do, it does over the API."""
    _, token = site.accounts.give_token("lead-1", frozenset({"read"}), days=1, how="test")
    client.headers["Authorization"] = f"Bearer {token}"
    answer = client.post("/account/sessions", headers={"Origin": "http://localhost"})
    assert answer.status_code in {303, 403}
    assert site.accounts.by_token(token).viewer.person == "lead-1"


def test_one_session_ends_and_the_other_goes_on(client, site):
    other = site.accounts.enter("lead-1", "password").session
    sign_in(client)
    digest = site.accounts.by_session(other).session.digest
    answer = post(client, "/account/sessions", session=digest[:16])
    assert answer.headers["location"] == "/account?done=session"
    assert site.accounts.by_session(other).viewer.person is None
    assert client.get("/account").status_code == 200


def test_a_token_counts_for_a_time_that_the_form_offers(client, site):
    sign_in(client)
    for days in ("0", "31", "9999", "-1", "30.0", "x"):
        answer = post(client, "/account/tokens", current=PASSWORD, scope=["read"], days=days)
        assert answer.status_code == 422, days
        assert "Choose how long it counts." in answer.text
    assert site.accounts.store.tokens("lead-1") == ()


def test_who_has_no_password_here_makes_a_token_just_after_signing_in_only(site, clock):
    entered = site.accounts.enter("analyst-1", "provider").session
    client = TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)
    client.headers["Cookie"] = f"trucewatch={entered}"

    def make():
        head = {"Origin": "http://localhost", "Accept": "text/html"}
        data = {"csrf": secret(client, "/account"), "scope": ["read"], "days": "1"}
        return client.post("/account/tokens", data=data, headers=head)

    assert make().status_code == 200
    clock.on(pages.FRESH_S)
    late = make()
    assert late.status_code == 403
    assert "Prove again that it is you." in late.text
    assert len(site.accounts.store.tokens("analyst-1")) == 1


def test_who_is_signed_in_is_not_asked_again(client, site):
    sign_in(client)
    answer = client.get("/sign-in?to=/incidents")
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents")
    # Signing in once more ends the session that was there.
    before = client.cookies["trucewatch"]
    post(client, "/sign-in", "/account", person="lead-1", password=PASSWORD)
    assert client.cookies["trucewatch"] != before
    assert site.accounts.by_session(before).viewer.person is None
