"""The pages in the second language: whole, with the same figures, and no English left by chance."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from trucewatch.app.demonstration import build
from trucewatch.app.web import speaking
from trucewatch.app.web.accounts.passwords import SHORTEST
from trucewatch.app.web.accounts.store import SCOPES
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.pages import vocabulary
from trucewatch.bulletins.told import ELSEWHERE, NO_REGION
from trucewatch.findings.symmetry import cases
from trucewatch.findings.waiting import GRAVITY
from trucewatch.model import Effect, agreements
from trucewatch.reports.field import FIELDS

LANGUAGE = "uk"
PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
PAGES = (
    "/",
    "/incidents",
    "/agreement",
    "/commitments",
    "/stories",
    "/bulletins",
    "/sources",
    "/evidence",
    "/sign-in",
    "/nothing-here",
)
QUIET = {"code", "script", "style", "bdi", "kbd"}
"""What stands in these is data, or is no word."""

VOID = {"meta", "link", "input", "br", "img", "hr"}


def catalogue():
    path = speaking.LOCALE.joinpath(LANGUAGE, "LC_MESSAGES", "trucewatch.po")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def wrong(known) -> list[str]:
    """The messages without a whole translation that says the same figures."""
    found = []
    for message in known:
        if not message.id:
            continue
        plural = isinstance(message.id, tuple)
        forms = message.string if plural else (message.string,)
        asked = sorted(PLACE.findall(message.id[1] if plural else message.id))
        whole = len(forms) == (known.num_plurals if plural else 1) and all(forms)
        if (
            message.fuzzy
            or not whole
            or any(sorted(PLACE.findall(form)) != asked for form in forms)
        ):
            found.append(str(message.id))
    return found


def test_every_message_is_translated_whole_and_with_its_figures():
    known = catalogue()
    assert known.num_plurals == 3
    assert len(known) > 900
    assert wrong(known) == []


@pytest.mark.parametrize(
    ("message", "forms"),
    [
        ("%(n)s straw", ""),
        ("%(n)s straw", "%(m)s солома"),
        (("%(n)s straw", "%(n)s straws"), ("%(n)s соломина", "%(n)s соломини")),
        (("%(n)s straw", "%(n)s straws"), ("%(n)s соломина", "%(n)s соломини", "соломин")),
    ],
)
def test_a_translation_that_lacks_something_is_found(message, forms):
    known = catalogue()
    known.add(message, string=forms)
    assert wrong(known) == [str(message)]


def test_a_translation_that_nobody_has_looked_at_is_found():
    known = catalogue()
    known.add("straw", string="солома", flags=("fuzzy",))
    assert wrong(known) == ["straw"]


def test_words_of_other_packages_are_those_that_they_say():
    assert vocabulary.GRAVITY == GRAVITY
    assert set(vocabulary.EFFECTS) == {one.value for one in Effect}
    assert vocabulary.PROOF == agreements.PROOF
    assert set(vocabulary.MEASURES) == {*cases.PARTS, *cases.DELAYS, cases.ON_GROUND}
    assert set(vocabulary.SCOPES) == set(SCOPES)
    assert set(vocabulary.FIELDS) == set(FIELDS)
    assert vocabulary.REGIONS == (NO_REGION, ELSEWHERE)
    assert f" {SHORTEST} " in vocabulary.FAULTS[0]


class Words(HTMLParser):
    """The text of a page that is in its own language and is no data, and the labels."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        other = bool(self.open and self.open[-1][1])
        if "lang" in given:
            other = given["lang"] != LANGUAGE
        other = other or tag in QUIET
        if not other:
            self.found += [given[name] for name in ("aria-label", "alt", "title", "placeholder")
                           if given.get(name)]  # fmt: skip
        if tag not in VOID:
            self.open.append((tag, other))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not (self.open and self.open[-1][1]):
            self.found.append(" ".join(data.split()))


def english(page: str, messages: frozenset[str]) -> set[str]:
    """The messages that stand on a page as they are in the code."""
    reading = Words()
    reading.feed(page)
    return {text for text in reading.found if text.strip(" .:·,;") in messages}


@pytest.fixture(scope="module")
def messages():
    known = [one.id if isinstance(one.id, str) else one.id[0] for one in catalogue() if one.id]
    return frozenset(one.strip(" .:·,;") for one in known if re.search("[A-Za-z]{2}", one))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "mission"
    build(folder, progress=lambda *_: None)
    made = TestClient(make_app(MissionSite(folder)), base_url="http://127.0.0.1")
    made.headers.update({"Accept-Language": "uk", "Accept": "text/html"})
    return made


def test_no_page_shows_a_message_in_english(client, messages):
    first = re.findall(r'href="(/incidents/inc-[0-9a-f]+)"', client.get("/incidents").text)[0]
    for path in (*PAGES, first):
        page = client.get(path).text
        assert '<html lang="uk">' in page, path
        assert english(page, messages) == set(), path
    # The same pages in English are full of them, so the sieve holds something.
    assert len(english(client.get("/", headers={"Accept-Language": "en"}).text
                       .replace('lang="en"', 'lang="uk"'), messages)) > 20  # fmt: skip


def test_a_page_that_forgot_a_word_is_found(client, messages, monkeypatch):
    whole = speaking.catalogues._catalogue

    class Forgetful:
        def gettext(self, message):
            return message if message == "Incidents" else whole(LANGUAGE).gettext(message)

        ngettext = staticmethod(whole(LANGUAGE).ngettext)

    monkeypatch.setattr(speaking.catalogues, "_catalogue", lambda _: Forgetful())
    assert "Incidents" in english(client.get("/incidents").text, messages)


def test_days_and_figures_of_a_page_read_as_in_the_language(client):
    page = client.get("/").text
    assert re.search(r"\b12 квітня 2026\b", page)
    assert not re.search(r">\s*\d+\.\d\s*<", page)
    assert re.search(r">\s*\d+,\d\s*<", page)
    with speaking.speaking(LANGUAGE):
        assert speaking.decimal_words(1234.5) == "1\u00a0234,5"
        assert speaking.signed_words(-0.34) == "\u22120,3"
        assert speaking.signed_words(0.01) == "0"


def test_words_of_other_packages_are_english_only_where_no_translation_is():
    from trucewatch.app.web.pages.rendering import environment

    made = environment().from_string('{% from "parts.html.j2" import told %}{{ told(words) }}')
    with speaking.speaking(LANGUAGE):
        assert 'lang="en"' in made.render(words="100 % of straw burned")
        known = made.render(words="reasonable suspicion")
    assert 'lang="en"' not in known
    assert "обґрунтована підозра" in known
    assert "lang=" not in made.render(words="100 % of straw burned")
