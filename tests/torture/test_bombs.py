"""Files made to cost whoever reads them: bounded time and memory, and nobody is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.torture import bombs, proving
from tests.torture.frame import row

ROOT = Path(__file__).resolve().parents[2]
BOMBS = row("zip bombs, deep nesting, huge numbers, bad encodings, SSRF links")
SECONDS = 20
BYTES = 512 << 20


@pytest.fixture(scope="module")
def process():
    command = [sys.executable, "-m", proving.__name__]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()


def set_off(process, random, number, sabotage: str = "", seconds=SECONDS) -> dict:
    """Have one bomb set off; fail where it costs too much, calls somebody or gets through."""
    asked = {
        "number": number,
        "dice": str(random.random()),
        "sabotage": sabotage,
        "seconds": seconds,
    }
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    told = json.loads(process.stdout.readline())
    assert not told["fault"], told
    assert told["calls"] == [], told
    assert not told["leaked"], told
    assert told["seconds"] < SECONDS, told
    assert told["bytes"] < BYTES, told
    return told


def number_of(make) -> int:
    """Where a bomb stands among all."""
    return next(n for n, (_, one) in enumerate(bombs.BOMBS) if one is make)


@BOMBS.tries(parts=4)
def test_no_bomb_costs_more_than_its_bound_or_calls_anybody(torture, process):
    torture(lambda random, number: set_off(process, random, number))


@BOMBS.saboteur("opens the links that it sees", tries=6, share=0.3)
def test_a_reader_that_opens_links_is_caught(torture, process):
    name, number = "opens the links that it sees", number_of(bombs.links)
    torture(lambda random, _: set_off(process, random, number, name))


@BOMBS.saboteur("unpacks without limit", tries=2, share=0.4)
def test_a_reader_that_unpacks_without_limit_is_caught(torture, process):
    torture(lambda random, _: set_off(process, random, 1, "unpacks without limit"))


@BOMBS.saboteur("unfolds aliases", tries=2, share=0.4)
def test_a_reader_that_unfolds_aliases_is_caught(torture, process):
    number = number_of(bombs.aliases)
    torture(lambda random, _: set_off(process, random, number, "unfolds aliases", seconds=4))
