"""Signing in by Glewlwyd, a provider that others wrote: in a real browser, and past one."""

from __future__ import annotations

import shutil

import httpx2
import pytest
from joserfc.jwk import ECKey, RSAKey
from starlette.testclient import TestClient
from tests.serving import listening
from tests.web_accounts.conftest import write
from tests.web_accounts.glewlwyd import Glewlwyd, is_here

from trucewatch.app.web.accounts.noting import ONCE_S, Notes, accesses
from trucewatch.app.web.accounts.providing import AGAIN_S, Provider
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

ANNA = {"username": "anna", "password": "three white storks at dawn"}
BORYS = {"username": "borys", "password": "one grey heron at noon"}
SECRET = "kept-between-the-two-of-us"  # noqa: S105 -- of a client that lives for one test
BACK = "/sign-in/return"


def rsa(name):
    told = {"kid": name, "use": "sig", "alg": "RS256"}
    return RSAKey.generate_key(2048, told).as_dict(private=True)


def elliptic(name):
    told = {"kid": name, "use": "sig", "alg": "ES256"}
    return ECKey.generate_key("P-256", told).as_dict(private=True)


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """The provider with two people, and keys of RSA."""
    if not is_here():
        pytest.skip("needs a provider: install glewlwyd (tools/system-packages does)")
    made = Glewlwyd(tmp_path_factory.mktemp("glewlwyd") / "provider")
    made.first = rsa("one")
    made.opened(made.first)
    for scope in ("email", "profile"):
        made.told("POST", "/api/scope/", {"name": scope, "display_name": scope})
    for one in (ANNA, BORYS):
        scopes = ["openid", "email", "profile", "g_profile"]
        mail = f"{one['username']}@example.org"
        made.told("POST", "/api/user/", {**one, "email": mail, "scope": scopes})
    yield made
    made.close()


def registered(provider, client_id, base):
    """Register a mission there, as its administrator does."""
    wanted = {
        "client_id": client_id,
        "name": "Trucewatch",
        "confidential": True,
        "password": SECRET,
        "enabled": True,
        "redirect_uri": [f"{base}{BACK}"],
        "authorization_type": ["code"],
        "token_endpoint_auth_method": ["client_secret_basic"],
        "scope": [],
    }
    provider.told("POST", "/api/client/", wanted)


def mission(made, folder, provider, client_id, more=""):
    """A mission that is signed in to by that provider."""
    shutil.copytree(made, folder)
    (folder / "hush").write_text(SECRET)
    (folder / "hush").chmod(0o600)
    section = f'issuer = "{provider.issuer}"\nclient_id = "{client_id}"\nsecret_file = "hush"\n'
    write(folder, f"\n[oidc]\n{section}{more}")
    return folder


def named(folder, subject):
    """Give an office to whom the provider knows by that subject."""
    person = 'id = "lead-9"\nname = "Lead by the provider"\nroles = ["lead"]\n'
    write(folder, f'\n[[people]]\n{person}oidc_subject = "{subject}"\n')


def subject_in(folder):
    """The subject of the last who was refused, as the mission's own notes tell it."""
    reason = [one.reason for one in accesses(folder) if one.what == "failed"][-1]
    return reason.split("'")[1]


@pytest.fixture
def served(made, tmp_path, provider):
    """A running application on which nobody of the provider has an office yet."""
    folder = mission(made, tmp_path / "served", provider, "in-a-browser")
    with listening(make_app(MissionSite(folder))) as port:
        base = f"http://localhost:{port}"
        registered(provider, "in-a-browser", base)
        yield folder, base


def go_there(page, base):
    page.goto(f"{base}/sign-in?to=/account")
    page.get_by_role("link", name="Single sign-on").click()


def test_a_browser_goes_there_and_back(browser, served, provider):
    folder, base = served
    context = browser.new_context(locale="en")
    page = context.new_page()
    elsewhere = []
    page.on(
        "request",
        lambda asked: asked.url.startswith((base, provider.home)) or elsewhere.append(asked.url),
    )
    go_there(page, base)
    page.fill("#username", ANNA["username"])
    page.fill("#password", ANNA["password"])
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: BACK in answer.url) as refused:
        page.get_by_role("button", name="Continue").click()
    # The provider vouches for her; the mission knows of no office that is hers.
    assert refused.value.status == 403
    assert page.goto(f"{base}/account").url.startswith(f"{base}/sign-in")
    named(folder, subject_in(folder))
    go_there(page, base)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{base}/account")
    assert "Lead by the provider" in page.content()
    kept = {one["name"] for one in context.cookies(base)}
    assert "trucewatch-provider" not in kept
    # To sign out here ends nothing there: the way back in takes no password.
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(f"{base}/sign-in?to=/account")
    go_there(page, base)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{base}/account")
    context.close()
    assert elsewhere == []
    noted = [(one.what, one.by, one.how) for one in accesses(folder)]
    entered = ("sign-in", "lead-9", "provider")
    assert noted == [
        ("failed", "", "provider"),
        entered,
        ("sign-out", "lead-9", "provider"),
        entered,
    ]


class Ticks:
    """Seconds that pass when somebody says so."""

    at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture(scope="module")
def office(made, tmp_path_factory, provider):
    """An application without a browser; `anna` holds an office in it."""
    folder = tmp_path_factory.mktemp("office") / "mission"
    mission(made, folder, provider, "past-a-browser")
    registered(provider, "past-a-browser", "http://localhost")
    site = MissionSite(folder)
    ticks = Ticks()
    accounts = site.accounts
    accounts.provider = Provider(folder, ticks=ticks)
    accounts.notes = Notes(folder, accounts.settings, ticks=ticks)
    client = TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)
    client.folder, client.ticks = folder, ticks
    client.anna = provider.session(**ANNA)
    assert back(client, through(client, provider)).status_code == 403
    named(folder, subject_in(folder))
    return client


@pytest.fixture
def client(office):
    """The same, with nobody signed in, and nothing noted so lately that it is not noted again."""
    office.cookies.clear()
    office.ticks.at += ONCE_S + 1
    return office


def through(client, provider, session=None):
    address = client.get("/sign-in/provider?to=/incidents").headers["location"]
    return provider.agreed(address, session or client.anna)


def back(client, answer):
    return client.get(BACK, params=answer, headers={"Accept": "text/html"})


def signed_in(client):
    return client.get("/account").status_code == 200


def test_whom_the_provider_knows_and_the_mission_does_not_is_refused(client, provider):
    assert back(client, through(client, provider, provider.session(**BORYS))).status_code == 403
    assert not signed_in(client)
    assert back(client, through(client, provider)).headers["location"] == "/incidents"
    assert signed_in(client)


def test_a_wrong_secret_signs_nobody_in(client, provider):
    (client.folder / "hush").write_text("another secret")
    assert back(client, through(client, provider)).status_code == 403
    assert accesses(client.folder)[-1].reason == "the provider does not take the code"
    (client.folder / "hush").write_text(SECRET)
    assert back(client, through(client, provider)).status_code == 303


def test_a_code_is_good_once_and_for_the_browser_that_began(client, provider):
    stolen = through(client, provider)
    client.cookies.clear()
    own = through(client, provider)
    # A code that somebody else's browser brought: the provider holds it against its challenge.
    assert back(client, {**own, "code": stolen["code"]}).status_code == 403
    assert accesses(client.folder)[-1].reason == "the provider does not take the code"
    used = through(client, provider)
    assert back(client, used).status_code == 303
    client.cookies.clear()
    again = through(client, provider)
    assert back(client, {**again, "code": used["code"]}).status_code == 403


def test_without_a_challenge_the_provider_gives_no_code(client, provider):
    address = client.get("/sign-in/provider").headers["location"]
    bare = httpx2.URL(address)
    bare = bare.copy_remove_param("code_challenge").copy_remove_param("code_challenge_method")
    assert provider.agreed(str(bare), client.anna)["error"] == "invalid_request"


def test_new_keys_of_another_sort_are_asked_for(client, provider):
    assert back(client, through(client, provider)).status_code == 303
    client.cookies.clear()
    provider.opened(elliptic("two"), provider.first, fresh=False)
    try:
        client.ticks.at += AGAIN_S + 1
        assert back(client, through(client, provider)).status_code == 303
        client.cookies.clear()
        # One key under the name of another signs nobody in until its key is asked for.
        provider.opened(elliptic("two"), fresh=False)
        assert back(client, through(client, provider)).status_code == 403
        client.ticks.at += AGAIN_S + 1
        assert back(client, through(client, provider)).status_code == 303
    finally:
        provider.opened(provider.first, fresh=False)


def test_who_says_no_there_is_signed_in_nowhere(client):
    began = client.get("/sign-in/provider").headers["location"]
    state = httpx2.URL(began).params["state"]
    assert back(client, {"error": "access_denied", "state": state}).status_code == 403
    assert not signed_in(client)
