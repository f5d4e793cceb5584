"""Signing in and one's account in a real browser: without a script, by keyboard, and for all."""

from __future__ import annotations

import re
import shutil

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.serving import listening
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite


@pytest.fixture(scope="module")
def served(made, tmp_path_factory):
    """The address of a running application with one account."""
    folder = shutil.copytree(made, tmp_path_factory.mktemp("browser") / "mission")
    write(folder, '[web]\nsecond_factor = ["analyst"]\n')
    site = MissionSite(folder)
    site.accounts.set_password("lead-1", PASSWORD, how="command line")
    site.accounts.set_password("analyst-1", PASSWORD, how="command line")
    with listening(make_app(site)) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def page(browser, served):
    """A page of a narrow screen; whatever it complains of or asks for elsewhere is collected."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=served)
    made = context.new_page()
    made.complaints = []
    made.on("console", lambda told: made.complaints.append(told.text))
    made.on("pageerror", lambda fault: made.complaints.append(str(fault)))
    made.on(
        "request",
        lambda asked: asked.url.startswith(served) or made.complaints.append(asked.url),
    )
    yield made
    context.close()


def sign_in(page, password=PASSWORD, person="lead-1"):
    page.goto("/sign-in?to=/account")
    page.get_by_label("Name of the office").fill(person)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def serious(page):
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


def test_one_signs_in_by_keyboard_and_both_pages_are_for_all(page, served):
    page.goto("/sign-in")
    assert serious(page) == []
    sign_in(page)
    page.wait_for_url(f"{served}/account")
    assert page.title().startswith("Your account")
    assert serious(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    assert page.complaints == []
    assert page.evaluate("document.cookie") == ""


def test_a_wrong_password_is_told_where_it_is_heard(page):
    sign_in(page, "not the password at all")
    assert "is wrong" in page.get_by_role("alert").inner_text()
    assert serious(page) == []


def sound(page):
    """That a page is for all, fits a narrow screen and asks for nothing elsewhere."""
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.complaints == []


def test_a_second_factor_is_set_up_and_asked_for_by_keyboard_and_for_all(page, served):
    sign_in(page, person="analyst-1")
    page.wait_for_url(f"{served}/account/factor")
    sound(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("img", name="QR code").wait_for()
    sound(page)
    key = page.locator("main p > code").inner_text().replace(" ", "")
    page.get_by_label("The code that the device shows now").fill(pyotp.TOTP(key).now())
    page.keyboard.press("Enter")
    page.get_by_role("link", name="I have kept them").wait_for()
    sound(page)
    recovery = page.locator("ol code").first.inner_text()
    page.goto("/account/factor?lang=uk")
    page.locator("#remove").wait_for()
    sound(page)
    page.context.clear_cookies()
    sign_in(page, person="analyst-1")
    page.wait_for_url(f"{served}/sign-in/code")
    sound(page)
    page.get_by_label(re.compile("recovery code")).fill("no code")
    page.keyboard.press("Enter")
    assert "is wrong" in page.get_by_role("alert").inner_text()
    assert serious(page) == []
    page.get_by_label(re.compile("recovery code")).fill(recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}/account")


def test_all_of_it_works_without_a_script(browser, served):
    context = browser.new_context(java_script_enabled=False, base_url=served)
    page = context.new_page()
    sign_in(page)
    page.wait_for_url(f"{served}/account")
    page.check("#scope-read")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make a token").click()
    assert "It is shown this once" in page.content()
    page.goto("/account/factor")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Show the secret").click()
    page.get_by_role("img", name="QR code").wait_for()
    key = page.locator("main p > code").inner_text().replace(" ", "")
    page.get_by_label("The code that the device shows now").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("link", name="I have kept them").wait_for()
    recovery = page.locator("ol code").all_inner_texts()
    page.goto("/account")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(f"{served}/sign-in?to=/account")
    sign_in(page)
    page.get_by_label(re.compile("recovery code")).fill(recovery[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{served}/account")
    page.goto("/account/factor")
    off = page.locator("section", has=page.locator("#remove"))
    off.get_by_label("Your password").fill(PASSWORD)
    off.get_by_label("A code").fill(recovery[1])
    off.get_by_role("button").click()
    page.get_by_text("was taken off").wait_for()
    context.close()
