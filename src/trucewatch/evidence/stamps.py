"""Time stamps of an authority (RFC 3161): the question, and whether an answer holds.

Neither the clock nor the network is asked for here. What verifies is the library rfc3161-client,
with OpenSSL's code for signatures and certificates; this module asks it for all that it offers,
and for what it leaves open.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from trucewatch.errors import MissingExtra
from trucewatch.model import Stamp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from rfc3161_client import Accuracy, SignedData

STAMP_LIMIT = 1 << 16
"""The most bytes of an answer, and of a file of certificates."""

_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED = 0
_NAME_LIMIT = 200
_WHY = re.compile(r"Verify error: ?([a-z ]{1,80})")
# The library drops the fraction of the second at which a stamp was made.
_FRACTION = timedelta(seconds=1)
# One of these comes of bytes that are no answer; which, depends on where they cease to be one.
_NO_ANSWER = (ValueError, TypeError, KeyError, OverflowError, x509.ExtensionNotFound)


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent to an authority, and the nonce that its answer must repeat."""

    body: bytes
    nonce: int


def ask_for(text: str) -> Question:
    """The question for a stamp on this text, of which nothing but its SHA-256 is told.

    With a nonce that nobody can guess, and with the wish for the authority's certificate.
    MissingExtra without the extra.
    """
    library = _library()
    builder = library.TimestampRequestBuilder(data=text.encode())
    request = builder.hash_algorithm(library.HashAlgorithm.SHA256).build()
    return Question(request.as_bytes(), request.nonce)


def read_certificates(data: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file, each of which is trusted; ValueError with the reason.

    A file that also holds a private key is refused: it would be kept for ever, and shown.
    """
    if len(data) > STAMP_LIMIT:
        raise ValueError(f"a file of certificates has at most {STAMP_LIMIT} bytes")
    if b"PRIVATE KEY" in data:
        raise ValueError("it holds a private key: leave the certificates alone in it")
    try:
        return tuple(x509.load_pem_x509_certificates(data))
    except ValueError:
        raise ValueError("it holds no certificates in PEM") from None


def verify(
    answer: bytes,
    text: str,
    certificates: Sequence[x509.Certificate],
    *,
    size: int,
    nonce: int | None = None,
) -> Stamp:
    """The stamp that `answer` is on `text`, a checkpoint of `size` entries; ValueError otherwise.

    It must be granted, name the SHA-256 of the text, repeat the nonce (None: any, for a stamp that
    was kept), and be signed by a key for time stamps alone, whose certificate leads to one of
    `certificates` and was valid at the time that the stamp says. Whether a certificate was revoked
    is not asked. MissingExtra without the extra.
    """
    library = _library()
    if len(answer) > STAMP_LIMIT:
        raise ValueError(f"more than {STAMP_LIMIT} bytes")
    with catch_warnings():
        # Of certificates that are odd; whether they lead to a trusted one is what matters.
        simplefilter("ignore", CryptographyDeprecationWarning)
        return _verify(library, answer, text, certificates, size, nonce)


def _verify(
    library: ModuleType,
    answer: bytes,
    text: str,
    certificates: Sequence[x509.Certificate],
    size: int,
    nonce: int | None,
) -> Stamp:
    try:
        response = library.decode_timestamp_response(answer)
        granted = response.status == _GRANTED
    except _NO_ANSWER:
        raise ValueError("no answer of an authority of time stamps") from None
    if not granted:
        raise ValueError("the authority did not grant it")
    digest = hashlib.sha256(text.encode()).digest()
    try:
        token = response.tst_info
        imprint = token.message_imprint
        same = (imprint.hash_algorithm.dotted_string, imprint.message) == (_SHA256, digest)
        answered = nonce is None or token.nonce == nonce
        found = Stamp(
            size=size,
            at=token.gen_time,
            not_after=token.gen_time + _FRACTION + _accuracy(token.accuracy),
            authority=_signer(response.signed_data),
        )
    except _NO_ANSWER:
        raise ValueError("no time stamp that can be read") from None
    if not same:
        raise ValueError("it stamps something else than this checkpoint")
    if not answered:
        raise ValueError("it does not repeat the nonce: an older answer, or another's")
    # Signature, chain, validity at the time of the stamp, and what the certificate is for.
    verifier = library.VerifierBuilder(roots=list(certificates)).build()
    try:
        verifier.verify(response, digest)
    except library.VerificationError as fault:
        raise ValueError(f"its signature does not hold: {_why(fault)}") from None
    except _NO_ANSWER:
        raise ValueError("its signature cannot be read") from None
    return found


def _library() -> ModuleType:
    try:
        import rfc3161_client
    except ImportError as error:
        raise MissingExtra("a time stamp", "timestamps") from error
    return rfc3161_client


def _accuracy(given: Accuracy | None) -> timedelta:
    """How far the authority says that it may be off; nothing where it does not say."""
    if given is None:
        return timedelta(0)
    return timedelta(
        seconds=given.seconds or 0, milliseconds=given.millis or 0, microseconds=given.micros or 0
    )


def _signer(signed: SignedData) -> str:
    """The subject of the certificate that signed, which the verification has found to be there."""
    (info,) = signed.signer_infos
    for data in signed.certificates:
        held = x509.load_der_x509_certificate(data)
        if (held.issuer, held.serial_number) == (info.issuer, info.serial_number):
            return held.subject.rfc4514_string()[:_NAME_LIMIT]
    raise ValueError("it does not name the certificate that signed it")


def _why(fault: Exception) -> str:
    """A few words of what the library says, which quotes OpenSSL at length."""
    found = _WHY.search(str(fault))
    return found[1].strip() if found else str(fault).split(":")[0][:_NAME_LIMIT]
