"""Small real files for every reader, and the ways in which they are spoilt."""

from __future__ import annotations

import csv
import hashlib
import io
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import trucewatch.reports
from trucewatch.errors import RecordRejected
from trucewatch.model import Report, Source, SourceKind, kind_tree
from trucewatch.reports.generic import shipped_mapping
from trucewatch.reports.reader import WHOLE, Delivery, Reader
from trucewatch.reports.registry import READERS

FOLDER = Path(trucewatch.reports.__file__).parent


@dataclass(frozen=True)
class Seed:
    """One small real file, and what reads it."""

    reader: str
    raw: bytes
    mapping: str | None = None
    delimited: bool = True
    share: float = 1.0


def head(path: str, lines: int) -> bytes:
    return b"\n".join((FOLDER / path).read_bytes().split(b"\n")[:lines]) + b"\n"


def generic(name: str) -> str:
    return (FOLDER / "generic" / "samples" / name).read_text("utf-8")


FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour Post</title>'
    + b"".join(
        b"<item><title>Talks, part %d</title><link>https://post.example/%d</link>"
        b"<pubDate>Mon, 03 Mar 2031 08:00:00 GMT</pubDate><description>Envoys meet for talks on a "
        b"truce; 24 delegates take part, the ministry said on day %d.</description></item>"
        % (n, n, n)
        for n in range(3)
    )
    + b"</channel></rss>\n"
)

TEAM = (
    b'{"by":"field-1","fields":{"error_m":"30","from":"2031-03-03T08:10","kind":"mortar",'
    b'"lat":"35.02","lon":"-40.01","wounded":"2","words":"Two impacts by the mill.",'
    b'"zone":"Atlantic/Azores"},\n"pictures":["' + b"0a" * 32 + b'"],"schema":"trucewatch.field/1"}'
)


def seeds() -> Iterator[tuple[str, Seed]]:
    yield "clouds", Seed("clouds", head("clouds/samples/cloud_cover_2026_04.csv", 9))
    yield "sirens", Seed("sirens", head("sirens/samples/official.csv", 9), share=0.5)
    yield "sirens-v", Seed("sirens", head("sirens/samples/volunteer.csv", 9), share=0.5)
    yield "smm", Seed("smm", head("smm/samples/smm_2020_2021.csv", 9))
    yield "viina", Seed("viina", (FOLDER / "viina/samples/viina_2022.csv").read_bytes())
    firms = head("firms/samples/viirs_noaa20_2026-04-13.csv", 9)
    yield "firms", Seed("firms", firms, share=0.5)
    yield "firms-m", Seed("firms", head("firms/samples/modis_2021.csv", 9), share=0.5)
    yield "ucdp", Seed("ucdp", head("ucdp/samples/candidate_2026-04.csv", 5), share=0.5)
    # The second line holds tags and is no record, which the counter here does not know.
    tagged = head("ucdp/samples/ged_hdx_2014.csv", 6).split(b"\n")
    yield "ucdp-s", Seed("ucdp", b"\n".join(tagged[:1] + tagged[2:]), share=0.5)
    acled = head("generic/samples/acled_invented.csv", 9)
    yield "generic-csv", Seed("generic", acled, shipped_mapping("acled"))
    shapes = (FOLDER / "generic/samples/watch.geojson").read_bytes()
    yield "generic-geojson", Seed("generic", shapes, generic("watch.toml"), delimited=False)
    frame = (FOLDER / "generic/samples/watch.parquet").read_bytes()
    table = generic("watch_table.toml")
    for name in ("pages.warc", "pages.warc.gz"):
        raw = (FOLDER / "press/samples" / name).read_bytes()
        yield f"press-{name}", Seed("press", raw, delimited=False, share=0.3)
    yield "generic-parquet", Seed("generic", frame, table, delimited=False, share=0.2)
    yield "press", Seed("press", FEED, delimited=False)
    yield "field", Seed("field", TEAM, delimited=False)


SEEDS = dict(seeds())
Mutation = Callable[[bytes, random.Random], bytes]


def truncated(raw: bytes, rng: random.Random) -> bytes:
    return raw[: rng.randrange(len(raw))]


def beheaded(raw: bytes, rng: random.Random) -> bytes:
    return raw[rng.randrange(len(raw)) :]


def recoded(raw: bytes, rng: random.Random) -> bytes:
    code = rng.choice(["utf-16", "utf-16-le", "utf-32", "cp1251", "latin-1", "utf-8-sig", "cp500"])
    return raw.decode("utf-8", "replace").encode(code, "replace")


def columns_swapped(raw: bytes, rng: random.Random, *, names_only: bool = False) -> bytes:
    try:
        table = list(csv.reader(io.StringIO(raw.decode("utf-8", "replace"))))
    except csv.Error:
        return raw[::-1]
    width = len(table[0]) if table else 0
    if width < 2:
        return raw
    a, b = rng.sample(range(width), 2)
    for row in table[:1] if names_only else table[1:]:
        if len(row) == width:
            row[a], row[b] = row[b], row[a]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue().encode()


names_swapped = partial(columns_swapped, names_only=True)


ABSURD = [
    b"9" * 400, b"-1", b"1e999", b"NaN", b"-Infinity", b"0x41", b"1,5", b"99999-01-01",
    b"0000-00-00", "١٢٣".encode(), b"1_000", b"--5", b"1e-400", b"2026-02-30", b"", b"None",
    b"\xf0\x9f\x92\xa3",
]  # fmt: skip


def absurd_numbers(raw: bytes, rng: random.Random) -> bytes:
    numbers = list(re.finditer(rb"\d+", raw))
    for found in reversed(rng.sample(numbers, min(len(numbers), rng.randint(1, 6)))):
        raw = raw[: found.start()] + rng.choice(ABSURD) + raw[found.end() :]
    return raw


def sprinkled(raw: bytes, rng: random.Random, what: list[bytes]) -> bytes:
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(len(raw) + 1)
        raw = raw[:at] + rng.choice(what) + raw[at:]
    return raw


nul_bytes = partial(sprinkled, what=[b"\0", b"\0\0\0\0", b"\x1b[2J", b"\x7f", b"\xc2\x85"])
stray_quotes = partial(sprinkled, what=[b'"', b'""', b'",', b',"', b'"\n'])


def bits_flipped(raw: bytes, rng: random.Random) -> bytes:
    out = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def lines_doubled(raw: bytes, rng: random.Random) -> bytes:
    lines = raw.split(b"\n")
    for _ in range(rng.randint(1, 4)):
        lines.insert(rng.randrange(1, len(lines) + 1), rng.choice(lines))
    return b"\n".join(lines)


def delimiters_deleted(raw: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        places = [found.start() for found in re.finditer(rb"[,:\[\]{}]", raw)]
        if places:
            at = rng.choice(places)
            raw = raw[:at] + raw[at + 1 :]
    return raw


def mixed_line_ends(raw: bytes, rng: random.Random) -> bytes:
    ends = [b"\n", b"\r\n", b"\n\n", b"\n \t\n", b"\r\r\n"]
    return b"".join(line + rng.choice(ends) for line in raw.split(b"\n"))


def byte_order_marks(raw: bytes, rng: random.Random) -> bytes:
    mark = rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf" * 2])
    at = rng.choice([0, 0, rng.randrange(len(raw))])
    return raw[:at] + mark + raw[at:]


def deeply_nested(raw: bytes, rng: random.Random) -> bytes:
    deep = rng.choice([b"[", b'{"a":', b"[[{},"]) * rng.choice([10, 40, 500, 20_000])
    at = rng.randrange(len(raw) + 1)
    return raw[:at] + deep + raw[at:]


MUTATIONS: list[Mutation] = [
    truncated, beheaded, recoded, columns_swapped, names_swapped, absurd_numbers, nul_bytes,
    stray_quotes, bits_flipped, lines_doubled, delimiters_deleted, mixed_line_ends,
    byte_order_marks, deeply_nested,
]  # fmt: skip


def spoil(raw: bytes, number: int, rng: random.Random) -> tuple[bytes, Mutation]:
    """The file of this number, spoilt in its turn; every seventh is spoilt twice."""
    mutation = MUTATIONS[number % len(MUTATIONS)]
    raw = mutation(raw, rng)
    if number % 7 == 6:
        return rng.choice(MUTATIONS)(raw or b"x", rng), bits_flipped
    return raw, mutation


QUOTES_KEPT = (columns_swapped, names_swapped, mixed_line_ends)


def known_count(seed: Seed, raw: bytes, mutation: Mutation | None) -> int | None:
    """How many records a delimited file has, counted another way; None where nobody can say."""
    if not seed.delimited:
        return None
    if b'"' not in raw:
        body = raw.split(b"\n")
        rows = [line for line in body if line.strip(b" \t\r")]
        return max(0, len(rows) - 1)
    if mutation in QUOTES_KEPT or mutation is None:
        text = raw.decode("utf-8").replace("\r", "")
        return len([row for row in csv.reader(io.StringIO(text)) if "".join(row).strip()]) - 1
    return None


UGLY = re.compile(r"Traceback|Error\b|Exception|object at 0x|<class|/usr|\.py\b|panicked")


def check(items: list[object], expected: int | None) -> None:
    """What must hold of everything that a reader gives."""
    for item in items:
        assert isinstance(item, Report | RecordRejected)
        if isinstance(item, RecordRejected):
            reason = item.reason
            assert 0 < len(reason) < 300, reason[:400]
            assert reason.isprintable(), repr(reason)
            assert not UGLY.search(reason), reason
            assert item.pointer
        else:
            assert item.id
            item.text.encode("utf-8")
            assert all(claim.kind in kind_tree() for claim in item.claims)
    whole = [i for i in items if isinstance(i, RecordRejected) and i.pointer == WHOLE]
    assert not whole or len(items) == 1
    if expected is not None and not whole:
        accepted = sum(isinstance(item, Report) for item in items)
        rejected = sum(isinstance(item, RecordRejected) for item in items)
        assert accepted + rejected == expected


def reader_of(seed: Seed) -> Reader:
    return next(reader for reader in READERS if reader.name == seed.reader)


def deliver(seed: Seed, raw: bytes) -> Delivery:
    return Delivery(
        source=Source(
            id="src", name="A source", kind=SourceKind.PRESS, timezone="Europe/Kyiv",
            reader=seed.reader, mapping=None if seed.mapping is None else "m.toml",
        ),
        payload=hashlib.sha256(raw).hexdigest(),
        raw=raw,
        mapping=seed.mapping,
        mapping_name="m.toml",
    )  # fmt: skip
