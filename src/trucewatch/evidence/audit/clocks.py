"""Whether the times that a log gives its entries can be true: held against those of witnesses.

A heartbeat holds what witnesses signed, so it was received after they did; and what they signed
was in the log before. With n witnesses, of whom f = (n-1)//3 may lie, f+1 of them who say so have
an honest one among them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucewatch.evidence.audit.leaves import LeafFields, read_leaf
from trucewatch.evidence.audit.notes import WITNESS, Key, read_head, read_key, read_note, signed_by
from trucewatch.evidence.audit.published import WIDTH, split_bundle, tile_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

CLOCK_S = 300
"""Seconds that clocks may differ, beside what a log says of its own, before it is told."""

_MARK = b'"kind":"heartbeat"'
_NANOS = 1_000_000_000


def clock_doubts(folder: Path, witnesses: Sequence[str], size: int) -> tuple[str, ...]:
    """Where the times of the first `size` entries contradict those of these witnesses (vkeys).

    It looks at heartbeats alone, and passes over what cannot be read or was not signed, which is
    told elsewhere. A clock that was wrong and a time that is a lie look the same.
    """
    keys = [read_key(one, WITNESS) for one in witnesses]
    if not keys:
        return ()
    told: list[str] = []
    leaves = _Leaves(folder, size)
    for index, leaf in leaves.heartbeats():
        found = _said(folder, leaf.payload, keys)
        if found is None:
            continue
        covered, times = found
        liars = (len(keys) - 1) // 3
        if len(times) <= liars:
            continue
        after, by = times[-1 - liars], times[liars]
        if _seconds(leaf.received + leaf.uncertainty) + CLOCK_S < after:
            told.append(
                f"entry {index} bears the time {_told(_seconds(leaf.received))} and holds what "
                f"witnesses signed at {_told(after)}: the log's clock was behind, or its times "
                "are made up"
            )
        last = leaves.at(covered - 1) if 0 < covered <= index else None
        if last is not None and by + CLOCK_S < _seconds(last.received - last.uncertainty):
            told.append(
                f"entry {covered - 1} bears the time {_told(_seconds(last.received))}, and "
                f"witnesses signed at {_told(by)} that it was there: the log's clock was ahead, "
                "or its times are made up"
            )
    return tuple(told)


def _said(folder: Path, payload: str, keys: Sequence[Key]) -> tuple[int, list[int]] | None:
    """The size that a heartbeat speaks of, and when each witness signed it, in order."""
    try:
        note = read_note((folder / "payload" / payload[:2] / payload[2:]).read_bytes())
        size = read_head(note).size
        times = [signed_by(note, key) for key in keys]
    except (OSError, ValueError):
        return None
    return size, sorted(min(each) for each in times if each)


def _seconds(nanos: int) -> int:
    return nanos // _NANOS


def _told(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"{seconds} s"


class _Leaves:
    """The leaves of a published log; what cannot be read is passed over."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder / "tile"
        self._size = size

    def _data(self, number: int) -> bytes:
        width = min(WIDTH, self._size - number * WIDTH)
        for each in dict.fromkeys((width, WIDTH)):
            try:
                return (self._folder / tile_path("entries", number, each)).read_bytes()
            except OSError:
                continue
        return b""

    def at(self, index: int) -> LeafFields | None:
        return dict(self._read(self._data(index // WIDTH), index // WIDTH)).get(index)

    def heartbeats(self) -> Iterator[tuple[int, LeafFields]]:
        for number in range(-(-self._size // WIDTH)):
            data = self._data(number)
            if _MARK in data:
                for index, leaf in self._read(data, number):
                    if leaf.kind == "heartbeat":
                        yield index, leaf

    def _read(self, data: bytes, number: int) -> Iterator[tuple[int, LeafFields]]:
        try:
            leaves = split_bundle(data)
        except ValueError:
            return
        for index, raw in enumerate(leaves, start=number * WIDTH):
            leaf = read_leaf(raw)
            if leaf is not None and index < self._size:
                yield index, leaf
