"""Signing in by a provider: authorization code with PKCE, state and nonce (OpenID Connect).

Each try is kept here, bound to the browser that began it, good once and for ten minutes.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import time
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import httpx2

from trucewatch.app.web.accounts.hashing import digest
from trucewatch.app.web.accounts.vouching import Unproved, claims_of, demand, key_set
from trucewatch.errors import ConfigurationError, MissingExtra, SourceUnavailable

try:
    from authlib.oauth2.rfc7636 import create_s256_code_challenge
except ImportError as error:
    raise MissingExtra("sign-in by a provider", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from joserfc.jwk import KeySet

    from trucewatch.app.web.settings import OidcSection

DISCOVERY = "/.well-known/openid-configuration"
LARGEST_ANSWER = 256 * 1024
TRY_S = 600.0
MOST_TRIES = 1_000
FRESH_S = 3600.0
AGAIN_S = 60.0
_LONGEST = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One sign-in on its way; nothing of it is shown to anybody but its own browser."""

    state: str
    nonce: str
    verifier: str
    back: str
    to: str
    issuer: str
    until: float


class Provider:
    """The provider of one mission, as `[oidc]` names it; shared by the threads of a server."""

    def __init__(self, folder: Path, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._ticks = folder, ticks
        self._lock = Lock()
        self._tries: OrderedDict[str, Try] = OrderedDict()
        self._told: dict[str, tuple[float, Any]] = {}

    def begin(self, section: OidcSection, *, back: str, to: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to keep until it comes back.

        SourceUnavailable where the provider does not answer, or is not who it should be.
        """
        metadata = self._metadata(section)
        browser = secrets.token_urlsafe(32)
        made = Try(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            back=back,
            to=to,
            issuer=section.issuer,
            until=self._ticks() + TRY_S,
        )
        with self._lock:
            self._tries[digest(browser)] = made
            while len(self._tries) > MOST_TRIES:
                self._tries.popitem(last=False)
        asked = {
            "response_type": "code",
            "client_id": section.client_id,
            "redirect_uri": back,
            "scope": "openid" if section.claim == "sub" else "openid email profile",
            "state": made.state,
            "nonce": made.nonce,
            "code_challenge": create_s256_code_challenge(made.verifier),
            "code_challenge_method": "S256",
        }
        if section.acr:
            asked["acr_values"] = " ".join(section.acr)
        if section.max_age_minutes is not None:
            asked["max_age"] = str(section.max_age_minutes * 60)
        address = metadata["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", browser

    def finish(
        self, section: OidcSection, browser: str, answer: Mapping[str, str], *, at: datetime
    ) -> tuple[str, str]:
        """The subject that the provider vouches for, and where to go; Unproved for anything else.

        Weak where the provider signed them in by less, or longer ago, than `[oidc]` demands. The
        try is used up, whatever comes of it.
        """
        with self._lock:
            made = self._tries.pop(digest(browser), None) if browser else None
        if made is None or made.until <= self._ticks() or made.issuer != section.issuer:
            raise Unproved("this browser began no sign-in, or too long ago")
        if not hmac.compare_digest(answer.get("state", "").encode(), made.state.encode()):
            raise Unproved("the state is another")
        metadata = self._metadata(section)
        named = answer.get("iss")
        promised = metadata.get("authorization_response_iss_parameter_supported") is True
        if (named is None and promised) or (named is not None and named != section.issuer):
            raise Unproved("another issuer answered")
        code = answer.get("code", "")
        if answer.get("error") or not code or len(code) > _LONGEST:
            raise Unproved("the provider gave no code")
        told = self._exchange(section, metadata, made, code)
        claims = self._claims(section, metadata, told, made, at)
        demand(claims, section, at=at)
        if section.claim == "email" and claims.get("email_verified") is not True:
            raise Unproved("the provider has not verified the address")
        subject = claims.get(section.claim)
        if not isinstance(subject, str) or not subject:
            raise Unproved(f"the ID token has no claim {section.claim!r}")
        return subject, made.to

    def _claims(
        self,
        section: OidcSection,
        metadata: Mapping[str, Any],
        told: Mapping[str, Any],
        made: Try,
        at: datetime,
    ) -> dict[str, Any]:
        given: dict[str, Any] = {
            "issuer": section.issuer,
            "client_id": section.client_id,
            "nonce": made.nonce,
            "access_token": told.get("access_token"),
            "at": at,
        }
        try:
            return claims_of(told.get("id_token"), self._keys(section, metadata), **given)
        except Unproved:
            # It may have changed its keys since; asked too often, it is not asked.
            fresh = self._keys(section, metadata, older_s=AGAIN_S)
            return claims_of(told.get("id_token"), fresh, **given)

    def _exchange(
        self, section: OidcSection, metadata: Mapping[str, Any], made: Try, code: str
    ) -> dict[str, Any]:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": made.back,
            "code_verifier": made.verifier,
            "client_id": section.client_id,
        }
        secret = read_secret(section, self._folder)
        heads = {}
        if secret is not None:
            ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            if "client_secret_basic" in ways:
                pair = f"{quote(section.client_id, safe='')}:{quote(secret, safe='')}"
                heads["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
            else:
                fields["client_secret"] = secret
        status, told = self._ask(section, metadata["token_endpoint"], fields=fields, heads=heads)
        if status != 200 or not isinstance(told, dict):
            raise Unproved("the provider does not take the code")
        return told

    def _metadata(self, section: OidcSection) -> dict[str, Any]:
        def read() -> dict[str, Any]:
            where = f"{section.issuer.rstrip('/')}{DISCOVERY}"
            status, told = self._ask(section, where)
            if status != 200 or not isinstance(told, dict) or told.get("issuer") != section.issuer:
                raise SourceUnavailable("the provider does not say that it is the issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _reaches(told.get(name), section.issuer):
                    raise SourceUnavailable(f"the provider names no proper {name}")
            return told

        found: dict[str, Any] = self._kept(f"metadata {section.issuer}", FRESH_S, read)
        return found

    def _keys(
        self, section: OidcSection, metadata: Mapping[str, Any], *, older_s: float = FRESH_S
    ) -> KeySet:
        where = metadata["jwks_uri"]

        def read() -> KeySet:
            return key_set(self._ask(section, where)[1])

        found: KeySet = self._kept(f"keys {where}", older_s, read)
        return found

    def _kept(self, name: str, fresh_s: float, read: Callable[[], Any]) -> Any:  # noqa: ANN401 -- what `read` gives
        held = self._told.get(name)
        if held is not None and held[0] > self._ticks() - fresh_s:
            return held[1]
        told = read()
        self._told[name] = (self._ticks(), told)
        return told

    def _ask(
        self,
        section: OidcSection,
        address: str,
        *,
        fields: Mapping[str, str] | None = None,
        heads: Mapping[str, str] | None = None,
    ) -> tuple[int, object]:
        """Status and JSON of an answer within its time and size; None for what is no JSON."""
        until = self._ticks() + section.wait_s
        # Neither the surroundings' proxies nor their passwords have a say in this.
        with httpx2.Client(
            trust_env=False, follow_redirects=False, timeout=section.wait_s
        ) as client:
            wanted = {"accept": "application/json", "accept-encoding": "identity", **(heads or {})}
            method = "GET" if fields is None else "POST"
            try:
                with client.stream(method, address, data=fields, headers=wanted) as answer:
                    taken = bytearray()
                    for chunk in answer.iter_raw():
                        taken += chunk
                        if len(taken) > LARGEST_ANSWER or self._ticks() > until:
                            raise SourceUnavailable("the provider says too much, or too slowly")
                    status = answer.status_code
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as fault:
                raise SourceUnavailable("the provider does not answer") from fault
        try:
            return status, json.loads(taken)
        except (ValueError, RecursionError):
            return status, None


def read_secret(section: OidcSection, folder: Path) -> str | None:
    """The secret of the client, read anew each time; None for a public client.

    ConfigurationError where it is not there, or where others may read its file.
    """
    if section.secret_variable:
        found = os.environ.get(section.secret_variable, "")
        if not found:
            raise ConfigurationError("this variable is not set", file=section.secret_variable)
        return found
    if not section.secret_file:
        return None
    path = folder / section.secret_file
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigurationError("others may read it: chmod 600", file=section.secret_file)
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError("cannot be read", file=section.secret_file) from None
    if not lines or not lines[0]:
        raise ConfigurationError("its first line is empty", file=section.secret_file)
    return lines[0]


def _reaches(address: object, issuer: str) -> bool:
    """Whether an address is one to ask: by https, or as near as an issuer on this machine."""
    if not isinstance(address, str) or len(address) > _LONGEST:
        return False
    try:
        parts, home = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.fragment:
        return False
    return parts.scheme == "https" or (
        home.scheme == "http" and (parts.scheme, parts.netloc) == (home.scheme, home.netloc)
    )
