"""The map in a browser, drawn in software: when something useful is painted, and how it pans."""

from __future__ import annotations

import shutil
import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRAWN = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
TIMES, PANS = 3, 8
QUIET_S = 0.15
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
FRAMES = """() => new Promise(done => {
  const begin = performance.now(), took = []; let last = begin;
  const step = now => { took.push(now - last); last = now;
    if (now - begin < 1200) requestAnimationFrame(step); else done(took.slice(1)); };
  requestAnimationFrame(step);
})"""


def in_browser(port: int) -> dict[str, float]:
    """The times of the first page of a server on this machine; RuntimeError without a browser."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("there is no browser to measure in: install chromium")
    paints, readies, settles, frames = [], [], [], []
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=found, args=list(DRAWN))
        for _ in range(TIMES):
            # Nothing is kept from one turn to the next.
            page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
            begin = time.perf_counter()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            page.wait_for_function(f"{PAINTED} !== undefined", timeout=60_000)
            paints.append(float(page.evaluate(PAINTED)))
            page.wait_for_selector("[data-ready]", timeout=120_000)
            readies.append((time.perf_counter() - begin) * 1000)
            pan = _panned(page)
            settles += pan[0]
            frames += pan[1]
            page.context.close()
        browser.close()
    frames.sort()
    settles.sort()
    return {
        "first useful paint, ms": median(paints),
        "map drawn, ms": median(readies),
        "a tile while panning, p95 ms": settles[int(len(settles) * 0.95)],
        "a frame while panning, p95 ms": frames[int(len(frames) * 0.95)],
    }


def _panned(page: Page) -> tuple[list[float], list[float]]:
    """Drag the map to and fro: how long each tile was waited for, and each frame, in ms."""
    box = page.locator("canvas").first.bounding_box()
    if box is None:
        raise RuntimeError("the map is not to be seen")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    under_way: set[object] = set()
    last = [time.perf_counter()]
    settles: list[float] = []

    def ended(request: Request) -> None:
        under_way.discard(request)
        last[0] = time.perf_counter()
        if "/tiles/" in request.url:
            settles.append(request.timing["responseEnd"])

    def began(request: Request) -> None:
        if "/tiles/" in request.url:
            under_way.add(request)

    page.on("request", began)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    # Nearer, where the next tiles are not at hand already.
    page.mouse.move(x, y)
    for _ in range(3):
        page.mouse.wheel(0, -400)
        page.wait_for_timeout(700)
    settles.clear()
    for turn in range(PANS):
        # Eastwards four times, then westwards and on: there is always ground not seen before.
        away = -220 if turn < PANS // 2 else 220
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + away, y + (60 if turn < PANS // 2 else 180), steps=12)
        page.mouse.up()
        last[0] = time.perf_counter()
        while under_way or time.perf_counter() - last[0] < QUIET_S:
            page.wait_for_timeout(10)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 150, y, steps=40)
    frames = page.evaluate(FRAMES)
    page.mouse.up()
    if not settles:
        raise RuntimeError("no tile was asked for while the map moved")
    return settles, [float(one) for one in frames]
