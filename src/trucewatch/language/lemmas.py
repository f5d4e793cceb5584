"""A word's root: what its forms have in common, and how common the word is."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

# Never asked of a longer run of letters: it is no word, and the rules would only cost time.
LONGEST = 40
# The share of articles that hold a word of each band of the lists, roughly.
BANDS = (("frequent", 0.1), ("everywhere", 0.5))
_VOWELS = frozenset("aeiouy")
# Endings that make a noun of a verb, the longest first; what is left must hold this many letters.
_NOUNS = (
    ("ification", "ify", 3),
    ("isation", "is", 3),
    ("ization", "iz", 3),
    ("ation", "at", 3),
    ("ition", "it", 3),
    ("ment", "", 4),
    ("ance", "", 5),
    ("ence", "", 5),
    ("sion", "s", 3),
    ("tion", "t", 3),
    ("ness", "", 4),
)


@lru_cache(maxsize=65536)
def root(word: str) -> str:
    """The common beginning of a word's forms: "killing", "killed" and "kills" give "kill".

    Lower case is for the caller. It is no dictionary word ("charge" gives "charg") and compares
    only with other roots. English rules; a word of another language mostly comes back whole.
    """
    if len(word) > LONGEST or not word.isalpha() or not word.isascii():
        return word
    return _bare(_forms().get(word, word))


def _bare(word: str) -> str:
    for ending, then, least in _NOUNS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _trim(word[: -len(ending)] + then)
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and len(word) > 3 and word[-2] not in "suia":
        word = word[:-1]
    for ending in ("ing", "ed"):
        before = word[: -len(ending)]
        if word.endswith(ending) and len(before) > 2 and _VOWELS & set(before):
            if ending == "ed" and before.endswith("i"):
                before = before[:-1] + "y"
            word = before
            break
    return _trim(word)


def _trim(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if word.endswith("y") and len(word) > 3:
        word = word[:-1] + "i"
    return word


@cache
def _forms() -> dict[str, str]:
    text = files("trucewatch.language").joinpath("en", "lemmas.toml").read_text("utf-8")
    listed: dict[str, str] = tomllib.loads(text)["forms"]
    return {form: base for base, forms in listed.items() for form in forms.split()}


def listed_languages() -> frozenset[str]:
    """The languages, by ISO 639-1 code, of which the common words are listed."""
    return frozenset(_lists())


@cache
def common() -> dict[str, float]:
    """The share of articles, 0 to 1, that hold a common word, by its root; never change it.

    A word that is on no list is not there. Where two languages share a word the larger counts.
    """
    found: dict[str, float] = {}
    for bands in _lists().values():
        for band, share in BANDS:
            for word in bands[band].split():
                found[root(word)] = max(share, found.get(root(word), 0.0))
    return found


@cache
def _lists() -> dict[str, dict[str, str]]:
    """Each language is a folder; one with a list of common words counts."""
    out = {}
    for folder in files("trucewatch.language").iterdir():
        listed = folder.joinpath("common.toml")
        if listed.is_file():
            out[folder.name] = tomllib.loads(listed.read_text("utf-8"))
    return out
