"""Whose identity opens what a mission keeps encrypted: named by the caller, never by the folder."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from trucewatch.app.identity import named_identity
from trucewatch.app.section import Section
from trucewatch.errors import ConfigurationError
from trucewatch.evidence import Opener

LIMIT = 65_536
_RECIPIENT = re.compile("age1[02-9ac-hj-np-z]{58}")


def _recipient(key: str) -> str:
    if not _RECIPIENT.fullmatch(key):
        raise ValueError("not a public key of age, which begins with age1 and has 62 characters")
    return key


class KeepingSection(Section):
    """How payloads are kept: `[keeping]`. With keys, those that come from then on are encrypted."""

    encrypt_to: tuple[Annotated[str, AfterValidator(_recipient)], ...] = ()


def opener(folder: Path) -> Opener | None:
    """What opens the encrypted payloads of a mission; None where nobody has named an identity.

    ConfigurationError for a file that others may read, that lies in the mission's own folder, or
    that holds no identity of age. Its content is never quoted.
    """
    path = named_identity()
    if path is None:
        return None
    file = str(path)
    real = Path(os.path.realpath(path))
    if Path(os.path.realpath(folder)) in real.parents:
        raise ConfigurationError(
            "an identity is not kept in the folder of the mission that it opens", file=file
        )
    try:
        with real.open("rb") as opened:
            status = os.fstat(opened.fileno())
            data = opened.read(LIMIT + 1)
    except OSError as fault:
        raise ConfigurationError(f"cannot be read: {fault.strerror}", file=file) from None
    if not stat.S_ISREG(status.st_mode) or len(data) > LIMIT:
        raise ConfigurationError("no file of identities", file=file)
    if status.st_mode & 0o077:
        raise ConfigurationError(
            "others may read this identity: 'chmod 600' it, and think of it as known", file=file
        )
    lines = [line.strip() for line in data.decode("ascii", "replace").splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    try:
        if not keys:
            raise ValueError
        return Opener(keys)
    except ValueError:
        raise ConfigurationError("no identity of age stands in it", file=file) from None
