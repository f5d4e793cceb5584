"""Delimited text as received: rows with their byte spans, and a reason for every bad one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import RawRef, content_id
from trucewatch.reports.reader import WHOLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from trucewatch.reports.reader import Delivery

RECORD_LIMIT = 1 << 20
"""The most bytes that one record may have; a longer one is rejected without being read."""

_SPACE = re.compile(rb"[ \t\r\n]*")
_CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]")
_BOM = b"\xef\xbb\xbf"
_QUOTE = 0x22
_TELLING_WIDTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: its fields by column name, and its bytes in the payload (line end excluded).

    Columns without a name are left out; a value is kept as received, spaces included.
    """

    pointer: str
    start: int
    length: int
    fields: Mapping[str, str]

    def reject(self, reason: str) -> RecordRejected:
        """The rejection of this row, for a reason that people can read."""
        return RecordRejected(reason, pointer=self.pointer, start=self.start, length=self.length)


def raw_ref(delivery: Delivery, at: Row | RecordRejected | str) -> RawRef:
    """Where a record stands in its delivery.

    A bare pointer, or a rejection without a span, has the whole payload as its span.
    """
    if isinstance(at, str):
        return RawRef(payload=delivery.payload, pointer=at, start=0, length=len(delivery.raw))
    whole = at.length == 0
    return RawRef(
        payload=delivery.payload,
        pointer=at.pointer,
        start=0 if whole else at.start,
        length=len(delivery.raw) if whole else at.length,
    )


def report_id(source: str, fields: Mapping[str, str]) -> str:
    """The id of a record, made from its source and its own fields alone.

    Column order, quoting, blank columns and the file it came in make no difference.
    """
    parts = [source]
    for name in sorted(fields):
        if fields[name].strip():
            parts += (name, fields[name])
    return content_id("rep", parts)


def header_of(head: bytes, *, delimiter: str = ",") -> frozenset[str]:
    """The column names in the first line of a delivery, empty where there is no such line.

    For `Reader.recognises`: tolerates a byte-order mark, CRLF, quotes and blank first lines.
    """
    scan = _Scan(head, ("utf-8",), delimiter)
    try:
        return frozenset(scan.header()) - {""}
    except RecordRejected:
        return frozenset()


def read_rows(
    raw: bytes,
    *,
    required: Collection[str],
    one_of: Collection[str] = (),
    encodings: tuple[str, ...] = ("utf-8",),
    delimiter: str = ",",
) -> Iterator[Row | RecordRejected]:
    """The rows of a delimited file, in its order; blank lines are no rows.

    A file without a readable header, or whose header lacks a `required` column or all of
    `one_of`, is one rejection of the whole delivery. `encodings` are tried in turn on each row
    and must be supersets of ASCII. A quote that never closes costs its own line and no other.
    """
    scan = _Scan(raw, encodings, delimiter)
    try:
        columns = scan.header()
        lacking = sorted(set(required) - set(columns))
        if one_of and not set(one_of) & set(columns):
            lacking.append(" or ".join(sorted(one_of)))
        if lacking:
            raise RecordRejected(f"unknown header: it lacks {', '.join(lacking)}", pointer=WHOLE)
    except RecordRejected as rejected:
        yield rejected
        return
    yield from scan.rows(columns)


class _Scan:
    """A cursor over the bytes of one delimited file."""

    def __init__(self, raw: bytes, encodings: tuple[str, ...], delimiter: str) -> None:
        self.raw = raw
        self.encodings = encodings
        self.delimiter = delimiter.encode("ascii")
        self.at = len(_BOM) if raw.startswith(_BOM) else 0
        self.line = 1

    def header(self) -> list[str]:
        """The names of the columns; raises RecordRejected for the whole delivery."""
        self._skip_blank()
        if self.at >= len(self.raw):
            raise RecordRejected("the delivery is empty", pointer=WHOLE)
        try:
            end = self._bounded_line_end(self.at)
            cells, end = self._cells(self.at, end)
            names = [name.strip() for name in self._decode(cells)]
        except ValueError as error:
            raise RecordRejected(f"no header can be read: {error}", pointer=WHOLE) from None
        named = [name for name in names if name]
        if len(set(named)) < len(named):
            raise RecordRejected("two columns have the same name", pointer=WHOLE)
        self._advance(end)
        return names

    def rows(self, columns: list[str]) -> Iterator[Row | RecordRejected]:
        """The rows below the header."""
        named = [(i, name) for i, name in enumerate(columns) if name]
        while True:
            self._skip_blank()
            if self.at >= len(self.raw):
                return
            start, pointer = self.at, f"line {self.line}"
            end = self._line_end(start)
            try:
                values, end = self._values(start, len(columns))
            except ValueError as error:
                yield RecordRejected(
                    str(error), pointer=pointer, start=start, length=self._trimmed(start, end)
                )
            else:
                yield Row(
                    pointer=pointer,
                    start=start,
                    length=self._trimmed(start, end),
                    fields={name: values[i] for i, name in named},
                )
            self._advance(end)

    def _values(self, start: int, width: int) -> tuple[list[str], int]:
        """The values of the record at `start`, and where its last line ends.

        Raises ValueError where there is no good record; then its first line alone is lost.
        """
        end = self._bounded_line_end(start)
        cells, last = self._cells(start, end)
        if last > end and (len(cells) != width or self._holds_a_row(end, last, width)):
            raise ValueError("a quote is never closed, or closed only in a later row")
        if len(cells) != width:
            raise ValueError(f"the record has {len(cells)} columns, the header {width}")
        return self._decode(cells), last

    def _cells(self, start: int, end: int) -> tuple[list[bytes], int]:
        """The cells from `start`, and where the line ends on which the last one is complete."""
        if self.raw.find(b'"', start, end) < 0:
            return self.raw[start : start + self._trimmed(start, end)].split(self.delimiter), end
        cells: list[bytes] = []
        at = start
        while True:
            if at < end and self.raw[at] == _QUOTE:
                close = self._closing_quote(at, start + RECORD_LIMIT)
                cells.append(self.raw[at + 1 : close].replace(b'""', b'"'))
                if close > end:
                    end = self._line_end(close)
                at = close + 1
                stop = start + self._trimmed(start, end)
                if at < stop and self.raw[at : at + 1] != self.delimiter:
                    raise ValueError("text follows a closing quote, or a quote is never closed")
            else:
                stop = start + self._trimmed(start, end)
                found = self.raw.find(self.delimiter, at, stop)
                cells.append(self.raw[at : stop if found < 0 else found])
                at = stop if found < 0 else found
            if at >= stop:
                return cells, end
            at += 1

    def _closing_quote(self, opening: int, limit: int) -> int:
        at = opening + 1
        while True:
            found = self.raw.find(b'"', at, limit)
            if found < 0:
                raise ValueError("a quote is never closed")
            if self.raw[found + 1 : found + 2] != b'"':
                return found
            at = found + 2

    def _holds_a_row(self, end: int, last: int, width: int) -> bool:
        """Whether a line that a quoted value runs over has just as many columns as a row.

        Then the quote was more likely left open by mistake. A line of very few columns may be
        ordinary prose and tells nothing.
        """
        return width >= _TELLING_WIDTH and any(
            line.count(self.delimiter) == width - 1
            for line in self.raw[end + 1 : last].split(b"\n")
        )

    def _decode(self, cells: list[bytes]) -> list[str]:
        for encoding in self.encodings:
            try:
                values = [cell.decode(encoding) for cell in cells]
            except UnicodeDecodeError:
                continue
            for value in values:
                found = _CONTROL.search(value)
                if found:
                    name = "NUL bytes" if found[0] == "\0" else "control characters"
                    raise ValueError(f"the record holds {name}")
            return values
        raise ValueError(f"the bytes are not {' or '.join(self.encodings)} text")

    def _line_end(self, at: int) -> int:
        end = self.raw.find(b"\n", at)
        return len(self.raw) if end < 0 else end

    def _bounded_line_end(self, at: int) -> int:
        end = self._line_end(at)
        if end - at > RECORD_LIMIT:
            raise ValueError("the record is over 1 MiB")
        return end

    def _trimmed(self, start: int, end: int) -> int:
        """The length from `start` to `end` without the carriage return of a CRLF."""
        return end - start - (end > start and self.raw[end - 1] == 0x0D)

    def _advance(self, end: int) -> None:
        self.line += self.raw.count(b"\n", self.at, end + 1)
        self.at = min(end + 1, len(self.raw))

    def _skip_blank(self) -> None:
        end = _SPACE.match(self.raw, self.at)
        stop = self.at if end is None else end.end()
        if stop < len(self.raw):
            # Spaces before the first character of a row belong to that row.
            stop = self.raw.rfind(b"\n", self.at, stop)
        if stop >= self.at:
            self._advance(stop)
