"""Words made comparable: names, headlines, links and running text."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit

SHINGLE = 5
LEAST_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
# What sources write where they do not say who told them. None of it names anybody.
_NOBODY = frozenset(
    {
        "", "anonymous", "anonymous source", "footage", "image", "images", "local sources",
        "media", "na", "n a", "none", "not known", "not stated", "null", "photo", "photos",
        "social media", "source", "sources", "undisclosed", "unknown", "unknown source",
        "unnamed source", "unnamed sources", "unspecified", "various", "various sources", "video",
        "videos", "witness", "witnesses",
    }
)  # fmt: skip
_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|ref|source)$", re.IGNORECASE)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, without case, marks and punctuation, in any script."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return tuple(_WORD.findall(plain))


def name(text: str) -> str:
    """A name as it is compared: "Ukrinform " and "ukrinform" are one."""
    return " ".join(words(text))


def names_nobody(text: str | None) -> bool:
    """Whether an attribution names no informant: blank, "unknown", "footage" and the like."""
    return text is None or name(text) in _NOBODY


def link(address: str) -> str:
    """A link without scheme, "www.", fragment, tracking and trailing slash; "" if it is none."""
    try:
        parts = urlsplit(address.strip())
        pairs = sorted((k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.match(k))
        query = urlencode(pairs)
    except ValueError:
        return ""
    host = parts.netloc.casefold().removeprefix("www.")
    # A bare site names an outlet, not an article.
    if not host or (parts.path in {"", "/"} and not parts.query):
        return ""
    return f"{host}{parts.path.rstrip('/')}?{query}".rstrip("?")


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of five words of a text; empty where it is too short to tell a copy by."""
    found = words(text)
    if len(found) < LEAST_WORDS:
        return frozenset()
    return frozenset(found[i : i + SHINGLE] for i in range(len(found) - SHINGLE + 1))
