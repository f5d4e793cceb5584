"""Makes one picture anew: standard input to standard output, as a process of its own.

A picture from elsewhere can be made to take all memory or to end whoever decodes it; what ends here
ends alone. It imports nothing of the house. What comes out is a JPEG of the pixels and of nothing
else: no metadata, no comment, no profile, at most 1600 pixels a side. The exit status tells why
there is none; `pictures` has the words.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import warnings

MEMORY_LIMIT = 1024 * 1024 * 1024
CPU_LIMIT_S = 20
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")

NO_PICTURE, TOO_LARGE, ANIMATED, DAMAGED, MORE_BEHIND = 11, 12, 13, 14, 15
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})


def end_of_jpeg(raw: bytes) -> int:
    """Where the first picture in JPEG bytes ends; ValueError where it does not."""
    at = 2
    while True:
        at = raw.find(b"\xff", at)
        if at < 0 or at + 1 >= len(raw):
            raise ValueError("it has no end")
        mark = raw[at + 1]
        if mark == 0xD9:
            return at + 2
        if mark == 0xFF:
            at += 1
        elif mark == 0 or mark in _NO_LENGTH:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(raw[at + 2 : at + 4], "big"))


def end_of(raw: bytes) -> int:
    """Where a picture ends by its own word; ValueError where it says none."""
    if raw.startswith(b"\xff\xd8"):
        end = end_of_jpeg(raw)
        # Cameras put a preview or a second lens behind the picture: JPEG again, and harmless.
        while raw[end:].startswith(b"\xff\xd8"):
            end += end_of_jpeg(raw[end:])
        return end
    if raw.startswith(b"\x89PNG"):
        at = 8
        while at + 12 <= len(raw):
            length = int.from_bytes(raw[at : at + 4], "big")
            name, at = raw[at + 4 : at + 8], at + 12 + length
            if name == b"IEND":
                return at
        raise ValueError("it has no end")
    return 8 + int.from_bytes(raw[4:8], "little")


def main() -> int:
    """Read a picture and write it anew; the exit status says why not."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.environ.clear()
    # Here, not above: the limits must stand before the libraries load.
    from PIL import Image, ImageOps

    # Its own guard would only warn; ours is stricter and comes first.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("error")
    raw = sys.stdin.buffer.read()
    try:
        picture = Image.open(io.BytesIO(raw), formats=FORMATS)
    except (OSError, ValueError, SyntaxError, Warning):
        return NO_PICTURE
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        return TOO_LARGE
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        return ANIMATED
    try:
        if raw[end_of(raw) :].strip(b"\0"):
            return MORE_BEHIND
        picture.draft("RGB", (SIDE, SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((SIDE, SIDE))
        bare = upright.convert("RGBA")
        # The pixels alone go on: a new picture has no comment, profile or text to write.
        clean = Image.new("RGB", bare.size, "white")
        clean.paste(bare, mask=bare.getchannel("A"))
        out = io.BytesIO()
        clean.save(out, "JPEG", quality=QUALITY)
    except MemoryError:
        return TOO_LARGE
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError, Warning):
        return DAMAGED
    sys.stdout.buffer.write(out.getvalue())
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
