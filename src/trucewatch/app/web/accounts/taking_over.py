"""Tokens of notices that were made before there were accounts: taken over once, and still good."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from trucewatch.errors import ConfigurationError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

FILE = "notice-tokens.json"
"""Where the hashes of such tokens were kept, in the mission's folder and outside the log."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def take_over(folder: Path, link: sqlite3.Connection) -> None:
    """Move the tokens of that file into the accounts, and remove it; most often it is not there.

    ConfigurationError where the file is not what wrote it. It is removed last: where this ends
    early, the next time does it again.
    """
    path = folder / FILE
    try:
        raw = path.read_bytes()
        made = int(path.stat().st_mtime)
    except FileNotFoundError:
        return
    try:
        data = json.loads(raw)
    except ValueError:
        data = None
    if not isinstance(data, dict) or not all(
        isinstance(kept, str) and _DIGEST.fullmatch(kept) for kept in data.values()
    ):
        raise ConfigurationError("not what 'notice token' wrote: delete it", file=FILE)
    for person, kept in data.items():
        link.execute(
            "INSERT OR IGNORE INTO token VALUES(?, ?, ?, 'notice', ?, NULL, NULL)",
            (f"tok-{kept[:8]}", kept, person, made),
        )
    link.execute("COMMIT")
    link.execute("BEGIN IMMEDIATE")
    path.unlink(missing_ok=True)
