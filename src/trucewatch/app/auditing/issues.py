"""Bulletins as they were issued: the seal that the log holds, and the files at hand."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.app.publishing.bulletins import RENDERERS
from trucewatch.app.publishing.covers import SEAL
from trucewatch.errors import LogDamaged, NotFound

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission

SCHEMA = "trucewatch.seal/1"
_HEX = re.compile("[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_STEM = re.compile(r"(truce|[0-9]{4}-[0-9]{2}-[0-9]{2})(-issue-[1-9][0-9]{0,5})?")
_PUBLIC, _FOR = "bulletins", "for-"
_TEXTS = {
    "checkpoint": ("origin", "root", "note"),
    "evidence": ("origin", "root", "version"),
    "corrects": ("stem", "seal", "record"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One bulletin as it was issued: `raw` is its seal, `entry` where that stands in the log.

    `entry` is None for a seal that the log does not hold. `files` are those at hand, by name.
    """

    folder: str
    stem: str
    raw: bytes
    seal: dict[str, Any]
    entry: int | None
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """How many entries of the log it was made from."""
        return int(self.seal["checkpoint"]["size"])

    @property
    def audience(self) -> str:
        """For whom it was made."""
        return "public" if self.folder == _PUBLIC else self.folder.removeprefix(_FOR)

    @property
    def day(self) -> date | None:
        """The day that it is of; None for the whole truce."""
        number = self.stem.partition("-issue-")[0]
        return None if number == "truce" else date.fromisoformat(number)

    @property
    def sealed(self) -> dict[str, str]:
        """The SHA-256 (hex) of every file that the seal names."""
        return {**self.seal["bodies"], **self.seal.get("corrects", {}).get("files", {})}


def issues(mission: Mission) -> list[Issue]:
    """Every bulletin that the log says was issued, in the order of the log."""
    names = sorted(mission.in_force().issued.items(), key=lambda item: item[1].index)
    found = (name.removesuffix(SEAL) for name, _ in names if name.endswith(SEAL))
    return [issued(mission, name, mission.folder / name.rpartition("/")[0]) for name in found]


def issued(mission: Mission, name: str, place: Path) -> Issue:
    """The bulletin `FOLDER/STEM` by the log, with its files in `place`; NotFound if there is none.

    LogDamaged for an entry that is no seal.
    """
    entry = mission.in_force().issued.get(f"{name}{SEAL}")
    if entry is None:
        raise NotFound(f"the log holds no seal of a bulletin {name!r}")
    raw = mission.log.payload(entry.payload)
    folder, _, stem = name.rpartition("/")
    try:
        return _issue(folder, stem, raw, entry.index, place)
    except ValueError as error:
        raise LogDamaged(f"log entry {entry.index} is no seal of a bulletin: {error}") from error


def chosen(mission: Mission, text: str) -> Issue:
    """The bulletin that somebody names: by its stem, by its seal or by a file of it.

    A file is known by its name, or else by its bytes, of which some seal must name the hash. A seal
    at hand that the log does not hold is taken as it is, and `entry` is then None. NotFound for
    anything else.
    """
    path = Path(text)
    if not path.is_file():
        name = text if "/" in text else f"{_PUBLIC}/{text}"
        return issued(mission, name, mission.folder / name.rpartition("/")[0])
    raw = path.read_bytes()
    stem = stem_of(path.name)
    for folder in (path.absolute().parent.name, _PUBLIC):
        if stem and f"{folder}/{stem}{SEAL}" in mission.in_force().issued:
            return issued(mission, f"{folder}/{stem}", path.parent)
    if path.name.endswith(SEAL):
        try:
            return _issue(_PUBLIC, path.name.removesuffix(SEAL), raw, None, path.parent)
        except ValueError as error:
            raise NotFound(f"{path} is no seal of a bulletin: {error}") from error
    digest = hashlib.sha256(raw).hexdigest()
    for one in issues(mission):
        for name, sealed in one.sealed.items():
            if sealed == digest:
                return Issue(
                    folder=one.folder,
                    stem=one.stem,
                    raw=one.raw,
                    seal=one.seal,
                    entry=one.entry,
                    files={name: raw},
                )
    raise NotFound(f"{path}: no bulletin was issued under this name or with these bytes")


def stem_of(name: str) -> str:
    """The stem of a file of a bulletin; empty for another name."""
    kinds = [SEAL, *(f".changes.{kind}" for kind in RENDERERS), *(f".{kind}" for kind in RENDERERS)]
    for ending in kinds:
        if name.endswith(ending) and _STEM.fullmatch(stem := name.removesuffix(ending)):
            return stem
    return ""


def _issue(folder: str, stem: str, raw: bytes, entry: int | None, place: Path) -> Issue:
    """A seal read strictly, and the files beside it that it names; ValueError for no seal."""
    if not _STEM.fullmatch(stem):
        raise ValueError("its name is not that of a bulletin")
    seal = _read(raw)
    found = Issue(folder=folder, stem=stem, raw=raw, seal=seal, entry=entry, files={})
    if found.day is not None and not 1900 <= found.day.year <= 2999:
        raise ValueError("no bulletin is made for that year")
    for name in (*found.sealed, f"{stem}{SEAL}"):
        if (place / name).is_file():
            found.files[name] = (place / name).read_bytes()
    return found


def _read(raw: bytes) -> dict[str, Any]:
    """A seal whose every field that is used here has its form; ValueError otherwise."""
    try:
        seal = json.loads(raw)
        parts = {key: seal[key] for key in _TEXTS if key != "corrects" or key in seal}
        texts = [part[key] for name, part in parts.items() for key in _TEXTS[name]]
        hashes = [seal["bodies"], *([seal["corrects"]["files"]] if "corrects" in seal else [])]
        sizes = [seal["checkpoint"]["size"], seal["evidence"]["size"]]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("it has not the fields of a seal") from error
    if (
        seal.get("schema") != SCHEMA
        or not all(isinstance(text, str) for text in texts)
        or not all(type(size) is int and size >= 0 for size in sizes)
        or not all(isinstance(names, dict) for names in hashes)
        or not all(_NAME.fullmatch(name) for names in hashes for name in names)
        or not all(_is_digest(value) for names in hashes for value in names.values())
    ):
        raise ValueError("a field has not the form that it has in a seal")
    return dict(seal)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _HEX.fullmatch(value) is not None
