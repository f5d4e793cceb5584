"""Taking over the log of another site: copied, audited, held against what was taken before."""

from __future__ import annotations

import os
import shutil
import stat
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.app.auditing.places import log_folder
from trucewatch.app.federation.copies import NAME, PREFIX, copies_in, place_of, taken_before
from trucewatch.app.files import make_folder, write_whole
from trucewatch.app.mission import Mission
from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import EvidenceError, NotFound, SourceUnavailable
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.evidence.audit import fsck, policy_of
from trucewatch.evidence.audit.forks import Relation, compare, read_side
from trucewatch.evidence.audit.keyring import read_keyring
from trucewatch.evidence.audit.trees import Tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from trucewatch.app.federation.settings import FederatedSection

# In this order: each part may have grown since the one before it was copied, never the other way.
FILES = ("checkpoint", "vkeys", "vkey")
FOLDERS = ("keychange", "witnessed", "tile", "journal", "payload")
STAGE = "new"
FORKS = "forks"
MANY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What came of one log. `refused` says why nothing was taken, and is empty where it was.

    It had `before` entries here and has `size` now. `fork` is the file that proves a fork.
    """

    origin: str
    before: int
    size: int
    root: str = ""
    log_index: int | None = None
    refused: str = ""
    fork: str = ""
    unregistered: tuple[tuple[str, int], ...] = ()


class _RefusedError(Exception):
    """Nothing of this log is taken over; `fork` proves why, where it can be proved."""

    def __init__(self, words: str, fork: str = "") -> None:
        super().__init__(words)
        self.fork = fork


def pull(folder: Path, *, now: Callable[[], datetime]) -> tuple[Pulled, ...]:
    """Take over what has grown in every `[[federated]]` log, each by itself.

    A log that does not hold, or has another past than what was taken before, is refused and told;
    the others are taken. NotFound where mission.toml names none.
    """
    with Mission.open(folder, now=now) as mission:
        text = (mission.folder / "mission.toml").read_text("utf-8-sig")
        sections = read_settings(MissionFile, text, file="mission.toml").federated
        if not sections:
            raise NotFound("mission.toml names no [[federated]]: 'trucewatch federate add' does")
        # The log is read bare: a copy that is missing is what this is to put back.
        notes = taken_before(mission.log)
        staged = [_staged(mission.folder, one, notes.get(one.origin)) for one in sections]
        mission.copies.forget()
        mission.sync_settings()
        found = tuple(_entered(mission, one, notes) for one in staged)
        mission.drop_erased()
        mission.log.publish()
        return tuple(_counted(mission, one) for one in found)


def _staged(folder: Path, section: FederatedSection, before: bytes | None) -> Pulled:
    """Copy a log, audit the copy, and put it in its place."""
    known = 0 if before is None else read_side(before).head.size
    place = place_of(folder, section.origin)
    stage = place / STAGE
    try:
        shutil.rmtree(stage, ignore_errors=True)
        make_folder(stage, private=True)
        _copy(log_folder(_source(folder, section.folder)), stage)
        size, root = _audited(section, place, before)
        _install(place, stage, size)
    except (_RefusedError, NotFound, SourceUnavailable, EvidenceError, ValueError) as fault:
        shutil.rmtree(stage, ignore_errors=True)
        proof = fault.fork if isinstance(fault, _RefusedError) else ""
        return Pulled(
            origin=section.origin, before=known, size=known, refused=str(fault), fork=proof
        )
    return Pulled(origin=section.origin, before=known, size=size, root=root)


def _source(folder: Path, named: str) -> Path:
    """The folder that mission.toml names, from the mission's own where it is relative."""
    return folder / Path(named).expanduser()


def _copy(source: Path, stage: Path) -> None:
    """Copy what a log consists of, and nothing that is no plain file: links lead elsewhere."""
    try:
        for name in FILES:
            if (source / name).exists() or name in {"checkpoint", "vkey"}:
                _file(source / name, stage / name)
        for name in FOLDERS:
            if (source / name).is_dir() and not (source / name).is_symlink():
                _tree(source / name, stage / name)
        os.sync()
    except OSError as fault:
        raise SourceUnavailable(f"the log cannot be copied: {fault}") from fault


def _tree(source: Path, target: Path) -> None:
    target.mkdir(mode=0o700)
    for each in sorted(os.scandir(source), key=lambda one: one.name):
        if each.is_dir(follow_symlinks=False):
            _tree(source / each.name, target / each.name)
        else:
            _file(source / each.name, target / each.name)


def _file(source: Path, target: Path) -> None:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(source, flags), "rb") as given:
        if not stat.S_ISREG(os.fstat(given.fileno()).st_mode):
            raise SourceUnavailable(f"{source} is no plain file")
        with target.open("xb") as taken:
            shutil.copyfileobj(given, taken)


def _audited(section: FederatedSection, place: Path, before: bytes | None) -> tuple[int, str]:
    """Size and root of the copy that was made, once all of it holds and it has grown."""
    stage = place / STAGE
    problems: list[str] = []
    keys = read_keyring(stage, problems.append)
    doubt = "" if keys is None else keys.doubt(section.vkey)
    if keys is None or problems or doubt:
        raise _RefusedError("; ".join([*problems[:MANY], *([doubt] if doubt else [])]))
    if before is not None:
        _hold_against(before, place, keys.vkeys())
    found = fsck(stage, pinned=section.vkey)
    if not found.ok:
        raise _RefusedError("the copy does not hold: " + "; ".join(found.problems[:MANY]))
    if found.origin != section.origin:
        raise _RefusedError(f"it is the log {found.origin!r}")
    return found.size, found.root


def _hold_against(before: bytes, place: Path, vkeys: Sequence[str]) -> None:
    """Refuse a log that is not what was taken before and more; a fork is kept, and proved."""
    note = (place / STAGE / NAME).read_bytes()
    copies = copies_in(place)
    older = read_side(before, Tiles(copies[-1]) if copies else None)
    newer = read_side(note, Tiles(place / STAGE))
    told = compare(older, newer, policy_of(vkeys))
    if told.relation is Relation.FORK:
        kept = place / FORKS / f"{sha256(told.fork).hexdigest()[:16]}.tlog-fork"
        make_folder(kept.parent, private=True)
        write_whole(kept, told.fork)
        raise _RefusedError(
            "a fork: two histories were signed. Its proof is kept, and 'trucewatch audit check' "
            "shows it to anybody",
            str(kept),
        )
    if told.relation is Relation.UNTOLD:
        raise _RefusedError(f"that it grew out of what was taken before is not shown: {told.words}")
    if newer.head.size < older.head.size:
        raise _RefusedError(
            f"it has {newer.head.size} entries where {older.head.size} were taken before: an older "
            "copy"
        )


def _install(place: Path, stage: Path, size: int) -> None:
    """Put an audited copy in its place; those before it go."""
    target = place / f"{size:012}"
    shutil.rmtree(target, ignore_errors=True)
    stage.rename(target)
    for copy in copies_in(place):
        if copy != target:
            shutil.rmtree(copy)
    os.sync()


def _entered(mission: Mission, one: Pulled, notes: dict[str, bytes]) -> Pulled:
    """Say in the mission's own log how far another one is taken over, where that is news."""
    if one.refused or (one.size == one.before and one.origin in notes):
        return one
    payload = (place_of(mission.folder, one.origin) / f"{one.size:012}" / NAME).read_bytes()
    entry = NewEntry(
        kind=EntryKind.HEARTBEAT,
        source=f"{PREFIX}{one.origin}",
        payload=payload,
        name=NAME,
        media="text/plain",
    )
    (receipt,) = mission.log.append([entry], received=mission.now())
    return replace(one, log_index=receipt.index)


def _counted(mission: Mission, one: Pulled) -> Pulled:
    """With the deliveries that wait for their source to be registered."""
    if one.refused:
        return one
    known = mission.configuration().sources
    waiting = Counter(
        entry.source
        for entry in mission.copies.log(one.origin).entries()
        if entry.kind is EntryKind.REPORT and entry.source not in known
    )
    return replace(one, unregistered=tuple(sorted(waiting.items())))


def pulled_data(found: Sequence[Pulled]) -> dict[str, Any]:
    """What was pulled, for JSON."""
    return {
        "ok": not any(one.refused for one in found),
        "logs": [
            {
                "origin": one.origin,
                "before": one.before,
                "size": one.size,
                "root": one.root,
                "log_index": one.log_index,
                "refused": one.refused,
                "fork": one.fork,
                "unregistered": dict(one.unregistered),
            }
            for one in found
        ],
    }


def pulled_lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    lines = []
    for one in data["logs"]:
        if one["refused"]:
            lines.append(f"REFUSED {one['origin']}: {one['refused']}")
            lines += [f"  proof: {one['fork']}"] if one["fork"] else []
            continue
        grew = one["size"] - one["before"]
        told = f"{grew} new entries" if one["log_index"] is not None else "nothing new"
        lines.append(f"{one['origin']}: {told}, {one['size']} in all, each of them audited")
        lines += [
            f"  {count} of {source!r} wait: that source is not in sources.toml"
            for source, count in one["unregistered"].items()
        ]
    return [*lines, "Next: 'trucewatch run' counts their reports in."]
