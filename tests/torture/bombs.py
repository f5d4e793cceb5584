"""Files made to cost whoever reads them: what they are, and the door that each is sent to.

A bomb knows `url`, where somebody listens, and `secret`, the URL of a file with a word that must
not come out. Dice vary its size and its wording. It is one long list
of short recipes, and stays in one file.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from random import Random

from tests.reports.mutations import spoilt

from trucewatch.agreements import read_agreement
from trucewatch.agreements.conditions.compiling import EVENTS, check_condition
from trucewatch.agreements.zones.areas import read_areas
from trucewatch.app.settings import MissionFile, SourcesFile, read_settings
from trucewatch.commitments import read_ledger
from trucewatch.commitments.notices.reading import read_act, read_notices
from trucewatch.evidence.audit.notes import read_note
from trucewatch.evidence.audit.proofs import read_proof
from trucewatch.evidence.tlog.notes import split_note
from trucewatch.evidence.tlog.policy import read_policy
from trucewatch.evidence.witness.requests import read_request
from trucewatch.model import Article
from trucewatch.reports.generic.mapping import load_mapping
from trucewatch.reports.press.reading import read_articles
from trucewatch.statements.find import find_statements

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TOLD = 3
"""Articles of one file whose words are read as well."""
DEPTHS = (1_000, 20_000, 100_000)


@dataclass(frozen=True)
class Aims:
    """Where a bomb would have a reader look."""

    url: str
    secret: str


def delivered(seed: str, raw: bytes) -> list[object]:
    """What a reader makes of a delivery."""
    one = spoilt.SEEDS[seed]
    items = list(spoilt.reader_of(one).read(spoilt.deliver(one, raw)))
    spoilt.check(items, None)
    return list(items)


def press(raw: bytes) -> list[object]:
    """The articles of a delivery, and what they say."""
    items = list(read_articles(raw, name="bomb", received=NOW))
    said = [
        find_statements(one) for one in islice((x for x in items if isinstance(x, Article)), TOLD)
    ]
    return [*items, *said]


def text(read: Callable[[str], object]) -> Callable[[bytes], list[object]]:
    """A door for what is read as UTF-8 text, or not at all."""

    def opened(raw: bytes) -> list[object]:
        try:
            words = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return []
        return [read(words)]

    return opened


DOORS: dict[str, tuple[Callable[[bytes], object], tuple[type[Exception], ...]]] = {
    "press": (press, ()),
    **{name: (partial(delivered, name), ()) for name in spoilt.SEEDS if "press" not in name},
    "notices": (lambda raw: read_notices(raw, zone=UTC, now=NOW), ()),
    "act": (read_act, ()),
    "agreement": (text(partial(read_agreement, file="F", zone_files={})), ()),
    "ledger": (text(partial(read_ledger, file="F")), ()),
    "areas": (text(partial(read_areas, file="F", code="c", name="n")), ()),
    "settings": (text(partial(read_settings, MissionFile, file="F")), ()),
    "sources": (text(partial(read_settings, SourcesFile, file="F")), ()),
    "mapping": (text(lambda words: load_mapping(words, "F")), ()),
    # These say in their docstrings that they refuse with ValueError.
    "condition": (text(lambda words: check_condition(words, EVENTS)), (ValueError,)),
    "proof": (read_proof, (ValueError,)),
    "note": (read_note, (ValueError,)),
    "log note": (text(split_note), ()),
    "policy": (read_policy, ()),
    "request": (read_request, (ValueError,)),
}
"""What takes bytes in, and what else than a TrucewatchError it may refuse with."""


def zipped(parts: Iterable[bytes]) -> bytes:
    """A gzip member of parts that are never held at once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(part) for part in parts) + packer.flush()


def record(length: int, http: bytes) -> bytes:
    """The head of a WARC record."""
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        b"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: https://a.example/\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (length + len(http), http)
    )


HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def warc(random: Random, _: Aims, least: int = 20, most: int = 60) -> bytes:
    """Megabytes of one sign in a few kB."""
    size = random.randint(least, most)
    sign = random.choice((b"\0", b"a", b"<"))
    parts = (sign * (1 << 20) for _ in range(size))
    return zipped([record(size << 20, HTTP + b"\r\n"), *parts, b"\r\n\r\n"])


def warc_in_warc(random: Random, _: Aims) -> bytes:
    """A page that is packed inside an archive that is packed."""
    inner = zipped(b"a" * (1 << 20) for _ in range(random.randint(20, 60)))
    http = HTTP + b"Content-Encoding: gzip\r\n\r\n"
    return gzip.compress(record(len(inner), http) + inner + b"\r\n\r\n")


def warc_header(random: Random, _: Aims) -> bytes:
    return zipped([b"WARC/1.0\r\nX: ", *[b"a" * (1 << 20)] * random.randint(4, 40), b"\r\n"])


def brackets(random: Random, _: Aims) -> bytes:
    opened, closed = random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"[{'a':", b"}]")))
    depth = random.choice(DEPTHS)
    return opened * depth + b"1" + closed * random.choice((0, depth))


def shape(random: Random, aims: Aims) -> bytes:
    """GeoJSON whose coordinates are nested, or absurd."""
    coordinates = random.choice((brackets(random, aims), absurd(random), b"[1,2]," * 200_000))
    return (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"organisation":'
        b'"o","contact":"c","sort":"site","place":"p","from":"2026-06-05T08:00Z"},"geometry":'
        b'{"type":"Polygon","coordinates":[' + coordinates + b"]}}]}"
    )


def absurd(random: Random) -> bytes:
    """A number that no field can hold."""
    digits = random.choice((400, 4_000, 5_000, 300_000))
    forms = (b"9" * digits, b"-" + b"1" * digits, b"1e" + b"9" * (digits // 50), b"1e400")
    return random.choice((*forms, b"0." + b"0" * digits + b"1", b"NaN", b"-Infinity"))


def numbers(random: Random, _: Aims) -> bytes:
    many = b",".join(absurd(random) for _ in range(20))
    return b'[{"organisation":"o","route":[[%s]],"width_m":%s,"from":%s}]' % (
        many,
        absurd(random),
        absurd(random),
    )


def table(seed: str, random: Random, _: Aims) -> bytes:
    """The table of a reader, whose numbers and days no field can hold."""
    return spoilt.absurd_numbers(spoilt.SEEDS[seed].raw, random) + absurd(random) + b"\n"


def field(seed: str, random: Random, _: Aims) -> bytes:
    """A field of megabytes, a million fields, or as many NULs; the quote may never close."""
    raw = spoilt.SEEDS[seed].raw
    more = random.choice(
        (b'"' + b"x" * 5_000_000 + b'"', b'"' + b"x\n" * 500_000, b"," * 1_000_000, b"\0" * 10**6)
    )
    return raw + more + b"\n" + raw.split(b"\n")[1] + b"\n"


def garbled(seed: str, random: Random, _: Aims) -> bytes:
    """Bytes of no encoding, or of one that they are not in."""
    raw = spoilt.SEEDS[seed].raw
    return random.choice(
        (
            b"\xff\xfe" + raw,
            b"\xfe\xff" + raw.decode("utf-8", "replace").encode("utf-16-le") + b"\xd8",
            raw + b"\xf5\xc0\xed\xa0\x80" * 100_000,
            random.randbytes(1_000_000),
            raw.replace(b"a", b"\xd8\x00"),
            "\u202e\u0000\ud800".encode("utf-16-le", "surrogatepass") * 100_000,
        )
    )


def aliases(random: Random, _: Aims) -> bytes:
    """Aliases that unfold to billions."""
    lines = ["a0: &a0 [x, x]"]
    for number in range(1, random.randint(20, 60)):
        lines.append(f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]")
    return ("\n".join(lines) + f"\nid: *a{number}\n").encode()


def yaml(random: Random, aims: Aims) -> bytes:
    depth = random.choice((1_000, 10_000))
    return random.choice(
        (
            b"id: " + brackets(random, aims),
            b"- " * depth + b"x",
            b"id: " + b"? " * depth,
            b"\n".join(b" " * n + b"a:" for n in range(1_000)),
            b"id: " + absurd(random),
            b"id: !!python/object/apply:os.system [id]",
            b"%YAML " + b"9" * 5_000 + b".1\n---\nid: x",
        )
    )


def toml(random: Random, aims: Aims) -> bytes:
    depth = random.choice((500, 5_000))
    return random.choice(
        (
            b"a = " + brackets(random, aims),
            b"a = " + b"{b=" * depth + b"1" + b"}" * depth,
            b".".join([b"a"] * depth) + b" = 1",
            b"[" + b".".join([b"a"] * depth) + b"]",
            b"a = " + absurd(random),
            b"a = " + b'"""' + b"x" * 1_000_000,
        )
    )


def laughs(random: Random, _: Aims) -> bytes:
    """Entities that unfold to billions, in a feed or in a page."""
    kinds = ["<!ENTITY e0 'ha'>"]
    for number in range(1, random.randint(9, 30)):
        kinds.append(f"<!ENTITY e{number} '{f'&e{number - 1};' * 10}'>")
    return dtd("".join(kinds), f"&e{number};", random)


def outside(random: Random, aims: Aims) -> bytes:
    """Entities and a document type that stand elsewhere: on a server, or in a file of ours."""
    where = random.choice((aims.url, aims.secret))
    kinds = random.choice(
        (
            f"<!ENTITY x SYSTEM '{where}'>",
            f"<!ENTITY x PUBLIC 'a' '{where}'>",
            f"<!ENTITY % p SYSTEM '{where}'> %p;",
        )
    )
    return dtd(kinds, "&x;", random, f"SYSTEM '{where}'")


def dtd(kinds: str, used: str, random: Random, more: str = "") -> bytes:
    words = f"Envoys meet {used} for talks, the ministry said on Monday. "
    if random.random() < 0.5:
        item = f"<item><title>{words}</title></item>"
        body = f"<rss><channel><title>{used}</title>{item}</channel></rss>"
        return f"<?xml version='1.0'?><!DOCTYPE rss {more} [{kinds}]>{body}".encode()
    body = f"<html><body><p>{words * 9}</p></body></html>"
    return f"<?xml version='1.0'?><!DOCTYPE html {more} [{kinds}]>{body}".encode()


def tags(random: Random, _: Aims) -> bytes:
    """Tags within tags, or far too many side by side."""
    tag = random.choice(("div", "b", "table", "p", "font", "a", "svg"))
    count = random.choice((190, 59_000, 100_000))
    return f"<html><body>{f'<{tag}>' * count}Envoys meet.".encode()


def attributes(random: Random, _: Aims) -> bytes:
    return b"<html><body><p " + b"a%d=b " % random.randrange(9) * 200_000 + b">Envoys meet.</p>"


def links(random: Random, aims: Aims) -> bytes:
    """An article with addresses that are nobody's business, in every tag that has one."""
    inside = "http://169.254.169.254/latest/meta-data/"
    to = [aims.url, aims.secret, inside, f"gopher{aims.url.removeprefix('http')}"]
    one = random.choice(to)
    head = (
        f"<base href='{one}'><link rel=canonical href='{one}'><link rel=stylesheet href='{one}'>"
        f"<meta http-equiv=refresh content='0;url={one}'><script src='{one}'></script>"
    )
    body = "".join(
        f"<p>Envoys meet <a href='{a}'>for talks</a> on a truce, he said.</p>" for a in to
    )
    body += f"<iframe src='{one}'></iframe><img src='{one}' srcset='{one} 2x'><object data='{one}'>"
    if random.random() < 0.3:
        return (
            f"<rss><channel><title>P</title><link>{one}</link><item><title>Envoys</title>"
            f"<link>{one}</link><enclosure url='{one}'/><description>{one}</description></item>"
            "</channel></rss>"
        ).encode()
    return f"<html><head>{head}</head><body>{body * random.randint(1, 30)}</body></html>".encode()


def lines(random: Random, _: Aims) -> bytes:
    """A flat text that is one line, or nothing but lines, or one word without end."""
    return random.choice(
        (b"Envoys meet. " * 500_000, b"\n" * 7_000_000, b"a" * 7_000_000, b"a," * 3_000_000)
    )


def condition(random: Random, _: Aims) -> bytes:
    depth = random.choice((11, 200, 100_000))
    return random.choice(
        (
            b"(" * depth + b"killed > 1" + b")" * depth,
            b"!" * depth + b"(killed > 1)",
            b" || ".join([b"killed > 1"] * depth),
            b"killed > " + absurd(random),
            b"killed in [" + b"1," * depth + b"1]",
            b"[1,2,3].map(x, [1,2,3].map(y, x * y)).size() > 1",
        )
    )


def note(random: Random, _: Aims) -> bytes:
    size = b"9" * random.choice((18, 19, 5_000, 100_000))
    long, many = random.choice(((100, 1), (100, 100), (100, 50_000), (200_000, 1), (200_000, 100)))
    line = "\N{EM DASH} a ".encode() + b"A" * long + b"\n"
    return b"a\n" + size + b"\n" + b"A" * 43 + b"=\n\n" + line * many


def proof(random: Random, aims: Aims) -> bytes:
    return (
        b"c2sp.org/tlog-proof@v1\nextra "
        + b"A" * random.choice((80_000, 400_000))
        + b"\nindex "
        + b"9" * random.choice((19, 200_000))
        + b"\n"
        + (b"A" * 43 + b"=\n") * random.choice((63, 64, 50_000))
        + b"\n"
        + note(random, aims)
    )


def request(random: Random, aims: Aims) -> bytes:
    hashes = (b"A" * 43 + b"=\n") * random.choice((63, 1_000, 100_000))
    return (
        b"old " + b"1" * random.choice((19, 60_000)) + b"\n" + hashes + b"\n" + note(random, aims)
    )


def policy(random: Random, _: Aims) -> bytes:
    many = random.choice((500, 5_000, 100_000))
    return random.choice(
        (
            b"".join(b"witness w%d a+00000000+AAAA\n" % n for n in range(many)),
            b"group g " + b"9" * many + b" w1\n",
            b"quorum none\n" * many,
        )
    )


def act(random: Random, aims: Aims) -> bytes:
    return random.choice((brackets(random, aims), b'{"width_m":%s}' % absurd(random)))


BOMBS: tuple[tuple[str, Callable[[Random, Aims], bytes]], ...] = (
    ("press", warc),
    ("press", partial(warc, least=257, most=300)),
    ("press", warc_in_warc),
    ("press", warc_header),
    ("press", laughs),
    ("press", outside),
    ("press", links),
    ("press", tags),
    ("press", attributes),
    ("press", lines),
    ("press", partial(garbled, "press")),
    ("generic-geojson", brackets),
    ("generic-geojson", shape),
    ("generic-geojson", numbers),
    ("generic-csv", partial(field, "generic-csv")),
    ("generic-csv", partial(table, "generic-csv")),
    ("generic-csv", partial(garbled, "generic-csv")),
    ("firms", partial(table, "firms")),
    ("ucdp", partial(field, "ucdp")),
    ("viina", partial(garbled, "viina")),
    ("notices", brackets),
    ("notices", shape),
    ("notices", numbers),
    ("act", act),
    ("areas", shape),
    ("agreement", aliases),
    ("agreement", yaml),
    ("ledger", aliases),
    ("ledger", yaml),
    ("settings", toml),
    ("sources", toml),
    ("mapping", toml),
    ("condition", condition),
    ("proof", proof),
    ("note", note),
    ("log note", note),
    ("policy", policy),
    ("request", request),
)


def made(number: int, dice: str, aims: Aims) -> tuple[str, str, bytes]:
    """The door of a numbered bomb, its name, and its bytes."""
    door, make = BOMBS[number % len(BOMBS)]
    name = getattr(make, "func", make).__name__
    return door, name, make(Random(dice), aims)


def as_json(value: object) -> bytes:
    """One line of JSON."""
    return (json.dumps(value) + "\n").encode()
