"""The way to the provider and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.beginning import going_on, within
from trucewatch.app.web.accounts.noting import Access
from trucewatch.app.web.accounts.vouching import Unproved, Weak
from trucewatch.app.web.pages.errors import error_page
from trucewatch.app.web.speaking import gettext as _
from trucewatch.errors import ConfigurationError, MissingExtra, SourceUnavailable

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import RedirectResponse, Response
    from starlette.background import BackgroundTask
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from trucewatch.app.web.accounts.entering import Accounts

BACK = "/sign-in/return"
COOKIE = "trucewatch-provider"
HOW = "provider"
LONGEST_SUBJECT = 255
"""As OpenID Connect Core 1.0, section 2, bounds it."""

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/provider")
def go(request: Request, to: str = "/") -> Response:
    """Send the browser to the provider; 404 where the mission has none."""
    accounts: Accounts = request.app.state.accounts
    settings = accounts.settings.now()
    if settings.oidc is None:
        return error_page(request, 404)
    here = settings.web.base_url or f"{request.url.scheme}://{request.headers['host']}"
    try:
        address, browser = accounts.provider.begin(
            settings.oidc, back=f"{here}{BACK}", to=within(to)
        )
    except (SourceUnavailable, Unproved) as fault:
        return _failed(request, accounts, str(fault), 502)
    answer = RedirectResponse(address, status_code=303)
    secure = settings.web.https
    answer.set_cookie(
        f"__Host-{COOKIE}" if secure else COOKIE,
        browser,
        max_age=600,
        path="/",
        secure=secure,
        httponly=True,
        # The provider's page leads back here: a stricter cookie would not come along.
        samesite="lax",
    )
    return answer


@router.get(BACK)
def come_back(request: Request) -> Response:
    """Take what the provider says of who came back, and begin a session."""
    accounts: Accounts = request.app.state.accounts
    settings = accounts.settings.now()
    if settings.oidc is None:
        return error_page(request, 404)
    name = f"__Host-{COOKIE}" if settings.web.https else COOKIE
    try:
        subject, to = accounts.provider.finish(
            settings.oidc,
            request.cookies.get(name, ""),
            _once(request),
            at=accounts.now(),
        )
    except Weak as fault:
        words = _(
            "The provider did not ask for enough, or too long ago: this mission demands more. "
            "Sign out there and sign in again; if it stays so, ask who runs the provider."
        )
        return _failed(request, accounts, str(fault), 403, words)
    except (SourceUnavailable, Unproved, ConfigurationError) as fault:
        status = 403 if isinstance(fault, Unproved) else 502
        return _failed(request, accounts, str(fault), status)
    person = next((one for one in settings.people if one.oidc_subject == subject), None)
    if person is None:
        # Providers make subjects up: how else could whoever keeps [[people]] learn it?
        why = f"nobody of [[people]] has the subject {subject[:LONGEST_SUBJECT]!r}"
        return _failed(request, accounts, why, 403)
    # What was not demanded of the provider is not taken for granted: one factor may have done.
    entered = accounts.vouched(person.id, HOW, passed=bool(settings.oidc.acr))
    answer = going_on(request, entered, to)
    answer.delete_cookie(name, path="/", secure=settings.web.https, httponly=True)
    return answer


def _once(request: Request) -> dict[str, str]:
    """The parameters of the answer; one that stands twice says nothing."""
    params = request.query_params
    return {name: params[name] for name in params if len(params.getlist(name)) == 1}


def _failed(
    request: Request, accounts: Accounts, why: str, status: int, words: str = ""
) -> Response:
    """A page that says no more than it must; why it was is noted, once that was answered."""
    usual = _("Signing in by the provider did not work. Begin again.")
    answer = error_page(request, status, words or usual)
    noted = Access(what="failed", by="", how=HOW, reason=why)
    answer.background = BackgroundTask(accounts.notes.once, noted)
    return answer
