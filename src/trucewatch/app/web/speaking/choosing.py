"""Which language a call is answered in: asked for, remembered, or what the browser prefers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from babel import Locale

from trucewatch.app.web.speaking.catalogues import LANGUAGES, speaking

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "language"
_A_YEAR_S = 365 * 24 * 3600
_LONGEST = 500
_MOST = 20


@cache
def own_name(language: str) -> str:
    """The name of a language in itself."""
    locale = Locale.parse(language)
    name = locale.get_language_name(language) or language
    return name[:1].upper() + name[1:]


def chosen(asked: str | None, remembered: str | None, preferred: str | None) -> str:
    """The language of an answer; English where nothing says that another is wanted.

    `preferred` is an Accept-Language header: the greatest weight of a language that there is, the
    earlier of equals. What is not of its form is passed over.
    """
    for named in (asked, remembered):
        if named in LANGUAGES:
            return str(named)
    weighed = [
        (-weight, place, language)
        for place, part in enumerate((preferred or "")[:_LONGEST].split(",")[:_MOST])
        for language, weight in [_weighed(part)]
        if language in LANGUAGES and weight > 0
    ]
    return min(weighed)[2] if weighed else LANGUAGES[0]


def _weighed(part: str) -> tuple[str, float]:
    name, _, rest = part.partition(";")
    key, _, value = rest.strip().partition("=")
    weight = 1.0
    if key == "q":
        whole, _, digits = value.strip().partition(".")
        plain = whole in {"0", "1"} and (not digits or (digits.isascii() and digits.isdigit()))
        weight = float(value) if plain else 0.0
    return name.strip().split("-", 1)[0].lower(), weight


class Speaking:
    """Sets the language of each call before anything else is done, and remembers one asked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call in the language that it is to be answered in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _asked(scope)
        sent = {name: value.decode("latin-1") for name, value in scope["headers"]}
        language = chosen(asked, _remembered(sent.get(b"cookie")), sent.get(b"accept-language"))
        secure = "; Secure" if scope["scheme"] == "https" else ""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                html = any(
                    name.lower() == b"content-type" and value.startswith(b"text/html")
                    for name, value in message["headers"]
                )
                if html:
                    message["headers"] += [
                        (b"content-language", language.encode()),
                        (b"vary", b"Accept-Language, Cookie"),
                    ]
                    if asked == language:
                        crumb = (
                            f"{COOKIE}={language}; Path=/; Max-Age={_A_YEAR_S}; SameSite=Lax; "
                            f"HttpOnly{secure}"
                        )
                        message["headers"].append((b"set-cookie", crumb.encode()))
            await send(message)

        with speaking(language):
            await self._app(scope, receive, answer)


def _asked(scope: Scope) -> str | None:
    try:
        found = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=100)
    except ValueError:
        return None
    return found["lang"][-1] if "lang" in found else None


def _remembered(header: str | None) -> str | None:
    for part in (header or "")[:4096].split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None
