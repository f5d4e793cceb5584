"""The second factor over the whole application: set up, asked for, gone round, and taken off."""

from __future__ import annotations

import re
from dataclasses import replace

import pyotp
import pytest
import segno
from starlette.testclient import TestClient
from tests.web_accounts.conftest import PASSWORD, write
from tests.web_accounts.provider import Provider
from tests.web_accounts.test_pages import post, secret, sign_in
from tests.web_accounts.test_provider import PERSON, back, begin, settings
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.web.accounts import second
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.guesses import FREE
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.accounts.second import SecondFactor
from trucewatch.app.web.accounts.store import Store
from trucewatch.app.web.guard import guarding
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.errors import NotFound

DEMANDED = '[web]\nsecond_factor = ["lead"]\n'
HERE = "/account/factor"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def site(swift, clock):
    made = MissionSite(swift.folder, now=clock)
    made.accounts.set_password("lead-1", PASSWORD, how="command line")
    return made


@pytest.fixture
def client(site):
    return TestClient(make_app(site), base_url="http://localhost", follow_redirects=False)


def shown(key, clock):
    return pyotp.TOTP(key).at(int(clock().timestamp()))


def set_up(client, clock):
    """Set it up as a person does: the secret of the device, and the recovery codes."""
    page = post(client, HERE, HERE, current=PASSWORD)
    key = re.search("<code>([A-Z2-7 ]{39})</code>", page.text)[1].replace(" ", "")
    made = post(client, f"{HERE}/confirm", HERE, code=shown(key, clock))
    assert made.status_code == 200, made.text
    clock.on(60)
    return key, re.findall("<li><code>([a-z2-7 ]{29})</code>", made.text)


def test_it_is_set_up_and_asked_for(client, clock, site, folder):
    sign_in(client)
    first = client.cookies["trucewatch"]
    assert "None is set up." in client.get("/account").text
    key, recovery = set_up(client, clock)
    assert len(recovery) == 10
    assert client.cookies["trucewatch"] != first
    assert site.accounts.store.session(first) is None
    page = client.get(HERE)
    assert key not in page.text.replace(" ", "")
    assert page.headers["cache-control"] == "private, no-store"
    assert "Recovery codes left: 10." in client.get("/account").text
    post(client, "/sign-out")
    answer = sign_in(client, to="/incidents")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert client.get("/account").status_code == 303
    assert "Enter the code" in client.get("/sign-in/code").text
    wrong = post(client, "/sign-in/code", "/sign-in/code", code="no code")
    assert wrong.status_code == 401
    done = post(client, "/sign-in/code", "/sign-in/code", code=shown(key, clock))
    assert (done.status_code, done.headers["location"]) == (303, "/incidents")
    assert client.get("/account").status_code == 200
    assert client.cookies.get("trucewatch-half") is None
    assert [one.what for one in accesses(folder)] == [
        "password", "sign-in", "factor", "sign-in", "failed", "sign-in",
    ]  # fmt: skip


def test_the_picture_says_what_the_letters_say(client):
    sign_in(client)
    page = post(client, HERE, HERE, current=PASSWORD).text
    address = re.search('href="(otpauth:[^"]+)"', page)[1].replace("&amp;", "&")
    key = re.search("<code>([A-Z2-7 ]{39})</code>", page)[1].replace(" ", "")
    assert f"secret={key}&" in address
    assert address.startswith("otpauth://totp/Trucewatch%20")
    drawn = re.search('class="qr".*? d="(M4[^"]+)"', page)[1]
    matrix = segno.make(address, error="m", micro=False).matrix
    assert sum(map(int, re.findall(r"h(\d+)", drawn))) == sum(map(sum, matrix))


def test_who_began_no_sign_in_gets_no_form_for_a_code(client, clock):
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    answer = post(client, "/sign-in/code", "/sign-in", code="123456")
    assert answer.headers["location"] == "/sign-in"
    sign_in(client)
    key, _ = set_up(client, clock)
    client.cookies.clear()
    sign_in(client)
    other = TestClient(client.app, base_url="http://localhost", follow_redirects=False)
    answer = post(other, "/sign-in/code", "/sign-in", code=shown(key, clock))
    assert answer.headers["location"] == "/sign-in"


def test_a_code_is_good_for_one_sign_in(client, clock):
    sign_in(client)
    key, recovery = set_up(client, clock)
    for code, status in (
        (shown(key, clock), 303),
        (shown(key, clock), 401),
        (recovery[0], 303),
        (recovery[0], 401),
    ):
        client.cookies.clear()
        sign_in(client)
        answer = post(client, "/sign-in/code", "/sign-in/code", code=code)
        assert answer.status_code == status


def test_wrong_codes_are_counted_on_every_form(client, clock):
    sign_in(client)
    for _ in range(FREE):
        assert post(client, f"{HERE}/confirm", HERE, code="no code").status_code == 403
    assert post(client, f"{HERE}/confirm", HERE, code="no code").status_code == 429
    clock.on(60)
    key, _ = set_up(client, clock)
    for _ in range(FREE):
        answer = post(client, f"{HERE}/remove", HERE, current=PASSWORD, code="no code")
        assert answer.status_code == 403
    answer = post(client, f"{HERE}/remove", HERE, current=PASSWORD, code=shown(key, clock))
    assert answer.status_code == 429
    client.cookies.clear()
    sign_in(client)
    answer = post(client, "/sign-in/code", "/sign-in/code", code=shown(key, clock))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_it_is_taken_off_by_password_and_code_alone(client, clock, site):
    sign_in(client)
    key, recovery = set_up(client, clock)
    other = site.accounts.enter("lead-1", "password", passed=True).session
    for path in ("remove", "codes"):
        fields = {"current": "not the password at all", "code": shown(key, clock)}
        assert post(client, f"{HERE}/{path}", HERE, **fields).status_code == 403
        fields = {"current": PASSWORD, "code": "no code"}
        assert post(client, f"{HERE}/{path}", HERE, **fields).status_code == 403
    page = post(client, f"{HERE}/codes", HERE, current=PASSWORD, code=shown(key, clock))
    fresh = re.findall("<li><code>([a-z2-7 ]{29})</code>", page.text)
    assert len(fresh) == 10
    assert not set(fresh) & set(recovery)
    assert post(client, HERE, HERE, current=PASSWORD).headers["location"] == HERE
    page = post(client, f"{HERE}/remove", HERE, current=PASSWORD, code=fresh[0])
    assert "was taken off" in page.text
    assert site.accounts.store.session(other) is None
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    assert sign_in(client).headers["location"] == "/"


def test_nobody_sets_up_or_takes_off_anything_without_a_session(client):
    assert client.get(HERE).headers["location"] == "/sign-in?to=/account"
    for path in (HERE, f"{HERE}/confirm", f"{HERE}/codes", f"{HERE}/remove"):
        answer = post(client, path, "/sign-in", current=PASSWORD, code="123456")
        assert answer.headers["location"] == "/sign-in?to=/account"


def test_the_secret_is_shown_for_the_password_alone(client):
    sign_in(client)
    for path in ("codes", "remove"):  # there is nothing yet to renew or to take off
        answer = post(client, f"{HERE}/{path}", HERE, current=PASSWORD, code="123456")
        assert answer.headers["location"] == HERE
    page = post(client, HERE, HERE, current="not the password at all")
    assert page.status_code == 403
    assert "otpauth" not in page.text
    for _ in range(FREE):
        post(client, HERE, HERE, current="not the password at all")
    assert post(client, HERE, HERE, current=PASSWORD).status_code == 429


def test_who_must_have_it_reaches_nothing_else(client, clock, folder, site):
    sign_in(client)  # before it was demanded
    write(folder, DEMANDED)
    for path in ("/", "/account", "/queue", "/incidents", "/bulletins", "/sign-in", "/notices"):
        answer = client.get(path, headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, HERE), path
    for path in ("/api/v1/incidents", "/events", "/tiles/0/0/0", "/openapi.json"):
        assert client.get(path).status_code == 403, path
    for path in ("/account/tokens", "/account/password", "/account/sessions"):
        answer = post(client, path, HERE, current=PASSWORD, scope=["read"], days="30")
        assert answer.status_code == 403, path
    assert site.accounts.store.tokens("lead-1") == ()
    page = client.get(HERE)
    assert "must have a second factor" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    look = re.search('href="(/static/[^"]+css)"', page.text)[1]
    assert client.get(look).status_code == 200
    set_up(client, clock)
    assert client.get("/account").status_code == 200
    made = post(client, "/account/tokens", current=PASSWORD, scope=["read"], days="30")
    assert "It is shown this once" in made.text


def test_who_must_have_it_can_leave(client, folder):
    write(folder, DEMANDED)
    sign_in(client)
    assert post(client, "/sign-out", HERE).headers["location"] == "/"
    assert client.get("/", headers=PAGE).headers.get("location") != HERE


def test_saboteur_behind_the_guard_they_are_nobody(client, folder, monkeypatch):
    write(folder, DEMANDED)
    sign_in(client)
    open_to_all = type("All", (), {"__contains__": lambda *_: True})()
    monkeypatch.setattr(guarding, "OPEN", open_to_all)
    assert client.get("/account").headers["location"] == "/sign-in?to=/account"
    monkeypatch.setattr(Accounts, "must_have_second", lambda *_: False)
    assert client.get("/account").status_code == 200


def test_saboteur_without_the_question_the_session_itself_still_ends(client, clock, monkeypatch):
    sign_in(client)
    set_up(client, clock)
    client.cookies.clear()
    monkeypatch.setattr(SecondFactor, "is_asked", lambda *_: False)
    assert sign_in(client).headers["location"] == "/"
    assert client.get("/account").status_code == 303
    found = Store.session
    monkeypatch.setattr(Store, "session", lambda *of: replace(found(*of), asked=False))
    client.cookies.clear()
    sign_in(client)
    assert client.get("/account").status_code == 200


def test_a_password_that_is_changed_keeps_the_code_that_was_given(client, clock, site):
    sign_in(client)
    set_up(client, clock)
    changed = "nine storks on the chimney"
    post(client, "/account/password", current=PASSWORD, wanted=changed, again=changed)
    assert client.get("/account").status_code == 200
    (session,) = site.accounts.store.sessions("lead-1")
    assert session.passed


@pytest.fixture
def provider(clock):
    made = Provider(clock().timestamp())
    yield made
    made.close()


def test_who_comes_by_a_provider_that_promises_nothing_is_asked_here(
    folder, clock, provider, client
):
    write(folder, PERSON + settings(provider.issuer) + DEMANDED)
    assert back(client, provider.authorize(begin(client))).status_code == 303
    assert client.get("/queue", headers=PAGE).headers["location"] == HERE
    assert "password" not in client.get(HERE).text.partition("<main")[2].partition("<form")[2]
    clock.on(599)
    key, _ = set_up(client, clock)
    client.cookies.clear()
    provider.at = clock().timestamp()
    answer = back(client, provider.authorize(begin(client, to="/queue")))
    assert answer.headers["location"] == "/sign-in/code"
    answer = post(client, "/sign-in/code", "/sign-in/code", code=shown(key, clock))
    assert answer.headers["location"] == "/queue"
    clock.on(600)
    assert post(client, f"{HERE}/remove", HERE, code=shown(key, clock)).status_code == 403


def test_on_the_command_line_it_is_told_and_taken_off(client, clock, site, folder):
    def run(*words):
        return CliRunner().invoke(app, ["account", *words, "--mission", str(folder)])

    assert "no second factor" in run("factor", "lead-1").output
    write(folder, DEMANDED)
    assert "password" in run("list").output
    assert "still to be set up" in run("list").output
    sign_in(client)
    set_up(client, clock)
    assert "10 recovery codes left" in run("factor", "lead-1").output
    assert re.search("password of [^;]+ and code;", run("list").output)
    assert "taken off" in run("factor", "lead-1", "--reset").output
    assert site.accounts.store.sessions("lead-1") == ()
    noted = accesses(folder)[-1]
    assert (noted.what, noted.by, noted.how, noted.reason) == (
        "factor", "lead-1", "command line", "reset",
    )  # fmt: skip
    assert isinstance(run("factor", "lead-1", "--reset").exception, NotFound)


def test_by_https_the_name_of_a_half_sign_in_is_for_this_host_alone(client, clock, folder, site):
    sign_in(client)
    set_up(client, clock)
    write(folder, '[web]\nbase_url = "https://watch.example.org"\n')
    base = "https://watch.example.org"
    client = TestClient(make_app(site), base_url=base, follow_redirects=False)
    form = {"csrf": secret(client), "person": "lead-1", "password": PASSWORD}
    answer = client.post("/sign-in", data=form, headers={"Origin": base})
    (cookie,) = (one for one in answer.headers.get_list("set-cookie") if "-half=" in one)
    assert cookie.startswith("__Host-trucewatch-half=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert f"Max-Age={int(second.HALF_S)}" in cookie
