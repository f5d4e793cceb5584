"""Languages: which one is chosen, how days and figures read in it, and what no header can do."""

from __future__ import annotations

import importlib.util
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from tests.app_web.frames import app_of, site

from trucewatch.app.web import speaking
from trucewatch.app.web.speaking import LANGUAGES, catalogues, chosen

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("asked", "remembered", "preferred", "language"),
    [
        (None, None, None, "en"),
        ("uk", "en", "en", "uk"),
        ("xx", "uk", "en", "uk"),
        (None, "../../etc", "uk", "uk"),
        (None, None, "fr, uk;q=0.8, en;q=0.5", "uk"),
        (None, None, "uk-UA,en;q=0.9", "uk"),
        (None, None, "en;q=0.2,uk;q=0.20", "en"),
        (None, None, "uk;q=0", "en"),
        (None, None, "uk;q=nan", "en"),
        (None, None, "*", "en"),
    ],
)
def test_language_is_asked_for_then_remembered_then_preferred(
    asked, remembered, preferred, language
):
    assert chosen(asked, remembered, preferred) == language


@given(st.text(), st.text(), st.text())
def test_no_header_is_a_fault(asked, remembered, preferred):
    assert chosen(asked, remembered, preferred) in LANGUAGES


def test_a_language_asked_for_is_remembered_and_said():
    api = TestClient(app_of(site()))
    first = api.get("/page?lang=uk")
    assert first.headers["content-language"] == "uk"
    assert '<html lang="uk">' in first.text
    assert api.get("/page").headers["content-language"] == "uk"
    back = api.get("/page", headers={"Cookie": "language=en"})
    assert back.headers["content-language"] == "en"


def test_the_switch_keeps_what_was_asked():
    page = TestClient(app_of(site())).get("/page?state=verified&lang=en").text
    assert "?state=verified&amp;lang=uk" in page


def test_no_call_speaks_the_language_of_another():
    with speaking.speaking("uk"):
        assert speaking.current() == "uk"
        with speaking.speaking("tlh"):
            assert speaking.current() == "en"
        assert speaking.current() == "uk"
    assert speaking.current() == "en"


def test_days_and_figures_read_as_in_the_language():
    at = datetime(2026, 4, 11, 16, tzinfo=ZoneInfo("Asia/Kathmandu"))
    assert speaking.moment_words(at) == "11\u00a0April 2026, 16:00 UTC+05:45"
    assert speaking.days_words("2026-04-11", "2026-04-12") == "11–12\u00a0April 2026"
    with speaking.speaking("uk"):
        assert speaking.day_words(date(2026, 4, 11)) == "11 квітня 2026"
        assert speaking.moment_words(at.isoformat()) == "11 квітня 2026, 16:00 UTC+05:45"
        assert speaking.days_words("2026-04-30", "2026-05-02") == "30 квітня – 2 травня 2026"
        assert speaking.decimal_words(1234.56) == "1\u00a0234,6"
        assert speaking.number_words(12345) == "12\u00a0345"
    assert speaking.decimal_words(1234.56) == "1,234.6"


def test_what_is_not_known_is_never_a_figure():
    for words in (speaking.percent_words, speaking.probability_words, speaking.likelihood_words):
        assert words(None) == "not known"
    assert speaking.number_words(None) == "–"
    assert speaking.moment_words(None) == "not known"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_pages_stands_in_the_catalogue(language):
    path = ROOT / "tools" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages", path)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    file = tool.LOCALE / language / "LC_MESSAGES" / "trucewatch.po"
    before = file.read_bytes()
    assert tool.updated(language, before) == before, "run python tools/messages.py"
    assert "Situation" in tool.collected()


def test_a_message_without_a_translation_is_the_english_one():
    with speaking.speaking("uk"):
        assert speaking.gettext("words of straw") == "words of straw"
        assert speaking.ngettext("one straw", "%(num)s straws", 21) == "%(num)s straws"
        assert speaking.gettext("") == ""


def test_half_a_translation_of_a_plural_is_none(tmp_path, monkeypatch):
    folder = tmp_path / "uk" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = speaking.LOCALE.joinpath("uk", "LC_MESSAGES", "trucewatch.po").read_text("utf-8")
    folder.joinpath("trucewatch.po").write_text(
        head.partition("\n\n")[0]
        + '\n\nmsgid "straw"\nmsgstr "солома"\n'
        + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[1] ""\nmsgstr[2] ""\n'
        + '\nmsgid "c"\nmsgid_plural "d"\nmsgstr[0] "x"\nmsgstr[1] "y"\nmsgstr[2] "z"\n',
        "utf-8",
    )
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    read = catalogues._catalogue.__wrapped__("uk")
    assert read.gettext("straw") == "солома"
    assert [read.ngettext("a", "b", n) for n in (1, 3)] == ["a", "b"]
    assert [read.ngettext("c", "d", n) for n in (21, 3, 5)] == ["x", "y", "z"]
