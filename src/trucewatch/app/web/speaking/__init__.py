"""How the pages speak: catalogues of messages, choice of language, dates and numbers in it."""

from __future__ import annotations

from trucewatch.app.web.speaking.catalogues import (
    DOMAIN,
    LANGUAGES,
    LOCALE,
    current,
    gettext,
    in_english,
    mark,
    ngettext,
    speaking,
)
from trucewatch.app.web.speaking.choosing import COOKIE, Speaking, chosen, own_name
from trucewatch.app.web.speaking.figures import (
    clock_words,
    day_words,
    days_words,
    decimal_words,
    likelihood_words,
    moment_words,
    number_words,
    percent_words,
    probability_words,
    signed_words,
    zone_words,
)

__all__ = [
    "COOKIE",
    "DOMAIN",
    "LANGUAGES",
    "LOCALE",
    "Speaking",
    "chosen",
    "clock_words",
    "current",
    "day_words",
    "days_words",
    "decimal_words",
    "gettext",
    "in_english",
    "likelihood_words",
    "mark",
    "moment_words",
    "ngettext",
    "number_words",
    "own_name",
    "percent_words",
    "probability_words",
    "signed_words",
    "speaking",
    "zone_words",
]
