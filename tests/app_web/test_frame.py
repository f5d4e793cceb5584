"""The frame of every page: who looks, in which language, with what beside it."""

from __future__ import annotations

import gzip

import pytest
from fastapi.testclient import TestClient
from tests.app_web.frames import app_of, site

from trucewatch.app.web import assets
from trucewatch.app.web.viewer import Viewer


def client(**given) -> TestClient:
    return TestClient(app_of(site(**given)))


def test_every_word_from_elsewhere_is_escaped():
    page = client().get("/page").text
    assert "Mission &lt;of&gt; straw" in page
    assert "&lt;detail&gt;" in page
    assert "Nobody &amp; sons" in page


def test_a_page_holds_no_script_or_style_of_its_own():
    page = client().get("/page").text
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


def test_an_exercise_is_marked_in_title_and_text():
    page = client(exercise=True).get("/page").text
    assert "<title>EXERCISE: " in page
    assert "EXERCISE EXERCISE EXERCISE" in page
    assert "EXERCISE" not in client().get("/page").text


def test_only_whose_work_it_is_sees_the_way_to_it():
    outside = client().get("/page").text
    inside = client(viewer=Viewer(roles=frozenset({"reviewer"}), person="r-1")).get("/page").text
    assert 'href="/queue"' not in outside
    assert 'href="/queue"' in inside
    assert "r-1" in inside
    assert 'href="/sign-in"' in outside


def test_what_is_not_here_is_said_in_the_same_look():
    answer = client().get("/nowhere")
    assert answer.status_code == 404
    assert "Nothing here" in answer.text
    assert "site-top" in answer.text


def test_assets_are_kept_for_ever_under_their_hash_only():
    api = client()
    known = api.get(assets.asset("look.css"))
    assert known.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert known.headers["content-type"].startswith("text/css")
    assert b"--paper" in known.content
    other = api.get("/static/0000000000000000/look.css")
    assert other.headers["cache-control"] == "no-cache"
    assert other.content == known.content
    assert api.get(f"/static/{assets.digest()}/site.py").status_code == 404
    assert api.get(f"/static/{assets.digest()}/../policy.toml").status_code == 404


def test_assets_travel_packed_to_whoever_can_unpack_them():
    api = client()
    plain = api.get(assets.asset("look.css"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(assets.packed("look.css")) == plain.content


def test_an_asset_that_is_not_there_is_a_fault_of_the_template():
    with pytest.raises(KeyError):
        assets.asset("nothing.css")
