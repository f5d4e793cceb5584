"""Bytes in, text out: by byte-order mark, by what is declared, by what fits, never by a crash."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from trucewatch.reports.press.limits import Unreadable

FALLBACK = "cp1252"
"""What undeclared bytes are read as where they are not UTF-8 and nothing tells them apart."""

SAMPLE = 1 << 16
"""How many bytes a guess at an encoding looks at."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_.:-]{2,40})"""
)
_HEAD = 2048
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
FEW_CONTROLS = 0.002
"""Text has hardly any control characters; with a larger share the bytes are something else."""


def text_of(raw: bytes, declared: str | None = None) -> str:
    """The text of a page.

    In this order: a byte-order mark, UTF-8 where all of it fits, `declared` (of the transport),
    what the page declares in its first 2,048 bytes, a guess from the first 65,536 bytes, and
    cp1252. Bytes that do not fit become U+FFFD, one by one, and the rest is read: a page of mixed
    encodings loses those signs and nothing else. Unreadable where the bytes are no text.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _sound(raw[len(mark) :].decode(encoding, "replace"))
    if b"\0" in raw:
        raise Unreadable("it holds null bytes: it is no text")
    try:
        return _sound(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        # A UTF-8 page with few foreign bytes is still one, whatever else it declares.
        good = raw[: error.start]
        sample = raw[:SAMPLE].decode("utf-8", "replace")
        broken = sample.count("\ufffd")
        proper = sum(c > "\x7f" for c in sample) - broken
        if proper > 4 * broken and not good.isascii():
            return _sound(raw.decode("utf-8", "replace"))
    found = _DECLARED.search(raw[:_HEAD])
    named = [declared, found[1].decode("ascii") if found else None]
    for name in named:
        known = _known(name)
        if known:
            return _sound(raw.decode(known, "replace"))
    return _sound(raw.decode(_guess(raw), "replace"))


def _known(name: str | None) -> str | None:
    """The codec of that name, if it is one of text and bytes that are not UTF-8 may be in it."""
    if not name:
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    text = getattr(info, "_is_text_encoding", True)
    if not text or info.name in {"utf-8", "ascii", "utf-7", "idna", "punycode", "unicode_escape",
                                 "raw_unicode_escape", "mbcs", "oem", "undefined"}:  # fmt: skip
        return None
    # Browsers read Latin-1 as its superset, and so do we.
    return FALLBACK if info.name == "iso8859-1" else info.name


def _guess(raw: bytes) -> str:
    best = from_bytes(raw[:SAMPLE]).best()
    known = _known(best.encoding) if best is not None else None
    return known or FALLBACK


def _sound(text: str) -> str:
    if "\0" in text:
        raise Unreadable("it holds null bytes: it is no text")
    # A lone half of a pair is no character; nothing that we write could carry it.
    if len(_CONTROL.findall(text[:SAMPLE])) > FEW_CONTROLS * min(len(text), SAMPLE) + 2:
        raise Unreadable("it holds control characters: it is no text")
    return text.lstrip("\ufeff")
