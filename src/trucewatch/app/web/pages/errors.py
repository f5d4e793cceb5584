"""What went wrong, in the look of the other pages; machines are answered in JSON elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.mission import NotBegun
from trucewatch.app.web.pages.frame import bare_frame, frame_of
from trucewatch.app.web.pages.rendering import dressed
from trucewatch.app.web.policy import policy
from trucewatch.app.web.site import site_of
from trucewatch.app.web.speaking import gettext as _
from trucewatch.errors import TrucewatchError

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse
    from starlette.requests import Request


def wants_page(request: Request) -> bool:
    """Whether whoever asks is a person with a browser."""
    return "text/html" in request.headers.get("accept", "")


def error_page(request: Request, status: int, detail: str = "") -> HTMLResponse:
    """A page that says what went wrong and what can be done; `detail` is shown as it is.

    It never tells why something may not be seen: to the viewer that is as if it were not there.
    """
    title, words = _words(status)
    try:
        frame = bare_frame(request) if status >= 500 else frame_of(request)
    except (TrucewatchError, OSError):
        # The page about a fault must not need what is at fault.
        frame = bare_frame(request)
    return dressed(
        frame, "error.html.j2", status=status, code=status, title=title, words=words, detail=detail
    )


def not_begun_page(request: Request) -> HTMLResponse:
    """The page of a mission of which nothing has been derived yet: it says nothing of the truce.

    What is to be done next is told to those who work in it, and to whoever comes before anybody
    can sign in: until then nobody but its maker knows of it.
    """
    try:
        steps = policy().inside(site_of(request).viewer(request))
    except NotBegun:
        steps = True
    return dressed(bare_frame(request), "beginning.html.j2", status=503, steps=steps)


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (_("That cannot be asked"), _("Something in the address or the form is not right.")),
        401: (_("Sign in first"), _("This is shown only to those who have signed in.")),
        403: (_("Not for this office"), _("Your role does not allow this.")),
        404: (
            _("Nothing here"),
            _("No page has this address, or nothing that you may see stands at it."),
        ),
        405: (_("That cannot be done here"), _("This address answers other questions.")),
        409: (_("It has changed meanwhile"), _("Look at it again, then decide anew.")),
        413: (_("Too large"), _("What was sent is larger than what is taken in.")),
        422: (_("That cannot be asked"), _("Something in the address or the form is not right.")),
        429: (_("Too often"), _("Wait a little, then try again.")),
        503: (_("Not ready"), _("The mission is being read. Try again in a minute.")),
    }
    fault = (
        _("Something went wrong"),
        _("The fault is ours, and nothing was changed. Try again, or tell the desk the time."),
    )
    return known.get(status, fault)
