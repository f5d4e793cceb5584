"""Pictures for tests, with what cameras leave in them."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

SERIAL = "SN-4711-KESTREL"
SPOT = "kestrel-meadow"
COMMENT = "taken-by-kestrel"
CANARIES = (SERIAL, SPOT, COMMENT)
SEAL = 0xA431  # BodySerialNumber


def drawn(size=(64, 48), mode="RGB"):
    """Left half red, right half blue."""
    made = Image.new(mode, size, (200, 20, 20) if mode == "RGB" else (200, 20, 20, 128))
    made.paste((20, 20, 200), (size[0] // 2, 0, *size))
    return made


def tagged(*, turned=1):
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = SPOT
    exif[SEAL] = SERIAL
    within = exif.get_ifd(0x8769)
    within[SEAL] = SERIAL
    within[0x927C] = SERIAL.encode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (47.0, 7.0, 11.0)
    gps[3], gps[4] = "E", (33.0, 3.0, 3.0)
    gps[29] = SPOT
    return exif


def jpeg(size=(64, 48), *, turned=1, **more):
    out = io.BytesIO()
    drawn(size).save(
        out, "JPEG", exif=tagged(turned=turned), comment=COMMENT.encode(),
        xmp=f"<x:xmpmeta>{SPOT}{SERIAL}</x:xmpmeta>".encode(),
        icc_profile=SERIAL.encode() * 20, **more,
    )  # fmt: skip
    return out.getvalue()


def png(size=(64, 48)):
    out = io.BytesIO()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", COMMENT)
    text.add_itxt("XML:com.adobe.xmp", SPOT)
    drawn(size, "RGBA").save(out, "PNG", pnginfo=text, exif=tagged())
    return out.getvalue()


def webp(size=(64, 48)):
    out = io.BytesIO()
    drawn(size).save(out, "WEBP", exif=tagged(), xmp=SPOT.encode())
    return out.getvalue()


def moving(form):
    out = io.BytesIO()
    frames = [drawn(), drawn().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def bomb(side):
    """A PNG of one colour: small as sent, `side` squared pixels when opened."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * side)
    body = b"".join(packer.compress(row) for _ in range(min(side, 2000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
