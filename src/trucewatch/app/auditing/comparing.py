"""What two parties were shown of one log: the same, one grown out of the other, or a fork."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.app.auditing.places import EVIDENCE, read_some
from trucewatch.app.files import write_whole
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence.audit import (
    Mirror,
    Relation,
    check_fork,
    compare,
    policy_of,
    read_side,
)
from trucewatch.evidence.audit.forks import FORK_LIMIT, FORK_LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.evidence.audit import ForkCheck, Policy, Side


def is_fork(data: bytes) -> bool:
    """Whether a file says that it is the proof of a fork."""
    return data.startswith(FORK_LINE.encode())


def compared(one: Path, other: Path, vkeys: Sequence[str], out: Path | None) -> dict[str, Any]:
    """How two checkpoints stand to each other, each a file or in the folder of a log or a copy.

    The keys are `vkeys`, else those that the folders name for themselves. A fork's proof is written
    to `out`. Raises NotFound for what is not there and without a key, ConfigurationError for a file
    that holds no checkpoint or one that the keys did not sign.
    """
    try:
        policy = policy_of(vkeys or _own_keys(one, other))
    except ValueError as error:
        raise ConfigurationError(str(error), file="--vkey") from error
    for path in (one, other):
        if path.is_file() and is_fork(data := read_some(path, FORK_LIMIT)):
            return _known_fork(path, data, policy)
    sides = [_side(path) for path in (one, other)]
    try:
        found = compare(sides[0], sides[1], policy)
    except ValueError as error:
        raise ConfigurationError(str(error), file=f"{one} and {other}") from error
    small, large = sorted(sides, key=lambda side: side.head.size)
    file = None
    if found.fork:
        file = out or Path(f"fork-{small.head.size}-{large.head.size}.tlog-fork")
        write_whole(file, found.fork)
    return {
        "relation": found.relation.value,
        "origin": small.head.origin,
        "sides": [
            {"file": str(path), "size": side.head.size, "root": side.head.root.hex()}
            for path, side in zip((one, other), sides, strict=True)
        ],
        "words": found.words,
        "fork": str(file) if file else None,
    }


def _known_fork(path: Path, data: bytes, policy: Policy) -> dict[str, Any]:
    """What a proof of a fork says that one of the two parties holds already."""
    found = check_fork(data, policy)
    if not found.holds:
        raise ConfigurationError("; ".join(found.reasons), file=str(path))
    return {
        "relation": Relation.FORK.value,
        "origin": found.origin,
        "sides": _sides(str(path), found),
        "words": "",
        "fork": str(path),
    }


def _sides(file: str, found: ForkCheck) -> list[dict[str, Any]]:
    return [
        {"file": file, "size": size, "root": root}
        for size, root in zip(found.sizes, found.roots, strict=True)
    ]


def _folder(path: Path) -> Path | None:
    """The log in a folder, be it a mission's or the log's own; None for a file."""
    if not path.is_dir():
        return None
    inner = path / EVIDENCE
    return inner if (inner / "checkpoint").is_file() else path


def _own_keys(*paths: Path) -> list[str]:
    """The keys that the folders name: every key that either of them ever had."""
    found: list[str] = []
    for path in paths:
        folder = _folder(path)
        if folder is not None:
            found += [key for key in Mirror(folder).vkeys() if key not in found]
    if not found:
        raise NotFound("whose log? Name its key with --vkey: neither side is a folder that has one")
    return found


def _side(path: Path) -> Side:
    folder = _folder(path)
    try:
        if folder is None:
            return read_side(read_some(path, FORK_LIMIT))
        published = Mirror(folder)
        data = read_some(folder / "checkpoint", FORK_LIMIT)
        return read_side(data, published.tiles if (folder / "tile").is_dir() else None)
    except ValueError as error:
        raise ConfigurationError(str(error), file=str(path)) from error


def check_fork_file(file: Path, data: bytes, policy: Policy) -> dict[str, Any]:
    """Whether the proof of a fork holds by a policy's keys."""
    found = check_fork(data, policy)
    return {
        "holds": found.holds,
        "reasons": list(found.reasons),
        "file": str(file),
        "fork": found.holds,
        "origin": found.origin,
        "sides": [
            {**side, "cosigned": [one.witness for one in cosigned]}
            for side, cosigned in zip(_sides(str(file), found), found.cosigned, strict=True)
        ],
    }


def fork_lines(data: dict[str, Any]) -> list[str]:
    """The verdict on the proof of a fork, for people."""
    if not data["holds"]:
        return ["THE PROOF OF A FORK DOES NOT HOLD.", *(f"PROBLEM: {w}" for w in data["reasons"])]
    out = [f"THE LOG {data['origin']} FORKED: its key signed two histories."]
    for side in data["sides"]:
        by = f", cosigned by {', '.join(side['cosigned'])}" if side["cosigned"] else ""
        out.append(f"    {side['size']} entries under root {side['root']}{by}")
    return out


def lines(data: dict[str, Any]) -> list[str]:
    """How the two stand to each other, for people."""
    sides = [f"    {s['size']} entries under root {s['root']}: {s['file']}" for s in data["sides"]]
    small, large = sorted(data["sides"], key=lambda side: int(side["size"]))
    match Relation(data["relation"]):
        case Relation.SAME:
            verdict = f"The same: one checkpoint of {data['origin']}."
        case Relation.GREW:
            verdict = (
                f"{data['origin']} grew from {small['size']} to {large['size']} entries, and what "
                "was there is still there."
            )
        case Relation.FORK:
            verdict = (
                f"FORK: the key of {data['origin']} signed two histories. The proof of it, for "
                f"anyone to check: {data['fork']}"
            )
        case Relation.UNTOLD:
            verdict = f"It cannot be told whether one grew out of the other: {data['words']}."
    return [verdict, *sides]
