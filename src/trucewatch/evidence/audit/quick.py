"""The quick reading of a log in which nothing is wrong: whole columns at a time.

It says of a run of journal segments that all holds, or raises `Amiss` and leaves it to the slow
reading to find out what. It must never accept what that one would report; what it cannot be sure
of in bulk it looks at one by one with the same rules.
"""

from __future__ import annotations

import hashlib
import re
import struct
from operator import le
from typing import TYPE_CHECKING

from trucewatch.evidence.audit.parts import Amiss, Part
from trucewatch.evidence.audit.published import WIDTH, tile_path, tree_root
from trucewatch.evidence.audit.records import KINDS, LEAF, MARKED, read_envelope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Widths = Mapping[tuple[str, int], Sequence[int]]

_HEAD = struct.Struct(">4sQQIII")
_FIXED = _HEAD.size + 32
_KINDS = frozenset(kind.encode() for kind in KINDS)
_MARKED = frozenset(kind.encode() for kind in MARKED)
# Many leaves or envelopes, a line each: neither can hold a line's end in its one spelling. What
# should be hex is any sixty-four bytes here, as that is skipped at once; `_is_hex` follows.
_HEX = rb"((?s:.{64}))"
_TEXT = rb'"[^"\\\x00-\x1f]*"'
_LEAVES = re.compile(rb"^" + LEAF.pattern.replace(rb"([0-9a-f]{64})", _HEX) + rb"$", re.MULTILINE)
_ENVELOPES = re.compile(
    rb'^\{"media":' + _TEXT + rb',"name":' + _TEXT + rb',"nonce":' + _TEXT
    + rb',"salt":"' + _HEX + rb'","source":"([^"\\\x00-\x1f]*)","v":1\}$', re.MULTILINE
)  # fmt: skip


def segment_names(folder: Path) -> list[int]:
    """The first entries of the journal's segments; Amiss where a file is none."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    firsts = [int(name) for name in names if re.fullmatch("[0-9]{12,19}", name)]
    if [f"{first:012}" for first in firsts] != names:
        raise Amiss
    return firsts


def read_part(
    folder: Path, segments: Sequence[int], following: int | None, size: int, widths: Widths
) -> Part:
    """Read a run of segments and the bundles that begin in it; Amiss unless all of it holds.

    `following` is the segment behind it, from which its last bundle is made whole; `size` is that
    of the published log, `widths` the tile files that there are of levels "entries" and "0".
    """
    part = Part(segments[0])
    at = segments[0]
    skipped = -at % WIDTH
    held: list[bytes] = []
    chain_state: dict[bytes, tuple[int, bytes]] = {}
    known: set[tuple[bytes, bytes, bytes]] = set()
    digests: list[bytes] = []
    for segment in segments:
        if segment != at:
            raise Amiss
        leaves, envelopes = _records((folder / f"journal/{segment:012}").read_bytes(), at)
        hashes = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
        digests += hashes
        rows = _rows(leaves)
        sources = _leaves(part, chain_state, rows, hashes, at, size)
        _envelopes(part, known, rows[1], sources, envelopes)
        at += len(leaves)
        if skipped >= len(leaves):
            # All of them stand in the bundle that began in the part before.
            skipped -= len(leaves)
            continue
        held += leaves[skipped:]
        skipped = 0
        full = len(held) - len(held) % WIDTH
        begin = at - len(held)
        _bundles(folder, part, begin, held[:full], digests[begin - part.first :], size, widths)
        held = held[full:]
    part.count, part.hashes = at - part.first, b"".join(digests)
    if held:
        more: list[bytes] = []
        if following is not None:
            if following != at:
                raise Amiss
            data = (folder / f"journal/{following:012}").read_bytes()
            more, _ = _records(data, at, most=WIDTH - len(held))
        begin = at - len(held)
        later = [hashlib.sha256(b"\0" + leaf).digest() for leaf in more]
        tail = digests[begin - part.first :] + later
        _bundles(folder, part, begin, held + more, tail, size, widths)
    return part


def _records(data: bytes, first: int, most: int | None = None) -> tuple[list[bytes], list[bytes]]:
    """Leaves and envelopes of a segment of whole batches, or of its first `most` records."""
    leaves: list[bytes] = []
    envelopes: list[bytes] = []
    at = left = batch = 0
    end = len(data)
    sha256, unpack = hashlib.sha256, _HEAD.unpack_from
    expected = first
    try:
        while at < end and len(leaves) != most:
            magic, index, begun, count, leaf, envelope = unpack(data, at)
            if not left:
                batch, left = expected, count
                total = count
            body = at + _FIXED
            middle = body + leaf
            stop = middle + envelope
            head = at + _HEAD.size
            if (
                sha256(data[at:head] + data[body:stop]).digest() != data[head:body]
                or magic != b"TWJ1"
                or index != expected
                or begun != batch
                or count != total
                or not count
            ):
                raise Amiss
            leaves.append(data[body:middle])
            envelopes.append(data[middle:stop])
            expected, left, at = expected + 1, left - 1, stop
    except struct.error as fault:
        raise Amiss from fault
    if at > end or (left and most is None) or not leaves:
        raise Amiss
    return leaves, envelopes


def _rows(leaves: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    """The fields of the leaves as columns, in the order of the pattern."""
    lines = b"\n".join(leaves)
    rows = _LEAVES.findall(lines)
    if len(rows) != len(leaves) or lines.count(b"\n") != len(leaves) - 1:
        raise Amiss
    return list(zip(*rows, strict=True))


def _leaves(
    part: Part,
    state: dict[bytes, tuple[int, bytes]],
    columns: Sequence[tuple[bytes, ...]],
    hashes: Sequence[bytes],
    first: int,
    size: int,
) -> tuple[bytes, ...]:
    """Hold the leaves against one another; returns the column of their sources."""
    clocks, _, kinds, lengths, payloads, policies, previous, received, numbers, sources, doubts = (
        columns
    )
    # The other digests are held against what they must be, letter by letter.
    if not (_is_hex(b"".join(payloads)) and _is_hex(b"".join(policies))):
        raise Amiss
    if not _KINDS.issuperset(kinds) or b"-" in b"".join(doubts) or b"-" in b"".join(lengths):
        raise Amiss
    published = max(0, size - first)
    part.kinds.update(kinds[:published])
    if not _MARKED.isdisjoint(kinds):
        for offset, kind in enumerate(kinds):
            if kind in _MARKED:
                part.marked.append((first + offset, hashes[offset], kind, payloads[offset]))
    _times(part, clocks, received)
    sizes = list(map(int, lengths))
    if list(map(part.lengths.setdefault, payloads, sizes)) != sizes:
        raise Amiss
    names = b"".join(hashes).hex().encode()
    at = 0
    for source, number, before in zip(sources, numbers, previous, strict=True):
        due = state.get(source)
        count = int(number)
        if due is None and _is_hex(before):
            part.sources[source] = (count, before, 0, b"")
        elif due != (count, before):
            raise Amiss
        state[source] = (count + 1, names[at : at + 64])
        at += 64
    for source in set(sources):
        part.sources[source] = (*part.sources[source][:2], *state[source])
    return sources


def _times(part: Part, clocks: tuple[bytes, ...], received: tuple[bytes, ...]) -> None:
    """Each time is the later of its clock's and the last; the first one's is left to the joint."""
    times = list(map(int, received))
    if part.last is None:
        part.clock, part.received = int(clocks[0]), times[0]
        clocks = (received[0], *clocks[1:])
        part.last = times[0]
    before = [part.last, *times[:-1]]
    if clocks == received:
        held = all(map(le, before, times))
    else:
        held = times == list(map(max, before, map(int, clocks)))
    if not held:
        raise Amiss
    part.last = times[-1]


def _envelopes(
    part: Part,
    known: set[tuple[bytes, bytes, bytes]],
    stated: tuple[bytes, ...],
    commitments: tuple[bytes, ...],
    envelopes: Sequence[bytes],
) -> None:
    """Each is the one its leaf commits to, and opens its source."""
    sha256 = hashlib.sha256
    found = [sha256(b"trucewatch/envelope/1\0" + envelope).digest() for envelope in envelopes]
    if b"".join(found).hex().encode() != b"".join(stated):
        raise Amiss
    new = set(zip(commitments, *_opened(envelopes), strict=True)) - known
    for commitment, salt, source in new:
        if not _is_hex(salt):
            raise Amiss
        opening = b"trucewatch/source/1\0" + bytes.fromhex(salt.decode()) + source
        if sha256(opening).hexdigest().encode() != commitment:
            raise Amiss
        if part.names.setdefault(source, commitment) != commitment:
            raise Amiss
    known |= new


def _opened(envelopes: Sequence[bytes]) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """The salts and sources, in UTF-8."""
    lines = b"\n".join(envelopes)
    rows = _ENVELOPES.findall(lines)
    if len(rows) == len(envelopes) == lines.count(b"\n") + 1 and _is_text(lines):
        salts, sources = zip(*rows, strict=True)
        return salts, sources
    # A name with a quotation mark, say: such texts are read one by one.
    pairs = []
    for envelope in envelopes:
        opened = read_envelope(envelope)
        if opened is None:
            raise Amiss
        pairs.append((opened.salt.encode(), opened.source.encode()))
    return tuple(salt for salt, _ in pairs), tuple(source for _, source in pairs)


def _is_hex(data: bytes) -> bool:
    """Whether it is whole bytes in small hex digits, and nothing else."""
    try:
        return bytes.fromhex(data.decode("ascii")).hex().encode() == data
    except ValueError:
        return False


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _bundles(
    folder: Path,
    part: Part,
    first: int,
    leaves: Sequence[bytes],
    hashes: Sequence[bytes],
    size: int,
    widths: Widths,
) -> None:
    """Hold the files of every bundle and lowest tile against the leaves; add the roots."""
    roots = [part.roots]
    for start in range(0, len(leaves), WIDTH):
        number = (first + start) // WIDTH
        some, digests = leaves[start : start + WIDTH], hashes[start : start + WIDTH]
        need = max(0, min(WIDTH, size - number * WIDTH))
        bundle = [len(leaf).to_bytes(2, "big") + leaf for leaf in some]
        for level, items in (("entries", bundle), ("0", digests)):
            found = widths.get((level, number), ())
            if need > len(some) or (need and need not in found and WIDTH not in found):
                raise Amiss
            for width in found:
                if width > len(some):
                    raise Amiss
                path = folder / "tile" / tile_path(level, number, width)
                if path.read_bytes() != b"".join(items[:width]):
                    raise Amiss
        if len(some) == WIDTH:
            roots.append(tree_root(digests))
    part.roots = b"".join(roots)
