"""Who may enter notices from elsewhere: one secret for each person, of which the hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from typing import TYPE_CHECKING

from trucewatch.app.files import write_whole
from trucewatch.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "notice-tokens.json"
"""Where the hashes are kept, in the mission's folder and outside the log."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST = 200


def give(folder: Path, person: str) -> str:
    """A new token of a person, who has no other from then on; it is shown this once."""
    token = secrets.token_urlsafe(32)
    write_whole(folder / FILE, _body({**known(folder), person: _digest(token)}), private=True)
    return token


def revoke(folder: Path, person: str) -> bool:
    """Take a person's token out of use; False where there was none."""
    held = known(folder)
    if person not in held:
        return False
    write_whole(folder / FILE, _body({k: v for k, v in held.items() if k != person}), private=True)
    return True


def holder(folder: Path, token: str) -> str | None:
    """Whose token it is; None for nobody's.

    The secret has 256 bits, so its plain hash needs no salt; the comparison takes as long for a
    wrong one as for a right one.
    """
    digest = _digest(token[:LONGEST])
    found = None
    for person, kept in known(folder).items():
        if hmac.compare_digest(kept, digest):
            found = person
    return found


def known(folder: Path) -> dict[str, str]:
    """The hashes by person; ConfigurationError where the file is not what `give` writes."""
    try:
        data = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        data = None
    if not isinstance(data, dict) or not all(
        isinstance(kept, str) and _DIGEST.fullmatch(kept) for kept in data.values()
    ):
        raise ConfigurationError("not what 'notice token' writes: delete it", file=FILE)
    return data


def _digest(token: str) -> str:
    return hashlib.sha256(b"trucewatch/notice-token/1\0" + token.encode("utf-8")).hexdigest()


def _body(held: dict[str, str]) -> bytes:
    return json.dumps(held, indent=1, sort_keys=True).encode("utf-8") + b"\n"
