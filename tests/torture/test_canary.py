"""Words that stand in every secret field of a mission are in nothing that goes out of it."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import shutil
import sys
from pathlib import Path
from random import Random

import pytest
from pyrage import x25519
from tests.torture.frame import row
from tests.torture.island import begun
from tests.torture.outside import SETTINGS, desk, live

from trucewatch.app import identity, intake
from trucewatch.app.intake import ingest
from trucewatch.app.notices import tokens
from trucewatch.bulletins import veil
from trucewatch.evidence.log import writer
from trucewatch.reports import read_delivery

CANARY = row("canary in every secret field")
WORDS = ("quartz", "vervain", "tamarisk", "pangolin", "obsidian", "kestrel", "bergamot", "zircon")


def canaries(random: Random) -> dict[str, str]:
    """A word for each field that holds a secret; none stands in what is public."""
    places = ("source id", "source name", "source owner", "file", "words", "desk", "address")
    picked = random.sample(WORDS, len(places))
    return {
        place: f"{word}{random.randrange(10**6):06}"
        for place, word in zip(places, picked, strict=True)
    }


def sealed(words: dict[str, str]) -> str:
    """The registry's table of a sealed source."""
    return f"""
[[source]]
id = "{words["source id"]}"
name = "{words["source name"]} of the mill"
kind = "resident"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
owner = "{words["source owner"]} and sons"
citation = "{words["source owner"]} told us"
files = ["*{words["file"]}*"]
sealed = true
"""


def witnessed_secretly(folder: Path, words: dict[str, str]) -> Path:
    """What the sealed source delivers: an account in its own words, of a place of its own."""
    path = folder / f"{words['file']}.csv"
    path.write_text(
        "call,when,lat,lon,how_close,what,wounded,who_called,words\n"
        f"s1,2025-11-11 06:41,35.0217431,-40.0131726,seen,gunfire,3,,"
        f"I saw it from the {words['words']} window of my house\n",
        "utf-8",
    )
    return path


@pytest.fixture
def kept(tmp_path):
    """Live a life full of secrets and give what can be had of it outside, what was printed too."""

    def attempt(random, number, sabotage=None):
        words = canaries(random)
        holder = x25519.Identity.generate()
        encrypted = number % 2 == 0
        settings = SETTINGS + (
            f'[audiences.envoys]\nscope = "private"\naddresses = ["{words["address"]}@x.example"]\n'
            + (f'[keeping]\nencrypt_to = ["{holder.to_public()}"]\n' if encrypted else "")
        )
        place = tmp_path / f"{number}"
        place.mkdir()
        key = place / "key"
        key.write_text(str(holder), "utf-8")
        key.chmod(0o600)
        identity.name_identity(key)
        folder = begun(place / "m", settings=settings, gazette=sealed(words))
        secret = witnessed_secretly(place, words)
        given: list[str] = []

        def inside(mission):
            ingest(mission, [secret])
            given.append(tokens.give(mission.folder, "duty-desk"))
            return desk(mission, random, words["desk"])

        printed, logged = io.StringIO(), io.StringIO()
        handler = logging.StreamHandler(logged)
        logging.getLogger().addHandler(handler)
        try:
            with (
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                pytest.MonkeyPatch.context() as patched,
            ):
                if sabotage is not None:
                    sabotage(patched)
                seen = live(folder, random, inside)
        finally:
            logging.getLogger().removeHandler(handler)
        # The run's summary is for those inside: it counts by source.
        del seen["run --json"]
        seen["printed"] = (printed.getvalue() + logged.getvalue()).encode()
        hunted = {
            **words,
            "place": "35.0217",
            "token": given[-1],
            "signing key": (folder / "evidence" / "key").read_text("utf-8").strip()
            if (folder / "evidence" / "key").is_file()
            else "",
            "identity": str(holder),
        }
        hits = {
            f"{what} in {name}"
            for name, raw in seen.items()
            for what, word in hunted.items()
            if word and re.search(re.escape(word.encode()), raw, re.IGNORECASE)
        }
        assert hits == set()
        if encrypted:
            bare = {
                path.relative_to(folder).as_posix()
                for log in ("evidence", "inside")
                for path in (folder / log).rglob("*")
                if path.is_file()
                for what in ("words", "desk")
                if words[what].encode() in path.read_bytes()
            }
            assert bare == set()
        shutil.rmtree(place)

    yield attempt
    identity.name_identity(None)


@CANARY.tries(parts=2, traced=4)
def test_no_canary_gets_out(torture, kept):
    torture(kept)


@CANARY.saboteur("names sealed sources in bulletins", tries=6, share=0.6)
def test_a_bulletin_that_names_sealed_sources_is_caught(torture, kept):
    def sabotage(patched):
        patched.setattr(veil.Veil, "is_open", lambda *_: True)
        patched.setattr(veil.Veil, "name", lambda _, source: source)
        patched.setattr(veil.Veil, "sweep", lambda *_: None)

    torture(lambda random, number: kept(random, number, sabotage))


@CANARY.saboteur("prints what it reads", tries=4, share=0.9)
def test_a_reader_that_prints_is_caught(torture, kept):
    def telling(delivery):
        sys.stderr.write(f"read {delivery.raw!r}")
        return read_delivery(delivery)

    torture(
        lambda random, number: kept(
            random, number, lambda patched: patched.setattr(intake, "read_delivery", telling)
        )
    )


@CANARY.saboteur("keeps payloads as they came in spite of a key", tries=4, share=0.4)
def test_a_log_that_does_not_encrypt_is_caught(torture, kept):
    torture(
        lambda random, number: kept(
            random, number, lambda patched: patched.setattr(writer, "SEALED", frozenset())
        )
    )
