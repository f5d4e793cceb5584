"""The tutorial walked in a browser: its own steps, its own sentences, within its own minute."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from tests.app_web.reviewed import served
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.demonstration import build
from trucewatch.app.web.mission_site import MissionSite

pytestmark = pytest.mark.server
ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
QUESTION = "near Kupiansk on 12 April"
MINUTE = 60.0

# What a person takes who knows how to use a browser: a key, pointing at something, deciding on it
# (Card, Moran and Newell, 1980), and reading silently (238 words a minute: Brysbaert, 2019).
KEY_S, POINT_S, DECIDE_S, WORD_S = 0.28, 1.1, 1.35, 60 / 238


def steps() -> dict[str, str]:
    """The text of each step, by its name."""
    parts = re.split(r"<!--step:([\w-]+)-->", TUTORIAL)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


STEPS = steps()


def told(step: str) -> list[str]:
    """The sentences that a step says are on the page."""
    return [
        plain(words) for words in re.findall(r"<!--told-->(.*?)<!--/-->", STEPS[step], re.DOTALL)
    ]


def plain(words: str) -> str:
    """Words without what breaks a line, binds, or turns the direction of writing."""
    return re.sub(r"\s+", " ", re.sub("[\u2066-\u2069]", "", words)).strip()


def check(page, step: str) -> None:
    """Every sentence of the step is on the page, as it is read there."""
    shown = plain(page.inner_text("main"))
    assert told(step), f"step {step} promises nothing"
    assert [words for words in told(step) if words not in shown] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tutorial") / "demo"
    build(made, progress=lambda *_: None)
    return made


@pytest.fixture
def page(browser):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def look(page, address):
    page.goto(address + "/")
    page.locator("#q").wait_for()


def ask(page, _address):
    page.fill("#q", QUESTION)
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator(".understood").wait_for()


def trust(page, _address):
    page.locator(".incidents a").first.click()
    page.get_by_text("Can I trust it?").wait_for()


MINUTES_STEPS = {"look": look, "ask": ask, "trust": trust}


def walked(page, address) -> float:
    """The seconds that the first three steps take, what is told at each being checked."""
    started = time.monotonic()
    for name, act in MINUTES_STEPS.items():
        act(page, address)
        check(page, name)
    return time.monotonic() - started


def by_a_person() -> float:
    """What a person adds to it, who reads all that is told and hesitates before each act."""
    words = sum(len(sentence.split()) for name in MINUTES_STEPS for sentence in told(name))
    acts = 3  # into the box, onto the button, onto the fire; the address is opened already
    return len(QUESTION) * KEY_S + acts * (POINT_S + DECIDE_S) + words * WORD_S


def test_the_answer_is_reached_within_a_minute(folder, page, capsys):
    assert f"`{QUESTION}`" in STEPS["ask"]
    site = MissionSite(folder)
    with served(site) as address:
        first = walked(page, address)
        again = sorted(walked(page, address) for _ in range(5))
        # The step beside the path: a claim by one side.
        page.get_by_role("link", name="Incidents", exact=True).first.click()
        page.fill("#q", "Kupiansk")
        page.get_by_role("button", name="Show", exact=True).click()
        page.locator(".incidents a", has_text="Shelling").filter(has_text="9 April").click()
        page.get_by_text("Can I trust it?").wait_for()
        check(page, "claim")
    whole = again[2] + by_a_person()
    with capsys.disabled():
        sys.stdout.write(
            f"\nTutorial: pages {first:.1f} s at first, then {again[2]:.1f} s (median of five); "
            f"with a person's typing, deciding and reading {whole:.0f} s.\n"
        )
    assert first < MINUTE, "even on a machine that is busy, and with nothing at hand"
    assert whole < MINUTE


def test_a_reviewer_signs_in_confirms_and_takes_back(folder, page):
    office = re.search(r"```toml\n(.*?)```", TUTORIAL, re.DOTALL)[1]
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text("utf-8") + "\n" + office, "utf-8")
    commands = re.findall(r"^\.venv/bin/trucewatch (.+) --mission demo$", TUTORIAL, re.MULTILINE)
    assert [words.split()[0] for words in commands] == ["run", "account"]
    for words in commands:
        done = CliRunner().invoke(app, [*words.split(), "--mission", str(folder)])
        assert done.exit_code == 0, done.output
    password = done.stdout.splitlines()[0]
    with served(MissionSite(folder)) as address:
        look(page, address)
        page.get_by_role("link", name="Sign in").click()
        page.fill("#person", re.search(r'id = "([^"]+)"', office)[1])
        page.fill("#password", password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Review", exact=True).first.click()
        assert page.title().startswith("Review queue")
        link = page.locator("#queue h2 a").first
        incident = link.get_attribute("href")
        link.click()
        page.get_by_text("Can I trust it?").wait_for()
        page.go_back()
        assert page.locator(f"#queue input[value='{incident.rsplit('/', 1)[1]}']").is_checked()
        page.fill("#reason", re.search(r"such as `([^`]+)`", STEPS["confirm"])[1])
        page.get_by_role("button", name="Confirm").click()
        page.locator(".outcome.good").first.wait_for()
        check(page, "confirm")
        page.locator(".outcome.good button", has_text="Undo").click()
        page.keyboard.press("Enter")
        page.locator(".outcome.good", has_text="taken back").first.wait_for()
        check(page, "undo")


def test_every_step_of_the_tutorial_is_walked():
    assert [*STEPS] == [*MINUTES_STEPS, "claim", "sign-in", "confirm", "undo"]
    with pytest.raises(KeyError):
        told("a step that nobody wrote")


def test_the_check_of_a_sentence_bites():
    class Says:
        def inner_text(self, _selector):
            return "0 found, within about 30 km of Kupiansk, 12\u00a0April 2026."

    with pytest.raises(AssertionError, match="4 more items"):
        check(Says(), "ask")


def test_the_pictures_are_there_and_small():
    """Those of the tutorial and the gallery; `python tools/pictures.py` makes them anew."""
    gallery = (ROOT / "docs" / "web.md").read_text("utf-8")
    names = set(re.findall(r"\]\(img/([\w-]+\.png)\)", TUTORIAL + gallery))
    assert len(names) >= 12
    sizes = {}
    for name in names:
        path = ROOT / "docs" / "img" / name
        sizes[name] = path.stat().st_size
        with Image.open(path) as picture:
            assert picture.width <= 1000, name
    assert {name: size for name, size in sizes.items() if size > 120_000} == {}
    assert sum(sizes.values()) < 1_000_000
