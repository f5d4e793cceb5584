"""A brief in a real browser: nothing loaded, nothing out of reach, nothing too faint to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from trucewatch.bulletins.brief import render_brief_html

pytestmark = pytest.mark.server

CHECKS = (Path(__file__).parents[1] / "browser_checks.js").read_text()


@pytest.fixture
def opened(browser, material, left_out, at_hand, tmp_path):
    """Open the brief; every request beyond the file, and every word of the console, is kept."""
    contexts = []
    file = tmp_path / "brief.html"
    file.write_bytes(render_brief_html(material.brief(left_out=left_out, at_hand=at_hand)))

    def open_(*, width: int = 1200, scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        page.on("request", lambda r: page.heard.append(r.url) if r.url != file.as_uri() else None)
        page.on("console", lambda m: page.heard.append(m.text))
        page.on("pageerror", lambda fault: page.heard.append(str(fault)))
        page.goto(file.as_uri(), wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


def asked(page, check: str) -> list[str]:
    return page.evaluate(f"{CHECKS.strip().removesuffix(';')}.{check}()")


def test_it_loads_nothing_and_is_well_made(opened):
    page = opened()
    page.wait_for_timeout(100)
    assert page.heard == []
    assert asked(page, "structure") == []


@pytest.mark.parametrize("width", [320, 360, 768])
def test_nothing_leaves_a_small_screen(opened, width):
    assert asked(opened(width=width), "wide") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_day_and_by_night(opened, scheme):
    page = opened(scheme=scheme)
    assert asked(page, "texts") == []
    assert asked(page, "drawings") == []


def test_it_prints(opened):
    page = opened(scheme="dark")
    page.emulate_media(media="print")
    assert asked(page, "texts") == []
    assert asked(page, "drawings") == []
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_citation_opens_the_very_words_by_keyboard(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.parentElement.className") == "cite"
    page.keyboard.press("Enter")
    assert page.url.endswith("#w1")
    assert "32 delegates" in page.locator("#w1 mark").inner_text()


def test_hostile_text_stays_text(opened):
    page = opened()
    assert page.locator("script").count() == 0
    assert page.locator("h1 b, main b:has-text('Shore')").count() == 0
    told = page.locator("#article-A").inner_text()
    assert "<script>alert(1)</script>" in told
    assert "‹U+202E›" in told
    assert page.locator("#article-A bdi").count() >= 2
    assert page.locator("a[href^='javascript']").count() == 0
