"""As much of a reader of PDF as it takes to get the words out of what two engines write."""

from __future__ import annotations

import re
import unicodedata
import zlib
from typing import Any

WIDTH = -1
SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
OPERATORS = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|(\()|\bET\b")
PIECE = re.compile(rb"\\([0-7]{1,3}|.)|(.)", re.DOTALL)


def letters(text: str) -> str:
    """The words without blanks, as lines and kerning set those."""
    return re.sub(r"[\s\u200b]", "", unicodedata.normalize("NFKC", text))


class Pdf:
    """The words of a file, sheet by sheet, in the order in which they were written."""

    def __init__(self, raw: bytes) -> None:
        found = re.finditer(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\n?endobj", raw, re.DOTALL)
        self.objects = {int(m[1]): m[2] for m in found}
        root = next(
            o for o in self.objects.values()
            if re.search(rb"/Type ?/Pages", o) and b"/Parent" not in o
        )  # fmt: skip
        self.sheets = [self._words(number) for number in self._pages(root)]
        self.text = " ".join(self.sheets)
        self.letters = letters(self.text)

    def _pages(self, node: bytes) -> list[int]:
        kids = re.search(rb"/Kids ?\[(.*?)\]", node, re.DOTALL)[1]
        pages: list[int] = []
        for number in map(int, re.findall(rb"(\d+) 0 R", kids)):
            inner = b"/Kids" in self.objects[number]
            pages += self._pages(self.objects[number]) if inner else [number]
        return pages

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        inside = re.search(rb"stream\r?\n(.*)\r?\nendstream", body, re.DOTALL)[1]
        return zlib.decompress(inside) if b"/FlateDecode" in body else inside

    def _follow(self, name: bytes, body: bytes) -> int | None:
        found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
        return int(found[1]) if found else None

    def _font(self, number: int) -> dict[int, Any]:
        table = self._stream(self._follow(b"ToUnicode", self.objects[number]))
        known: dict[int, Any] = {}
        for first, last, to in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>\n", table):
            for code in range(int(first, 16), int(last, 16) + 1):
                known[code] = chr(int(to, 16) + code - int(first, 16))
        # A code has as many bytes as the range of codes says: one in drawn fonts, else two.
        known[WIDTH] = len(re.search(rb"codespacerange\s+<(\w+)>", table)[1]) // 2
        for code, to in re.findall(rb"\n<(\w+)> <((?:\w{4})+)>(?=\n)", table):
            known[int(code, 16)] = bytes.fromhex(to.decode()).decode("utf-16-be")
        return known

    def _words(self, page: int) -> str:
        body = self.objects[page]
        outside = self._follow(b"Resources", body)
        resources = body if outside is None else self.objects[outside]
        fonts = re.search(rb"/Font ?<<(.*?)>>", resources, re.DOTALL)
        names = {
            name: self._font(int(at))
            for name, at in re.findall(rb"/(\w+) (\d+) 0 R", fonts[1] if fonts else b"")
        }
        stream = self._stream(self._follow(b"Contents", body))
        words: list[str] = []
        font: dict[int, Any] = {}
        at = 0
        while found := OPERATORS.search(stream, at):
            at = found.end()
            if found[1]:
                font = names[found[1]]
            elif found[2] or found[3]:
                codes = bytes.fromhex(found[2].decode()) if found[2] else b""
                if found[3]:
                    codes, at = literal(stream, at)
                wide = font.get(WIDTH, 2)
                parts = (codes[n : n + wide] for n in range(0, len(codes), wide))
                words.append("".join(font.get(int.from_bytes(part), "") for part in parts))
            else:
                words.append(" ")
        return "".join(words)


def literal(stream: bytes, at: int) -> tuple[bytes, int]:
    """The bytes of a literal string that begins at `at`, and where it ends."""
    out, depth = bytearray(), 1
    while depth:
        part = PIECE.match(stream, at)
        at = part.end()
        if part[1]:
            out += bytes([int(part[1], 8)]) if part[1].isdigit() else SHORT.get(part[1], part[1])
        else:
            depth += {b"(": 1, b")": -1}.get(part[2], 0)
            out += part[2] if depth else b""
    return bytes(out), at
