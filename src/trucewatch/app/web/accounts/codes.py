"""One-time codes: those of a device by the clock (TOTP, RFC 6238), and those kept for its loss."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import TYPE_CHECKING

from trucewatch.errors import MissingExtra

try:
    import pyotp
    import segno
except ImportError as error:
    raise MissingExtra("a second factor", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP_S = 30
DIGITS = 6
BEHIND = 1
"""So many steps back a code still counts: RFC 6238, section 5.2, grants one for its way here."""

RECOVERY_CODES = 10
RECOVERY_LETTERS = 24
"""Of 32 letters and digits each: 120 bits, so that a plain hash keeps them (OWASP ASVS, 6.5.2)."""

LONGEST_CODE = 100
ISSUER = "Trucewatch"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def new_secret() -> str:
    """A secret of 160 bits for a device, in base32."""
    return pyotp.random_base32()


def steps(secret: str, code: str, at: int) -> Iterator[int]:
    """The steps of time, counted since 1970, at which a code counts now; none for a wrong one.

    Which of them were used before is not known here.
    """
    given = re.sub(r"[\s-]", "", code[:LONGEST_CODE])
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", given):
        return
    made = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    now = at // STEP_S
    for step in range(now, max(now - BEHIND - 1, -1), -1):
        if hmac.compare_digest(made.generate_otp(step), given):
            yield step


def address(secret: str, *, person: str, mission: str) -> str:
    """The `otpauth:` address by which a device takes the secret."""
    made = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    return made.provisioning_uri(name=person, issuer_name=f"{ISSUER} {mission}")


def picture(text: str) -> str:
    """A text as a QR code: an SVG without a style of its own, dark on white in any colours."""
    return segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, light="#fff", border=4
    )


def in_fours(text: str) -> str:
    """A text in groups of four, to be typed by hand."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def new_recovery_codes() -> tuple[str, ...]:
    """Codes for the day on which the device is gone, each good once."""
    return tuple(
        "".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_LETTERS))
        for _ in range(RECOVERY_CODES)
    )


def recovery_code(given: str) -> str | None:
    """A recovery code as it was made, whatever stands between its letters; None for anything else.

    What it says is not looked at here.
    """
    plain = re.sub(r"[\s-]", "", given[:LONGEST_CODE]).lower()
    whole = len(plain) == RECOVERY_LETTERS and set(plain) <= set(_ALPHABET)
    return plain if whole else None
