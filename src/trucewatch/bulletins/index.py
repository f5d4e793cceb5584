"""The cover page of a folder of bulletins, made from their seals alone."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from trucewatch.bulletins.html import environment
from trucewatch.bulletins.look import style
from trucewatch.bulletins.seal import SEAL_SCHEMA
from trucewatch.bulletins.wording import day, whole

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    superseded_by: str = ""
    superseded_how: tuple[str, ...] = ()


def index_page(entries: Iterable[tuple[str, bytes]]) -> bytes:
    """`index.html` for (name, seal) pairs, in the order of their names.

    The name is the seal's file without `.seal.json`. An issue that a later one stands in place of
    names that one. Raises ValueError for what is no seal.
    """
    lines = [_line(stem, json.loads(raw)) for stem, raw in sorted(set(entries))]
    later = {line.corrects: line for line in lines if line.corrects}
    lines = [
        replace(line, superseded_by=later[line.stem].stem, superseded_how=later[line.stem].changes)
        if line.stem in later
        else line
        for line in lines
    ]
    page = environment().get_template("index.html.j2")
    origins = sorted({line.origin for line in lines})
    drill = any(line.exercise for line in lines)
    return page.render(lines=lines, origins=origins, style=style(), drill=drill).encode("utf-8")


def _line(stem: str, seal: dict[str, object]) -> _Line:
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
    )


def _title(stem: str) -> str:
    name = _ISSUE.sub("", stem)
    if _DAY.fullmatch(name):
        return day(date.fromisoformat(name))
    return "The whole truce" if name == "truce" else name
