"""Whether an ID token says who somebody is: signature, issuer, audience, times and nonce.

OpenID Connect Core 1.0, section 3.1.3.7, by authlib's claims and joserfc's signatures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.errors import MissingExtra, Refused

try:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
except ImportError as error:
    raise MissingExtra("sign-in by a provider", "server") from error

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trucewatch.app.web.settings import OidcSection

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a key pair: a secret that both share, or none, signs nobody in."""

KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
LEEWAY_S = 60
LONGEST_LIFE_S = 86_400
LARGEST_TOKEN = 16_384
MOST_KEYS = 50


class Unproved(Refused):
    """What came back proves nobody; the message says which check failed, for the log alone."""


class Weak(Unproved):
    """Whoever it is was signed in by less than the mission demands, or too long ago."""


def key_set(data: object) -> KeySet:
    """The public keys of a provider; Unproved for what is no set of keys.

    Only keys of pairs are taken, so that no published text can serve as a shared secret.
    """
    keys = data.get("keys") if isinstance(data, dict) else None
    if not isinstance(keys, list) or len(keys) > MOST_KEYS:
        raise Unproved("the provider's keys cannot be read")
    found = [
        key
        for key in keys
        if isinstance(key, dict) and key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": found})
    except (JoseError, ValueError, TypeError, KeyError) as fault:
        raise Unproved("the provider's keys cannot be read") from fault


def claims_of(
    token: object,
    keys: KeySet,
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: object,
    at: datetime,
) -> dict[str, Any]:
    """What the token claims, once all of it was checked; Unproved otherwise."""
    if not isinstance(token, str) or len(token) > LARGEST_TOKEN:
        raise Unproved("there is no ID token")
    try:
        read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            {"nonce": nonce, "client_id": client_id, "access_token": access_token},
        )
        now = int(at.timestamp())
        claims.validate(now=now, leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Unproved(f"the ID token does not hold: {type(fault).__name__}") from fault
    if claims["iat"] > now + LEEWAY_S or claims["iat"] < now - LONGEST_LIFE_S:
        raise Unproved("the ID token is of another time")
    return dict(claims)


def demand(claims: Mapping[str, Any], section: OidcSection, *, at: datetime) -> None:
    """Hold a checked token against what `[oidc]` demands of the sign-in; Weak where it falls short.

    A provider may pass over what it was asked for, so what it says it did is what counts: nothing
    said is not enough.
    """
    if section.acr and claims.get("acr") not in section.acr:
        raise Weak("the provider gives another 'acr' than [oidc] demands")
    if section.max_age_minutes is not None:
        told, now = claims.get("auth_time"), at.timestamp()
        if not isinstance(told, (int, float)) or isinstance(told, bool):
            raise Weak("the provider does not say when it asked ('auth_time')")
        if not now - section.max_age_minutes * 60 - LEEWAY_S <= told <= now + LEEWAY_S:
            raise Weak("the provider asked too long ago ('auth_time')")
