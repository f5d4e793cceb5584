"""Forms that only our own pages can send: a secret in each, and the word of the browser.

The secret is bound to the session, or, before there is one, to a cookie of its own. It looks
different each time it is shown: beside other text of a page it cannot be guessed by its length
when compressed.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from trucewatch.app.web.accounts.entering import Accounts
    from trucewatch.app.web.settings import WebSection

FIELD = "csrf"
"""The field of a form; the first one of a form with files."""

HEADER = "X-CSRF-Token"
"""The header by which a script sends the same."""

COOKIE = "trucewatch-form"
MOST_FIELDS = 1_000
_SIZE = 32
_FIRST_PART = re.compile(
    rb"--([0-9A-Za-z\'()+_,./:=? -]{1,70})\r\n"
    rb'Content-Disposition: form-data; name="csrf"\r\n\r\n'
    rb"([A-Za-z0-9_=-]{1,200})\r\n--"
)
LONGEST_FIRST_PART = 512


def csrf_token(call: HTTPConnection) -> str:
    """The secret that a form of this answer needs as its field "csrf"; another text each time."""
    accounts: Accounts = call.app.state.accounts
    web = accounts.settings.now().web
    return made(accounts.store.secret(), _binding(call, accounts, web, make=True))


def form_cookie(web: WebSection) -> str:
    """The name of the cookie that forms are bound to before there is a session."""
    return f"__Host-{COOKIE}" if web.https else COOKIE


def is_ours(call: HTTPConnection, accounts: Accounts, web: WebSection, given: str) -> bool:
    """Whether a form's secret was given to the very browser that sends it back."""
    bound = _binding(call, accounts, web, make=False)
    return bool(bound) and holds(accounts.store.secret(), bound, given)


def made(secret: bytes, bound: str) -> str:
    """A secret for what `bound` names, under a mask of its own."""
    mask = secrets.token_bytes(_SIZE)
    plain = hmac.digest(secret, bound.encode(), "sha256")
    return urlsafe_b64encode(mask + _xor(mask, plain)).decode()


def holds(secret: bytes, bound: str, given: str) -> bool:
    """Whether a text is one that `made` makes; as slow for a wrong one as for a right one."""
    try:
        raw = urlsafe_b64decode(given.encode("ascii"))
    except (Error, ValueError):
        raw = b""
    if len(raw) != 2 * _SIZE:
        return False
    plain = hmac.digest(secret, bound.encode(), "sha256")
    return hmac.compare_digest(_xor(raw[:_SIZE], raw[_SIZE:]), plain)


def same_site(call: HTTPConnection, web: WebSection) -> bool:
    """Whether the browser says that a page of ours sent this.

    A program that says nothing of it is let through to the secret: every browser says it.
    """
    origin = call.headers.get("origin")
    if origin is None:
        return call.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    host = call.headers.get("host", "").lower()
    ours = {web.base_url} - {""}
    if host != urlsplit(web.base_url).netloc:
        ours |= {f"http://{host}", f"https://{host}"}
    return origin.lower() in ours


def in_fields(body: bytes) -> str:
    """The secret among the fields of a plain form; "" where it has none, or is no form."""
    try:
        fields = parse_qsl(body.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return ""
    return next((value for name, value in fields if name == FIELD), "")


def in_first_part(start: bytes) -> str:
    """The secret in the first part of a form with files; "" where anything else is first."""
    found = _FIRST_PART.match(start[:LONGEST_FIRST_PART])
    return "" if found is None else found.group(2).decode("ascii")


def _binding(call: HTTPConnection, accounts: Accounts, web: WebSection, *, make: bool) -> str:
    """What forms are bound to: the session, else a cookie, which is made where it is missing."""
    session = accounts.known(call).session
    if session is not None:
        return f"session {session.digest}"
    kept = call.cookies.get(form_cookie(web), "")
    if not kept and make:
        kept = getattr(call.state, "form_cookie", None) or secrets.token_urlsafe(_SIZE)
        call.state.form_cookie = kept
    return f"form {kept}" if kept else ""


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
