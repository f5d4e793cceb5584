"""What stands before every page: each guard, and what would happen without it."""

from __future__ import annotations

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.testclient import TestClient
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.guard import csrf_token, forms, guarding, heads, install

ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def app(accounts):
    """A small application behind the guard: a form, a write and a fault."""
    made = FastAPI()

    @made.get("/form")
    def form(request: Request) -> HTMLResponse:
        return HTMLResponse(csrf_token(request))

    @made.post("/write")
    async def write(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{len(await request.body())}", headers={"Server": "x"})

    @made.get("/fault")
    def fault() -> None:
        raise RuntimeError("what lies in /srv/secret")

    install(made, accounts)
    return made


@pytest.fixture
def client(app):
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def lead(accounts, client):
    accounts.set_password("lead-1", PASSWORD, how="command line")
    client.cookies.set("trucewatch", accounts.sign_in("lead-1", PASSWORD).session)
    return client


def test_a_form_comes_back_only_with_its_secret(lead, monkeypatch):
    token = lead.get("/form").text
    assert lead.post("/write", data={"csrf": token}, headers=ORIGIN).status_code == 200
    assert lead.post("/write", data={"csrf": lead.get("/form").text}).status_code == 200
    assert lead.post("/write", json=1, headers={**ORIGIN, "X-CSRF-Token": token}).text == "1"
    for body in ({}, {"csrf": ""}, {"csrf": "A" * 88}, {"csrf": token[:-4] + "AAA="}):
        assert lead.post("/write", data=body, headers=ORIGIN).status_code == 403
    assert lead.post("/write", json={"csrf": token}, headers=ORIGIN).status_code == 403
    monkeypatch.setattr(forms, "holds", lambda *_: True)
    assert lead.post("/write", data={"csrf": "guess"}, headers=ORIGIN).status_code == 200


def test_a_page_elsewhere_sends_no_form(lead, monkeypatch):
    form = {"csrf": lead.get("/form").text}
    for head in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert lead.post("/write", data=form, headers=head).status_code == 403, head
    monkeypatch.setattr(guarding.forms, "same_site", lambda *_: True)
    assert lead.post("/write", data=form, headers={"Origin": "null"}).status_code == 200


def test_every_answer_has_the_headers(lead, monkeypatch):
    for path in ("/form", "/nothing", "/fault"):
        answer = lead.get(path)
        assert answer.headers["content-security-policy"] == heads.POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-store"
        assert "server" not in answer.headers
    assert answer.status_code == 500
    assert "secret" not in answer.text
    monkeypatch.setattr(guarding, "dress", lambda *_, **__: None)
    assert "content-security-policy" not in lead.get("/form").headers


def test_other_names_are_not_served(client, folder):
    assert client.get("/form", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/form", headers={"Host": "LOCALHOST:8080"}).status_code == 200
    write(folder, '[web]\nbase_url = "https://watch.example.org"\nhosts = ["inner.example.org"]\n')
    for name, status in (
        ("watch.example.org", 200),
        ("inner.example.org:8443", 200),
        ("evil.example", 421),
        ("watch.example.org.evil.example", 421),
    ):
        answer = client.get("/form", headers={"Host": name})
        assert answer.status_code == status, name
        assert answer.headers["strict-transport-security"] == heads.HSTS
    cookie = client.get("/form", headers={"Host": "watch.example.org"}).headers["set-cookie"]
    assert cookie.startswith("__Host-trucewatch-form=")
    assert "Secure" in cookie
