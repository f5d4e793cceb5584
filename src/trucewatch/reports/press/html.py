"""An HTML page: what a cleaner of markup keeps, set against every line of the page."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from trucewatch.reports.press.features import shape
from trucewatch.reports.press.flat import page_of_lines
from trucewatch.reports.press.limits import LINES, PAGE_DEPTH, PAGE_TAGS, Unreadable
from trucewatch.reports.press.markup import Found, lines_of
from trucewatch.reports.press.metadata import Facts, facts_of
from trucewatch.reports.press.pieces import Line, Page
from trucewatch.reports.press.vocabulary import bare

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Without a handler of its own a library's warnings reach the standard error of every command.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("htmldate").addHandler(logging.NullHandler())

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
# Tags that stand alone, or that the next of their kind closes: they nest nothing.
_FLAT_NAMES = """
    area base br col embed hr img input link meta param source track wbr
    p li dt dd tr td th thead tbody tfoot option optgroup colgroup
"""
_FLAT = frozenset(_FLAT_NAMES.split())
RUN = 4
"""Runs of so many words are compared between our lines and the cleaner's text."""
COVERED = 0.7
"""A line is the cleaner's where it has so much of its runs."""


def page_of_html(text: str, *, recurring: Collection[str] = ()) -> Page:
    """The page of an HTML text.

    The characters of the page that a reader sees, spaces aside, are all in its pieces, in order.
    Raises Unreadable where the page is over a limit or no parser makes anything of it; nothing is
    ever fetched.
    """
    _check(text)
    tree = _tree(text)
    facts = facts_of(tree)
    found = list(lines_of(tree))
    if len(found) > LINES:
        raise Unreadable(f"the page has more than {LINES:,} lines")
    lines = _marked(tree, found)
    page = page_of_lines(lines, title=facts.title, recurring=recurring)
    return _told(page, facts)


def _told(page: Page, facts: Facts) -> Page:
    """The page with what its markup states, which comes before what its lines show."""
    return replace(
        page,
        title=page.title or facts.title,
        outlet=facts.outlet or page.outlet,
        published=facts.published or page.published,
        dated_by=facts.dated_by if facts.published else page.dated_by,
        link=facts.link,
        byline=facts.byline or page.byline,
    )


def _check(text: str) -> None:
    """Refuse a page that would cost a parser its stack; one pass, no parser."""
    depth = tags = 0
    for match in _TAG.finditer(text):
        tags += 1
        if tags > PAGE_TAGS:
            raise Unreadable(f"the page has more than {PAGE_TAGS:,} tags")
        if match[2].lower() in _FLAT:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > PAGE_DEPTH:
            raise Unreadable(f"the page nests tags more than {PAGE_DEPTH} deep")


def _tree(text: str) -> HtmlElement:
    parser = HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True,
        remove_pis=True, no_network=True,
    )  # fmt: skip
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"no page can be read from it: {error}") from None


def _marked(tree: HtmlElement, found: list[Found]) -> list[Line]:
    """The lines, each with what the cleaner made of it.

    Where it keeps nothing, nobody has judged. A line of running text that it left out is given
    back where what holds it holds several kept ones.
    """
    whole, runs = _cleaned(tree)
    if not whole:
        return [
            Line(text=one.text, role=one.role, kept=False if one.aside else None) for one in found
        ]
    kept = [_is_kept(one.text, whole, runs) for one in found]
    prose = [shape(one.text).prose for one in found]
    homes: dict[int, int] = {}
    for one, own, running in zip(found, kept, prose, strict=True):
        if own and running:
            homes[one.holder] = homes.get(one.holder, 0) + 1
    return [
        Line(
            text=one.text,
            role=one.role,
            kept=own or (running and not one.aside and homes.get(one.holder, 0) >= 2),
        )
        for one, own, running in zip(found, kept, prose, strict=True)
    ]


def _cleaned(tree: HtmlElement) -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    """The lines that the cleaner keeps, bare, and the runs of words in them."""
    document = bare_extraction(
        tree, include_comments=False, include_tables=True, favor_precision=False, fast=True
    )
    text = document.text if document is not None and not isinstance(document, dict) else None
    lines = [shape(line) for line in (text or "").splitlines() if line.strip()]
    return (
        frozenset(line.bare for line in lines),
        frozenset(run for line in lines for run in _runs(line.words)),
    )


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (words[i : i + RUN] for i in range(len(words) - RUN + 1))


def _is_kept(text: str, whole: frozenset[str], runs: frozenset[tuple[str, ...]]) -> bool:
    if bare(text) in whole:
        return True
    own = list(_runs(shape(text).words))
    return bool(own) and sum(run in runs for run in own) >= COVERED * len(own)
