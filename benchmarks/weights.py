"""What each page of the web application weighs as it travels, and how long that takes.

    python -m benchmarks.weights MISSION

HTML and the style sheet are what a reader waits for; scripts come after, and the map's library
only where the line is not slow. Seconds are those of the bytes alone at 64 kbit/s: what a line adds
for each request comes on top. Print the table anew into docs/web.md when pages change.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient

from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

if TYPE_CHECKING:
    from collections.abc import Iterator

KBIT_S = 64
PAGES = (
    "/",
    "/incidents",
    "/agreement",
    "/commitments",
    "/stories",
    "/bulletins",
    "/sources",
    "/evidence",
    "/sign-in",
)
_SCRIPT = re.compile(r'<script type="module" src="([^"]+)"')
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_IMPORT = re.compile(r'^import [^"]*"\./([^"]+)";$', re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Bytes of one page as they travel; `scripts` are those that it loads without being asked."""

    page: str
    html: int
    style: int
    scripts: int

    @property
    def first(self) -> int:
        """What a reader waits for."""
        return self.html + self.style

    @property
    def seconds(self) -> float:
        """How long that takes on a slow line."""
        return self.first * 8 / (KBIT_S * 1000)


def weigh(client: TestClient) -> Iterator[Weight]:
    """Every page, and the page of one incident."""
    listed = client.get("/incidents").text
    one = re.search(r'href="(/incidents/inc-[0-9a-f]+)"', listed)
    for page in (*PAGES, *([one[1]] if one else [])):
        text = client.get(page, headers={"Accept": "text/html"}).text
        scripts = {script for src in _SCRIPT.findall(text) for script in _with_imports(client, src)}
        yield Weight(
            page="/incidents/…" if one and page == one[1] else page,
            html=_travelling(client, page),
            style=sum(_travelling(client, each) for each in _STYLE.findall(text)),
            scripts=sum(_travelling(client, each) for each in scripts),
        )


def _with_imports(client: TestClient, address: str) -> Iterator[str]:
    yield address
    folder = address.rpartition("/")[0]
    for name in _IMPORT.findall(client.get(address).text):
        yield from _with_imports(client, f"{folder}/{name}")


def _travelling(client: TestClient, address: str) -> int:
    """The bytes of a body as it is sent to a browser."""
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip"}
    with client.stream("GET", address, headers=headers) as answer:
        answer.raise_for_status()
        return sum(len(part) for part in answer.iter_raw())


def main() -> None:
    """Print the table of one mission."""
    site = MissionSite(Path(sys.argv[1]))
    client = TestClient(make_app(site), base_url="http://127.0.0.1")
    print("| page | HTML | style | seconds at 64 kbit/s | scripts |")
    print("|---|---|---|---|---|")
    for each in weigh(client):
        print(
            f"| `{each.page}` | {each.html / 1000:.1f} kB | {each.style / 1000:.1f} kB "
            f"| {each.seconds:.1f} | {each.scripts / 1000:.1f} kB |"
        )


if __name__ == "__main__":
    main()
