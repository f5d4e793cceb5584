"""The intake of notices over a real socket: who has no token learns nothing and enters nothing."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from tests.serving import listening
from typer.testing import CliRunner

from trucewatch.app.mission import Mission
from trucewatch.app.notices import intake as notice_intake
from trucewatch.app.notices import keeping as notices
from trucewatch.app.notices import limits as notice_limits
from trucewatch.app.notices import serving as notice_serve
from trucewatch.app.notices import tokens
from trucewatch.app.notices.intake import Intake, Session
from trucewatch.app.notices.serving import make_app
from trucewatch.errors import ConfigurationError, NotAllowed, NotFound

PEOPLE = """
[[people]]
id = "duty-desk"
name = "Duty desk"
roles = ["desk"]

[[people]]
id = "reader"
name = "Reader"
roles = ["observer"]
"""
NOTICE = {
    "organisation": "Tern Relief",
    "contact": "radio 7",
    "sort": "site",
    "domain": "land",
    "place": "clinic",
    "route": [[36.2, 49.9]],
    "from": "2031-05-04T08:00",
}


@pytest.fixture
def folder(tmp_path):
    """A mission that has a log and two people, one of them at the desk."""
    shipped = Path(str(files("trucewatch") / "missions" / "easter-2026"))
    made = tmp_path / "mission"
    shutil.copytree(shipped, made, ignore=shutil.ignore_patterns("data"))
    (made / "mission.toml").write_text((made / "mission.toml").read_text() + PEOPLE)
    with Mission.open(made) as mission:
        mission.sync_settings()
    return made


class Ticks:
    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Ticks()


@pytest.fixture
def server(folder, clock):
    """The port of a running intake, whose calendar says May 2031."""
    intake = Intake(folder, now=lambda: datetime(2031, 5, 1, tzinfo=UTC), clock=clock)
    with listening(make_app(intake)) as port:
        yield port


@pytest.fixture
def ask(server):
    def ask(path, method="GET", body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server, timeout=20)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body=body, headers=names)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    return ask


@pytest.fixture
def token(folder):
    return tokens.give(folder, "duty-desk")


def post(ask, token, what, **more):
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    return ask("/api/notices", "POST", body, Authorization=f"Bearer {token}", **more)


def entered(folder):
    with Mission.open(folder, readonly=True) as mission:
        return notices.listing(mission)["notices"]


def test_a_notice_comes_in_with_a_token(ask, token, folder):
    status, headers, body = post(ask, token, NOTICE)
    data = json.loads(body)
    assert (status, data["entered"], data["refused"]) == (201, 1, 0)
    assert data["disclaimers"][0] == "A notice is no permission and no guarantee."
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    status, _, body = ask("/api/notices", Authorization=f"Bearer {token}")
    assert status == 200
    assert json.loads(body)["notices"][0]["place"] == "clinic"
    assert [row["place"] for row in entered(folder)] == ["clinic"]


def test_several_are_refused_one_by_one(ask, token, folder):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [36.3, 49.8]},
        "properties": {k: v for k, v in NOTICE.items() if k != "route"},
    }
    bad = {**NOTICE, "domain": "space"}
    status, _, body = post(ask, token, [NOTICE, bad, 7])
    assert (status, json.loads(body)["entered"], json.loads(body)["refused"]) == (207, 1, 2)
    assert "sea, land, air" in json.dumps(json.loads(body)["refusals"]).replace(
        "land, sea", "sea, land"
    )
    assert post(ask, token, {"type": "FeatureCollection", "features": [feature]})[0] == 201
    assert post(ask, token, bad)[0] == 422
    assert post(ask, token, b"{")[0] == 422
    # What was entered before is not entered twice.
    assert post(ask, token, [NOTICE])[0] == 422
    assert len(entered(folder)) == 2


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic {}", "{}", "Bearer {}x"])
def test_without_a_token_nothing_is_told(ask, token, folder, header):
    post(ask, token, NOTICE)
    given = {"Authorization": header.format(token)} if header else {}
    for method, body in (("GET", None), ("POST", json.dumps(NOTICE).encode())):
        status, headers, answer = ask("/api/notices", method, body, **given)
        assert status == 401
        assert headers["www-authenticate"] == "Bearer"
        assert b"notice token" in answer
        assert b"clinic" not in answer
    assert b"clinic" not in ask("/")[2]
    assert len(entered(folder)) == 1


def test_without_the_check_anybody_would_read(ask, token, monkeypatch):
    post(ask, token, NOTICE)
    monkeypatch.setattr(Intake, "person", lambda *_: "duty-desk")
    assert b"clinic" in ask("/api/notices")[2]


def test_a_new_token_ends_the_old_and_revoking_ends_it(ask, token, folder):
    new = tokens.give(folder, "duty-desk")
    assert post(ask, token, NOTICE)[0] == 401
    assert post(ask, new, NOTICE)[0] == 201
    assert tokens.revoke(folder, "duty-desk")
    assert not tokens.revoke(folder, "duty-desk")
    assert post(ask, new, NOTICE)[0] == 401


def test_only_the_hash_is_kept_and_for_the_owner_alone(folder, token):
    path = folder / tokens.FILE
    assert token.encode() not in path.read_bytes()
    assert tokens.digest(token).encode() in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_token_from_before_there_were_accounts_still_counts(ask, folder):
    former = folder / "notice-tokens.json"
    former.write_text(json.dumps({"duty-desk": tokens.digest("of-old")}))
    assert post(ask, "of-old", NOTICE)[0] == 201
    assert not former.exists()
    assert post(ask, "of-old", {**NOTICE, "place": "school"})[0] == 201
    former.write_text("[1]")
    with pytest.raises(ConfigurationError, match="delete it"):
        tokens.holder(folder, "of-old")


def test_who_lost_the_role_is_refused(ask, token, folder):
    text = (folder / "mission.toml").read_text()
    (folder / "mission.toml").write_text(text.replace('roles = ["desk"]', 'roles = ["observer"]'))
    with Mission.open(folder) as mission:
        mission.sync_settings()
    status, _, body = post(ask, token, NOTICE)
    assert status == 403
    assert b"role desk or lead" in body


def test_limits_of_size_and_rate(ask, token, clock):
    status, _, body = post(ask, token, b" " * (notice_limits.LARGEST_BODY + 1))
    assert status == 413
    assert b"in parts" in body
    for _ in range(notice_intake.PER_MINUTE):
        assert post(ask, token, b"[]")[0] == 201
    status, headers, _ = post(ask, token, b"[]")
    assert status == 429
    assert 0 < int(headers["retry-after"]) <= 61
    clock.time += 61
    assert post(ask, token, b"[]")[0] == 201
    for _ in range(notice_intake.WRONG_PER_MINUTE):
        assert post(ask, "wrong", b"[]")[0] == 401
    assert post(ask, "wrong", b"[]")[0] == 429
    # Whoever guesses locks nobody else out.
    assert post(ask, token, b"[]")[0] == 201


def do(ask, token, name, act, body=b""):
    where = f"/api/notices/{name}/{act}"
    status, _, answer = ask(where, "POST", body, Authorization=f"Bearer {token}")
    return status, json.loads(answer)


def test_a_notice_is_acknowledged_amended_and_cancelled(ask, token, folder):
    name = json.loads(post(ask, token, NOTICE)[2])["notices"][0]["id"]
    status, data = do(ask, token, name, "acknowledge")
    assert (status, data["notices"][0]["state"]) == (200, "acknowledged")
    assert data["disclaimers"]
    assert do(ask, token, name, "acknowledge")[0] == 404
    change = json.dumps({"width_m": 900, "reason": "a wider way"}).encode()
    status, data = do(ask, token, name, "amend", change)
    (row,) = data["notices"]
    assert (status, row["width_m"], row["versions"], row["acknowledged"]) == (200, 900, 2, None)
    status, data = do(ask, token, name, "cancel", b'{"reason": "it rains"}')
    assert (status, data["notices"][0]["state"]) == (200, "cancelled")
    told = " ".join(data["notices"][0]["reasons"])
    assert "a wider way" in told
    assert "it rains" in told
    assert do(ask, token, name, "amend", change)[0] == 404
    assert [one["state"] for one in entered(folder)] == ["cancelled"]


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("amend", b""),
        ("amend", b"[]"),
        ("amend", b"{"),
        ("amend", b'{"reason": 7, "width_m": 900}'),
        ("amend", b'{"width_m": 1' + b"0" * 400 + b"}"),
        ("amend", b'{"from": "9999-12-31T23:59Z"}'),
        ("amend", b'{"id": "ntc-1"}'),
        ("cancel", b'{"width_m": 900}'),
        ("cancel", b'{"reason": "\\u001b[2J"}'),
        ("acknowledge", b'{"reason": "' + b"x" * 501 + b'"}'),
    ],
)
def test_an_act_that_is_none_changes_nothing(ask, token, folder, act, body):
    name = json.loads(post(ask, token, NOTICE)[2])["notices"][0]["id"]
    before = entered(folder)
    status, data = do(ask, token, name, act, body)
    assert status == 422
    assert data["error"]
    assert entered(folder) == before


def test_acts_need_a_token_and_a_notice(ask, token, folder):
    name = json.loads(post(ask, token, NOTICE)[2])["notices"][0]["id"]
    before = entered(folder)
    for act in ("acknowledge", "amend", "cancel"):
        assert ask(f"/api/notices/{name}/{act}", "POST", b"{}")[0] == 401
        assert ask(f"/api/notices/{name}/{act}")[0] == 405
    assert do(ask, token, "ntc-0000000000000000", "cancel")[0] == 404
    assert do(ask, token, "..%2f..%2finside", "cancel")[0] == 404
    assert do(ask, token, name, "submit")[0] == 404
    assert entered(folder) == before


def test_who_sends_slowly_is_sent_away(server, monkeypatch):
    monkeypatch.setattr(notice_serve, "BODY_S", 0.2)
    with socket.create_connection(("127.0.0.1", server), timeout=20) as slow:
        slow.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\ntoken"
        )
        assert b" 408 " in slow.recv(1_000).splitlines()[0]


def test_a_stream_without_a_length_is_bounded_too(server, token):
    connection = http.client.HTTPConnection("127.0.0.1", server, timeout=20)
    parts = (b" " * 65_536 for _ in range(8))
    connection.request(
        "POST", "/api/notices", body=parts, headers={"Authorization": f"Bearer {token}"}
    )
    assert connection.getresponse().status == 413
    connection.close()


def test_it_answers_to_this_machine_alone(ask):
    assert ask("/", Host="evil.example:80")[0] == 421
    assert ask("/", Host="localhost:8090")[0] == 200


def sign_in(ask, token, **headers):
    status, headers, body = ask("/sign-in", "POST", urlencode({"token": token}).encode(), **headers)
    return status, headers.get("set-cookie", ""), body


FORM = {**NOTICE, "route": "36.2,49.9", "sort": "site"}


def test_the_form(ask, token, folder, clock):
    status, cookie, _ = sign_in(ask, token)
    assert status == 303
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()
    name = cookie.split(";")[0]
    page = ask("/", Cookie=name)[2].decode()
    csrf = re.search('name="csrf" value="([^"]+)"', page)[1]
    assert "no permission and no guarantee" in page

    def send(**changes):
        body = urlencode({**FORM, "csrf": csrf, **changes}).encode()
        return ask("/notices", "POST", body, Cookie=name)

    status, _, body = send(domain="space", place="<b>clinic")
    assert status == 422
    assert b"domain: is one of" in body
    assert b"&lt;b&gt;clinic" in body
    for wrong in ({"csrf": "x"}, {"csrf": ""}):
        assert send(**wrong)[0] == 403
    assert entered(folder) == []
    assert send()[0] == 303
    assert [row["place"] for row in entered(folder)] == ["clinic"]
    assert send()[0] == 422
    clock.time += notice_intake.SESSION_S + 1
    assert send(place="other")[0] == 401


def test_another_site_cannot_send_the_form(ask, token, monkeypatch):
    _, cookie, _ = sign_in(ask, token)
    name = cookie.split(";")[0]
    page = ask("/", Cookie=name)[2].decode()
    csrf = re.search('name="csrf" value="([^"]+)"', page)[1]
    body = urlencode({**FORM, "csrf": csrf}).encode()
    for origin in ("http://evil.example", "null"):
        assert ask("/notices", "POST", body, Cookie=name, Origin=origin)[0] == 403
    assert sign_in(ask, token, Origin="http://evil.example")[0] == 403
    forged = urlencode({**FORM, "csrf": "guess"}).encode()
    assert ask("/notices", "POST", forged, Cookie=name)[0] == 403
    # The saboteur: with a comparison that is content with anything, the forgery goes through.
    monkeypatch.setattr(notice_serve.hmac, "compare_digest", lambda *_: True)
    assert ask("/notices", "POST", forged, Cookie=name)[0] == 303


def test_signing_out_and_a_revoked_token_end_the_session(ask, token, folder):
    for end in ("sign out", "revoke"):
        _, cookie, _ = sign_in(ask, token)
        name = cookie.split(";")[0]
        page = ask("/", Cookie=name)[2].decode()
        csrf = re.search('name="csrf" value="([^"]+)"', page)[1]
        if end == "sign out":
            body = urlencode({"csrf": csrf}).encode()
            assert ask("/sign-out", "POST", body, Cookie=name)[0] == 303
        else:
            tokens.revoke(folder, "duty-desk")
        assert b"Sign in" in ask("/", Cookie=name)[2]


def test_wrong_tokens_on_the_form_are_told(ask):
    status, _, body = sign_in(ask, "wrong")
    assert status == 401
    assert b"no such token" in body
    assert ask("/notices", "POST", b"csrf=x")[0] == 401
    assert ask("/sign-in", "POST", b"\xff")[0] == 400


def test_nothing_else_is_reachable(ask):
    for path in ("/docs", "/openapi.json", "/mission.toml", "/bulletins/", "/api/bulletins"):
        assert ask(path)[0] == 404
    for method in ("PUT", "DELETE", "PATCH"):
        assert ask("/api/notices", method)[0] == 405


def test_sessions_fill_no_memory(folder, token, clock):
    intake = Intake(folder, clock=clock)
    names = [intake.sign_in(token) for _ in range(notice_intake.MOST_SESSIONS + 5)]
    assert intake.session(names[0]) is None
    assert isinstance(intake.session(names[-1]), Session)
    rate = notice_limits.Rate(1, 60, clock=clock)
    for number in range(notice_limits.CALLERS_KEPT + 50):
        rate.call(str(number))
    assert len(rate._calls) <= notice_limits.CALLERS_KEPT


def test_the_commands(folder, monkeypatch):
    from trucewatch.app.cli import app

    seen = {}
    monkeypatch.setattr(uvicorn, "run", lambda _, **options: seen.update(options))
    tokens.give(folder, "duty-desk")
    where = ["--mission", str(folder)]
    run = CliRunner().invoke
    assert run(app, ["notice", "serve", "--port", "9000", *where]).exit_code == 0
    assert (seen["host"], seen["port"], seen["server_header"]) == ("127.0.0.1", 9000, False)
    shown = run(app, ["notice", "token", "--by", "duty-desk", *where, "--json"])
    assert tokens.holder(folder, json.loads(shown.output)["token"]) == "duty-desk"
    shown = run(app, ["notice", "token", "--by", "reader", *where])
    assert isinstance(shown.exception, NotAllowed)
    shown = run(app, ["notice", "token", "--by", "duty-desk", "--revoke", *where])
    assert "revoked" in shown.output
    with pytest.raises(NotFound, match="notice token"):
        notice_serve.serve(folder)
