"""The auditor's own reading of what is published: key, checkpoint, tiles and the tree."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from trucewatch.evidence.audit.records import Problem

WIDTH = 256
# What is beyond these no reader of notes takes, Go's included.
_LONGEST_NOTE = 1 << 18
_MOST_SIGNATURES = 100
_SIZE = re.compile("0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
# The spellings, without the sign, of the points whose order divides eight. Under such a key anybody
# can sign, and RFC 8032 lets libraries differ about such an R: neither is believed.
_SMALL_ORDER = frozenset(
    bytes.fromhex(spelling)
    for spelling in (
        "00" * 32,
        "01" + "00" * 31,
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        *(low + "ff" * 30 + "7f" for low in ("ec", "ed", "ee")),
    )
)
_TILE = re.compile(r"(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]+))?")


def hash_leaf(leaf: bytes) -> bytes:
    """RFC 6962, 2.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def tree_root(row: Sequence[bytes]) -> bytes:
    """The root over a row of nodes: pairs are hashed, an odd last one moves up (RFC 6962, 2.1)."""
    if not row:
        return hashlib.sha256(b"").digest()
    while len(row) > 1:
        above = [
            hashlib.sha256(b"\x01" + row[i] + row[i + 1]).digest()
            for i in range(0, len(row) - 1, 2)
        ]
        row = [*above, row[-1]] if len(row) % 2 else above
    return row[0]


def strict_base64(text: str) -> bytes:
    """Decode base64 in its one canonical spelling; ValueError otherwise."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 that is not canonical")
    return data


def small_order(point: bytes) -> bool:
    """Whether a key, or the first half of a signature, is a point that vouches for nothing."""
    return point[:31] + bytes([point[31] & 0x7F]) in _SMALL_ORDER


def published_key(folder: Path, problem: Problem) -> tuple[str, bytes] | None:
    """The log's name and its key (type byte and public key); None where `vkey` is amiss."""
    try:
        vkey = (folder / "vkey").read_bytes().decode()
        if not vkey.endswith("\n"):
            raise ValueError("it does not end with its line")
        name = vkey.partition("+")[0]
        return name, key_material(vkey[:-1], name)
    except (OSError, ValueError) as error:
        problem(f"vkey: {error}")
        return None


def key_material(vkey: str, name: str) -> bytes:
    """Type byte and public key of a key of the log `name`; ValueError for any other."""
    found, stated, encoded = [*vkey.split("+", 2), "", ""][:3]
    key = strict_base64(encoded)
    if found != name or stated != key_id(name, key).hex():
        raise ValueError("the key does not match its own hash")
    if key[:1] != b"\x01" or len(key) != 33:
        raise ValueError("not an Ed25519 key")
    if small_order(key[1:]):
        raise ValueError("the key is worthless: anybody can sign under it")
    return key


class Keys(Protocol):
    """Which keys sign for a log."""

    name: str

    def at(self, size: int) -> tuple[bytes, ...]:
        """The keys that must have signed the checkpoint of this size."""
        ...


def signed_checkpoint(path: Path, keys: Keys) -> tuple[int, bytes]:
    """Size and root of the checkpoint in a file that the log's key signed; ValueError otherwise.

    Lines of other keys (witnesses) must have the form of a signature and are passed over.
    """
    try:
        note = path.read_bytes().decode()
    except OSError as error:
        raise ValueError(f"cannot be read: {error}") from error
    text, _, signatures = note.rpartition("\n\n")
    origin, digits, root, *_ = [*text.split("\n"), "", ""]
    if origin != keys.name or not _SIZE.fullmatch(digits) or not signatures:
        raise ValueError("not a checkpoint of the log that vkey names")
    # Every line is read before any is believed, so that rubbish after ours is seen too.
    lines = signatures.removesuffix("\n").split("\n")
    if len(note) > _LONGEST_NOTE or len(lines) > _MOST_SIGNATURES or _CONTROL.search(note):
        raise ValueError("too long, too many signatures or a control character")
    held = [_signature(line) for line in lines]
    for key in keys.at(int(digits)):
        ours = [
            data for signer, data in held if (signer, data[:4]) == (origin, key_id(origin, key))
        ]
        if not ours or not note.endswith("\n"):
            raise ValueError("not signed by the log's key")
        try:
            public = Ed25519PublicKey.from_public_bytes(key[1:])
            public.verify(ours[0][4:], f"{text}\n".encode())
        except InvalidSignature as error:
            raise ValueError("the signature is wrong") from error
        if small_order(ours[0][4:36]):
            raise ValueError("the signature is wrong")
    return int(digits), strict_base64(root)


def key_id(name: str, material: bytes) -> bytes:
    """The four bytes that signatures of a key bear."""
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


def _signature(line: str) -> tuple[str, bytes]:
    """Who signed, and key hash and signature; ValueError for a line of another form."""
    dash, signer, signature = line.split(" ")
    data = strict_base64(signature)
    if dash != "—" or not signer or "+" in signer or re.search(r"\s", signer) or len(data) < 5:
        raise ValueError("a line below the note is no signature")
    return signer, data


class TileFiles:
    """The files under `tile/`, each to be held against what the entries say it must be."""

    def __init__(self, folder: Path, problem: Problem) -> None:
        self._folder = folder
        self._problem = problem
        self._files: dict[tuple[str, int], dict[int, Path]] = {}
        paths = sorted(folder.rglob("*")) if folder.is_dir() else []
        for path in paths:
            if path.is_dir():
                continue
            where = path.relative_to(folder).as_posix()
            match = _TILE.fullmatch(where)
            width = int(match[3]) if match and match[3] else WIDTH
            number = int(re.sub("[x/]", "", match[2])) if match else 0
            if match is None or where != tile_path(match[1], number, width):
                problem(f"tile/{where}: not the name of a tile")
                continue
            self._files.setdefault((match[1], number), {})[width] = path

    def read(self, level: str, number: int, width: int) -> bytes | None:
        """The tile that serves `width` items, or the full one in its place; None and a problem."""
        files = self._files.get((level, number), {})
        path = files.get(width) or files.get(WIDTH)
        if path is None:
            self._problem(f"tile/{tile_path(level, number, width)}: missing")
            return None
        return path.read_bytes()

    @property
    def count(self) -> int:
        """How many tiles the lowest row has or, if more, how many bundles there are."""
        rows = (number for level, number in self._files if level in ("entries", "0"))
        return max(rows, default=-1) + 1

    def widths(self, level: str, number: int) -> tuple[int, ...]:
        """The widths of the files that there are of one tile."""
        return tuple(sorted(self._files.get((level, number), ())))

    def checked(self, level: str, number: int) -> None:
        """Take a tile for accounted for, as every file of it was held against the entries."""
        self._files.pop((level, number), None)

    def check(self, level: str, number: int, items: Sequence[bytes], *, need: int) -> None:
        """Hold every file of one tile against its items; one for `need` of them must be there."""
        files = self._files.pop((level, number), {})
        if need and not (need in files or WIDTH in files):
            self._problem(f"tile/{tile_path(level, number, need)}: missing")
        for width, path in sorted(files.items()):
            if width > len(items):
                self._problem(
                    f"tile/{tile_path(level, number, width)}: more than the journal holds"
                )
            elif path.read_bytes() != b"".join(items[:width]):
                self._problem(
                    f"tile/{tile_path(level, number, width)}: not what the entries make it"
                )

    def check_row(self, level: int, row: Sequence[bytes], *, published: int) -> None:
        """Check a whole row of tiles above the lowest, of which `published` nodes are signed."""
        for start in range(0, len(row), WIDTH):
            need = max(0, min(WIDTH, published - start))
            self.check(str(level), start // WIDTH, row[start : start + WIDTH], need=need)

    def rest(self) -> None:
        """Report what no entry accounts for."""
        for (level, number), files in sorted(self._files.items()):
            for width in sorted(files):
                self._problem(f"tile/{tile_path(level, number, width)}: no entry accounts for it")


def tile_path(level: str, number: int, width: int) -> str:
    """Where a tile lies below `tile/`; a `width` below 256 names a part of one."""
    digits = f"{number:03}"
    digits = digits.zfill((len(digits) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"{level}/{name}" + ("" if width == WIDTH else f".p/{width}")


def split_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; ValueError where it ends within one."""
    leaves = []
    at = 0
    while at < len(data):
        stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if stop > len(data):
            raise ValueError("the bundle ends within an entry")
        leaves.append(data[at + 2 : stop])
        at = stop
    return leaves


def join_bundle(leaf: bytes) -> bytes:
    """One entry as it stands in a bundle; one that is too long for it stands in none."""
    return (len(leaf) & 0xFFFF).to_bytes(2, "big") + leaf
