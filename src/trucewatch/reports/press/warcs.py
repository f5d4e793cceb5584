"""WARC files: every page in them an article."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed

from trucewatch.errors import RecordRejected
from trucewatch.reports.press.limits import (
    PAGE_BYTES,
    WARC_BYTES,
    WARC_HEADER_BYTES,
    WARC_RECORD_BYTES,
    WARC_RECORDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.recordloader import ArcWarcRecord

_HELD = frozenset({"response", "resource", "conversion"})
_PAGES = (
    "text/html",
    "application/xhtml",
    "text/plain",
    "application/xml",
    "text/xml",
    "application/rss",
    "application/atom",
)
_STEP = 1 << 16
# The library trusts its bytes: headers that lack or are no numbers end in errors of any kind.
_BROKEN = (
    ArchiveLoadFailed, AttributeError, EOFError, IndexError, KeyError, OSError, TypeError,
    ValueError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One page as a WARC file holds it, unpacked, with its place in the file."""

    body: bytes
    charset: str | None
    pointer: str
    start: int
    length: int


def pages_of_warc(raw: bytes) -> Iterator[Held | RecordRejected]:
    """Every page of the file; requests, pictures and notes of the crawler are no pages.

    A page that the server did not give (a status other than 200), one over a limit and a damaged
    record are rejections. Where the file breaks off, all before it is read and the rest is one
    rejection.
    """
    archive = _Silent(io.BytesIO(raw), arc2warc=False)
    archive.reader = _Bounded(archive.fh, block_size=_STEP)
    unpacked = 0
    number = 0
    pages = 0
    end = 0
    while True:
        number += 1
        pointer = f"record {number}"
        if number > WARC_RECORDS or unpacked > WARC_BYTES:
            yield RecordRejected("the file goes on beyond the limit", pointer=f"from {pointer}")
            return
        try:
            archive.reader.lines = 0
            record = next(archive, None)
            if record is None:
                break
            if record.format == "warc" and not record.rec_headers.get_header("Content-Length"):
                raise EOFError("a record's headers break off")
            body, size, over = _read(record)
        except _BROKEN:
            # What the library says quotes the bytes.
            yield RecordRejected(
                "the file is damaged or breaks off here", pointer=f"from {pointer}"
            )
            return
        unpacked += size
        end = archive.get_record_offset() + archive.get_record_length()
        found = _held(record, body, over, pointer, archive)
        if found is not None:
            pages += 1
            yield found
    if raw[end:].strip():
        yield RecordRejected("the file is damaged or breaks off here", pointer=f"from {pointer}")
    elif not pages:
        yield RecordRejected("the file holds no page", pointer="the whole delivery")


class _Silent(ArchiveIterator):  # type: ignore[misc]  # warcio has no types
    """The library's iterator, which would print bytes of a damaged file to the terminal."""

    INC_RECORD = ""


class _Bounded(DecompressingBufferedReader):  # type: ignore[misc]  # warcio has no types
    """The library's reader, which would take a header of any length into memory."""

    lines = 0

    def readline(self, length: int | None = None) -> bytes:
        """A line, while a record's lines are not over the limit; ArchiveLoadFailed beyond."""
        most = WARC_HEADER_BYTES - self.lines
        line = bytes(super().readline(min(length or most, most)))
        self.lines += len(line)
        if self.lines >= WARC_HEADER_BYTES:
            raise ArchiveLoadFailed("a header without end")
        return line


def _read(record: ArcWarcRecord) -> tuple[bytes, int, bool]:
    """The body, how much was unpacked, and whether it is over the limit; never holds more.

    Raises EOFError where the file ends before the record does, or the record does not end.
    """
    parts: list[bytes] = []
    size = 0
    stream = record.content_stream()
    while part := stream.read(_STEP):
        size += len(part)
        if size > WARC_RECORD_BYTES:
            raise EOFError("a record without end")
        if size <= PAGE_BYTES:
            parts.append(part)
        else:
            parts.clear()
    while record.raw_stream.read(_STEP):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise EOFError("the file ends within a record")
    return b"".join(parts), size, size > PAGE_BYTES


def _held(
    record: ArcWarcRecord, body: bytes, over: bool, pointer: str, archive: ArchiveIterator
) -> Held | RecordRejected | None:
    if record.rec_type not in _HELD:
        return None
    http = record.http_headers
    kind = ""
    if http is not None:
        kind = http.get_header("Content-Type") or ""
        if not kind.lower().startswith(_PAGES) and kind:
            return None
        status = http.get_statuscode()
        if status != "200":
            return RecordRejected(f"the server answered {str(status)[:10]}", pointer=pointer)
    else:
        kind = record.rec_headers.get_header("Content-Type") or ""
        if not kind.lower().startswith(_PAGES):
            return None
    if over:
        return RecordRejected(f"the page has more than {PAGE_BYTES:,} bytes", pointer=pointer)
    start, length = archive.get_record_offset(), archive.get_record_length()
    charset = kind.lower().partition("charset=")[2].split(";")[0].strip(" \"'") or None
    return Held(body, charset, pointer, int(start or 0), int(length or 0))
