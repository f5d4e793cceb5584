"""Naming the log of another site: a table at the end of `mission.toml`, checked first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trucewatch.app.files import write_whole
from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import ConfigurationError, NotFound, Refused

if TYPE_CHECKING:
    from pathlib import Path

FILE = "mission.toml"


def add(folder: Path, *, origin: str, vkey: str, source: str) -> dict[str, Any]:
    """Append a `[[federated]]`; every other byte stays as it was.

    Refused, with what is wrong and nothing written, where the file with it would not be valid;
    NotFound where there is no mission.
    """
    path = folder / FILE
    try:
        before = path.read_bytes().decode()
    except FileNotFoundError:
        raise NotFound(f"no {FILE} in {folder}: name the mission's folder with --mission") from None
    except UnicodeDecodeError:
        raise ConfigurationError("not UTF-8", file=FILE) from None
    read_settings(MissionFile, before, file=FILE)
    fields = {"origin": origin, "vkey": vkey, "folder": source}
    # What JSON escapes TOML escapes alike; the one sign that it lets pass, TOML refuses.
    table = "".join(
        f"{key} = {json.dumps(text, ensure_ascii=False)}\n" for key, text in fields.items()
    )
    after = f"{before.rstrip()}\n\n[[federated]]\n{table}"
    try:
        read_settings(MissionFile, after, file=FILE)
    except ConfigurationError as fault:
        raise Refused(f"not added: {fault.message}") from None
    write_whole(path, after.encode())
    return {"origin": origin, "vkey": vkey, "folder": source}


def lines(data: dict[str, Any]) -> list[str]:
    """What was added, for people."""
    return [
        f"Added {data['origin']!r} to {FILE}: its reports count once they are pulled.",
        "Register its sources in sources.toml, by the ids that they have there.",
        "Next: 'trucewatch federate pull' copies and audits it.",
    ]
