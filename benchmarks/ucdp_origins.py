"""Origins behind coded events that several articles tell of (UCDP GED, Ukraine, 2014 to 2020).

Right is what a person judged of a random sample (`ucdp_judged.csv`): how many independent
beginnings the columns show, every organ of one side one, the coders' word taken for who is an
origin unless a headline says itself whose word an outlet prints. All events are counted a second
time by another method, in this file: words of `source_original` looked up class by class, with no
grammar, no ties and no graph.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.sections import write_section
from benchmarks.worlds import generator
from trucewatch.model import Informant, Report, Source, SourceKind
from trucewatch.origins import Ties, find_origins, graph
from trucewatch.reports import Delivery, read_delivery

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
FILE = Path("ucdp-ged-ukraine") / "conflict_data_ukr_2014_2018_2020.csv"

# By the words of a class and not by those of the list of informants: the two share no rule.
CLASSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"ukrain|\bki?ev|\bkyiv|\b(ato|jfo)\b|anti-terror|lysenko|motuz|selezn|\bgovernment|moskal",
        r"interior min|defen[cs]e minis|national guard|turchyn|^military spokes",
        r"rebel|separatist|insurgent|\bdpr\b|\blpr\b|basurin|militi|self-procl|pro-russia",
        r"memor?e?y ?book",
        r"\bosce\b|\bsmm\b",
        r"ohchr|rapporteur",
        r"\bocha\b",
        r"\bicg\b|crisis ?watch",
        r"live(ua)?map",
        r"euromaidan press",
        r"amnesty",
        r"\bhrw\b|human rights watch",
        r"medic|doctor|hospital|morgue",
        r"resident|witness|villager",
        r"correspondent|reporter|journalist",
        r"russian (authorit|official|foreign|investigat|defen|military)|moscow",
        r"maidan rep|protester|activist|opposition",
    )
)


@dataclass(frozen=True)
class Coded:
    """One event as the columns give it, and as the two methods count it."""

    id: str
    outlets: int
    distinct: int
    original: str
    ours: float
    plain: int


def informants() -> tuple[Informant, ...]:
    """The informants of such a mission."""
    data = tomllib.loads((HERE / "ucdp_informants.toml").read_text("utf-8"))["informant"]
    return tuple(
        Informant(id=i["id"], name=i["name"], words=tuple(i["words"]), party=i.get("party"))
        for i in data
    )


def plain(original: str, outlets: Iterable[str]) -> int:
    """Classes of informants by their words, and an outlet that stands among the originals."""
    text = "; ".join([original, *(o for o in outlets if CLASSES[3].search(o))])
    found = [pattern.search(text) is not None for pattern in CLASSES]
    # The first two are of one side, one by its name and one by its offices.
    return max(1, sum(found[2:]) + any(found[:2]))


def events(path: Path) -> list[Coded]:
    """Events with two sources or more; raises FileNotFoundError where the file is absent."""
    raw = path.read_bytes()
    source = Source(id="ucdp", name="UCDP GED", kind=SourceKind.CODER, timezone="Europe/Kyiv")
    delivery = Delivery(source=source, payload=hashlib.sha256(raw).hexdigest(), raw=raw)
    found = [r for r in read_delivery(delivery) if isinstance(r, Report)]
    claims = {c.external_id: c for r in found for c in r.claims}
    known, sources = informants(), {source.id: source}
    origins = find_origins(claims.values(), informants=known, sources=sources)
    ties = Ties(origins, graph(claims.values(), informants=known, sources=sources))
    out = []
    for row in csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")):
        if not row["number_of_sources"].isdigit() or int(row["number_of_sources"]) < 2:
            continue
        offices = [o.strip().casefold() for o in row["source_office"].split(";")]
        out.append(
            Coded(
                id=row["id"],
                outlets=int(row["number_of_sources"]),
                distinct=len(set(offices)),
                original=row["source_original"],
                ours=ties.behind([claims[row["id"]].id]).number,
                plain=plain(row["source_original"], offices),
            )
        )
    return out


def judged() -> dict[str, int]:
    """The number of origins that a person counted, by event."""
    with (HERE / "ucdp_judged.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: int(row["origins"]) for row in csv.DictReader(file)}


def scores(data: Path) -> dict[str, float]:
    """Shares of events, each of which has a floor; raises FileNotFoundError where data are absent.

    `right` is of the judged events, `over` those that ours counts too high, which is the error
    that corroborates; `hard` leaves out events that one memorial book alone tells of. `same` is of
    all events with two sources or more, ours beside the other method, `same of repeats` of those
    in which an outlet stands twice.
    """
    every = events(data / FILE)
    truth = judged()
    known = [e for e in every if e.id in truth]
    hard = [e for e in known if not _one_book(e)]
    repeats = [e for e in every if e.distinct < e.outlets]
    return {
        "events": float(len(every)),
        "repeating": float(len(repeats)),
        "judged": float(len(known)),
        "right": _share(e.ours == truth[e.id] for e in known),
        "over": _share(e.ours > truth[e.id] for e in known),
        "hard judged": float(len(hard)),
        "right of hard": _share(e.ours == truth[e.id] for e in hard),
        "plain right": _share(e.plain == truth[e.id] for e in known),
        "plain right of hard": _share(e.plain == truth[e.id] for e in hard),
        "outlets right": _share(e.outlets == truth[e.id] for e in known),
        "outlets right of hard": _share(e.outlets == truth[e.id] for e in hard),
        "distinct outlets right": _share(e.distinct == truth[e.id] for e in known),
        "distinct outlets right of hard": _share(e.distinct == truth[e.id] for e in hard),
        "same": _share(e.ours == e.plain for e in every),
        "same of repeats": _share(e.ours == e.plain for e in repeats),
    }


def _one_book(event: Coded) -> bool:
    return bool(re.fullmatch(r"mem\w* ?book\W*(x ?\d+)?\W*", event.original, re.IGNORECASE))


def _share(right: Iterable[bool]) -> float:
    listed = list(right)
    return sum(listed) / len(listed) if listed else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=generator().parents[1] / "data")
    parser.add_argument("--wrong", action="store_true", help="list what is not counted alike")
    parser.add_argument("--page", type=Path, help="write the table into this page")
    args = parser.parse_args()
    found = scores(args.data)
    for name, value in found.items():
        print(f"{name}: {value:.3f}")
    if args.wrong:
        truth = judged()
        for e in events(args.data / FILE):
            if e.ours != truth.get(e.id, e.plain):
                who = "judged" if e.id in truth else "plain"
                print(f"{e.id} ours {e.ours:g} {who} {truth.get(e.id, e.plain)}: {e.original!r}")
    if args.page:
        write_section(args.page, "ucdp-origins", table(found))


def table(found: dict[str, float]) -> list[str]:
    """The table of the page."""
    whole, hard = found["judged"], found["hard judged"]
    out = [f"| counted by | right of {whole:.0f} judged | right of the {hard:.0f} hard ones |"]
    out.append("|---|---|---|")
    for words, name in (
        ("**origins** (this program)", "right"),
        ("words of `source_original`, no grammar and no ties", "plain right"),
        ("distinct outlets", "distinct outlets right"),
        ("articles (`number_of_sources`)", "outlets right"),
    ):
        out.append(f"| {words} | {found[name]:.2f} | {found[f'{name} of hard']:.2f} |")
    said = (
        f"Counted too high: {found['over']:.2f} of the judged. Of all {found['events']:.0f} events "
        f"with two sources or more the first two methods count {found['same']:.2f} alike, of the "
        f"{found['repeating']:.0f} in which an outlet stands twice {found['same of repeats']:.2f}."
    )
    return [*out, "", said]


if __name__ == "__main__":
    main()
