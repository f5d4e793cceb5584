"""The form of notices in a real browser: it works, can be read, and loads nothing from others."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from tests.serving import listening

from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping as notices
from trucewatch.app.notices import tokens
from trucewatch.app.notices.intake import Intake
from trucewatch.app.notices.serving import make_app

pytestmark = pytest.mark.server

CHECKS = (Path(__file__).parents[1] / "bulletins" / "browser_checks.js").read_text()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("form") / "mission"
    shipped = Path(str(files("trucewatch") / "missions" / "easter-2026"))
    shutil.copytree(shipped, made, ignore=shutil.ignore_patterns("data"))
    people = '\n[[people]]\nid = "duty-desk"\nname = "Duty desk"\nroles = ["desk"]\n'
    (made / "mission.toml").write_text((made / "mission.toml").read_text() + people)
    with Mission.open(made) as mission:
        mission.sync_settings()
    return made


@pytest.fixture(scope="module")
def address(folder):
    intake = Intake(folder, now=lambda: datetime(2031, 5, 1, tzinfo=UTC))
    with listening(make_app(intake)) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def opened(browser, address):
    """The page in a window; what it asks of others and what the console says is kept."""
    contexts = []

    def open_(*, width=1000, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.heard = []
        mine = (address, f"{address}favicon.ico")
        page.on(
            "request",
            lambda r: None if r.url.startswith(mine) else page.heard.append(r.url),
        )
        page.on("pageerror", lambda fault: page.heard.append(str(fault)))
        page.goto(address, wait_until="load")
        return page

    yield open_
    for context in contexts:
        context.close()


def sign_in(page, token):
    page.get_by_label("Your token").fill(token)
    page.get_by_role("button", name="Sign in").click()


def wrong(page):
    """What the checks of the bulletins' pages find at fault in text and width."""
    checks = CHECKS.strip().removesuffix(";")
    return [fault for check in ("texts", "wide") for fault in page.evaluate(f"{checks}.{check}()")]


def test_a_person_signs_in_submits_a_notice_and_signs_out(opened, folder):
    page = opened()
    assert page.get_by_text("no permission and no guarantee").is_visible()
    sign_in(page, "wrong")
    assert page.get_by_role("alert").inner_text().startswith("no such token")
    sign_in(page, tokens.give(folder, "duty-desk"))
    page.get_by_label("Organisation").fill("Tern <i>Relief</i>")
    page.get_by_label("Contact").fill("radio 7")
    page.get_by_label("Movement or site").select_option("movement")
    page.get_by_label("Sea, land or air").select_option("land")
    page.get_by_label("Place").fill("coast road")
    page.get_by_label("Route").fill("36.2,49.9 36.3,49.95")
    page.get_by_label("From").fill("2031-05-04T08:00")
    page.get_by_role("button", name="Submit").click()
    # What is missing is told, and what was typed is still there.
    assert "a movement has an end" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Organisation").input_value() == "Tern <i>Relief</i>"
    assert page.get_by_label("Movement or site").input_value() == "movement"
    page.get_by_label("To", exact=True).fill("2031-05-04T18:00")
    page.get_by_label("Emergency").check()
    page.get_by_role("button", name="Submit").click()
    assert page.get_by_role("status").inner_text() == "It was entered."
    assert page.get_by_text("coast road, Tern <i>Relief</i>").is_visible()
    assert page.heard == []
    with Mission.open(folder, readonly=True) as mission:
        (row,) = notices.listing(mission)["notices"]
    assert (row["route"], row["emergency"]) == ([[36.2, 49.9], [36.3, 49.95]], True)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Your token").wait_for()
    assert "coast road" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1000])
def test_it_can_be_read_and_fits(opened, folder, width, scheme):
    page = opened(width=width, scheme=scheme)
    assert wrong(page) == []
    sign_in(page, tokens.give(folder, "duty-desk"))
    page.get_by_role("button", name="Submit").wait_for()
    assert wrong(page) == []
    assert page.heard == []


def test_text_too_faint_is_seen(opened):
    page = opened()
    page.evaluate(
        "css => document.head.querySelector('style').append(css)", "p { color: #999 !important }"
    )
    assert wrong(page) != []
