"""What `mission.toml` says of the web application: where it is reached, and who signs people in."""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from trucewatch.app.section import Role, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.app.settings import PersonSection

_HOST = re.compile(
    r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?)*"
)
_LONGEST = 253


def _host(name: str) -> str:
    if len(name) > _LONGEST or not _HOST.fullmatch(name):
        raise ValueError(f"{name!r} is no host name in small letters, without a port")
    return name


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError(f"{text!r} is no address such as 127.0.0.1") from None


def _base(url: str) -> str:
    if not url:
        return url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError(f"{url!r} is no address") from None
    whole = f"{parts.scheme}://{parts.hostname}" + ("" if port is None else f":{port}")
    if parts.scheme not in {"http", "https"} or not parts.hostname or url != whole:
        raise ValueError("write scheme and host alone, such as 'https://watch.example.org'")
    return url


def _issuer(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(f"{url!r} is no address") from None
    near = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme != "https" and not (near and parts.scheme == "http"):
        raise ValueError("an issuer is reached by https; by http on this machine alone")
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("write the issuer as it names itself, without a name, query or fragment")
    return url


class WebSection(Section):
    """Where the application is reached, and how long a session lasts: `[web]`."""

    base_url: Annotated[str, AfterValidator(_base)] = ""
    hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = ()
    proxies: tuple[Annotated[str, AfterValidator(_address)], ...] = ()
    session_hours: float = Field(default=12, gt=0, le=24 * 30)
    idle_minutes: float = Field(default=60, gt=0, le=24 * 60)
    calls_per_minute: int = Field(default=6000, ge=60, le=1_000_000)
    upload_mb: float = Field(default=16, gt=0, le=200)
    connections_per_network: int = Field(default=200, ge=8, le=1_000)
    second_factor: tuple[Role, ...] = ()
    breached_passwords: Annotated[str, Field(max_length=1_000)] = ""

    @property
    def https(self) -> bool:
        """Whether people reach it by https."""
        return self.base_url.startswith("https://")


class OidcSection(Section):
    """The provider that signs people in: `[oidc]`. Its secret stands elsewhere, never here."""

    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str = Field(min_length=1, max_length=200)
    name: str = "Single sign-on"
    secret_file: str = ""
    secret_variable: Annotated[str, Field(pattern=r"^([A-Z_][A-Z0-9_]{0,100})?$")] = ""
    claim: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,60}$")] = "sub"
    wait_s: float = Field(default=10, gt=0, le=60)
    acr: tuple[Annotated[str, Field(pattern=r"^[!-~]{1,200}$")], ...] = ()
    max_age_minutes: int | None = Field(default=None, ge=0, le=60 * 24 * 30)

    @model_validator(mode="after")
    def _one_secret(self) -> OidcSection:
        if self.secret_file and self.secret_variable:
            raise ValueError("give 'secret_file' or 'secret_variable', not both")
        return self


def people_faults(
    people: Sequence[PersonSection], oidc: OidcSection | None
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where [[people]] contradict their roles or one another."""
    subjects = Counter(person.oidc_subject for person in people if person.oidc_subject)
    for place, person in enumerate(people):
        for role, field in (("party", person.party), ("member", person.state)):
            needed = "party" if role == "party" else "state"
            if role in person.roles and not field:
                yield ("people", place, needed), f"the role {role!r} needs {needed!r}: for whom?"
        if person.oidc_subject and oidc is None:
            yield ("people", place, "oidc_subject"), "there is no [oidc] that could name anybody"
        if person.oidc_subject and subjects[person.oidc_subject] > 1:
            yield ("people", place, "oidc_subject"), "one subject is one person: it stands twice"
