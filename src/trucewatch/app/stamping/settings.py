"""What `mission.toml` says of time stamps: `[timestamps]`, checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from trucewatch.app.section import Section
from trucewatch.errors import ConfigurationError
from trucewatch.evidence.stamps import read_certificates

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "certificates/"
_PLAIN = re.compile(r"[!-~]{1,500}")
_FILE = re.compile(r"certificates/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.pem")


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:
        wrong, parts = True, urlsplit("")
    if wrong or parts.fragment or not _PLAIN.fullmatch(url):
        raise ValueError("the address of an authority begins with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("settings go into the log: no name and no password in the address")
    return url


def _file(name: str) -> str:
    if not _FILE.fullmatch(name):
        raise ValueError("certificates lie in a file such as 'certificates/authority.pem'")
    return name


class TimestampsSection(Section):
    """Who stamps checkpoints with the time: `[timestamps]`. Each change is a log entry."""

    url: Annotated[str, AfterValidator(_address)]
    certificates: Annotated[str, AfterValidator(_file)]
    wait_s: float = Field(default=10, gt=0, le=60)


def check_certificates(files: Mapping[str, bytes]) -> None:
    """Refuse a file of certificates that holds none, or anything that must stay a secret.

    All of them are looked at, named in mission.toml or not: each goes into the log.
    """
    for name, raw in files.items():
        if name.startswith(FOLDER):
            try:
                read_certificates(raw)
            except ValueError as fault:
                raise ConfigurationError(str(fault), file=name) from None
