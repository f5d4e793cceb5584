"""The pages in a real browser: nothing loaded, nothing out of reach, nothing too faint to read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trucewatch.app.demonstration import build
from trucewatch.bulletins import compose, correct, redact, render_correction, render_html
from trucewatch.model import Change, Fate

pytestmark = pytest.mark.server

CHECKS = (Path(__file__).parent / "browser_checks.js").read_text()
PAGES = ("truce", "2026-04-11", "index", "exercise", "correction")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """The bulletins of the demonstration, made by the whole way once."""
    folder = tmp_path_factory.mktemp("browser") / "easter"
    build(folder, progress=lambda *_: None)
    return folder / "bulletins"


@pytest.fixture
def page_of(demonstration, situation, whole, previous, public, tmp_path):
    """The file of a page, by name."""

    def file_of(name: str) -> Path:
        if name == "correction":
            one = redact(compose(situation, whole, previous), public)
            other = redact(compose(replace(situation, incidents=()), whole, previous), public)
            first = one.incidents[0].id
            gone = Change(
                fate=Fate.WITHDRAWN, before=(first,), after=(), moves=(), aspects=(), why=()
            )
            told = correct(one, other, [gone], corrects="a", issue="a-issue-2", as_sealed=False)
            (tmp_path / "correction.html").write_bytes(render_correction(told)["html"])
            return tmp_path / "correction.html"
        if name != "exercise":
            return demonstration / f"{name}.html"
        drill = redact(compose(replace(situation, exercise=True), whole, previous), public)
        (tmp_path / "exercise.html").write_bytes(render_html(drill))
        return tmp_path / "exercise.html"

    return file_of


@pytest.fixture
def opened(browser, page_of):
    """Open a page; every request beyond the file itself, and every word of the console, is kept."""
    contexts = []

    def open_(name: str, *, width: int = 1200, scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        url = page_of(name).as_uri()
        page.on("request", lambda r: page.heard.append(r.url) if r.url != url else None)
        page.on("console", lambda m: page.heard.append(m.text))
        page.on("pageerror", lambda fault: page.heard.append(str(fault)))
        page.goto(url, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


def asked(page, check: str) -> list[str]:
    return page.evaluate(f"{CHECKS.strip().removesuffix(';')}.{check}()")


@pytest.mark.parametrize("name", PAGES)
def test_it_loads_nothing_and_is_well_made(opened, name):
    page = opened(name)
    page.wait_for_timeout(100)
    assert page.heard == []
    assert asked(page, "structure") == []


@pytest.mark.parametrize("width", [320, 360, 768])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_leaves_a_small_screen(opened, name, width):
    assert asked(opened(name, width=width), "wide") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_it_can_be_read_by_day_and_by_night(opened, name, scheme):
    page = opened(name, scheme=scheme)
    assert asked(page, "texts") == []
    assert asked(page, "drawings") == []


@pytest.mark.parametrize("name", PAGES)
def test_it_prints(opened, read_pdf, name):
    """A4, every word legible on paper too, and an exercise is called so on every sheet."""
    page = opened(name, scheme="dark")
    page.emulate_media(media="print")
    assert asked(page, "texts") == []
    assert asked(page, "drawings") == []
    raw = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95996 841.91998]" in raw or b"/MediaBox [0 0 595" in raw
    sheets = read_pdf(raw).sheets
    assert len(sheets) < 25
    for sheet in sheets:
        assert ("EXERCISE" in sheet) == (name == "exercise")


def test_a_keyboard_reaches_the_finding_first(opened):
    page = opened("exercise")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#finding")


SABOTAGE = {
    "texts": ("p { color: #999 !important }", "<p"),
    "drawings": ("svg.map .hatch { stroke: #ddd !important }", "svg.map .hatch"),
    "wide": ("h2 { width: 2000px }", "the page scrolls sideways"),
}


@pytest.mark.parametrize("check", SABOTAGE)
def test_the_saboteur_of_looks_is_seen(opened, check):
    css, said = SABOTAGE[check]
    page = opened("exercise")
    page.evaluate("css => document.head.querySelector('style').append(css)", css)
    assert any(said in fault for fault in asked(page, check))


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("document.querySelector('th').removeAttribute('scope')", "no scope"),
        ("document.querySelector('svg.map desc').remove()", "no desc"),
        ("document.getElementById('rates').id = 'unseen'", "twice: #unseen"),
        ("document.querySelector('h3').outerHTML = '<h5>x</h5>'", "h5 after h2"),
        ("document.querySelector('main').outerHTML = '<div>x</div>'", "not one main"),
    ],
)
def test_the_saboteur_of_structure_is_seen(opened, deed, said):
    page = opened("exercise")
    page.evaluate(deed)
    assert any(said in fault for fault in asked(page, "structure"))


def test_the_saboteur_of_silence_is_seen(opened):
    """The policy of the page stops a picture from outside, and the console tells of it."""
    page = opened("exercise")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x'}))")
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in words for words in page.heard)
