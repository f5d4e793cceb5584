"""The web application under load: calls at 50 a second, and the map in a browser.

Once on the demonstration, once on a made-up world of 200,000 incidents, which is written straight
as the view of the public: how long a mission of that size takes to derive is measured elsewhere.
Server, load and browser are processes of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import platform
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

from benchmarks.sections import write_section
from benchmarks.web_map import in_browser
from benchmarks.worlds import ROOT
from trucewatch.app.web.policy import policy
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views.keeping import Views
from trucewatch.app.web.views.reading import FileView
from trucewatch.app.web.views.view import Query
from trucewatch.app.web.views.writing import write_view
from trucewatch.bulletins.views import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = dt.datetime(2026, 5, 1, 6, tzinfo=dt.UTC)
INCIDENTS = 200_000
PER_SECOND, SECONDS, CALLERS = 50, 30, 24
DAYS = 400
STATES = ("reported", "allegation", "corroborated", "verified", "refuted")
KINDS = ("shelling", "drone_strike", "air_strike", "hostile_act", "small_arms")
TARGET_MS = 100.0
TOWNS = 300
WORDS = ("market", "bridge", "harbour", "school", "depot", "ridge", "ford", "mill")


def made_up(
    like: Record, number: int, dice: random.Random, towns: list[tuple[float, float]]
) -> Record:
    """An incident with all the fields of a real one, near one of a few hundred towns."""
    lat, lon = dice.choice(towns)
    day = dt.date(2025, 3, 1) + dt.timedelta(days=dice.randrange(DAYS))
    name = f"inc-{number:016x}"
    body = dict(like.body)
    body |= {
        "id": name,
        "kind": dice.choice(KINDS),
        "kind_name": dice.choice(WORDS),
        "state": dice.choices(STATES, (40, 25, 20, 10, 5))[0],
        "region": f"R-{dice.randrange(27):02}",
        "region_name": f"Region {dice.choice(WORDS)}",
        "first_day": day.isoformat(),
        "last_day": day.isoformat(),
        "probability": round(dice.random(), 2),
        "place": {
            **body["place"],
            "lat": round(dice.gauss(lat, 0.25), 3),
            "lon": round(dice.gauss(lon, 0.35), 3),
        },
    }
    return Record(sort="incident", id=name, body=body)


def enlarge(folder: Path, size: int, seed: int = 7) -> dict[str, float]:
    """Put a view with made-up incidents in the place of the public's; the seconds that it took."""
    views = Views(folder, now=lambda: NOW)
    sight = policy().sight(Viewer(), views.audiences)
    small = views.of(sight)
    dice = random.Random(seed)
    towns = [(dice.uniform(46.0, 51.5), dice.uniform(30.0, 39.5)) for _ in range(TOWNS)]
    (first, *_), rest = small.page("incident", Query(limit=1)).bodies, _others(small)
    like = Record(sort="incident", id="", body=first)
    (path,) = (folder / "views").glob("[!.]*.db")
    begin = time.perf_counter()
    incidents = (made_up(like, number, dice, towns) for number in range(size))
    made = write_view(
        path.parent,
        path.stem.rpartition("-")[0],
        chain(rest, incidents),
        about={k: v for k, v in small.about.items() if k not in {"form", "digest", "at"}},
        at=NOW,
    )
    written = time.perf_counter() - begin
    path.unlink()
    begin = time.perf_counter()
    FileView(made)
    return {
        "writing the view, s": written,
        "opening and checking it, s": time.perf_counter() - begin,
        "its file, MB": made.stat().st_size / 1e6,
    }


def _others(view: FileView) -> list[Record]:
    return [
        Record(sort=sort, id=body["id"], body=body)
        for sort in view.sorts()
        if sort != "incident"
        for body in view.page(sort, Query(limit=10_000)).bodies
    ]


def calls(ids: list[str], days: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """What is asked, without end: the sort of call, and its path."""
    dice = random.Random(seed)
    while True:
        first, last = sorted(dice.choices(days, k=2))
        z = dice.choice((5, 6, 7, 8, 9, 11))
        x, y = (int(part * 2**z) for part in (dice.uniform(0.585, 0.61), dice.uniform(0.325, 0.35)))
        west, south = dice.uniform(30, 38), dice.uniform(46, 50)
        box = f"bbox={west:.3f},{south:.3f},{west + 1:.3f},{south + 1:.3f}"
        days_of = f"first={first}&last={last}"
        state, word = dice.choice(STATES), dice.choice(WORDS)
        yield dice.choice(
            (
                ("list", f"/api/v1/incidents?limit=100&state={state}&{days_of}"),
                ("list", f"/api/v1/incidents?limit=50&{box}"),
                ("one", f"/api/v1/incidents/{dice.choice(ids)}"),
                ("one", f"/api/v1/incidents/{dice.choice(ids)}"),
                ("tile", f"/tiles/{z}/{x}/{y}.mvt?from={first}&to={last}"),
                ("tile", f"/tiles/{z}/{x}/{y}.mvt"),
                ("ground", f"/api/v1/coverage?limit=100&{days_of}"),
                ("OGC", f"/ogc/collections/incidents/items?limit=100&{box}"),
                ("search", f"/api/v1/incidents?limit=20&text={word}"),
            )
        )


def load(port: int, asked: list[tuple[str, str]]) -> tuple[list[tuple[str, float]], Counter[int]]:
    """Ask at a fixed rate whatever the answers take: (sort, milliseconds) each, and the statuses.

    The time runs from when a call was due, so that a server that stalls is not spared the calls
    that would have come meanwhile.
    """
    took: list[tuple[str, float]] = []
    statuses: Counter[int] = Counter()
    begin = time.perf_counter() + 0.5
    due = iter(enumerate(asked))
    lock = threading.Lock()

    def caller() -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number, (sort, path) = next(due, (None, ("", "")))
            if number is None:
                return
            at = begin + number / PER_SECOND
            time.sleep(max(0.0, at - time.perf_counter()))
            line.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = line.getresponse()
            answer.read()
            with lock:
                took.append((sort, (time.perf_counter() - at) * 1000))
                statuses[answer.status] += 1

    callers = [threading.Thread(target=caller) for _ in range(CALLERS)]
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    return took, statuses


@contextlib.contextmanager
def served(folder: Path) -> Iterator[tuple[int, Callable[[], float]]]:
    """A server of its own for a mission: its port, and what its memory has been at most, in MiB."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "benchmarks.web", "--serve", str(folder), str(port)]
    with subprocess.Popen(program, cwd=ROOT) as server:  # noqa: S603 -- ourselves
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                time.sleep(0.1)
            yield port, lambda: _peak(server.pid)
        finally:
            server.terminate()


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError("the system does not tell the memory of a process")


def serve(folder: Path, port: int) -> None:
    """Serve at the hour of the made-up world."""
    import uvicorn

    from trucewatch.app.web.making import make_app
    from trucewatch.app.web.mission_site import MissionSite

    app = make_app(MissionSite(folder, now=lambda: NOW))
    uvicorn.run(app, port=port, log_level="error", access_log=False, ws="none")


def measured(folder: Path, *, browser: bool = True) -> dict[str, float]:
    """The figures of one mission."""
    with served(folder) as (port, peak):
        line = HTTPConnection("127.0.0.1", port, timeout=300)
        begin = time.perf_counter()
        line.request("GET", "/api/v1/incidents?limit=1000")
        told = json.loads(line.getresponse().read())
        found: dict[str, float] = {"first answer of all, s": time.perf_counter() - begin}
        ids = [one["id"] for one in told["items"]]
        days = sorted({one["first_day"] for one in told["items"]})
        asking = calls(ids, days, seed=1)
        asked = [next(asking) for _ in range(PER_SECOND * SECONDS)]
        answers = subprocess.run(  # noqa: S603 -- ourselves
            [sys.executable, "-m", "benchmarks.web", "--load", str(port)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        took, statuses = json.loads(answers.stdout)
        if set(statuses) != {"200"}:
            raise ValueError(f"not every call was answered: {statuses}")
        found |= _percentiles(took)
        if browser:
            found |= in_browser(port)
        found["peak of memory of the server, MiB"] = peak()
    return found


def _percentiles(took: list[tuple[str, float]]) -> dict[str, float]:
    out = {}
    for sort in ("all", *sorted({sort for sort, _ in took})):
        times = [ms for one, ms in took if sort in ("all", one)]
        parts = quantiles(times, n=100)
        out[f"{sort} calls, p50 ms"], out[f"{sort} calls, p95 ms"] = parts[49], parts[94]
    return out


def scores(page: Path) -> dict[str, float]:
    """What is held to a floor, from the made-up world."""
    del page
    found = figures()["made up"]
    return {"calls of the API, p95 ms": found["all calls, p95 ms"]}


def figures(size: int = INCIDENTS) -> dict[str, dict[str, float]]:
    """The figures of the demonstration and of the made-up world, by name."""
    with tempfile.TemporaryDirectory() as place:
        demo, large = Path(place) / "demo", Path(place) / "large"
        program = [sys.executable, "-m", "trucewatch", "demo", str(demo)]
        subprocess.run(program, check=True, capture_output=True, cwd=ROOT)  # noqa: S603 -- ourselves
        shutil.copytree(demo, large)
        found = {"demonstration": measured(demo)}
        built = enlarge(large, size)
        return found | {"made up": built | measured(large)}


def table(found: dict[str, dict[str, float]], machine: str) -> list[str]:
    """The lines of the page."""
    day = dt.datetime.now(dt.UTC).date().isoformat()
    names = list(dict.fromkeys(name for part in found.values() for name in part))
    rows = [
        f"Measured on {day}; {machine}; Python {platform.python_version()}.",
        "",
        f"| what | demonstration | {INCIDENTS:,} incidents | target |",
        "|---|---|---|---|",
    ]
    for name in sorted(names, key=lambda each: (each not in found["demonstration"], 0)):
        cells = [_shown(part.get(name)) for part in found.values()]
        target = f"{TARGET_MS:g}" if name == "all calls, p95 ms" else ""
        rows.append(f"| {name} | {' | '.join(cells)} | {target} |")
    return rows


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def main() -> None:
    """Measure, print, and write the part of the page."""
    given = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    given.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    given.add_argument("--machine", default="2 cores, shared with other work")
    given.add_argument("--incidents", type=int, default=INCIDENTS)
    given.add_argument("--dry", action="store_true", help="print alone")
    given.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    given.add_argument("--load", type=int, metavar="PORT", help=argparse.SUPPRESS)
    chosen = given.parse_args()
    if chosen.serve:
        serve(Path(chosen.serve[0]), int(chosen.serve[1]))
        return
    if chosen.load:
        print(json.dumps(load(chosen.load, json.load(sys.stdin))))
        return
    found = figures(chosen.incidents)
    lines = table(found, chosen.machine)
    print("\n".join(lines))
    if not chosen.dry:
        write_section(chosen.page, "web", lines)


if __name__ == "__main__":
    main()
