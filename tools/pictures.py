"""Makes the pictures of the pages anew: `python tools/pictures.py`.

It builds the demonstration in a folder of its own, serves it on this machine, and takes each
picture with Chromium, as the public or a made-up office sees it. They are written to docs/img with
a palette, none wider than 1000 pixels nor larger than a test allows. Look at each before you
commit it. Needs Chromium.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.app_web.reviewed import served, session, site_of  # noqa: E402 -- found from the root

from trucewatch.app.demonstration import build  # noqa: E402 -- as above
from trucewatch.app.mission import Mission  # noqa: E402 -- as above
from trucewatch.app.running import bring_up_to_date  # noqa: E402 -- as above
from trucewatch.app.scaffold import init  # noqa: E402 -- as above

IMAGES = ROOT / "docs" / "img"
COLOURS = 64
WIDE, PHONE = (1000, 760), (360, 740)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICE = """
[[people]]
id = "reviewer-1"
name = "First reviewer"
roles = ["reviewer"]
"""


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, who looks, and how; `open` is a link to follow first."""

    name: str
    path: str
    who: str | None = None
    size: tuple[int, int] = WIDE
    scheme: str = "light"
    open: str = ""
    mission: str = "demonstration"


ASKED = "/incidents?q=near+Kupiansk+on+12+April"
PICTURES = (
    Picture("situation", "/"),
    Picture("situation-dark", "/", scheme="dark"),
    Picture("situation-phone", "/", size=PHONE),
    Picture("found", ASKED),
    Picture("incident", ASKED, open=".incidents a"),
    Picture("queue", "/queue", who="reviewer-1"),
    Picture("commitments", "/commitments#readiness", mission="paris-framework"),
    Picture("sources", "/sources"),
    Picture("evidence", "/evidence"),
    Picture("agreement", "/agreement"),
    Picture("bulletins", "/bulletins"),
    Picture("stories", "/stories"),
)


def main() -> int:
    """Make them all; the exit code is 0."""
    engine_path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if engine_path is None:
        sys.exit("needs chromium: tools/system-packages installs it")
    with tempfile.TemporaryDirectory() as held, sync_playwright() as engine:
        browser = engine.chromium.launch(
            executable_path=engine_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for name in sorted({one.mission for one in PICTURES}):
            taken_of(name, Path(held) / name, browser)
        browser.close()
    return 0


def taken_of(name: str, folder: Path, browser: Browser) -> None:
    """The pictures of one mission, which is made in `folder`."""
    if name == "demonstration":
        build(folder, progress=lambda *_: None)
    else:
        init(folder, like=name)
    path = folder / "mission.toml"
    path.write_text(path.read_text("utf-8") + OFFICE, "utf-8")
    with Mission.open(folder) as mission:
        bring_up_to_date(mission)
    site = site_of(folder)
    with served(site) as address:
        for one in PICTURES:
            if one.mission == name:
                cookie = session(site, one.who) if one.who else None
                taken = small(shot(browser, address, one, cookie))
                (IMAGES / f"{one.name}.png").write_bytes(taken)
                sys.stdout.write(f"{one.name}.png  {len(taken) / 1000:.0f} kB\n")


def shot(browser: Browser, address: str, one: Picture, cookie: str | None) -> bytes:
    """The first screen of a page, as PNG."""
    width, height = one.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if one.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    if cookie:
        context.add_cookies([{"name": "trucewatch", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(address + one.path)
    if one.open:
        page.locator(one.open).first.click()
    settled(page)
    taken = page.screenshot()
    context.close()
    return taken


def settled(page: Page) -> None:
    """Wait until the map, where there is one, has drawn itself."""
    if page.locator("#canvas").count():
        page.wait_for_selector("#canvas[data-ready]", timeout=60_000)
        page.wait_for_timeout(1500)


def small(png: bytes) -> bytes:
    """The same picture with few colours, which is all that a page of text and lines needs."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        # Of few colours those of the marks must be some, however little of the picture they are.
        method = Image.Quantize.MAXCOVERAGE
        flat = image.convert("RGB").quantize(COLOURS, method=method, dither=Image.Dither.NONE)
        flat.save(made, "PNG", optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    sys.exit(main())
