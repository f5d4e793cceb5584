"""The time stamps of a log, held against what it published and the authority's certificates."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trucewatch.app.auditing.places import log_folder, read_some
from trucewatch.app.stamping.keeping import stamp_data, told_of
from trucewatch.app.witnessing.enlisting import settings_now
from trucewatch.errors import ConfigurationError, EvidenceError, LogDamaged, NotFound
from trucewatch.evidence.audit import Mirror
from trucewatch.evidence.audit.stamped import read_stamp, signed_text, stamp_files
from trucewatch.evidence.stamps import STAMP_LIMIT, read_certificates, verify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo
    from pathlib import Path

    from cryptography.x509 import Certificate


def stamps(folder: Path, certificates: Path | None = None) -> dict[str, Any]:
    """Each stamp of the log in a mission's folder, or of a copy of what a log publishes.

    `certificates` is a PEM file to believe in place of the one that mission.toml names. The log is
    read by the auditor's code. NotFound without a log or without certificates where there are
    stamps, LogDamaged where the published files contradict one another, MissingExtra without the
    extra.
    """
    place, problems = log_folder(folder), list[str]()
    log = Mirror(place)
    try:
        files = list(stamp_files(place, problems.append))
        _, _, head = next(log.notes())
        if files and log.tiles.root(0, head.size) != head.root:
            raise LogDamaged("checkpoint: the tiles of the log do not make its root")
        trusted, zone = _trusted(folder, certificates) if files else ((), UTC)
        found = []
        for size, path in files:
            text = ""
            if size <= head.size:
                text = signed_text(head.origin, size, log.tiles.root(0, size))
            found.append(_one(size, read_stamp(path), text, trusted, zone))
    except OSError as error:
        raise EvidenceError(f"the log cannot be read: {error}") from error
    return {
        "origin": head.origin,
        "size": head.size,
        "stamps": found,
        "problems": problems,
        "ok": not problems and all(one["holds"] for one in found),
    }


def _one(
    size: int, answer: bytes, text: str, trusted: Sequence[Certificate], zone: tzinfo
) -> dict[str, Any]:
    """What one stamp says, or why it does not hold. An empty text is of no checkpoint at all."""
    try:
        if not text:
            raise ValueError("the published log has not that many entries")
        stamp = verify(answer, text, trusted, size=size)
    except ValueError as fault:
        return {"size": size, "holds": False, "words": str(fault)}
    return {**stamp_data(stamp, zone), "holds": True}


def _trusted(folder: Path, given: Path | None) -> tuple[tuple[Certificate, ...], tzinfo]:
    """The certificates to believe, and the zone in which times are told."""
    if given is not None:
        return _read(given), UTC
    settings = settings_now(folder)
    if settings.timestamps is None:
        raise NotFound("mission.toml has no [timestamps]: give the --certificates to believe")
    zone = ZoneInfo(settings.mission.timezone)
    return _read(folder / settings.timestamps.certificates), zone


def _read(path: Path) -> tuple[Certificate, ...]:
    try:
        return read_certificates(read_some(path, STAMP_LIMIT))
    except ValueError as fault:
        raise ConfigurationError(str(fault), file=str(path)) from None


def lines(data: dict[str, Any]) -> list[str]:
    """What was found, for people."""
    out = [f"{data['origin']}: {len(data['stamps'])} time stamps"]
    for one in data["stamps"]:
        if one["holds"]:
            out.append(told_of(one))
        else:
            out.append(f"DOES NOT HOLD: the time stamp of {one['size']} entries: {one['words']}")
    out += [f"PROBLEM: {words}" for words in data["problems"]]
    if any(one["holds"] for one in data["stamps"]):
        out.append("A time stamp is an upper bound of time. It does not say that there is one log.")
    return out
