"""A print says what the page says, in the same bytes each time, whatever the words hold."""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from dataclasses import replace
from random import Random

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.bulletins import compose, redact, render_html, render_json, render_pdf
from trucewatch.bulletins.glyphs import MISSING, RANGES, breakable, shown
from trucewatch.bulletins.look import SERIF
from trucewatch.bulletins.tree import tree_of
from trucewatch.errors import MissingExtra

HOSTILE = (
    '#panic("x") $x$ *b* _i_ @ref <label> `r` = h \\ #set page(width: 1cm) #read("/etc/passwd") '
    "<svg><script>x</script> // c /* c */ ~ --- https://e.invalid/ {{ x }} {% raw %}"
)


def printed(situation, period, previous, audience) -> bytes:
    published = redact(compose(situation, period, previous), audience)
    return render_pdf(published, hashlib.sha256(render_json(published)).hexdigest())


def texts(node) -> list[str]:
    return [t for kid in node["kids"] for t in ([kid] if isinstance(kid, str) else texts(kid))]


def test_the_same_bytes_each_time_and_in_any_order(situation, period, previous, public):
    mixed = replace(
        situation,
        **{
            name: tuple(Random(3).sample(getattr(situation, name), len(getattr(situation, name))))
            for name in ("incidents", "findings", "assessments", "claims", "origins", "sources")
        },
    )
    once = printed(situation, period, previous, public)
    assert once == printed(situation, period, previous, public)
    assert once == printed(mixed, period, previous, public)


def test_it_says_what_the_page_says(letters, read_pdf, situation, whole, previous, public):
    """Every word of the page stands in the print, in the order of the page."""
    published = redact(compose(situation, whole, previous), public)
    digest = hashlib.sha256(render_json(published)).hexdigest()
    pdf = read_pdf(render_pdf(published, digest))
    assert letters(published.headline) in pdf.letters
    said = [
        word for text in texts(tree_of(render_html(published).decode())) for word in text.split()
    ]
    got = pdf.letters
    assert len(said) > 500
    assert [word for word in said if letters(word) not in got] == []
    count = len(pdf.sheets)
    assert count > 1
    for number, sheet in enumerate(pdf.sheets, 1):
        assert f"page{number}of{count}" in letters(sheet)
        assert "5e" * 32 in letters(sheet)
        assert digest in letters(sheet)
        assert "PROVISIONAL" in letters(sheet)
        assert "Notanattribution" in letters(sheet)
        assert "EXERCISE" not in sheet


def test_an_exercise_is_called_so_on_every_sheet(
    letters, read_pdf, situation, period, previous, public
):
    raw = printed(replace(situation, exercise=True), period, previous, public)
    for sheet in read_pdf(raw).sheets:
        assert letters(sheet).count("EXERCISE") >= 4
    assert b"EXERCISE: Isle of Terno" in raw


def test_it_is_an_archive_that_a_screen_reader_can_read(situation, period, previous, public):
    raw = printed(situation, period, previous, public)
    assert b"<pdfaid:part>2</pdfaid:part>" in raw
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in raw
    assert b"<pdfuaid:part>1</pdfuaid:part>" in raw
    assert b"/Lang(en" in raw
    assert b"/Alt<FEFF" + "Map of Isle of Terno".encode("utf-16-be").hex().upper().encode() in raw
    assert b"D:20310506000000" in raw, "the date is not_before, which the data gives"
    names = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([A-Za-z]+)", raw))
    assert names <= {b"LibertinusSerif", b"NewCM", b"DejaVuSansMono"}


def poisoned(situation, text):
    agreement = replace(
        situation.agreement,
        name=text,
        parties=tuple(replace(p, name=text) for p in situation.agreement.parties),
        provisions=tuple(replace(p, words=text) for p in situation.agreement.provisions),
        regions=tuple(replace(r, name=r.code + text) for r in situation.agreement.regions),
    )
    return replace(
        situation,
        mission=text,
        agreement=agreement,
        findings=tuple(replace(f, reasons=(text,)) for f in situation.findings),
        statements=tuple(replace(s, speaker=text, quote=text) for s in situation.statements),
        sources=tuple(replace(s, name=s.id + text) for s in situation.sources),
    )


def test_hostile_words_are_words(letters, read_pdf, situation, period, previous, public):
    pdf = read_pdf(printed(poisoned(situation, HOSTILE), period, previous, public))
    plain = read_pdf(printed(poisoned(situation, "plain"), period, previous, public))
    assert letters(HOSTILE) in pdf.letters
    assert len(plain.sheets) <= len(pdf.sheets) <= 2 * len(plain.sheets)


def test_what_the_fonts_do_not_hold_is_shown_as_a_box_and_told(
    read_pdf, situation, period, previous, public
):
    pdf = read_pdf(printed(replace(situation, mission="Île 停戰"), period, previous, public))
    assert "Île □□: monitoring" in pdf.text
    assert "Charactersthatthefontsofaprintdonothold:" in pdf.letters
    calm = read_pdf(printed(situation, period, previous, public))
    assert MISSING not in calm.text
    assert "donothold" not in calm.letters


@settings(max_examples=20)
@given(
    text=st.text(min_size=1, max_size=80)
    | st.text(alphabet="aёه\u064bא\u05b0ß\u0301\u0308\u0345ก\u0e47\u200d😀अ्", max_size=60)
    | st.text(alphabet="W", min_size=300, max_size=400)
)
def test_no_words_stop_a_print(situation, period, previous, public, text):
    assert printed(poisoned(situation, text), period, previous, public).startswith(b"%PDF")


def test_the_fonts_hold_every_character_of_the_table():
    table = [chr(code) for first, last in RANGES for code in range(first, last + 1)]
    known = "".join(c for c in table if unicodedata.category(c) not in {"Cn", "Cc", "Cf"})
    source = f"""
#set page(width: 60cm, height: auto)
#set text(font: ({SERIF}), fallback: false)
#sys.inputs.all #text(weight: 600, sys.inputs.all) #text(weight: 700, sys.inputs.all)
#text(font: ("DejaVu Sans Mono", {SERIF}), sys.inputs.all)
"""
    made = typst.compile(
        source.encode(), format="pdf", ignore_system_fonts=True, pdf_standards=["a-2b"],
        sys_inputs={"all": " ".join(known)},
    )  # fmt: skip
    assert made.startswith(b"%PDF")
    assert shown("ok 停") == ("ok □", 1)
    assert shown("e\u0301 \u0301") == ("é □", 1)
    assert breakable("x" * 90).count("\u200b") == 2


def test_the_saboteur_of_glyphs_is_seen(situation, period, previous, public, monkeypatch):
    """Without the table, a character that no font holds stops the engine."""
    module = sys.modules["trucewatch.bulletins.pdf"]
    monkeypatch.setattr(module, "shown", lambda text: (text, 0))
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        printed(replace(situation, mission="停戰"), period, previous, public)


def test_what_it_refuses(situation, period, previous, public, monkeypatch):
    bulletin = compose(situation, period, previous)
    published = redact(bulletin, public)
    with pytest.raises(TypeError, match="redact"):
        render_pdf(bulletin, "0" * 64)
    with pytest.raises(ValueError, match="64 hexadecimal"):
        render_pdf(published, "#panic()")
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtra, match=r"a PDF bulletin .*trucewatch\[pdf\]"):
        render_pdf(published, "0" * 64)
