"""A reviewer's way through the queue and an incident, in a real browser."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.app_web.reviewed import served, session, site_of, size, staffed

from trucewatch.app.findings import regrouping
from trucewatch.app.mission import Mission
from trucewatch.model import Nature, Review

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return site_of(staffed(tmp_path_factory.mktemp("browsed") / "mission"))


@pytest.fixture(scope="module")
def address(site):
    with served(site) as found:
        yield found


@pytest.fixture
def sit_down(site, address, browser):
    """A page in the browser of a person, which must ask for nothing elsewhere and not complain."""
    contexts, wrong = [], []

    def open_as(person, path, **options):
        context = browser.new_context(
            reduced_motion="reduce", **{"viewport": {"width": 1280, "height": 900}, **options}
        )
        contexts.append(context)
        if person:
            kept = {"name": "trucewatch", "value": session(site, person), "url": address}
            context.add_cookies([kept])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on(
            "request",
            lambda asked: asked.url.startswith((address, "data:")) or wrong.append(asked.url),
        )
        page.goto(address + path)
        return page

    open_as.wrong = wrong
    yield open_as
    for context in contexts:
        context.close()


def many(site) -> str:
    """An incident of several accounts."""
    with Mission.open(site.folder, readonly=True) as mission:
        return max(mission.store.derived().incidents, key=lambda i: (len(i.claims), i.id)).id


def rulings(site, incident):
    with Mission.open(site.folder, readonly=True) as mission:
        return [
            (one.by, one.decision.ruling.value, one.decision.reason)
            for one in mission.decisions()
            if isinstance(one.decision, Review) and one.decision.incident == incident
        ]


def test_a_reviewer_works_by_keyboard_alone(site, sit_down):
    page = sit_down("ann", "/queue")
    assert page.title().startswith("Review queue")
    press = page.keyboard.press
    press("j")
    press("j")
    press("k")
    first = page.eval_on_selector("#queue input:checked", "(one) => one.value")
    press("c")
    assert page.evaluate("document.activeElement.id") == "reason"
    press("Enter")
    assert "has a reason" in page.inner_text("#reason-help")
    assert rulings(site, first) == []
    page.keyboard.type("seen on site, c j k z")
    press("Enter")
    page.wait_for_selector(".outcome.good:not([hidden])")
    index = size(site.folder) - 1
    assert f"Entered as log entry {index}: confirm." in page.inner_text(".outcome.good")
    assert page.url.endswith("/queue"), "the page was not loaded anew"
    assert rulings(site, first) == [("ann", "confirm", "seen on site, c j k z")]
    second = page.eval_on_selector("#queue input:checked", "(one) => one.value")
    assert second != first, "the next one is chosen"
    press("z")
    assert page.input_value("#reason") == "Entered in error."
    press("Enter")
    page.wait_for_selector(".outcome.good:has-text('taken back')")
    assert [word for _, word, _ in rulings(site, first)] == ["confirm", "release"]
    press("r")
    press("Escape")
    assert page.evaluate("document.activeElement.name") == "incident"
    press("?")
    assert page.is_visible("#keys-help")
    press("Escape")
    press("Enter")
    page.wait_for_url("**/incidents/*")
    assert sit_down.wrong == []


OVERLAP = """() => {
  const bar = document.querySelector("#bar").getBoundingClientRect();
  const row = document.querySelector("#queue .case:has(input:checked)").getBoundingClientRect();
  const beside = row.right <= bar.left;
  return { beside, hidden: beside ? 0 : Math.max(0, row.bottom - bar.top), bar: bar.height };
}"""
"""How the desk lies to the row that is chosen: beside it, or over so many pixels of it."""


@pytest.mark.parametrize("size", [(1280, 720), (1024, 768), (900, 760), (360, 740)])
def test_the_desk_never_covers_the_row_that_is_chosen(sit_down, size):
    width, height = size
    page = sit_down("ann", "/queue", viewport={"width": width, "height": height})
    for key in "jjjjj":
        page.keyboard.press(key)
    low = page.evaluate(OVERLAP)
    assert low["beside"] is (width >= 960)
    assert low["hidden"] == 0
    assert low["beside"] or low["bar"] < height / 4, "a bar that is not written in is low"
    page.keyboard.press("m")
    page.wait_for_function("document.activeElement.id === 'other'")
    page.wait_for_function(f"({OVERLAP})().hidden === 0")
    if not low["beside"]:
        assert page.evaluate(OVERLAP)["bar"] > low["bar"], "it opens for whoever writes"
        page.keyboard.press("Escape")
        page.wait_for_function(f"({OVERLAP})().bar === {low['bar']}")
    assert sit_down.wrong == []


def test_without_its_room_the_bar_covers_a_row(sit_down):
    page = sit_down("ann", "/queue", viewport={"width": 900, "height": 760})
    page.evaluate("document.documentElement.style.setProperty('scroll-padding', '0')")
    for key in "jjjjj":
        page.keyboard.press(key)
    assert page.evaluate(OVERLAP)["hidden"] > 0, "the room beneath the list holds nothing up"


def test_keys_can_be_switched_off(site, sit_down):
    page = sit_down("ann", "/queue")
    page.uncheck("#keys")
    page.focus("#queue input:checked")
    before = size(site.folder)
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") != "reason"
    page.reload()
    assert not page.is_checked("#keys"), "it stays off"
    page.focus("#reason")
    page.fill("#reason", "by a button")
    page.click("button[value=ask]")
    page.wait_for_selector(".outcome.good:not([hidden])")
    assert size(site.folder) == before + 1


def test_what_changed_meanwhile_is_told_in_place(sit_down):
    ann, ben = sit_down("ann", "/queue?state=reported"), sit_down("ben", "/queue?state=reported")
    for page, reason in ((ann, "first"), (ben, "second")):
        page.keyboard.press("u")
        page.keyboard.type(reason)
        page.keyboard.press("Enter")
        page.wait_for_selector(".outcome:not([hidden])")
    told = ben.inner_text(".outcome.changed")
    assert "Nothing was entered" in told
    assert "Office ANN entered unverifiable" in told
    ben.keyboard.press("u")
    ben.keyboard.type("second")
    ben.keyboard.press("Enter")
    ben.wait_for_selector(".outcome.good")
    # A refused call is told in the console by the browser itself.
    assert all("409" in one for one in sit_down.wrong)


def test_the_other_incident_of_a_merge_is_looked_at_first(site, sit_down):
    """Named by its id, it stands in no list: it is told, with a way to it, and asked again."""
    page = sit_down("ann", "/queue?state=allegation")
    listed = page.eval_on_selector_all("#queue .case", "(all) => all.map((one) => one.dataset.id)")
    with Mission.open(site.folder, readonly=True) as mission:
        found = mission.store.derived().incidents
        held = regrouping._inseparable(mission, found)
        vague = {claim for together, why in held if why for claim in together}
        ruled = {one.decision.incident for one in mission.decisions()}
    free = [one for one in found if one.nature is Nature.EVENT and not vague & {*one.claims}]
    names = [one.id for one in free if one.id not in ruled]
    chosen = next(name for name in names if name in listed)
    other = next(name for name in names if name not in listed)
    page.check(f"#pick-{chosen}")
    page.keyboard.press("m")
    page.fill("#other", other)
    page.fill("#reason", "one and the same")
    page.keyboard.press("Enter")
    page.wait_for_selector(".outcome.changed:not([hidden])")
    assert f"You have not looked at {other} yet." in page.inner_text(".outcome.changed")
    assert page.get_attribute(".outcome.changed a", "href") == f"/incidents/{other}"
    before = size(site.folder)
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.wait_for_selector(".outcome.good:not([hidden])")
    assert size(site.folder) == before + 1
    assert all("409" in one for one in sit_down.wrong)


def test_without_scripts_a_ruling_is_given_and_taken_back(site, sit_down):
    page = sit_down("ann", "/queue?state=allegation", java_script_enabled=False)
    incident = page.locator("#queue input[type=radio]").nth(1).get_attribute("value")
    page.check(f"#pick-{incident}")
    page.fill("#reason", "without a script")
    page.click("button[value=refute]")
    # No run follows here, so that the queue may be older than what the tests before entered. Then
    # nothing is entered, and the page that says so takes it on what there is.
    if not page.locator(".done").count():
        assert "Nothing was entered" in page.inner_text("main")
        page.fill("textarea[name=reason] >> visible=true", "without a script")
        page.click("button[value=refute]")
    assert "refute." in page.inner_text(".done")
    assert incident in page.content()
    page.click(".done button")
    assert "taken back." in page.inner_text(".done")
    assert [word for _, word, _ in rulings(site, incident)][-2:] == ["refute", "release"]


def test_proofs_are_checked_by_the_browser(site, sit_down):
    incident = many(site)
    page = sit_down("ana", f"/incidents/{incident}")
    page.click("#check-all")
    page.wait_for_selector("#checked:not(:empty)")
    assert "0 failed; 0 could not be checked." in page.inner_text("#checked")
    assert page.locator(".proof[data-state=recorded]").count() >= 1

    def forged(route):
        answer = route.fetch()
        data = json.loads(answer.text())
        data["proof"] = data["proof"].replace("\nindex ", "\nindex 1", 1)
        route.fulfill(response=answer, body=json.dumps(data))

    page.route("**/proofs/*", forged)
    page.reload()
    page.click("#check-all")
    page.wait_for_selector("#checked:not(:empty)")
    assert page.locator(".proof[data-state=fails]").count() >= 1
    assert "FAILED" in page.inner_text(".proof[data-state=fails]")
    page.unroute("**/proofs/*")
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });")
    page.reload()
    page.click("#check-all")
    page.wait_for_selector("#checked:not(:empty)")
    assert page.locator(".proof[data-state=unable]").count() >= 1
    assert "0 of" in page.inner_text("#checked")


def test_the_arithmetic_opens_in_place_and_as_a_page(site, sit_down):
    incident = many(site)
    page = sit_down("ana", f"/incidents/{incident}#joined")
    page.click(".opened a")
    page.wait_for_selector(".arithmetic table")
    page.wait_for_selector(".arithmetic img")
    assert "The next best reading" in page.inner_text(".arithmetic")
    alone = sit_down("ana", f"/incidents/{incident}/why", java_script_enabled=False)
    assert "The next best reading" in alone.inner_text(".arithmetic")
    assert sit_down.wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("person", "path"),
    [("ann", "/queue"), ("ann", "/incidents/{}"), ("pam", "/incidents/{}"), (None, "/incidents/{}"),
     ("ana", "/incidents/{}/why")],
)  # fmt: skip
def test_pages_are_accessible_and_fit_a_small_telephone(site, sit_down, person, path, scheme):
    page = sit_down(
        person,
        path.format(many(site)),
        viewport={"width": 360, "height": 740},
        color_scheme=scheme,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert sit_down.wrong == []


def test_the_weight_of_both_pages(site, sit_down):
    """The HTML alone, as it travels."""
    for path in ("/queue", f"/incidents/{many(site)}"):
        page = sit_down("ann", path)
        sent = page.evaluate("() => performance.getEntriesByType('navigation')[0].encodedBodySize")
        assert sent < 30_000, path
