"""The page of the ledger in a real browser: on a phone, in the dark and on paper."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.mission import Mission
from trucewatch.app.scaffold import init

pytestmark = pytest.mark.server

COLOURS = "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
HOSTILE = """
  - id: X1
    by: "<img src=x onerror=document.title='taken'>"
    priority: multinational-force
    what: "</td><script>document.title = 'taken'</script> {long}"
    stage: announced
    standing: announced
    said: 2026-01-06
    source: https://example.org/x1
""".replace("{long}", "w" * 400)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger") / "paris"
    init(folder, like="paris-framework")
    ledger = folder / "commitments.yaml"
    ledger.write_text(ledger.read_text("utf-8") + HOSTILE, "utf-8")
    with Mission.open(folder) as mission:
        mission.sync_settings()
    out = folder / "page.html"
    words = ["commitments", "matrix", "--at", "2026-06-01", "--format", "html", "--out", str(out)]
    assert CliRunner().invoke(app, [*words, "--mission", str(folder)]).exit_code == 0
    return out.as_uri()


@pytest.fixture
def opened(browser, address):
    contexts = []

    def open_(width, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        page.on("request", lambda one: page.heard.append(one.url) if one.url != address else None)
        page.on("console", lambda one: page.heard.append(one.text))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [360, 820, 1280])
def test_nothing_runs_off_the_side_and_nothing_is_loaded(opened, width):
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title().startswith("Readiness: ")
    assert page.heard == []


def test_on_a_phone_each_cell_names_its_column_and_the_picture_can_be_read(opened):
    page = opened(360)
    told = page.locator("td").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert "Stage" in told
    assert page.locator("svg").evaluate("e => e.getBoundingClientRect().width") >= 700
    assert page.locator(".wide").get_attribute("tabindex") == "0"


def test_in_the_dark_the_page_is_dark_and_on_paper_it_is_light(opened):
    page = opened(1280, "dark")
    ink, paper = page.locator("body").evaluate(COLOURS)
    assert (ink, paper) == ("rgb(233, 230, 223)", "rgb(18, 23, 29)")
    page.emulate_media(media="print")
    ink, paper = page.locator("body").evaluate(COLOURS)
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    assert page.locator("thead").first.evaluate("e => getComputedStyle(e).position") == "static"
