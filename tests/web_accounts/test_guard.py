"""What stands before every page: each guard, and what would happen without it."""

from __future__ import annotations

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.testclient import TestClient
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web import limits
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.guard import bodies, csrf_token, forms, guarding, heads, install

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


def test_before_there_is_a_session_forms_are_bound_to_a_cookie(client):
    token = client.get("/form").text
    assert client.get("/form").text != token  # another mask each time
    assert client.post("/write", data={"csrf": token}, headers=ORIGIN).status_code == 200
    client.cookies.clear()
    assert client.post("/write", data={"csrf": token}, headers=ORIGIN).status_code == 403
    client.cookies.set("trucewatch-form", "of somebody else")
    assert client.post("/write", data={"csrf": token}, headers=ORIGIN).status_code == 403


def test_a_token_needs_no_form_and_a_wrong_one_gets_nothing(lead, accounts):
    _, secret = accounts.give_token("lead-1", frozenset({"read"}), days=1, how="x")
    lead.cookies.clear()
    head = {"Authorization": f"Bearer {secret}"}
    assert lead.post("/write", content=b"12345", headers=head).text == "5"
    for wrong in (f"Bearer {secret}x", "Bearer ", "Basic bGVhZA==", "Bearer"):
        answer = lead.get("/form", headers={"Authorization": wrong})
        assert answer.status_code == 401, wrong
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_session_does_not_help_a_wrong_token(lead):
    head = {"Authorization": "Bearer wrong", **ORIGIN}
    assert lead.post("/write", content=b"x", headers=head).status_code == 401


def test_wrong_tokens_are_counted(client, monkeypatch):
    monkeypatch.setattr(guarding, "WRONG_PER_MINUTE", 3)
    head = {"Authorization": "Bearer wrong"}
    found = [client.get("/form", headers=head).status_code for _ in range(5)]
    assert found == [401, 401, 401, 429, 429]


def test_a_form_with_files_has_its_secret_first(lead):
    token = lead.get("/form").text

    def upload(first, data):
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{first}"\r\n\r\n{data}\r\n',
            '--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n',
            "y" * 5000,
            "\r\n--b--\r\n",
        ]
        head = {**ORIGIN, "Content-Type": "multipart/form-data; boundary=b"}
        return lead.post("/write", content="".join(parts).encode(), headers=head)

    answer = upload("csrf", token)
    assert (answer.status_code, int(answer.text) > 5000) == (200, True)
    assert upload("csrf", "guess").status_code == 403
    assert upload("other", token).status_code == 403


def test_bodies_are_bounded_whatever_they_announce(client, folder, monkeypatch):
    write(folder, "[web]\nupload_mb = 0.01\n")
    monkeypatch.setattr(bodies, "LARGEST_BODY", 1000)
    monkeypatch.setattr(guarding, "LARGEST_BODY", 1000)

    def endless():
        for _ in range(100):
            yield b"x" * 500

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert client.post("/write", content=b"x" * 1000).status_code == 200
    assert client.post("/write", content=b"x" * 1001).status_code == 413
    assert client.post("/write", content=endless()).status_code == 413
    assert client.post("/write", content=b"x" * 10_000, headers=kind).status_code == 200
    assert client.post("/write", content=b"x" * 10_001, headers=kind).status_code == 413
    assert client.post("/write", content=endless(), headers=kind).status_code == 413
    bad = {"Content-Length": "many"}
    assert client.post("/write", content=b"x", headers=bad).status_code == 400
    # The saboteur: without the bound all of it is read.
    monkeypatch.setattr(guarding, "LARGEST_BODY", 10**9)
    assert client.post("/write", content=endless()).text == "50000"


def test_where_accounts_cannot_be_read_nobody_is_taken_for_the_public(client, folder):
    (folder / "accounts.db").write_bytes(b"no database" * 1000)
    answer = client.get("/form", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 503
    assert "database" not in answer.text


def test_a_message_with_two_lengths_is_refused(client):
    both = {"Content-Length": "4", "Transfer-Encoding": "chunked"}
    answer = client.post("/write", content=b"x" * 4, headers=both)
    assert (answer.status_code, answer.headers["Connection"]) == (400, "close")


def test_a_slow_body_is_not_waited_for(app, monkeypatch):
    import asyncio

    monkeypatch.setattr(guarding, "BODY_S", 0.05)
    sent = []

    async def receive():
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/write",
        "raw_path": b"/write",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
    }
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 408


def test_who_calls_too_often_waits(client, folder, monkeypatch):
    write(folder, "[web]\ncalls_per_minute = 60\n")
    found = [client.get("/form").status_code for _ in range(62)]
    assert found[:60] == [200] * 60
    assert found[61] == 429
    assert client.get("/form").headers["retry-after"] == "1"
    monkeypatch.setattr(guarding.Bucket, "call", lambda *_: 0)
    assert client.get("/form").status_code == 200


def test_buckets_fill_again_and_no_memory(monkeypatch):
    now = [0.0]
    bucket = limits.Bucket(clock=lambda: now[0])
    assert [bucket.call("a", 60) for _ in range(61)] == [0] * 60 + [1]
    now[0] += 1
    assert [bucket.call("a", 60), bucket.call("a", 60)] == [0, 1]
    monkeypatch.setattr(limits, "CALLERS_KEPT", 10)
    for number in range(100):
        bucket.call(str(number), 60)
    assert len(bucket._left) == 10


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.7", "", "192.0.2.0/24"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.0/24"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.1", "198.51.100.0/24"),
        ("127.0.0.1", "nonsense", "unknown"),
        ("2001:db8:1:2:3::4", "", "2001:db8:1::/56"),
        ("::ffff:192.0.2.7", "", "192.0.2.0/24"),
        ("testclient", "", "unknown"),
    ],
)
def test_where_a_call_comes_from(peer, forwarded, found):
    assert limits.network(peer, forwarded, ("127.0.0.1",)) == found


def test_no_method_but_the_usual_and_no_endless_address(client):
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        assert client.request(method, "/form").status_code == 405
    assert client.get("/form?" + "a" * 9000).status_code == 414


def test_who_is_refused_is_noted(lead, folder):
    for _ in range(3):
        assert lead.post("/write", data={"csrf": "x"}, headers=ORIGIN).status_code == 403
    noted = [(one.what, one.by, one.how, one.id) for one in accesses(folder)]
    assert noted[-1] == ("refused", "lead-1", "password", "POST /write")
    assert [one[0] for one in noted] == ["password", "sign-in", "refused"]


def test_an_answer_with_a_session_is_kept_by_nobody(lead):
    answer = lead.get("/form")
    assert answer.headers["cache-control"] == "private, no-store"
    assert "Cookie" in answer.headers["vary"]
    assert "Authorization" in answer.headers["vary"]
    lead.cookies.clear()
    assert lead.get("/form").headers["cache-control"] == "no-cache"
