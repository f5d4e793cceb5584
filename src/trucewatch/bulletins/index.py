"""The cover page of a folder of bulletins, made from their seals and what witnesses said since."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.grading import Standing, standing_of
from trucewatch.bulletins.html import environment
from trucewatch.bulletins.look import style
from trucewatch.bulletins.seal import SEAL_SCHEMA
from trucewatch.bulletins.wording import day, whole
from trucewatch.model import utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.bulletins.seal import Witnessing
    from trucewatch.model import Stamp

NOTHING_SINCE: Mapping[str, Witnessing] = MappingProxyType({})
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:-issue-(\d+))?")
_ISSUE = re.compile(r"-issue-(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    stem: str
    title: str
    issue: int
    bodies: tuple[tuple[str, str], ...]
    issued: str
    size: str
    root: str
    records: str
    version: str
    origin: str
    corrects: str
    changes: tuple[str, ...]
    exercise: bool
    grade: Standing
    federated: tuple[tuple[str, str, str], ...] = ()
    superseded_by: str = ""
    superseded_how: tuple[str, ...] = ()


def index_page(
    entries: Iterable[tuple[str, bytes]], since: Mapping[str, Witnessing] = NOTHING_SINCE
) -> bytes:
    """`index.html` for (name, seal) pairs, in the order of their names.

    The name is the seal's file without `.seal.json`. An issue that a later one stands in place of
    names that one. `since` is how far each can be trusted by now, by its name; without it the seal
    alone says so. Raises ValueError for what is no seal.
    """
    lines = [_line(stem, json.loads(raw), since.get(stem)) for stem, raw in sorted(set(entries))]
    later = {line.corrects: line for line in lines if line.corrects}
    lines = [
        replace(line, superseded_by=later[line.stem].stem, superseded_how=later[line.stem].changes)
        if line.stem in later
        else line
        for line in lines
    ]
    page = environment().get_template("index.html.j2")
    grades = {line.grade.word: line.grade for line in lines}
    origins = sorted({line.origin for line in lines})
    drill = any(line.exercise for line in lines)
    return page.render(
        lines=lines, origins=origins, style=style(), drill=drill, grades=grades
    ).encode("utf-8")


def seal_page(
    stem: str,
    raw: bytes,
    since: Witnessing | None = None,
    stamp: Stamp | None = None,
    *,
    proof: bool = False,
) -> bytes:
    """`STEM.seal.html`: one seal for people, with how to check it. ValueError for what is none.

    `since` is how far the bulletin can be trusted by now, if that is more than the seal says;
    `stamp` is the first time stamp that covers it, which the caller has verified. `proof` says
    that `STEM.tlog-proof` lies beside it.
    """
    seal = json.loads(raw)
    line = _line(stem, seal, since)
    page = environment().get_template("seal.html.j2")
    return page.render(
        l=line,
        style=style(),
        digest=hashlib.sha256(raw).hexdigest(),
        note=line.grade.note or str(seal["checkpoint"]["note"]),
        proof=proof,
        stamp=stamp,
        stamped=_by(stamp),
    ).encode("utf-8")


def _by(stamp: Stamp | None) -> str:
    """By when what a stamp covers stood in the log; a bound is rounded up to the second."""
    if stamp is None:
        return ""
    bound = utc(stamp.not_after)
    bound += timedelta(seconds=1) if bound.microsecond else timedelta(0)
    return f"{bound:%Y-%m-%d %H:%M:%S} UTC"


def _line(stem: str, seal: dict[str, Any], since: Witnessing | None) -> _Line:
    checkpoint, evidence, bodies = seal.get("checkpoint"), seal.get("evidence"), seal.get("bodies")
    if (
        seal.get("schema") != SEAL_SCHEMA
        or not isinstance(checkpoint, dict)
        or not isinstance(evidence, dict)
        or not isinstance(bodies, dict)
    ):
        raise ValueError(f"{stem!r} is not a seal of a bulletin")
    issue, corrects = _ISSUE.search(stem), seal.get("corrects")
    return _Line(
        stem=stem,
        title=_title(stem),
        issue=int(issue.group(1)) if issue else 1,
        bodies=tuple(sorted(bodies.items())),
        issued=str(seal.get("issued", "")).replace("T", " ").replace("Z", " UTC"),
        size=whole(int(checkpoint["size"])),
        root=str(checkpoint["root"]),
        records=whole(int(evidence["size"])),
        version=str(evidence["version"]),
        origin=str(checkpoint["origin"]),
        corrects=str(corrects["stem"]) if isinstance(corrects, dict) else "",
        changes=tuple(sorted(corrects["files"])) if isinstance(corrects, dict) else (),
        exercise=seal.get("exercise") is True,
        grade=standing_of(seal.get("witnessing"), since),
        federated=tuple(
            (str(one["origin"]), whole(int(one["size"])), str(one["root"]))
            for one in seal.get("federated", ())
        ),
    )


def _title(stem: str) -> str:
    name = _ISSUE.sub("", stem)
    if _DAY.fullmatch(name):
        return day(date.fromisoformat(name))
    return "The whole truce" if name == "truce" else name
