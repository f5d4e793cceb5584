"""The web application over a real socket: it shows what was published, and nothing else."""

from __future__ import annotations

import hashlib
import http.client
import json
import sys
from pathlib import Path

import pytest
from tests.serving import listening

from trucewatch.app import serve
from trucewatch.app.publishing import verifying
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.errors import MissingExtra

PAGE = b"<!doctype html><title>12 April</title><p>Fewer, not none."


def publish(folder: Path, stem: str, bodies: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    seal = {
        "bodies": {name: hashlib.sha256(body).hexdigest() for name, body in bodies.items()},
        "issued": "2026-04-14T00:00:00Z",
        "checkpoint": {"size": 3},
        "evidence": {"size": 2},
    }
    (folder / f"{stem}.seal.json").write_text(json.dumps(seal))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bulletins"
    publish(folder, "2026-04-12", {"2026-04-12.html": PAGE, "2026-04-12.json": b"{}"})
    (folder / "index.html").write_bytes(b"<a href='2026-04-12.html'>12 April</a>")
    (tmp_path / "mission.toml").write_text("secret")
    return folder


@pytest.fixture
def get(folder):
    """Asks a running server; gives status, headers and body."""

    def ask(path, method="GET", **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    with listening(make_app(MissionSite(folder.parent))) as port:
        yield ask


def lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def test_the_index_stands_beside_the_bulletins(get):
    status, headers, body = get("/bulletins/")
    assert (status, lower(headers)["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"12 April" in body


def test_a_bulletin_comes_as_it_was_sealed(get):
    status, headers, body = get("/bulletins/2026-04-12.html")
    headers = lower(headers)
    assert (status, body) == (200, PAGE)
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["etag"] == f'"{hashlib.sha256(PAGE).hexdigest()}"'
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]
    assert get("/bulletins/2026-04-12.html", "HEAD")[::2] == (200, b"")


def test_who_has_it_need_not_fetch_it_again(get):
    path = "/bulletins/2026-04-12.html"
    etag = lower(get(path)[1])["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        status, headers, body = get(path, **{"If-None-Match": known})
        assert (status, lower(headers)["etag"], body) == (304, etag, b"")
    assert get(path, **{"If-None-Match": '"other"'})[0] == 200


def test_media_types(folder, get):
    kinds = {
        "a.json": "application/json",
        "a.geojson": "application/geo+json",
        "a.md": "text/markdown; charset=utf-8",
        "a.csv": "text/csv; charset=utf-8",
        "a.pdf": "application/pdf",
        "a.svg": "image/svg+xml",
        "a.exe": "application/octet-stream",
        "html": "application/octet-stream",
    }
    publish(folder, "other", dict.fromkeys(kinds, b"body"))
    for name, media in kinds.items():
        status, headers, body = get(f"/bulletins/{name}")
        assert (status, lower(headers)["content-type"], body) == (200, media, b"body")


def test_seals_are_published_too(folder, get):
    status, _, body = get("/bulletins/2026-04-12.seal.json")
    assert (status, body) == (200, (folder / "2026-04-12.seal.json").read_bytes())


def test_a_seal_has_its_page_and_nothing_else_has(folder, get):
    (folder / "2026-04-12.seal.html").write_bytes(b"<p>the seal")
    (folder / "2026-04-13.seal.html").write_bytes(b"<p>of nothing")
    (folder / "2026-04-12.tlog-proof").write_bytes(b"the proof")
    (folder / "2026-04-13.tlog-proof").write_bytes(b"of nothing")
    (folder / "2026-04-12").write_bytes(b"a draft")
    assert get("/bulletins/2026-04-12.seal.html")[::2] == (200, b"<p>the seal")
    assert get("/bulletins/2026-04-13.seal.html")[0] == 404
    assert get("/bulletins/2026-04-12.tlog-proof")[::2] == (200, b"the proof")
    assert get("/bulletins/2026-04-13.tlog-proof")[0] == 404
    assert get("/bulletins/2026-04-12")[0] == 404


def test_what_no_seal_names_is_not_there(folder, get):
    (folder / "draft.html").write_text("not yet")
    for path in (
        "/bulletins/draft.html",
        "/bulletins/index.htm",
        "/bulletins/2026-04-13.html",
        "/bulletins/../mission.toml",
        "/bulletins/..%2fmission.toml",
        "/bulletins/%2e%2e/mission.toml",
        "/bulletins/..%5cmission.toml",
        "/bulletins//etc/passwd",
        "/bulletins/%2fetc%2fpasswd",
        "/bulletins/2026-04-12.html%00",
        "/mission.toml",
        "/docs",
        "/redoc",
    ):
        status, headers, body = get(path)
        assert status == 404, path
        assert b"secret" not in body
        assert lower(headers)["x-content-type-options"] == "nosniff"


def test_a_seal_cannot_name_what_lies_elsewhere(folder, get):
    digest = hashlib.sha256(b"secret").hexdigest()
    for name in ("../mission.toml", "/etc/passwd", ".hidden", "a/b.html", ""):
        (folder / "evil.seal.json").write_text(json.dumps({"bodies": {name: digest}}))
        assert serve.read_seals(folder)[1].fault is not None
        assert b"secret" not in get(f"/bulletins/{name}")[2]


KEY = "isle+6805910d+ASpg007/z5JMqDIg7H30T16TXFG82aR38K78onOFndUw"


def test_the_page_that_checks_proofs_comes_with_its_own_policy(folder, get):
    assert get("/bulletins/verify.html")[0] == 404
    page = verifying.verify_page(logs=[KEY], witnesses=["<w}>"], quorum=1)
    (folder / "verify.html").write_bytes(page)
    status, headers, body = get("/bulletins/verify.html")
    headers = lower(headers)
    assert (status, body) == (200, page)
    policy = headers["content-security-policy"]
    assert "script-src 'sha256-" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert policy.removesuffix("; frame-ancestors 'none'").encode() in page
    assert headers["x-content-type-options"] == "nosniff"
    # A browser that asks again takes the headers of the answer: the same policy must be in it.
    known = get("/bulletins/verify.html", **{"If-None-Match": headers["etag"]})
    assert (known[0], lower(known[1])["content-security-policy"]) == (304, policy)
    assert get("/bulletins/2026-04-12.html")[1]["content-security-policy"] != policy


def test_another_page_in_its_place_is_withheld(folder, get, monkeypatch):
    page = verifying.verify_page(logs=[KEY])
    for bad in (
        page + b"<p>",
        page.replace(b"</script>", b"fetch('/')</script>"),
        page.replace(b'{"logs"', b'</script><script>1</script>{"logs"'),
        b"\xff",
        b"",
    ):
        (folder / "verify.html").write_bytes(bad)
        status, _, body = get("/bulletins/verify.html")
        assert status == 409
        assert body != bad
    (folder / "verify.html").write_bytes(verifying.verify_page(logs=[KEY], exercise=True))
    status, _, body = get("/bulletins/verify.html")
    assert (status, b"EXERCISE" in body, b"EXERCISE" in page) == (200, True, False)
    (folder / "verify.html").write_bytes(page + b"<p>")
    monkeypatch.setattr(verifying, "is_ours", lambda _: True)
    assert get("/bulletins/verify.html")[0] == 200


def test_nothing_can_be_written(get):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for path in ("/", "/bulletins/2026-04-12.html", "/api/bulletins", "/health"):
            assert get(path, method)[0] == 405


def test_what_is_not_as_sealed_is_withheld(folder, get):
    (folder / "2026-04-12.html").write_bytes(PAGE + b"!")
    status, _, body = get("/bulletins/2026-04-12.html")
    assert status == 409
    assert b"Fewer" not in body
    status, _, body = get("/health")
    assert status == 503
    assert "2026-04-12.html: the file is not what was sealed" in json.loads(body)["faults"][0]


def test_without_the_check_an_altered_file_would_go_out(folder, get, monkeypatch):
    (folder / "2026-04-12.html").write_bytes(PAGE + b"!")
    monkeypatch.setattr(serve, "published", lambda folder, name: (folder / name).read_bytes())
    assert get("/bulletins/2026-04-12.html")[0] == 200


def test_two_seals_that_disagree_withhold_the_file(folder, get):
    digest = hashlib.sha256(b"other").hexdigest()
    (folder / "z.seal.json").write_text(json.dumps({"bodies": {"2026-04-12.html": digest}}))
    assert get("/bulletins/2026-04-12.html")[0] == 409


def test_a_format_that_was_sealed_but_not_written(folder, get):
    (folder / "2026-04-12.json").unlink()
    assert get("/bulletins/2026-04-12.json")[0] == 404
    assert get("/health")[0] == 200
    (listed,) = json.loads(get("/api/bulletins")[2])
    assert [file["href"] for file in listed["files"]] == ["/bulletins/2026-04-12.html", None]


def test_the_list_says_what_the_seals_say(folder, get):
    for name, text in (("a", "{"), ("b", "[]"), ("c", '{"bodies": {"x": 1}}')):
        (folder / f"{name}.seal.json").write_text(text)
    listed = json.loads(get("/api/bulletins")[2])
    assert [each["seal"].split(".")[0] for each in listed] == ["2026-04-12", "a", "b", "c"]
    assert [each["fault"] is None for each in listed] == [True, False, False, False]
    first = listed[0]
    assert (first["issued"], first["evidence"]) == ("2026-04-14T00:00:00Z", {"size": 2})
    assert first["files"][0]["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert get("/bulletins/a.seal.json")[0] == 404
    assert get("/health")[0] == 503


def test_health(get):
    status, _, body = get("/health")
    assert (status, json.loads(body)) == (200, {"ok": True, "files": 2, "faults": []})


def test_before_anything_was_published(folder, get):
    (folder / "index.html").unlink()
    assert get("/bulletins/")[0] == 404
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert get("/health")[0] == 503
    assert json.loads(get("/api/bulletins")[2]) == []


def test_the_extra_is_named_if_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "fastapi", None)
    monkeypatch.delitem(sys.modules, "trucewatch.app.serve")
    with pytest.raises(MissingExtra, match=r"trucewatch\[server\]"):
        __import__("trucewatch.app.serve")


@pytest.mark.parametrize(
    "files", [{"x.changes.html": hashlib.sha256(PAGE).hexdigest()}, "no table"]
)
def test_what_changed_is_published_like_the_bodies(folder, get, files):
    (folder / "x.changes.html").write_bytes(PAGE)
    assert get("/bulletins/x.changes.html")[0] == 404
    path = folder / "2026-04-12.seal.json"
    seal = json.loads(path.read_text())
    path.write_text(json.dumps({**seal, "corrects": {"stem": "w", "files": files}}))
    named = isinstance(files, dict)
    assert get("/bulletins/x.changes.html")[0] == (200 if named else 404)
    assert get("/health")[0] == (200 if named else 503)
