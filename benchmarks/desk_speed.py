"""Articles an hour on one core, and peak memory as the number grows: desk_speed.py [--sizes N,N].

The articles are made up: stories of five outlets each, about 450 words in a page's frame, with
shared figures, two renderings of a quotation and a dispute. Each size runs in a process of its own,
so that its peak of memory is its own; times are of the processor, not of the wall.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import time
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTLETS = ("Harbour Post", "Strait Daily", "North Wire", "Morning Gazette", "Evening Mail")
SYLLABLES = (
    "ba",
    "re",
    "mo",
    "li",
    "tu",
    "ka",
    "ven",
    "dor",
    "sil",
    "mar",
    "tan",
    "gol",
    "ner",
    "vik",
)
THINGS = [
    "ferries",
    "boats",
    "tents",
    "lorries",
    "wells",
    "bridges",
    "schools",
    "clinics",
    "farms",
    "mills",
]
NOUNS = ("delegates", "participants", "envoys", "officials", "guests")
HOURS = 3600


def name(chance: random.Random) -> str:
    """A made-up name."""
    return "".join(chance.choice(SYLLABLES) for _ in range(3)).title()


def story(number: int) -> Iterator[bytes]:
    """The five pages of one story; every figure and name follows from its number."""
    chance = random.Random(number)
    town, land, other, minister, envoy = (name(chance) for _ in range(5))
    count, heads, troops = chance.randint(12, 90), chance.randint(3, 11), chance.randint(2, 30)
    day = 1 + number % 28
    month = 1 + number // 28 % 12
    paragraphs = [
        (
            f"{minister}'s office announced that {count} {{noun}} would take part, including "
            f"{heads} heads of state and government."
        ),
        f"{envoy}, who leads the delegation of {land}, described the talks as “productive”.",
        f"“We {{verb}} not leave {town} before the guns are silent,” {minister} told reporters.",
        f"{land} is considering whether to send {troops},000 to {troops + 10},000 troops.",
        f"About {chance.randint(10, 60)} percent of {other} remains without power.",
    ]
    filler = [
        f"The {thing} of {name(chance)} were {chance.choice(('closed', 'repaired', 'counted'))} "
        f"on Monday, and {chance.randint(20, 900)} of them are in use again in {town}, "
        f"where people have waited since the winter for news of {name(chance)} and {other}."
        for thing in THINGS
    ]
    for at, outlet in enumerate(OUTLETS):
        body = [one.format(noun=NOUNS[at], verb=("will", "shall")[at % 2]) for one in paragraphs]
        if at == 4:
            body[0] = body[0].replace(str(count), str(count + 3))
        told = [*body, *filler]
        chance.shuffle(told)
        shown = "".join(f"<p>{one}</p>" for one in told)
        yield (
            f"<!doctype html><html lang='en'><head><title>Talks in {town} - {outlet}</title>"
            f"<meta property='og:site_name' content='{outlet}'>"
            f"<meta property='article:published_time' content='2031-{month:02d}-{day:02d}'></head>"
            "<body><nav><a href='/'>Home</a><a href='/news'>News</a></nav><article>"
            f"<h1>Talks on {land} open in {town}</h1>{shown}</article>"
            "<footer>We use cookies. Subscribe to the newsletter.</footer></body></html>"
        ).encode()


def measure(articles: int) -> dict[str, float]:
    """Run the whole desk on so many articles; seconds by step, and the peak of memory in MiB."""
    from trucewatch.app.press import desk
    from trucewatch.bulletins.brief import render_brief_html

    pages = (
        desk.Delivered(raw=raw, name=f"{number}-{at}.html")
        for number in range(articles // len(OUTLETS))
        for at, raw in enumerate(story(number))
    )
    marks = [time.process_time()]
    read = desk.read(pages)
    marks.append(time.process_time())
    told = desk.tell(read)
    marks.append(time.process_time())
    size = sum(len(render_brief_html(one.brief)) for one in told)
    marks.append(time.process_time())
    taken = [b - a for a, b in pairwise(marks)]
    return {
        "articles": len(read.articles),
        "statements": len(read.statements),
        "stories": len(told),
        "left out": sum(n for one in told for _, n in one.brief.left_out.sentences),
        "page bytes": size,
        "read": taken[0],
        "tell": taken[1],
        "render": taken[2],
        "an hour": round(len(read.articles) / sum(taken) * HOURS),
        "MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Print one line of JSON for each size."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--sizes", default="100,1000,5000")
    sizes = [int(one) for one in given.parse_args().sizes.split(",")]
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(json.dumps(pool.apply(measure, (size,))), flush=True)


if __name__ == "__main__":
    main()
