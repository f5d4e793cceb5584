"""Rows as received: spans, quarantine, and no row that swallows another."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.reports import rows as module
from trucewatch.reports.rows import Row, header_of, raw_ref, read_rows, report_id


def read(raw: bytes, **options) -> list[Row | RecordRejected]:
    return list(read_rows(raw, required=options.pop("required", ["a"]), **options))


def good(items) -> list[Row]:
    return [item for item in items if isinstance(item, Row)]


def bad(items) -> list[tuple[str, str]]:
    return [(i.pointer, i.reason) for i in items if isinstance(i, RecordRejected)]


def test_spans_are_the_bytes_of_the_row() -> None:
    raw = b'\xef\xbb\xbf"a",b\r\n1,2\r\n\r\n"x\r\ny",3\r\n4,"5 ""6"""'
    items = good(read(raw))
    assert [dict(row.fields) for row in items] == [
        {"a": "1", "b": "2"},
        {"a": "x\r\ny", "b": "3"},
        {"a": "4", "b": '5 "6"'},
    ]
    assert [row.pointer for row in items] == ["line 2", "line 4", "line 6"]
    assert [raw[r.start : r.start + r.length] for r in items] == [
        b"1,2",
        b'"x\r\ny",3',
        b'4,"5 ""6"""',
    ]


def test_a_quote_that_never_closes_costs_its_own_line() -> None:
    items = read(b'a,b,c,d\n1,2,"3,4\n5,6,7,8\n9,"10",11,12\n')
    assert [row.fields["a"] for row in good(items)] == ["5", "9"]
    assert [pointer for pointer, _ in bad(items)] == ["line 2"]


SWALLOWING = b'a,b,c,d\n1,2,3,"4\n5,6,7,8\n9,10,11,12"\n'


def test_a_quote_closed_in_a_later_row_swallows_nothing() -> None:
    items = read(SWALLOWING)
    assert [row.fields["a"] for row in good(items)] == ["5", "9"]
    assert bad(items) == [("line 2", "a quote is never closed, or closed only in a later row")]


def test_without_the_guard_rows_are_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Scan, "_holds_a_row", lambda *_: False)
    assert [row.fields["a"] for row in good(read(SWALLOWING))] == ["1"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the delivery is empty"),
        (b"\n \r\n", "the delivery is empty"),
        (b"b,c\n1,2\n", "unknown header: it lacks a"),
        (b"a,a\n1,2\n", "two columns have the same name"),
        (b"a\0,b\n", "no header can be read: the record holds NUL bytes"),
        (b"\xff\xfea\0", "no header can be read: the bytes are not utf-8 text"),
        (b'"a,b\n1,2\n', "no header can be read: a quote is never closed"),
        (b"a" * 2_000_000, "no header can be read: the record is over 1 MiB"),
    ],
)
def test_a_file_without_a_header_is_one_rejection(raw: bytes, reason: str) -> None:
    assert bad(read(raw)) == [("the whole delivery", reason)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,2,3", "the record has 3 columns, the header 2"),
        (b"1", "the record has 1 columns, the header 2"),
        (b"1,\0", "the record holds NUL bytes"),
        (b"1,\x1b[0m", "the record holds control characters"),
        (b"1,\xc2\x85", "the record holds control characters"),
        (b"1,\xe9", "the bytes are not utf-8 text"),
        (b'1,"x"y', "text follows a closing quote, or a quote is never closed"),
    ],
)
def test_a_bad_row_is_one_rejection_with_its_span(line: bytes, reason: str) -> None:
    raw = b"a,b\n" + line + b"\n3,4\n"
    items = read(raw)
    assert bad(items) == [("line 2", reason)]
    assert [row.fields["a"] for row in good(items)] == ["3"]
    rejected = items[0]
    assert raw[rejected.start : rejected.start + rejected.length] == line


@pytest.mark.parametrize(
    "raw",
    [
        b"a,b\n" + b"x" * 50_000_000,
        b"a" * 50_000_000,
        b'a,b\n"' + b'""' * 25_000_000,
        b'"' * 50_000_000,
    ],
    ids=["no comma", "no header", "quotes", "only quotes"],
)
def test_fifty_megabytes_in_one_line_are_rejected_at_once(raw: bytes) -> None:
    begun = time.process_time()
    items = read(raw)
    assert time.process_time() - begun < 1
    assert not good(items)
    assert len(items) <= 1


def test_fifty_megabytes_of_blank_lines_are_no_records() -> None:
    assert read(b"a,b\n" + b"\n" * 50_000_000) == []


def test_the_limit_is_what_rejects_a_long_record(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = b"a,b\n1," + b"x" * 2_000_000
    assert bad(read(raw)) == [("line 2", "the record is over 1 MiB")]
    monkeypatch.setattr(module, "RECORD_LIMIT", 1 << 30)
    assert len(good(read(raw))) == 1


def test_a_header_alone_gives_nothing() -> None:
    assert read(b"a,b\r\n") == []


def test_encodings_are_tried_in_turn_row_by_row() -> None:
    items = read(b"a;b\nn\xc3\xa9;1\nn\xe9;2\n", encodings=("utf-8", "cp1252"), delimiter=";")
    assert [row.fields["a"] for row in good(items)] == ["né", "né"]


def test_one_of_several_columns_is_enough() -> None:
    assert bad(read(b"a,b\n1,2\n", one_of=("c", "d")))[0][1] == "unknown header: it lacks c or d"
    assert len(good(read(b"a,d\n1,2\n", one_of=("c", "d")))) == 1


def test_the_header_is_seen_through_mark_quotes_and_line_ends() -> None:
    assert header_of(b'\xef\xbb\xbf\r\n"b","a"\r\n1,2') == {"a", "b"}
    assert header_of(b"\x00\x01") == frozenset()
    assert header_of(b"") == frozenset()


def test_a_reference_without_a_span_is_the_whole(deliver) -> None:
    delivery = deliver(b"a,b\n1,2\n")
    whole = raw_ref(delivery, "the whole delivery")
    assert (whole.start, whole.length, whole.payload) == (0, 8, delivery.payload)
    assert raw_ref(delivery, RecordRejected("why", pointer="x")).length == 8
    (row,) = good(read(delivery.raw))
    assert (raw_ref(delivery, row).start, raw_ref(delivery, row).length) == (4, 3)


@given(st.binary(max_size=400))
def test_no_bytes_raise(raw: bytes) -> None:
    for text in (raw, b"a,b,c,d\n" + raw):
        for item in read(text):
            assert isinstance(item, Row | RecordRejected)


@given(
    st.lists(st.sampled_from([b"1,2,3,4", b'1,"2', b'"', b'x"', b",", b'""', b"\r"]), max_size=30)
)
def test_every_line_is_in_one_row_at_most_and_none_is_lost(lines: list[bytes]) -> None:
    raw = b"a,b,c,d\n" + b"\n".join(lines)
    at = len(b"a,b,c,d\n")
    for item in read(raw):
        assert item.start >= at
        assert not raw[at : item.start].strip(), "bytes between two records"
        at = item.start + item.length
    assert not raw[at:].strip()


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=10))
def test_what_the_csv_module_writes_is_read_back(table: list[tuple[str, str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["a", "b", "c"])
    writer.writerows(table)
    items = read(out.getvalue().encode())
    assert [tuple(row.fields.values()) for row in good(items)] == table
    assert not bad(items)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)), st.randoms())
def test_the_id_does_not_depend_on_the_order_of_columns(fields, random) -> None:
    names = list(fields)
    random.shuffle(names)
    assert report_id("s", fields) == report_id("s", {name: fields[name] for name in names})
    assert report_id("s", {**fields, "blank column": ""}) == report_id("s", fields)
    assert report_id("other", fields) != report_id("s", fields)
