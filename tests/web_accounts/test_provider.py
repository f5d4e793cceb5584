"""Signing in by a provider over real HTTP: the way there and back, and every way to cheat."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.web_accounts.conftest import Clock, write
from tests.web_accounts.provider import Provider

from trucewatch.app.web.accounts import providing, vouching
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.settings import OidcSection
from trucewatch.errors import ConfigurationError


def settings(issuer, more=""):
    return f'[oidc]\nissuer = "{issuer}"\nclient_id = "trucewatch"\n{more}'


AT = int(Clock()().timestamp())
PERSON = """
[[people]]
id = "lead-9"
name = "Lead by the provider"
roles = ["lead"]
oidc_subject = "desk-of-the-lead"
"""


@pytest.fixture
def provider(clock):
    made = Provider(clock().timestamp())
    yield made
    made.close()


@pytest.fixture
def client(folder, clock, provider):
    write(folder, PERSON + settings(provider.issuer))
    site = MissionSite(folder, now=clock)
    return TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)


def begin(client, to="/incidents"):
    answer = client.get(f"/sign-in/provider?{urlencode({'to': to})}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(client, answer):
    return client.get(f"/sign-in/return?{urlencode(answer)}", headers={"Accept": "text/html"})


def signed_in(client):
    return client.get("/account").status_code == 200


def test_who_the_provider_vouches_for_is_signed_in(client, provider, folder):
    assert provider.issuer not in client.get("/sign-in").text
    assert "/sign-in/provider?to=" in client.get("/sign-in").text
    address = begin(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) >= 43
    assert len(asked["nonce"][0]) >= 43
    answer = back(client, provider.authorize(address))
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents")
    assert signed_in(client)
    assert [(one.what, one.by, one.how) for one in accesses(folder)] == [
        ("sign-in", "lead-9", "provider")
    ]


@pytest.mark.parametrize(
    "bend",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["trucewatch", "another-client"]},
        {"aud": ["trucewatch", "another-client"], "azp": "another-client"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 1},
        {"iat": 4_000_000_000},
        {"sub": None},
        {"sub": "somebody-else"},
        {"sub": ["desk-of-the-lead"]},
        {"at_hash": "AAAA"},
    ],
)
def test_a_token_that_claims_wrongly_signs_nobody_in(client, provider, bend):
    provider.claims = bend
    assert back(client, provider.authorize(begin(client))).status_code == 403
    assert not signed_in(client)


@pytest.mark.parametrize(
    "how",
    [
        "unsigned",
        "signed_with_the_public_key",
        "signed_with_a_published_secret",
        "signed_by_another",
        "nothing",
    ],
)
def test_a_token_that_is_signed_wrongly_signs_nobody_in(client, provider, how):
    provider.sign = getattr(provider, how, lambda _: None)
    assert back(client, provider.authorize(begin(client))).status_code == 403
    assert not signed_in(client)


def test_saboteur_without_the_nonce_another_token_signs_in(client, provider, monkeypatch):
    provider.claims = {"nonce": "another"}
    monkeypatch.setattr(vouching.CodeIDToken, "validate", lambda *_, **__: None)
    assert back(client, provider.authorize(begin(client))).status_code == 303


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_saboteur_with_shared_secrets_anybody_signs(client, provider, monkeypatch):
    provider.sign = provider.signed_with_a_published_secret
    monkeypatch.setattr(vouching, "ALGORITHMS", ("HS256",))
    assert back(client, provider.authorize(begin(client))).status_code == 403
    client.app.state.accounts.provider._told.clear()
    monkeypatch.setattr(vouching, "KEY_TYPES", frozenset({"RSA", "oct"}))
    assert back(client, provider.authorize(begin(client))).status_code == 303


def test_state_and_code_count_once_and_for_one_browser(client, provider):
    answer = provider.authorize(begin(client))
    other = TestClient(client.app, base_url="http://localhost", follow_redirects=False)
    assert back(other, answer).status_code == 403  # without what the browser keeps
    begin(other)
    assert back(other, answer).status_code == 403  # with the state of another browser
    assert back(client, {**answer, "state": "guess"}).status_code == 403
    assert back(client, answer).status_code == 403  # the try was used up by the guess
    answer = provider.authorize(begin(client))
    assert back(client, answer).status_code == 303
    kept = client.cookies.get("trucewatch-provider")
    assert kept is None
    client.cookies.clear()
    begin(client)
    assert back(client, answer).status_code == 403
    assert not signed_in(client)
    again = provider.authorize(begin(client))
    again["code"] = answer["code"]  # used before
    assert back(client, again).status_code == 403


def test_saboteur_without_the_state_a_foreign_answer_signs_in(client, provider, monkeypatch):
    answer = provider.authorize(begin(client))
    monkeypatch.setattr(providing.hmac, "compare_digest", lambda *_: True)
    assert back(client, {**answer, "state": "guess"}).status_code == 303


def test_another_issuer_that_answers_is_seen(client, provider):
    answer = provider.authorize(begin(client))
    assert back(client, {**answer, "iss": "https://evil.example"}).status_code == 403
    answer = provider.authorize(begin(client))
    assert back(client, {**answer, "iss": provider.issuer}).status_code == 303


def test_an_issuer_that_promises_its_name_must_give_it(client, provider):
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    assert back(client, provider.authorize(begin(client))).status_code == 403


@pytest.mark.parametrize(
    "bend",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_a_provider_that_is_another_is_not_asked(client, provider, bend):
    provider.metadata = bend
    assert client.get("/sign-in/provider").status_code == 502


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_way_back_leads_nowhere_else(client, provider, to):
    answer = back(client, provider.authorize(begin(client, to=to)))
    assert answer.headers["location"] == "/"


def test_why_it_failed_is_noted_and_told_to_nobody(client, provider, folder):
    provider.claims = {"aud": "another-client"}
    page = back(client, provider.authorize(begin(client)))
    assert "InvalidClaim" not in page.text
    (noted,) = accesses(folder)
    assert (noted.what, noted.by, noted.how) == ("failed", "", "provider")
    assert "InvalidClaim" in noted.reason


STRONG = 'acr = ["phr", "mfa"]\nmax_age_minutes = 30\n'
FRESH = {"acr": "mfa", "auth_time": AT}


@pytest.fixture
def strict(folder, clock, provider):
    """A browser at a mission that demands something of the provider's sign-in."""
    write(folder, PERSON + settings(provider.issuer, STRONG))
    site = MissionSite(folder, now=clock)
    return TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)


def test_a_provider_is_asked_for_what_the_mission_demands(strict, provider):
    asked = parse_qs(urlsplit(begin(strict)).query)
    assert (asked["acr_values"], asked["max_age"]) == (["phr mfa"], ["1800"])
    provider.claims = FRESH
    assert back(strict, provider.authorize(begin(strict))).status_code == 303
    assert signed_in(strict)


@pytest.mark.parametrize(
    "bend",
    [
        {"acr": None},
        {"acr": "pwd"},
        {"acr": "phr mfa"},
        {"acr": ["mfa"]},
        {"acr": True},
        {"auth_time": None},
        {"auth_time": AT - 30 * 60 - 61},
        {"auth_time": AT + 61},
        {"auth_time": True},
        {"auth_time": 4_000_000_000},
    ],
)
def test_a_weak_or_old_sign_in_at_the_provider_is_refused_and_told(strict, provider, folder, bend):
    provider.claims = FRESH | bend
    page = back(strict, provider.authorize(begin(strict)))
    assert page.status_code == 403
    assert "this mission demands more" in page.text
    assert not signed_in(strict)
    (noted,) = accesses(folder)
    assert (noted.what, noted.how) == ("failed", "provider")
    assert next(iter(bend)) in noted.reason


def test_the_bounds_of_age_are_those_that_are_stated(strict, provider):
    for at in (AT, AT - 30 * 60 - 60, AT + 60):
        provider.claims = FRESH | {"auth_time": at}
        assert back(strict, provider.authorize(begin(strict))).status_code == 303


def test_saboteur_without_the_demand_a_weak_sign_in_counts(strict, provider, monkeypatch):
    monkeypatch.setattr(providing, "demand", lambda *_, **__: None)
    assert back(strict, provider.authorize(begin(strict))).status_code == 303


def test_what_is_not_demanded_is_not_asked_for(client):
    asked = parse_qs(urlsplit(begin(client)).query)
    assert not {"acr_values", "max_age"} & set(asked)


@pytest.mark.parametrize("given", ['acr = [""]', 'acr = ["a b"]', "max_age_minutes = -1"])
def test_demands_that_nobody_could_meet_stop_with_their_place(folder, given):
    with pytest.raises(ConfigurationError) as fault:
        write(folder, settings("https://login.example.org", given + "\n"))
    assert fault.value.field.startswith("oidc.")
    text = (folder / "mission.toml").read_text().splitlines()
    assert text[fault.value.line - 1] == given


def test_the_secret_stands_in_a_private_file_or_a_variable(tmp_path, monkeypatch):
    def read(**given):
        section = OidcSection(issuer="https://a.example", client_id="c", **given)
        return providing.read_secret(section, tmp_path)

    path = tmp_path / "hush"
    path.write_text("hush\n")
    path.chmod(0o644)
    file, variable = {"secret_file": "hush"}, {"secret_variable": "HUSH"}
    with pytest.raises(ConfigurationError, match="chmod 600"):
        read(**file)
    path.chmod(0o600)
    assert read(**file) == "hush"
    monkeypatch.setenv("HUSH", "quiet")
    assert read(**variable) == "quiet"
    monkeypatch.delenv("HUSH")
    with pytest.raises(ConfigurationError, match="not set"):
        read(**variable)
    path.unlink()
    with pytest.raises(ConfigurationError, match="read"):
        read(**file)
    assert read() is None


@pytest.fixture(scope="module")
def real():
    """The address of a provider that others wrote, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while True:
        try:
            httpx2.get(f"http://localhost:{port}/", trust_env=False)
            break
        except httpx2.HTTPError:
            assert started.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
    yield f"http://localhost:{port}"
    started.terminate()
    started.wait()


class Now(Clock):
    """The provider's own clock is the machine's."""

    def __call__(self):
        from trucewatch.app.clock import clock

        return clock()


def test_with_a_provider_that_others_wrote(folder, real):
    (folder / "hush").write_text("hush")
    (folder / "hush").chmod(0o600)
    write(folder, PERSON + settings(real, 'secret_file = "hush"\n'))
    site = MissionSite(folder, now=Now())
    client = TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)
    address = begin(client)
    page = httpx2.post(address, data={"sub": "desk-of-the-lead"}, trust_env=False)
    location = page.headers["location"]
    assert location.startswith("http://localhost/sign-in/return?")
    answer = client.get(location.removeprefix("http://localhost"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/incidents")
    assert "Lead by the provider" in client.get("/account").text
    # The same code once more, with a new try: the provider has used it up.
    client.cookies.clear()
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    again = re.sub("state=[^&]+", f"state={state}", location.removeprefix("http://localhost"))
    assert client.get(again).status_code == 403
