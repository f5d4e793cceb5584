"""The situation as people meet it: in a browser, without a script, with keys alone, on a phone."""

from __future__ import annotations

import html
import re
from itertools import combinations

import httpx2
import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.app_web.served import served

from trucewatch.app.demonstration import build

pytestmark = pytest.mark.server
NARROW = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo") / "mission"
    build(made, progress=lambda *_: None)
    return made


@pytest.fixture(scope="module")
def address(folder):
    with served(folder) as found:
        yield found


@pytest.fixture
def page(browser, address):
    """A fresh window; whatever it says on the console or asks of others fails the test."""
    heard = []
    context = browser.new_context(viewport=WIDE)
    made = context.new_page()
    # How slow a machine without a graphics card is, is no fault of the page.
    made.on(
        "console",
        lambda said: heard.append(said.text) if "GL Driver Message" not in said.text else None,
    )
    made.on("pageerror", lambda fault: heard.append(str(fault)))
    made.on(
        "request",
        lambda asked: (
            heard.append(asked.url)
            if not asked.url.startswith((address, "data:", "blob:"))
            else None
        ),
    )
    yield made
    context.close()
    assert heard == []


def serious(page) -> list[str]:
    """What axe finds that keeps anybody out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]


def opened(page, address, path="/"):
    page.goto(address + path)
    page.wait_for_selector("#canvas[data-ready]", timeout=30_000)


def test_the_map_opens_and_steps_through_the_days_with_its_list(page, address):
    opened(page, address)
    assert page.locator("#canvas canvas").count() == 1
    assert page.locator(".headline").inner_text().startswith("Fewer reported, not none")
    assert page.locator("#shown").inner_text() == "all days"
    for _ in range(12):
        page.locator("#later").press("Enter")
    page.locator(".understood").filter(has_text="12").wait_for()
    assert page.locator("#shown").inner_text() == "12\u00a0April 2026 · in the truce"
    assert "from=2026-04-12&to=2026-04-12" in page.url
    assert page.locator("#list .incidents li").count() == 5


def test_a_mark_leads_to_what_it_stands_for(page, address):
    opened(page, address, "/?from=2026-04-12&to=2026-04-12")
    page.locator("#chart").scroll_into_view_if_needed()
    page.wait_for_selector("#chart .uplot", timeout=15_000)
    link = page.locator("#list .incidents a").first
    name = link.get_attribute("href")
    assert re.fullmatch(r"/incidents/inc-[0-9a-f]{16}", name)
    link.click()
    page.wait_for_url(address + name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    opened(page, address)
    assert serious(page) == []
    page.goto(address + "/incidents?q=near+Kupiansk+on+12+April")
    assert serious(page) == []


@pytest.mark.parametrize("path", ["/", "/incidents", "/incidents?q=nothing+of+the+kind"])
def test_a_phone_shows_all_of_it(page, address, path):
    page.set_viewport_size(NARROW)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_the_map_is_in_view_before_anybody_scrolls(page, address):
    for size, most in (({"width": 1280, "height": 800}, 300), (NARROW, 330)):
        page.set_viewport_size(size)
        page.goto(address + "/")
        box = page.locator("#canvas").bounding_box()
        assert box["y"] < most
        assert box["y"] + min(box["height"], 200) < size["height"]


def test_on_a_phone_the_parts_stand_in_a_menu_of_one_line(page, address):
    page.set_viewport_size(NARROW)
    page.goto(address + "/agreement")
    menu = page.locator(".menu summary")
    assert menu.inner_text().endswith("Agreement")
    assert page.locator(".site-top").bounding_box()["height"] < 60
    assert not page.locator("nav.ways").is_visible()
    menu.press("Enter")
    here = page.locator(".drawer [aria-current=page]")
    here.wait_for()
    assert here.inner_text() == "Agreement"
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(address + "/")


@pytest.mark.parametrize(("size", "layer"), [(WIDE, "fine"), (NARROW, "coarse")])
def test_marks_and_names_of_the_drawn_map_are_apart(browser, address, size, layer):
    context = browser.new_context(viewport=size, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/")
    boxes = [
        page.locator(f"svg.map .{layer} > a >> nth={at}").bounding_box()
        for at in range(page.locator(f"svg.map .{layer} > a").count())
    ]
    names = page.locator("svg.map .places text")
    if layer == "fine":
        boxes += [names.nth(at).bounding_box() for at in range(names.count())]
        assert names.count() > 20
    assert len(boxes) > 20
    whole = page.locator("svg.map").bounding_box()
    context.close()
    for one in boxes:
        assert one["x"] >= whole["x"]
        assert one["x"] + one["width"] <= whole["x"] + whole["width"]
    # The browser counts the halo of letters in, and the lines of one name lie close.
    assert [
        (one, other)
        for one, other in combinations(boxes, 2)
        if min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"]) > 6
        and min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
        > 6
    ] == []


def test_a_mark_of_many_leads_to_as_many(address):
    page = httpx2.get(address).text
    fine = page[page.index('<g class="fine"') : page.index('<g class="coarse"')]
    marks = re.findall(r'<a href="(/incidents[^"]+)".*?<title>(?:(\d+) incidents)?', fine)
    drawn = sum(int(count or 1) for _, count in marks)
    assert drawn == 213
    for where, count in [each for each in marks if each[1]][:6]:
        assert f"{count} found" in httpx2.get(address + html.unescape(where)).text


def test_keys_alone_reach_an_incident(page, address):
    opened(page, address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.className")
        )
        if reached[-1] == "row":
            break
    assert {"q", "day", "row"} <= set(reached)
    # Marks are left out on purpose: the list says the same, in an order.
    assert all("mark" not in each for each in reached)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_news_is_told_and_waits_to_be_asked_for(page, address):
    news = 'retry: 60000\n\nevent: view\nid: b\ndata: {"digest": "b", "changes": 3}\n\n'
    page.route(
        "**/events",
        lambda route: route.fulfill(body=news, headers={"Content-Type": "text/event-stream"}),
    )
    page.goto(address + "/")
    page.locator("#live span").wait_for()
    assert page.inner_text("#live span") == "New: 3 changes."
    assert page.get_attribute("#live", "aria-live") == "polite"
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.activeElement === document.body")
    page.click("#live a")
    page.wait_for_url(address + "/")


def test_without_a_script_all_of_it_is_there(browser, address):
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/")
    assert page.locator("svg.map a").count() > 50
    assert page.locator("svg.chart rect.firm").count() == 22
    assert not page.locator("#slider").is_visible()
    page.fill("#q", "near Kupiansk on 12 April")
    page.locator(".search button").last.click()
    assert "within about 30 km of Kupiansk, 12\u00a0April 2026" in page.inner_text(".understood")
    assert page.locator("svg.map").count() == 1, "on the map, as the button says"
    page.locator("#q").press("Enter")
    assert page.url.startswith(address + "/incidents?q=near+Kupiansk"), "words alone: the answer"
    context.close()


def test_a_dear_line_gets_a_button_with_its_weight(browser, address):
    context = browser.new_context(viewport=WIDE)
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
    )
    page = context.new_page()
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(address + "/")
    button = page.locator("#moving button")
    button.wait_for()
    assert re.search(r"\(\d{3} kB\)", button.inner_text())
    assert not [url for url in asked if "maplibre" in url or "uplot" in url]
    button.click()
    page.wait_for_selector("#canvas[data-ready]", timeout=30_000)
    context.close()


def test_what_is_asked_in_words_is_found_and_what_was_not_seen_is_said(address):
    def told(words: str) -> str:
        page = httpx2.get(f"{address}/incidents", params={"q": words}).text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))

    near = told("near Kupiansk on 12 April")
    assert "0 found, within about 30 km of Kupiansk, 12 April 2026." in near
    assert "Kharkiv Oblast, 12 April 2026: unobserved" in near
    assert "7 incidents there on any day" in near
    assert "2 fires that no report tells of were seen there" in near
    assert near.count("Thermal anomaly") == 2, "they stand in the answer, not behind a link"
    assert "That is not to say that nothing happened" in near
    assert "No event there" not in told("Kupiansk 12 April corroborated"), "more was asked for"
    assert "7 found, within about 30 km of Kupiansk." in told("куп’янськ")
    assert "24 found, Kharkiv Oblast." in told("Kharkiv oblast")
    assert "3 found, with the words “corroborated”." in told("corroborated")


def test_what_changed_is_since_the_visit_before(address):
    first = httpx2.get(address + "/")
    assert "Since you last looked" not in first.text
    held = {"looked": "2026-04-01T00:00:00+00:00|2026-04-02T00:00:00+00:00"}
    again = httpx2.get(address + "/", cookies=held)
    assert "since you last looked (2\u00a0April 2026, 03:00 UTC+03:00)" in again.text
    strange = httpx2.get(address + "/", cookies={"looked": "yesterday|<b>"})
    assert strange.status_code == 200


def test_addresses_that_make_no_sense_are_passed_over(address):
    for query in ("from=2026-13-40", "box=1,2,3", "state=x", "nature=x", "region=../..", "q=%00"):
        assert httpx2.get(f"{address}/incidents?{query}").status_code == 200, query
    assert httpx2.get(f"{address}/incidents?after=x").status_code == 400


CHOICES = [
    "",
    "?region=UA-63",
    "?outcome=undetermined",
    "?from=2026-04-12&to=2026-04-12",
    "?from=2026-04-12&to=2026-04-12&days=whole",
    "?q=near+Kupiansk+on+12+April",
    "?kind=drone_overflight",
]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_map_shows_the_choice_of_the_list_beside_it(address, choice):
    """Of whatever is asked for, the tiles hold as many as the list, but for what has no place."""
    page = httpx2.get(f"{address}/{choice}").text
    listed = int(re.search(r"All (\d+) in a list", page)[1]) if "in a list" in page else 0
    hidden = re.search(r'id="undrawn"><p class="small">(\d+)', page)
    tiles = html.unescape(re.search(r'data-tiles="([^"]+)"', page)[1])
    whole = tiles.format(z=0, x=0, y=0).replace(".mvt", ".json")
    marks = httpx2.get(address + whole).json()["features"]
    drawn = sum(mark["properties"]["n"] for mark in marks)
    assert drawn == listed - (int(hidden[1]) if hidden else 0)


def test_the_figures_of_the_rates_open_lists_of_as_many(address):
    page = httpx2.get(address).text
    cards = re.findall(r'href="(/incidents\?from=[^"]+days=whole)".*?; (\d+) in \d+ whole', page)
    assert len(cards) == 3
    for where, count in cards:
        found = httpx2.get(address + html.unescape(where)).text
        assert f"{count} found" in found
    every = httpx2.get(f"{address}/incidents?from=2026-04-12&to=2026-04-12").text
    assert "5 found" in every
    assert "2 of them may lie on other days" in every


def test_a_printed_map_is_the_one_that_was_looked_at(page, address):
    opened(page, address)
    for _ in range(12):
        page.locator("#later").press("Enter")
    page.locator(".understood").filter(has_text="12").wait_for()
    assert page.locator("#legend li").nth(2).locator("b").inner_text() == "2"
    page.emulate_media(media="print")
    assert page.locator("#canvas svg.map").is_visible()
    assert not page.locator("#canvas .frame").is_visible()
    assert not page.locator(".menu").is_visible()
    assert not page.locator(".clause a").first.is_visible(), "a way to the reasons, on paper"
