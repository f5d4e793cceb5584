"""The headers that every answer has; the one place where they are set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import MutableHeaders

    from trucewatch.app.web.settings import WebSection

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # By a stricter rule a browser would not say where a form came from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A field team may say where it is; nothing else is asked of a device.
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
}
OWN_POLICY = ("/bulletins/", "/attachments/")
"""Below these an answer brings a policy of its own: a published file carries its style within
itself, and a picture from elsewhere is shut in a sandbox."""

STATIC = "/static/"
HSTS = "max-age=63072000; includeSubDomains"
UNSAID = ("server", "x-powered-by")


def dress(headers: MutableHeaders, path: str, web: WebSection, *, signed_in: bool) -> None:
    """Set the headers of an answer, whatever its route has set.

    A route's own policy stands below OWN_POLICY alone. What somebody signed in is answered is kept
    by nobody; other answers are asked for anew each time, save assets, which their route rules.
    """
    for name in UNSAID:
        if name in headers:
            del headers[name]
    if not (path.startswith(OWN_POLICY) and "content-security-policy" in headers):
        headers["Content-Security-Policy"] = POLICY
    headers.update(HEADERS)
    if web.https:
        headers["Strict-Transport-Security"] = HSTS
    if path.startswith(STATIC):
        headers.setdefault("Cache-Control", "no-cache")
        return
    headers.add_vary_header("Cookie")
    headers.add_vary_header("Authorization")
    if signed_in:
        headers["Cache-Control"] = "private, no-store"
    else:
        headers.setdefault("Cache-Control", "no-cache")
