"""The pages of the books in a browser: for everybody and for those inside, small, dark, printed."""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.serving import listening

from trucewatch.app import scaffold
from trucewatch.app.exercise.playing import play
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

ISLAND = sorted((Path(__file__).parents[1] / "stories" / "island").glob("*.txt"))
PAGES = ("/agreement", "/commitments", "/stories", "/bulletins", "/sources", "/evidence")
PRESS = """
[[source]]
id = "papers"
name = "Papers of the island"
kind = "press"
reader = "press"
timezone = "Europe/Paris"
files = ["*.txt"]
"""
PEOPLE = """
[[people]]
id = "keeper"
name = "Keeper of notices"
roles = ["desk"]

[[people]]
id = "watcher"
name = "Somebody who only looks"
roles = ["observer"]
"""


class Served:
    """A mission that is served, and a way to look at it as somebody."""

    def __init__(self, folder: Path) -> None:
        self.site = MissionSite(folder)
        self.folder = folder
        self._running = ExitStack()
        port = self._running.enter_context(listening(make_app(self.site)))
        self.root = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self._running.close()

    def context(self, browser, person: str | None = None, **more):
        """A window of somebody who is signed in, or of the public."""
        opened = browser.new_context(**more)
        if person is not None:
            entered = self.site.accounts.enter(person, "test")
            name = self.site.accounts.cookie
            opened.add_cookies([{"name": name, "value": entered.session, "url": self.root}])
        return opened


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books") / "drill"
    play(folder, like="paris-framework", until="2027-03-05 05:30", progress=lambda *_: None)
    served = Served(folder)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def island(tmp_path_factory):
    """A mission without a truce, with a few articles and people who keep notices."""
    folder = tmp_path_factory.mktemp("books") / "island"
    scaffold.init(folder)
    for name, more in (("sources.toml", PRESS), ("mission.toml", PEOPLE)):
        with (folder / name).open("a") as file:
            file.write(more)
    with Mission.open(folder) as mission:
        ingest(mission, ISLAND, source=None)
        bring_up_to_date(mission)
    served = Served(folder)
    yield served
    served.stop()


def looked_at(page, root, path):
    """A page, its faults, and what it asked of other machines."""
    faults, strangers = [], []
    page.on("console", lambda said: faults.append(said.text))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on(
        "request",
        lambda sent: None if sent.url.startswith(root) else strangers.append(sent.url),
    )
    answer = page.goto(root + path)
    return answer.status, faults, strangers


def until(page, root, sign):
    """Look at the notices until the view has caught up with what was entered; it takes a second."""
    for _ in range(40):
        page.goto(root + "/notices")
        if page.locator(sign).count():
            return
        page.wait_for_timeout(250)
    raise AssertionError(sign)


@pytest.mark.parametrize("person", [None, "chair"])
def test_every_page_is_whole_accessible_and_asks_nobody_else(drill, browser, person):
    titles = set()
    with drill.context(browser, person) as window:
        for path in PAGES:
            page = window.new_page()
            status, faults, strangers = looked_at(page, drill.root, path)
            assert (path, status, faults, strangers) == (path, 200, [], [])
            titles.add(page.title())
            assert page.locator(".exercise").count() == 1
            assert page.locator("h1").count() == 1
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            found = Axe().run(page).response["violations"]
            grave = [one for one in found if one["impact"] in {"serious", "critical"}]
            told = [(one["id"], one["nodes"][0]["html"][:200]) for one in grave]
            assert (path, told) == (path, [])
            page.close()
    assert len(titles) == len(PAGES)


def test_pages_fold_at_360_pixels_and_hold_their_contrast_in_the_dark(drill, browser):
    size = {"width": 360, "height": 780}
    with drill.context(browser, "chair", viewport=size, color_scheme="dark") as window:
        page = window.new_page()
        for path in PAGES:
            page.goto(drill.root + path)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert (path, wide) == (path, 0)
            found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response
            assert (path, [one["id"] for one in found["violations"]]) == (path, [])


def test_the_pages_say_all_of_it_without_scripts(drill, browser):
    with drill.context(browser, "chair", java_script_enabled=False) as window:
        page = window.new_page()
        page.goto(drill.root + "/commitments")
        assert page.locator(".obligation").count() == 3
        assert page.locator(".obligation .clocks").count() == 3
        page.goto(drill.root + "/commitments?standing=signed")
        assert "signed" in page.locator(".statement .standing-of").first.text_content()
        page.goto(drill.root + "/agreement")
        assert page.locator(".steps > li").count() == 3
        assert page.locator(".steps .binding").count() == 0
        breach = page.locator("#provision-E1 .counts a").first
        assert "provision=E1%3Abreach" in breach.get_attribute("href")
        assert "reported only" in page.locator("#trigger-ladder").text_content()


def test_every_anchor_of_a_page_is_there(drill, browser):
    with drill.context(browser, "chair") as window:
        page = window.new_page()
        for path in PAGES:
            page.goto(drill.root + path)
            lost = page.evaluate(
                "[...document.querySelectorAll('main a[href^=\"#\"]')]"
                ".map(a => a.getAttribute('href').slice(1))"
                ".filter(id => !document.getElementById(id))"
            )
            assert (path, lost) == (path, [])


def test_what_two_issues_differ_in_is_a_page(drill, browser):
    with drill.context(browser) as window:
        page = window.new_page()
        page.goto(drill.root + "/bulletins")
        page.locator("details.chain summary").first.click()
        page.get_by_role("link", name="what changed").first.click()
        assert "/differences?before=public." in page.url
        assert page.locator("del").count()
        assert page.locator("ins").count()
        files = page.locator("main .facts a").all()
        assert all(one.get_attribute("href").startswith("/bulletins/") for one in files)


@pytest.mark.parametrize(
    "path",
    [
        "/bulletins/for/states/2027-03-02.html",
        "/bulletins/for/states/2027-03-02.json",
        "/differences?before=states.2027-03-02&after=states.2027-03-03",
        "/notices",
        "/stories/no-such-story",
    ],
)
def test_what_is_not_theirs_is_not_there_for_the_public(drill, browser, path):
    with drill.context(browser) as window:
        assert window.request.get(drill.root + path).status == 404


def test_a_bulletin_for_states_is_read_by_those_inside(drill, browser):
    with drill.context(browser, "chair") as window:
        answer = window.request.get(drill.root + "/bulletins/for/states/2027-03-02.html")
        assert answer.status == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        for name in ("mission.toml", "..%2Fmission.toml", "2027-03-02.html%00"):
            assert window.request.get(f"{drill.root}/bulletins/for/states/{name}").status == 404


def test_states_are_called_by_name(drill, browser):
    """By the names that the ledger has; without the ledger by their ids, in words."""
    with drill.context(browser) as window:
        page = window.request.get(drill.root + "/agreement").text()
    assert "<bdi>T\u00fcrkiye</bdi>" in page
    assert "<bdi>United Kingdom</bdi>" in page
    assert "united-kingdom" not in page


def test_published_pages_fit_a_telephone_and_a_seal_shows_all_of_its_checkpoint(drill, browser):
    with drill.context(browser, viewport={"width": 360, "height": 740}) as window:
        page = window.new_page()
        for name in ("2027-03-02.html", "2027-03-02.seal.html", "2027-03-02-issue-2.changes.html"):
            assert page.goto(f"{drill.root}/bulletins/{name}").status == 200
            assert page.evaluate("document.documentElement.scrollWidth") == 360, name
        page.goto(f"{drill.root}/bulletins/2027-03-02.seal.html")
        wide, room = page.eval_on_selector(
            "pre.signed", "(one) => [one.scrollWidth, one.clientWidth]"
        )
        assert wide == room, "the checkpoint runs out of its box"


def test_a_mission_without_anything_says_what_would_stand_there(island, browser):
    with island.context(browser) as window:
        page = window.new_page()
        for path in ("/commitments", "/bulletins", "/sources", "/evidence"):
            status, faults, _ = looked_at(page, island.root, path)
            assert (path, status, faults) == (path, 200, [])
            assert page.locator(".box.nothing, .box.unseen").count(), path


def test_a_story_says_whose_words_each_sentence_stands_on(island, browser):
    with island.context(browser) as window:
        page = window.new_page()
        page.goto(island.root + "/stories")
        page.locator("article h2 a").first.click()
        page.wait_for_url(re.compile("/stories/"))
        cited = page.locator(".brief .cites a").first
        target = cited.get_attribute("href")
        quoted = page.locator(f"{target} q").text_content()
        assert 0 < len(quoted.split()) <= 25
        found = Axe().run(page).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_notices_are_kept_by_the_desk_and_each_look_is_noted(island, browser):
    before = len([one for one in accesses(island.folder) if one.what == "notices"])
    with island.context(browser, "keeper", java_script_enabled=False) as window:
        page = window.new_page()
        page.goto(island.root + "/notices")
        page.fill("#add-organisation", "Relief of the island")
        page.get_by_role("button", name="Submit the notice").click()
        # A bad one comes back as it was filled in, with the reason.
        page.locator("[role=alert]").wait_for()
        assert page.input_value("#add-organisation") == "Relief of the island"
        for name, value in {
            "contact": "+0 000",
            "place": "The pier",
            "route": "9.10,40.20",
            "from": "2031-05-04T08:00",
            "to": "2031-05-04T12:00",
        }.items():
            page.fill(f"#add-{name}", value)
        page.select_option("#add-sort", "site")
        page.get_by_role("button", name="Submit the notice").click()
        page.locator("[role=status]").wait_for()
        until(page, island.root, ".notice:has-text('submitted')")
        page.locator(".notice summary").click()
        page.get_by_role("button", name="Acknowledge", exact=True).click()
        until(page, island.root, ".notice:has-text('acknowledged')")
    after = [one for one in accesses(island.folder) if one.what == "notices"]
    assert len(after) > before
    assert {one.by for one in after} == {"keeper"}
    with island.context(browser, "watcher") as window:
        assert window.request.get(island.root + "/notices").status == 404
        for path in PAGES:
            assert "The pier" not in window.request.get(island.root + path).text()


def test_a_count_of_a_provision_opens_the_list_that_it_counts(drill, browser):
    with drill.context(browser, "chair") as window:
        page = window.new_page()
        page.goto(drill.root + "/agreement")
        link = page.locator("#provision-E1 .counts a").first
        count = int(link.locator("b").text_content())
        link.click()
        page.wait_for_url(re.compile("/incidents"))
        assert page.locator("main a[href^='/incidents/inc-']").count() >= count
        shown = page.evaluate(
            "new Set([...document.querySelectorAll('main a[href^=\"/incidents/inc-\"]')]"
            ".map(a => a.pathname)).size"
        )
        assert shown == count
