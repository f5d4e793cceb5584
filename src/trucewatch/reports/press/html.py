"""An HTML page: what a cleaner of markup keeps, set against every line of the page."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from trucewatch.model import Role
from trucewatch.reports.press.features import shape
from trucewatch.reports.press.flat import page_of_lines
from trucewatch.reports.press.guarding import check_page
from trucewatch.reports.press.limits import LINE_CHARACTERS, Unreadable
from trucewatch.reports.press.markup import Found, lines_of
from trucewatch.reports.press.metadata import Facts, facts_of
from trucewatch.reports.press.pieces import Line, Page
from trucewatch.reports.press.vocabulary import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

# Without a handler of its own a library's warnings reach the standard error of every command.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("htmldate").addHandler(logging.NullHandler())

# Cleaners of markup trust what they find there; what they stumble over is the page's fault.
_BROKEN = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError)
RUN = 4
"""Runs of so many words are compared between our lines and the cleaner's text."""
SEVERAL = 2
"""What holds so many kept lines of running text holds the article."""
COVERED = 0.7
"""A line is the cleaner's where it has so much of its runs."""


def page_of_html(text: str, *, title: str = "") -> Page:
    """The page of an HTML text.

    `title` is the article's where something better than the page says it. The characters of the
    page that a reader sees, spaces aside, are all in its pieces, in order.
    Raises Unreadable where the page is over a limit or no parser makes anything of it; nothing is
    ever fetched.
    """
    check_page(text)
    tree = _tree(text)
    found = list(lines_of(tree))
    if any(len(one.text) > LINE_CHARACTERS for one in found):
        raise Unreadable(f"a line of it has more than {LINE_CHARACTERS:,} characters")
    try:
        facts = facts_of(tree)
        title = title or facts.title
        lines = _marked(tree, found, bare(title))
    except _BROKEN:
        raise Unreadable("the page's markup is broken beyond what cleaners can bear") from None
    page = page_of_lines(lines, title=title)
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


def _tree(text: str) -> HtmlElement:
    parser = HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True,
        remove_pis=True, no_network=True,
    )  # fmt: skip
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"no page can be read from it: {error}") from None


def _marked(tree: HtmlElement, found: list[Found], title: str) -> list[Line]:
    """The lines, each with what the cleaner made of it.

    Where it keeps nothing, nobody has judged. Nor has anybody judged a line that it left out where
    what holds the line holds several kept ones: running text, and headings and lists between them.
    """
    whole, runs = _cleaned(tree)
    if not whole:
        return [
            Line(text=one.text, role=one.role, kept=False if one.aside else None) for one in found
        ]
    kept = [_is_kept(one.text, whole, runs) for one in found]
    prose = [shape(one.text).prose for one in found]
    homes: dict[int, list[int]] = {}
    for i, one in enumerate(found):
        if kept[i] and prose[i]:
            homes.setdefault(one.holder, []).append(i)
    out = []
    led = False
    for i, one in enumerate(found):
        home = [] if one.aside else homes.get(one.holder, [])
        # A list that follows the last running text is the article's where that leads to it.
        led = one.role is Role.ITEM and i > 0 and (led or found[i - 1].text.endswith(":"))
        given = len(home) >= SEVERAL and (prose[i] or led or home[0] < i < home[-1])
        own = kept[i] or (bool(title) and bare(one.text) == title)
        out.append(Line(text=one.text, role=one.role, kept=own or (None if given else False)))
    return out


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
