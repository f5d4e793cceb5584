"""Which words of a source may become a link, and what it is called."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LINK = re.compile(r"https?://[!-~]{1,2000}")


def is_link(text: object) -> bool:
    """Whether a text is a web address and nothing else: no other scheme is ever linked to."""
    if not isinstance(text, str) or not _LINK.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def host_of(text: str) -> str:
    """The host of a link, without "www."; what a reader goes by before following it."""
    return (urlsplit(text).hostname or text).removeprefix("www.")
