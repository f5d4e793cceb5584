"""Running text in, its parts out: words, names, links, sentences, quotations, numbers, dates.

A layer below the stages, for all of them; it knows strings and no nouns of the field. A language
is a folder of TOML here: what has none is cut into words, and neither numbers, dates nor countries
are read in it.
"""

from trucewatch.language.countries import Form, Named, adjective, countries, country_name
from trucewatch.language.dates import Dated, dates
from trucewatch.language.lemmas import common, listed_languages, root
from trucewatch.language.numbers import Number, numbers
from trucewatch.language.quotations import Quoted, quotations
from trucewatch.language.sentences import sentences
from trucewatch.language.tokens import Token, tokens
from trucewatch.language.unions import Unions
from trucewatch.language.vocabularies import Vocabulary, vocabulary
from trucewatch.language.words import (
    LEAST_WORDS,
    link,
    name,
    names_nobody,
    shingles,
    words,
)

__all__ = [
    "LEAST_WORDS",
    "Dated",
    "Form",
    "Named",
    "Number",
    "Quoted",
    "Token",
    "Unions",
    "Vocabulary",
    "adjective",
    "common",
    "countries",
    "country_name",
    "dates",
    "link",
    "listed_languages",
    "name",
    "names_nobody",
    "numbers",
    "quotations",
    "root",
    "sentences",
    "shingles",
    "tokens",
    "vocabulary",
    "words",
]
