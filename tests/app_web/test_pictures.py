"""Pictures made anew: nothing but pixels comes out, and what is no plain picture is refused."""

from __future__ import annotations

import io
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.app_web import photos

from trucewatch.app.reporting import decoder, pictures
from trucewatch.app.reporting.pictures import made_anew

MAKERS = {"jpeg": photos.jpeg, "png": photos.png, "webp": photos.webp}


def nothing_but_pixels(raw: bytes) -> Image.Image:
    shown = made_anew(raw)
    assert not shown.refused
    for canary in photos.CANARIES:
        assert canary.encode() in raw or canary == photos.COMMENT
        assert canary.encode() not in shown.jpeg
    opened = Image.open(io.BytesIO(shown.jpeg))
    assert opened.format == "JPEG"
    assert not opened.getexif()
    assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    marks = {bytes([0xFF, mark]) for mark in range(0xE1, 0xF0)} | {b"\xff\xfe"}
    assert not any(shown.jpeg[: shown.jpeg.index(b"\xff\xda")].count(mark) for mark in marks)
    return opened


@pytest.mark.parametrize("form", MAKERS)
def test_no_position_and_no_serial_number_comes_out(form):
    opened = nothing_but_pixels(MAKERS[form]())
    assert opened.size == (64, 48)


def test_without_the_new_picture_the_comment_comes_out(monkeypatch, tmp_path):
    """The saboteur: the picture as Pillow opened it, written again with what it knows."""
    text = Path(decoder.__file__).read_text("utf-8")
    worse = text.replace('clean.save(out, "JPEG", quality=QUALITY)', (
        'picture.save(out, "JPEG", quality=QUALITY, exif=picture.getexif())'
    ))  # fmt: skip
    assert worse != text
    place = tmp_path / "decoder.py"
    place.write_text(worse, "utf-8")
    monkeypatch.setattr(pictures, "_DECODER", place)
    with pytest.raises(AssertionError):
        nothing_but_pixels(photos.jpeg())


def test_it_is_turned_upright_and_made_smaller():
    opened = nothing_but_pixels(photos.jpeg((3000, 1500), turned=6))
    assert opened.size == (800, 1600)
    red, _, blue = opened.getpixel((400, 100))
    assert red > blue, "the left half comes to the top"


def test_what_shines_through_is_on_white():
    shown = Image.open(io.BytesIO(made_anew(photos.png()).jpeg))
    assert min(shown.getpixel((5, 5))) > 100


NO = {
    "cut short": (photos.jpeg((600, 400))[:-900], "cut short or damaged"),
    "cut short png": (photos.png()[:-20], "cut short or damaged"),
    "a page behind": (photos.jpeg() + b"<script>alert(1)</script>", "something else lies behind"),
    "a zip behind": (photos.png() + b"PK\x05\x06" + bytes(18), "something else lies behind"),
    "a page behind webp": (photos.webp() + b"<html>", "something else lies behind"),
    "a page": (b"<html><svg onload=alert(1)>", "no JPEG, PNG or WebP"),
    "gif": (b"GIF89a" + bytes(40), "no JPEG, PNG or WebP"),
    "nothing": (b"", "no JPEG, PNG or WebP"),
    "huge": (photos.bomb(20_001), "too many pixels"),
    "wide": (photos.bomb(8_000), "too many pixels"),
    "moves": (photos.moving("WEBP"), "it moves"),
    "moves png": (photos.moving("PNG"), "it moves"),
    "too long": (bytes(pictures.LARGEST_PICTURE + 1), "it is over 8 MiB"),
}


@pytest.mark.parametrize("name", NO)
def test_what_is_no_plain_picture_is_refused_with_a_reason(name):
    raw, reason = NO[name]
    shown = made_anew(raw)
    assert not shown.jpeg
    assert reason in shown.refused


def test_what_a_camera_lays_behind_a_picture_is_no_harm():
    assert made_anew(photos.jpeg() + photos.jpeg((20, 20))).jpeg
    assert made_anew(photos.jpeg() + bytes(64)).jpeg


def test_who_takes_too_long_is_stopped(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)", "utf-8")
    monkeypatch.setattr(pictures, "_DECODER", slow)
    monkeypatch.setattr(pictures, "SECONDS", 0.3)
    assert made_anew(photos.png()).refused == pictures.TOO_HEAVY


def test_who_takes_too_much_memory_ends_alone(monkeypatch, tmp_path):
    text = Path(decoder.__file__).read_text("utf-8")
    greedy = tmp_path / "greedy.py"
    greedy.write_text(
        text.replace("raw = sys.stdin", "hoard = bytearray(2 * MEMORY_LIMIT)\n    raw = sys.stdin"),
        "utf-8",
    )
    monkeypatch.setattr(pictures, "_DECODER", greedy)
    assert made_anew(photos.png()).refused == pictures.TOO_HEAVY
    assert sys.executable


@given(st.sampled_from(sorted(MAKERS)), st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
@settings(max_examples=15)
def test_damaged_bytes_never_raise(form, at, noise):
    raw = MAKERS[form]()
    at %= len(raw)
    shown = made_anew(raw[:at] + noise + raw[at + len(noise) :])
    assert bool(shown.jpeg) is not bool(shown.refused)
    for canary in photos.CANARIES:
        assert canary.encode() not in shown.jpeg


@given(st.binary(max_size=200))
def test_the_end_of_a_picture_is_found_or_it_has_none(raw):
    for head in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"):
        try:
            assert decoder.end_of(head + raw) >= 0
        except ValueError:
            continue


def unlimited(raw: bytes, monkeypatch) -> tuple[int, bytes]:
    """What the decoder does with a picture, in this process and without its limits."""
    out = io.BytesIO()
    with monkeypatch.context() as patch, warnings.catch_warnings():
        patch.setattr(decoder.resource, "setrlimit", lambda *_: None)
        patch.setattr(decoder.os, "environ", {"SECRET": "x"})
        patch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        patch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
        status = decoder.main()
        assert decoder.os.environ == {}, "what the house knows of its surroundings is gone"
    return status, out.getvalue()


@pytest.mark.parametrize("name", sorted(set(NO) - {"too long"}))
def test_the_decoder_says_by_its_status_why_there_is_no_picture(name, monkeypatch):
    raw, reason = NO[name]
    status, made = unlimited(raw, monkeypatch)
    assert made == b""
    assert reason in pictures._WHY[status]


@pytest.mark.parametrize("form", MAKERS)
def test_the_decoder_gives_a_plain_jpeg(form, monkeypatch):
    status, made = unlimited(MAKERS[form](), monkeypatch)
    assert (status, made[:3]) == (0, b"\xff\xd8\xff")
    assert made == made_anew(MAKERS[form]()).jpeg


SCAN = b"\xff\xda\x00\x04ab" + b"pixels\xff\x00more\xff\xd3"
WHOLE = b"\xff\xd8" + b"\xff\xe1\x00\x06\xff\xd9\xff\xd9" + SCAN + b"\xff\xd9"


@pytest.mark.parametrize("behind", [b"", b"\xff\xd9", b"\xff", b"behind", WHOLE])
def test_the_end_of_a_jpeg_is_its_own_and_not_that_of_what_it_holds(behind):
    """An end of picture within a segment of metadata, or a stuffed byte in the scan, is none."""
    assert decoder.end_of_jpeg(WHOLE + behind) == len(WHOLE)


def test_bytes_that_fill_up_before_a_mark_are_passed_over():
    assert decoder.end_of_jpeg(WHOLE[:-2] + b"\xff\xff\xff\xd9") == len(WHOLE) + 2
    # A length that cannot be, as it counts itself, moves on all the same.
    assert decoder.end_of_jpeg(b"\xff\xd8\xff\xe1\x00\x00\xff\xd9") == 8


@pytest.mark.parametrize("cut", range(2, len(WHOLE)))
def test_a_jpeg_that_is_cut_has_no_end(cut):
    with pytest.raises(ValueError, match="it has no end"):
        decoder.end_of_jpeg(WHOLE[:cut])


def test_pictures_behind_a_jpeg_belong_to_it():
    assert decoder.end_of(WHOLE * 3 + b"behind") == 3 * len(WHOLE)
    with pytest.raises(ValueError, match="it has no end"):
        decoder.end_of(WHOLE + WHOLE[:-1])


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return len(body).to_bytes(4, "big") + name + body + bytes(4)


PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("behind", [b"", b"behind", chunk(b"IEND")])
def test_a_png_ends_with_the_chunk_that_says_so(behind):
    whole = PNG + chunk(b"IHDR", b"IEND" * 4) + chunk(b"IDAT", chunk(b"IEND")) + chunk(b"IEND")
    assert decoder.end_of(whole + behind) == len(whole)
    for missing in (whole[:-12], whole[:-1], PNG, PNG + b"\xff\xff\xff\xffIDAT" + bytes(40)):
        with pytest.raises(ValueError, match="it has no end"):
            decoder.end_of(missing)


def test_a_webp_says_its_length():
    assert decoder.end_of(b"RIFF\x04\x00\x00\x00WEBPbehind") == 12
