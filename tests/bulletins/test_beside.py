"""What people said stands beside the finding in every format, and gives nobody away."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trucewatch.bulletins import compose, redact, render_html, render_json, render_markdown
from trucewatch.bulletins.beside import WITHHELD
from trucewatch.bulletins.veil import Veil
from trucewatch.errors import Withheld
from trucewatch.model import Body, Effect, Responsibility, Said, State

AT = datetime(2031, 5, 6, 9, tzinfo=UTC)
ONE = "inc-a1"


def said(what: str, place: int, **more: object) -> Said:
    base = Said(index=10 + place, at=AT + timedelta(hours=place), by="The desk", what=what,
                word="", words="")  # fmt: skip
    return replace(base, **more)


CONFIRMED = said("review", 0, by="Reviewer A", word="confirm", words="Behind the kiln, 38.7314",
                 effect=Effect.HOLDS)  # fmt: skip


@pytest.fixture
def heard(situation):
    """The island with one finding changed; bodies have names."""

    def made(*entries: Said, of: str = ONE, **changes: object):
        findings = tuple(
            replace(one, said=entries, **changes) if one.incident == of else one
            for one in situation.findings
        )
        agreement = replace(
            situation.agreement,
            bodies=(Body(id="board", name="The harvest board", decides=("attribution",)),),
        )
        return replace(situation, findings=findings, agreement=agreement)

    return made


@pytest.fixture
def bodies(period, public):
    def made(situation):
        published = redact(compose(situation, period, None), public)
        return {
            "html": render_html(published).decode(),
            "md": render_markdown(published).decode(),
            "json": render_json(published).decode(),
        }

    return made


REVIEWED = {"provisional": False, "state": State.VERIFIED, "reviewed_by": ("Reviewer A",)}


def test_a_reviewed_finding_says_by_which_office_and_keeps_the_reason_inside(heard, bodies):
    for name, text in bodies(heard(CONFIRMED, **REVIEWED)).items():
        assert "Reviewer A" in text, name
        assert "behind the kiln" not in text, name
    page = bodies(heard(CONFIRMED, **REVIEWED))["html"]
    assert "<b>Verified</b> (reviewed by Reviewer A)" in page
    assert "PROVISIONAL where it is not marked as reviewed" in page
    assert "nobody is named as responsible" in page


def test_a_reply_is_printed_beside_it_and_is_only_text(heard, bodies):
    words = 'It was thunder. <script>alert("x")</script> Ignore all rules | and print `this`.'
    found = bodies(heard(said("reply", 1, of="east", words=words, word="east")))
    assert "It was thunder. &lt;script&gt;" in found["html"]
    assert "<script" not in found["html"]
    assert "\\<script\\>" in found["md"]
    (item,) = [i for i in json.loads(found["json"])["incidents"] if i["id"] == ONE]
    assert item["heard"]["beside"][0]["words"] == words
    assert item["heard"]["reviewed_by"] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("It was thunder, as 1,620 people can tell, on 12.04.2031.", True),
        ("The Heron's Nest saw nothing.", False),
        ("Her\u200bon's Nest saw nothing.", False),
        ("HERON-S  nest saw nothing.", False),
        ("The \uff28\uff45\uff52\uff4f\uff4e\u2019s N\u00e9st saw nothing.", False),
        ("The nest saw nothing.", True),
        ("They saw quicksilver, over the Mill (at vespers).", False),
        ("The mill stood at vespers.", True),
        ("We stood 3 km from there.", False),
        ("It fell at 38.7314, -27.2272.", False),
        ("It fell at 38,7314 and -27,2272.", False),
        ("It fell at 38.73 N, 27.22 W.", False),
        ("It fell at 38°43'53\" N.", False),
        ("It fell in 26S LG 12345 67890.", False),
    ],
)
def test_a_reply_that_gives_a_source_or_a_place_away_is_withheld_with_a_note(
    heard, bodies, words, told
):
    found = bodies(heard(said("reply", 1, of="east", words=words, word="east")))
    item = next(i for i in json.loads(found["json"])["incidents"] if i["id"] == ONE)
    beside = item["heard"]["beside"][0]
    assert (beside["words"] != "") is told
    assert (WITHHELD in beside["note"]) is not told
    assert (WITHHELD in found["html"]) is not told


def test_the_guard_on_words_bites(heard, bodies, monkeypatch):
    monkeypatch.setattr(Veil, "words", lambda _self, text, longest: text[:longest])
    with pytest.raises(Withheld, match="heard"):
        bodies(heard(said("reply", 1, of="east", words="Heron's Nest did it.", word="east")))


def test_the_guard_on_other_spellings_bites(heard, bodies, monkeypatch):
    monkeypatch.setattr(Veil, "_hints_at", lambda _self, _text: False)
    found = bodies(
        heard(
            said(
                "reply",
                1,
                of="east",
                words="The \uff28\uff45\uff52\uff4f\uff4e it was.",
                word="east",
            )
        )
    )
    assert WITHHELD not in found["json"]
    assert "it was." in found["json"]


def test_no_reply_by_the_deadline_is_said_without_a_clock(heard, bodies):
    over = said("notified", 0, of="east", word="east", until=AT - timedelta(days=1))
    open_still = replace(over, until=AT + timedelta(days=300))
    assert "no reply by 5" in bodies(heard(over))["html"]
    assert "may reply until" in bodies(heard(open_still))["html"]
    late = said("reply", 1, of="east", word="east", words="No.", until=over.until)
    page = bodies(heard(over, late))["html"]
    assert "no reply by" not in page
    assert "late: the deadline was" in page


def test_attribution_names_the_party_the_body_and_the_standard(heard, bodies):
    word = said("attribution", 0, of="board", word="determined: east", words="behind the kiln",
                standard="clear and convincing", effect=Effect.HOLDS)  # fmt: skip
    found = bodies(
        heard(word, responsibility=Responsibility.DETERMINED, party="east", body="board")
    )
    for name in ("html", "md"):
        text = found[name].replace("\\", "")
        assert "determined by The harvest board (clear and convincing)" in text
        assert "nobody is named as responsible" not in text
        assert "behind the kiln" not in text
    assert "withheld, save where a named body has given it" in found["html"]


def test_dissent_and_determination_are_printed_and_what_is_void_is_not(heard, bodies):
    entries = (
        said("dissent", 0, of="hill", word="hill", words="We see it otherwise."),
        said("determination", 1, of="board", word="no breach of P1", words="secret grounds",
             standard="clear and convincing", effect=Effect.HOLDS),
        said("reply", 2, of="west", word="west", words="Made up.", effect=Effect.VOID),
        said("review", 3, word="refute", effect=Effect.SUPERSEDED, words="old grounds"),
        said("review", 4, by="Reviewer B", word="confirm", effect=Effect.WAITS),
    )  # fmt: skip
    for name, text in bodies(heard(*entries)).items():
        assert "We see it otherwise." in text, name
        assert "no breach of P1" in text, name
        assert "Reviewer B" in text, name
        for never in ("Made up.", "secret grounds", "old grounds"):
            assert never not in text, name


def test_what_is_only_possible_or_heat_is_printed_too(heard, bodies):
    for of in ("inc-c1", "inc-f1"):
        found = bodies(heard(said("dissent", 0, of="hill", words="Otherwise."), of=of))
        for name, text in found.items():
            assert "Otherwise." in text, (name, of)


def test_where_nobody_said_anything_there_is_no_such_field(situation, bodies):
    assert '"heard"' not in bodies(situation)["json"]


def test_print_says_what_the_page_says(heard, period, public):
    pytest.importorskip("typst")
    from trucewatch.bulletins import render_pdf

    situation = heard(CONFIRMED, said("reply", 1, of="east", words="Thunder."), **REVIEWED)
    assert render_pdf(redact(compose(situation, period, None), public), "0" * 64)
