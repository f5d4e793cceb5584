"""Text written to be slow, or to grow, is read or refused at once."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from trucewatch.errors import ConfigurationError, RecordRejected
from trucewatch.model import Report
from trucewatch.reports.generic import load_mapping
from trucewatch.reports.generic.locate import line_of
from trucewatch.reports.registry import read_delivery
from trucewatch.reports.rows import RECORD_LIMIT, header_of, read_rows
from trucewatch.reports.ucdp.articles import articles, informants
from trucewatch.reports.ucdp.headlines import figures, weapon_kind
from trucewatch.reports.viina.words import attributions, marked

MEGABYTE = 1_000_000
# Generous: a busy machine must not fail, and every fault found so far took a minute or a year.
SECONDS = 5.0
UCDP_HEAD = (
    b"id,year,type_of_violence,source_article,source_original,where_prec,latitude,longitude,"
    b"event_clarity,date_prec,date_start,date_end,best,high,low\n"
)


def quickly(work: Callable[[], object]) -> object:
    before = time.process_time()
    found = work()
    assert time.process_time() - before < SECONDS
    return found


def many(text: str) -> str:
    return text * (MEGABYTE // len(text))


@pytest.mark.parametrize(
    "line",
    [
        b'"\n',
        b'","\n',
        b'"\n,',
        b'",",\n',
        b'"",\n',
        b'"a\n',
        b'""',
        b",",
        b"\n",
        b" \n",
        b"a",
        b'"',
    ],
)
def test_rows(line):
    body = line * (MEGABYTE // len(line) // 10)
    quickly(lambda: sum(1 for _ in read_rows(b"a,b,c,d\n" + body, required=["a"])))
    quickly(lambda: header_of(body[:65_536]))


@pytest.mark.parametrize(
    "text",
    [
        *(';"', "; ", ';"a,' + " " * 300, ';"' + "," * 199, ';"a,2026-01-01' + " " * 90),
        *('"a,2026-01-01,', "(;", "a", ";a", "()", ";"),
    ],
)
def test_who_told_it(text):
    quickly(lambda: articles(many(text)))
    quickly(lambda: informants(many(text)))


@pytest.mark.parametrize(
    "words",
    ["1 attacks ", "one ", "1,111 ", "attack 1 ", "violated the ceasefire ", "12 x ", "about 1 ",
     "jan 5 ", "5 violations of a b ", "strike a b c d e f g ", "1,000,000,", "at least ", "x"],
)  # fmt: skip
def test_headlines(words):
    lines = [f"truce {words * (1900 // len(words))}"] * 50
    quickly(lambda: sum(1 for line in lines for _ in figures(line)))
    quickly(lambda: weapon_kind(lines))


def test_a_month_is_seen_from_where_it_stands():
    assert not list(figures("Truce on Sept. 12 attacks by both"))
    assert [figure.value for figure in figures("Truce: decembrists made 12 attacks")] == [12]
    assert [figure.value for figure in figures("Truce: the xdec 12 attacks")] == [12]


def test_informants_are_told_apart_as_before():
    assert informants("A (b; c); D ; ;E)") == ("A (b; c)", "D", "E)")
    assert informants("A (b; c; D") == ("A (b", "c", "D")
    assert informants("A x2\nB (x3)\n\nC (d\ne); A x 4") == ("A", "B", "C (d\ne)")
    assert informants("Max2; fox 3x") == ("Max2", "fox 3x")
    assert informants("") == ()


def voices(many_articles: int, many_informants: int) -> bytes:
    told = ";".join(f'""a,2026-04-12,h{i}""' for i in range(many_articles))
    who = ";".join(f"i{i}" for i in range(many_informants))
    row = f'1,2026,1,"{told}","{who}",1,48,37,1,1,2026-04-11,2026-04-11,1,1,1\n'
    return UCDP_HEAD + row.encode()


def test_every_article_with_every_informant_has_an_end(deliver, monkeypatch):
    (good,) = read_delivery(deliver(voices(20, 20)))
    assert isinstance(good, Report)
    assert len(good.claims[0].attributions) == 400
    huge = voices(20_000, 60_000)
    assert len(huge) < RECORD_LIMIT
    (item,) = quickly(lambda: list(read_delivery(deliver(huge))))
    assert isinstance(item, RecordRejected)
    assert item.reason == ("it names 20000 articles and 60000 informants: too many for one event")
    monkeypatch.setitem(informants.__globals__, "VOICE_LIMIT", 10**9)
    (unguarded,) = read_delivery(deliver(voices(200, 200)))
    assert len(unguarded.claims[0].attributions) == 40_000


def test_many_outlets_and_many_links():
    codes = [f"s{i}" for i in range(100_000)] + ["unian"]
    links = [f"http://www.unian.ua/{i}" for i in range(20_000)]
    found = quickly(lambda: attributions(codes, links, None))
    assert len(found) == 120_000
    quickly(lambda: marked("round_up", many("a"), *links))


GOOD = """\
[kind]
constant = "shelling"
[place]
latitude = "a"
longitude = "b"
error_m = 1
[time]
start = "c"
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = " + "9" * 5000, "a number in it is too long"),
        ("a." * 200_000 + "b = 1", "it has over 65536 characters"),
        ("a = " + "[" * 60_000, "nested too deeply"),
        (GOOD + 'format = "%Y-%Y"', "cannot be read back"),
        (GOOD + 'format = "%%Y"', "must hold the year"),
        (GOOD + 'format = "%Y %z %Q"', "cannot be read back"),
        (GOOD + 'format = "%I:%M %Y"', "which half of the day"),
        (GOOD + '[file]\nencoding = "utf-7"', "no encoding in which ASCII"),
        (GOOD + '[file]\nencoding = "hz"', "no encoding in which ASCII"),
        ('x = """\n[' + " " * 50_000 + '\n"""\n' + GOOD, "x: there is no such key"),
    ],
)
def test_a_mapping_that_attacks_is_a_bad_mapping(text, message):
    def load() -> None:
        with pytest.raises(ConfigurationError, match=message):
            load_mapping(text, "m.toml")

    quickly(load)


@pytest.mark.parametrize("pattern", ["%d.%m.%Y %H:%M:%S %z", "%Y-%m-%dT%H:%M%z", "%B %d, %Y"])
def test_patterns_that_can_be_read_back(pattern):
    assert load_mapping(GOOD + f'format = "{pattern}"', "m.toml").time.format == (pattern,)


def test_lines_are_those_of_toml():
    assert line_of('a = "x\x0by\u2028z"\nb = 1\r\n[ c ] # d\n', ["b"]) == 2
    assert line_of('a = "x\x0by\u2028z"\nb = 1\r\n[ c ] # d\n', ["c"]) == 3
    assert line_of("[[ e ]]\n[[e]]\nf = 1\n", ["e", 1, "f"]) == 3
