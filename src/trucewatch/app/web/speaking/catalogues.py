"""The catalogues of messages, read from .po files at the start, and the language of this call."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from trucewatch.errors import ConfigurationError, MissingExtra

try:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = "trucewatch"
LOCALE = files("trucewatch.app.web.speaking").joinpath("locale")
ENGLISH = "en"
LANGUAGES = (ENGLISH, "uk")
"""The languages that there are catalogues of; the first is that of the messages themselves."""

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@cache
def _catalogue(language: str) -> GNUTranslations:
    """One language's messages; ConfigurationError where its file is not a catalogue."""
    path = LOCALE.joinpath(language, "LC_MESSAGES", f"{DOMAIN}.po")
    try:
        read = read_po(BytesIO(path.read_bytes()), locale=language, abort_invalid=True)
    except PoFileError as fault:
        raise ConfigurationError(str(fault), file=f"{language}/{DOMAIN}.po") from None
    for message in list(read):
        given = message.string if isinstance(message.string, tuple | list) else [message.string]
        # Without a translation the English message is shown, not an empty one.
        if message.id and not all(given):
            read.delete(message.id, message.context)
    made = BytesIO()
    write_mo(made, read)
    return GNUTranslations(BytesIO(made.getvalue()))


def current() -> str:
    """The code of the language that is spoken on this call."""
    return _language.get()


def in_english() -> bool:
    """Whether English is spoken, in which sentences made by machine need no mark of language."""
    return current() == ENGLISH


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while, on this task and those that it starts; English if unknown."""
    token = _language.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str) -> str:
    """A message in the language of this call; itself where the catalogue has none.

    Import it as `_`, under which `tools/messages.py` finds it. Called while a module is loaded it
    would speak English for ever: there `mark` it, and call this where it is shown.
    """
    # The empty message is the head of the catalogue.
    return _catalogue(current()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a message for a count, by the rules of the language; "%(num)s" is not filled."""
    return _catalogue(current()).ngettext(one, many, count)


def mark(message: str) -> str:
    """The message itself, so that it stands in the catalogues; import it as `N_`."""
    return message
