"""What the markup of a page states of the article: title, site, date, author, link."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trafilatura import extract_metadata

from trucewatch.reports.press.dates import moment

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from trucewatch.model import Interval

LONGEST = 300
"""A longer value of a field is no title, name or link."""

_DATE_FIELDS = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.issued", "dcterms.created", "dc.date", "dc.date.created", "article.published",
    "pubdate", "date", "cxenseparse:recs:publishtime", "citation_publication_date",
)  # fmt: skip
_DATA = re.compile(r'"datePublished"\s{0,20}:\s{0,20}"([^"]{8,40})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page's markup states; None or "" where it does not."""

    title: str = ""
    outlet: str | None = None
    published: Interval | None = None
    dated_by: str = ""
    byline: str | None = None
    link: str | None = None


def facts_of(tree: HtmlElement) -> Facts:
    """What the markup states.

    The date is that of the first publication: of a meta field, of linked data, of a `time` tag
    marked as that, and only then what htmldate finds in the markup, without a search of the text.
    """
    published, dated_by = _date(tree)
    found = extract_metadata(
        tree, date_config={"original_date": True, "extensive_search": False}, extensive=False
    )
    if published is None and found.date:
        published, dated_by = moment(found.date), "htmldate"
    return Facts(
        title=_short(found.title) or "",
        outlet=_site(tree) or _short(found.sitename),
        published=published,
        dated_by=dated_by if published else "",
        byline=_short(found.author),
        link=_link(tree) or _short(found.url),
    )


def _short(value: str | None) -> str | None:
    text = " ".join((value or "").split())
    return text if 0 < len(text) <= LONGEST else None


def _date(tree: HtmlElement) -> tuple[Interval | None, str]:
    fields: dict[str, str] = {}
    for meta in tree.iter("meta"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "").lower()
            if name in _DATE_FIELDS:
                fields.setdefault(name, meta.get("content") or "")
    for name in _DATE_FIELDS:
        when = moment(fields.get(name))
        if when:
            return when, f"meta {name}"
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            match = _DATA.search(script.text or "")
            when = moment(match[1]) if match else None
            if when:
                return when, "linked data"
    for time in tree.iter("time"):
        marked = time.get("pubdate") is not None or time.get("itemprop") == "datePublished"
        when = moment(time.get("datetime")) if marked else None
        if when:
            return when, "time tag"
    return None, ""


def _site(tree: HtmlElement) -> str | None:
    for meta in tree.iter("meta"):
        if (meta.get("property") or "").lower() == "og:site_name":
            return _short(meta.get("content"))
    return None


def _link(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            address = _short(link.get("href"))
            if address and address.startswith(("http://", "https://")):
                return address
    return None
