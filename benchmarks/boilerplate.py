"""How well articles are told from the frames of their pages, beside two known cleaners.

    python -m benchmarks.boilerplate [--page docs/benchmarks.md]

Pages are made up (`benchmarks/pages`), in styles that the filter was developed with and in styles
that it was not. Scored are words and lines of the article's text, the title apart, as a page's
title is a field of its own. Flat text is given to the two cleaners as one paragraph a line.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from html import escape
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import justext
import trafilatura

from benchmarks.pages.corpus import Sample, samples
from benchmarks.sections import write_section
from trucewatch.language import words
from trucewatch.model import Article, Role
from trucewatch.reports.press import read_articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LANGUAGES = {"ar": "Arabic", "de": "German", "es": "Spanish", "uk": "Ukrainian", "en": "English"}
MEASURES = ("word precision", "word recall", "line precision", "line recall")

Row = dict[str, Any]
Method = Callable[[Sample, bool], list[str]]


def ours(sample: Sample, flat: bool) -> list[str]:
    """The lines that `read_articles` keeps."""
    raw = (sample.flat if flat else sample.markup).encode()
    (found,) = read_articles(raw, name="page")
    if not isinstance(found, Article):
        return []
    return [found.text[b.start : b.end] for b in found.blocks if b.role is not Role.TITLE]


def by_trafilatura(sample: Sample, flat: bool) -> list[str]:
    """The lines that trafilatura keeps, with its own settings."""
    text = trafilatura.extract(_markup(sample, flat), include_comments=False)
    return [line for line in (text or "").splitlines() if line.strip()]


def by_justext(sample: Sample, flat: bool) -> list[str]:
    """The lines that jusText keeps; it is told the language of each page."""
    known = justext.get_stoplists()
    language = LANGUAGES[sample.language]
    stops = justext.get_stoplist(language) if language in known else frozenset()
    found = justext.justext(_markup(sample, flat).encode(), stops)
    return [part.text for part in found if not part.is_boilerplate]


def _markup(sample: Sample, flat: bool) -> str:
    if not flat:
        return sample.markup
    lines = [line.strip() for line in sample.flat.splitlines() if line.strip()]
    body = "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
    return f"<html><body>{body}</body></html>"


OURS = "**ours**"
METHODS: dict[str, Method] = {
    OURS: ours,
    "trafilatura": by_trafilatura,
    "jusText": by_justext,
}


def score(sample: Sample, kept: Iterable[str]) -> dict[str, float]:
    """Precision and recall by words, in their order, and by whole lines."""
    title = words(sample.title)
    lines = [own for line in kept if (own := words(line)) and own != title]
    true = [own for line in sample.lines if (own := words(line))]
    got, want = [w for line in lines for w in line], [w for line in true for w in line]
    matcher = SequenceMatcher(None, got, want, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    wanted = set(true)
    return {
        "word precision": same / len(got) if got else 0.0,
        "word recall": same / len(want),
        "line precision": sum(line in wanted for line in lines) / len(lines) if lines else 0.0,
        "line recall": len(wanted & set(lines)) / len(wanted),
    }


def measure(methods: Mapping[str, Method]) -> list[Row]:
    """One row a page, form and method."""
    rows: list[Row] = []
    for sample in samples():
        for flat in (False, True):
            for name, method in methods.items():
                rows.append(
                    {
                        "style": sample.style,
                        "held out": sample.held_out,
                        "flat": flat,
                        "method": name,
                        **score(sample, method(sample, flat)),
                    }
                )
    return rows


def mean(rows: list[Row], measure_: str) -> float:
    return fmean(float(row[measure_]) for row in rows)


def tables(rows: list[Row]) -> list[str]:
    """Methods by form and by whether the styles were held out; then ours, style by style."""
    pages = len(rows) // (2 * len(METHODS))
    styles = {str(row["style"]) for row in rows}
    said = f"{pages} pages in {len(styles)} styles. Mean over pages, in per cent."
    out = [
        f"{said} P and R are precision and recall.",
        "",
        "| form | styles | method | words P | words R | lines P | lines R |",
        "|---|---|---|---|---|---|---|",
    ]
    for flat in (False, True):
        for held in (False, True):
            for name in METHODS:
                own = [
                    r
                    for r in rows
                    if r["flat"] is flat and r["held out"] is held and r["method"] == name
                ]
                cells = " | ".join(f"{100 * mean(own, m):.1f}" for m in MEASURES)
                form = "flat text" if flat else "HTML"
                kind = "held out" if held else "developed with"
                out.append(f"| {form} | {kind} | {name} | {cells} |")
    out += ["", "Ours by style, words:", "", "| style | HTML P | R | flat P | R |"]
    out.append("|---|---|---|---|---|")
    for style in sorted(styles):
        own = [r for r in rows if r["style"] == style and r["method"] == OURS]
        figures = [
            f"{100 * mean([r for r in own if r['flat'] is flat], m):.1f}"
            for flat in (False, True)
            for m in MEASURES[:2]
        ]
        held_out = " (held out)" if own[0]["held out"] else ""
        out.append(f"| {style}{held_out} | {' | '.join(figures)} |")
    return out


def scores(data: Path) -> dict[str, float]:
    """What the floors are held against: ours, by form and kind of style; needs no data."""
    del data
    rows = measure({OURS: ours})
    out: dict[str, float] = {}
    for flat in (False, True):
        for held in (False, True):
            own = [r for r in rows if r["flat"] is flat and r["held out"] is held]
            said = f"{'flat' if flat else 'html'}, {'held out' if held else 'developed with'}"
            out |= {f"{said}, {m}": mean(own, m) for m in MEASURES}
    return out


def speed(repeat: int = 3) -> float:
    """Articles an hour on one core, over the benchmark's pages as markup, after one warm-up."""
    pages = [sample.markup.encode() for sample in samples()]
    list(read_articles(pages[0], name="page"))
    start = time.perf_counter()
    for _ in range(repeat):
        for raw in pages:
            for _found in read_articles(raw, name="page"):
                pass
    return 3600 * repeat * len(pages) / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, help="write the tables into this page")
    args = parser.parse_args()
    # What jusText and trafilatura say of each page is no result.
    logging.disable(logging.WARNING)
    lines = tables(measure(METHODS))
    print("\n".join(lines))
    print(f"\n{speed():,.0f} articles an hour on one core")
    if args.page:
        write_section(args.page, "boilerplate", lines)


if __name__ == "__main__":
    main()
