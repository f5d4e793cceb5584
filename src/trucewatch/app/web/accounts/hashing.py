"""How long random secrets are kept: as a hash, which needs no salt and can be looked up."""

from __future__ import annotations

import hashlib

LONGEST_TOKEN = 200


def digest(secret: str) -> str:
    """The hash under which a secret of 256 bits is kept; one of a hundred bits needs no salt.

    The prefix is that of the first tokens, those of notices: so they still count.
    """
    text = b"trucewatch/notice-token/1\0" + secret[:LONGEST_TOKEN].encode("utf-8", "replace")
    return hashlib.sha256(text).hexdigest()
