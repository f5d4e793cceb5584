"""Every page in a browser, for every role: whole, quiet, accessible, narrow, asking nobody."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.app_web.reviewed import served
from tests.torture.everything import INSIDE, KEEPERS, OUTSIDE, ROLES, everything
from tests.torture.fronts import Front

PAGES = {
    "/": (*ROLES,),
    "/incidents": (*ROLES,),
    "/incidents/{released}": (*ROLES,),
    "/incidents/{released}/why": INSIDE,
    "/queue": INSIDE,
    "/agreement": (*ROLES,),
    "/commitments": (*ROLES,),
    "/stories": (*ROLES,),
    "/stories/{story}": (*ROLES,),
    "/bulletins": (*ROLES,),
    "/sources": (*ROLES,),
    "/evidence": (*ROLES,),
    "/notices": KEEPERS,
    "/hotline": KEEPERS,
    "/reads": ("lead",),
    "/sign-in": ("public",),
    "/account": tuple(role for role in ROLES if role != "public"),
    "/account/factor": tuple(role for role in ROLES if role != "public"),
    "/report": ("field",),
    "/report/{receipt}": ("field",),
}
"""Each page, and who is answered 200; to all others it is refused, as a page."""
REFUSED = {401, 403, 404, 303}
SCREEN = {"width": 360, "height": 740}
ELEMENT = re.compile(r"<([a-z][^\s>]*)([^>]*)>([^<]*)")
NAMED = re.compile(r'([a-z-]+)(?:="([^"]*)")?')
TOLD = frozenset({"class", "role", "type", "scope", "lang", "aria-hidden", "aria-live", "hidden"})
"""Attributes whose values decide how an element is taken; of others, that they are there does."""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages") / "m"
    return Front(everything(folder)).learn()


@pytest.fixture(scope="module")
def address(front):
    with served(front.site) as found:
        yield found


@pytest.fixture(scope="module")
def looked_over() -> set[tuple[object, ...]]:
    """The shapes of pages that axe has looked at: many roles are shown the same."""
    return set()


@pytest.fixture
def window(front, address, browser):
    """Open a narrow window for somebody, which collects what it says and whom it asks."""
    opened = []

    def of(role: str, language: str = "en"):
        context = browser.new_context(
            viewport=SCREEN, locale=language, reduced_motion="reduce", base_url=address
        )
        opened.append(context)
        person = ROLES[role]
        if person is not None:
            session = front.site.accounts.enter(person, "test").session
            context.add_cookies([{"name": "trucewatch", "value": session, "url": address}])
        page = context.new_page()
        page.wrong = []
        # What the driver of a machine without a graphics card says is not of our making.
        page.on(
            "console",
            lambda told: (
                "GL Driver Message" in told.text or page.wrong.append(f"says: {told.text}")
            ),
        )
        page.on("pageerror", lambda fault: page.wrong.append(f"fails: {fault}"))
        page.on(
            "request",
            lambda asked: (
                asked.url.startswith((address, "data:", "blob:"))
                or page.wrong.append(f"asks {asked.url}")
            ),
        )
        return page

    yield of
    for context in opened:
        context.close()


def shape(markup: str) -> tuple[object, ...]:
    """What a page is made of, whoever is shown it: each sort of element once, without its words.

    That a list has more rows of the same make, or other words, makes it no less accessible.
    """
    found = (
        (
            name,
            tuple((key, told if key in TOLD else bool(told)) for key, told in NAMED.findall(more)),
            not text.isspace() and text != "",
        )
        for name, more, text in ELEMENT.findall(markup)
    )
    return tuple(dict.fromkeys(found))


def checked(page, *, axe: bool = True) -> list[str]:
    """What is wrong with a page as it stands; whether it is accessible is asked where it is new."""
    wrong = [*page.wrong]
    page.wrong.clear()
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > SCREEN["width"]:
        wrong.append(f"is {wide} px wide")
    if page.locator("h1").count() != 1:
        wrong.append("has not one heading")
    if axe:
        found = Axe().run(page, options=RULES).response["violations"]
        wrong += [
            f"{one['id']}: {one['nodes'][0]['html'][:150]}"
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]
    return wrong


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_page_is_whole_for_every_role(front, window, looked_over, role):
    page, titles, wrong = window(role), {}, {}
    for path, who in PAGES.items():
        if role not in who:
            continue
        where = path.format(**front.world.names)
        answer = page.goto(where)
        assert answer.status == 200, (role, where)
        made = shape(answer.text())
        found = checked(page, axe=made not in looked_over)
        if found:
            wrong[where] = found
        looked_over.add(made)
        titles.setdefault(page.title(), []).append(where)
    assert wrong == {}
    assert [paths for paths in titles.values() if len(paths) > 1] == []


@pytest.mark.slow
@pytest.mark.parametrize("role", ["public", "lead"])
def test_every_page_is_whole_in_the_other_language(front, window, role):
    page, wrong = window(role, "uk"), {}
    for path, who in PAGES.items():
        if role in who:
            where = path.format(**front.world.names)
            assert page.goto(where + "?lang=uk").status == 200
            assert page.locator("html").get_attribute("lang") == "uk"
            if found := checked(page, axe=False):
                wrong[where] = found
    assert wrong == {}


@pytest.mark.parametrize("role", [*OUTSIDE, "analyst"])
def test_what_is_refused_is_refused_as_a_page(front, role):
    client = front.browser(role)
    for path, who in PAGES.items():
        if role in who:
            continue
        answer = client.get(path.format(**front.world.names), headers={"Accept": "text/html"})
        assert answer.status_code in REFUSED, (role, path)
        assert answer.status_code == 303 or "<h1" in answer.text, (role, path)


SPOILT = {
    "asks": "new Image().src = 'http://elsewhere.example/a.png'",
    "says": "console.warn('something is wrong')",
    "color-contrast": "document.querySelector('h1').style.cssText = 'color:#eee;background:#fff'",
    "px wide": "document.body.style.minWidth = '900px'",
}


@pytest.mark.parametrize("sign", SPOILT)
def test_the_saboteur_who_spoils_a_page_is_seen(window, sign):
    page = window("public")
    page.route("**/elsewhere.example/**", lambda route: route.abort())
    page.goto("/evidence")
    assert checked(page) == []
    page.evaluate(SPOILT[sign])
    page.wait_for_timeout(50)
    assert any(sign in one for one in checked(page))
