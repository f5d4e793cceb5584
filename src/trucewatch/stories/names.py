"""Names of people: fuller and shorter forms of one, and lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.stories.vocabulary import english

if TYPE_CHECKING:
    from collections.abc import Iterable

# Two spellings of one surname in another script differ by so many letters at the most.
LETTERS = 2
LONG_ENOUGH = 7


def holders(value: str) -> tuple[str, ...]:
    """The names of a list ("steve witkoff; jared kushner"), made comparable, sorted, each once."""
    found = {" ".join(words(part)) for part in value.split(";")}
    return tuple(sorted(found - {""}))


def fuller(names: Iterable[str]) -> dict[str, str]:
    """Each name and the fullest form of it among `names`.

    A shorter form is the end of a longer ("reyes", "ana reyes"), but "office of reyes" is somebody
    else. A surname that two people bear stays as it is: nobody is guessed. Two spellings of a
    surname behind one first name are one name, by the spelling that is first in the alphabet.
    """
    known = sorted(set(names))
    spelt: dict[str, str] = {}
    for name in known:
        spelt[name] = next((spelt[o] for o in known if o in spelt and _respelt(name, o)), name)
    longest: dict[str, str] = {}
    for name in sorted(set(spelt.values())):
        longer = [o for o in set(spelt.values()) if _short_for(name, o)]
        # Every longer form must itself be a form of the longest, else two people bear the name.
        top = max(longer, key=lambda o: (len(o), o), default=name)
        longest[name] = top if all(o == top or _short_for(o, top) for o in longer) else name
    return {name: longest[spelt[name]] for name in known}


def _short_for(name: str, longer: str) -> bool:
    front = longer.removesuffix(f" {name}")
    return front != longer and not english().small & set(front.split())


def _respelt(one: str, other: str) -> bool:
    first, second = one.split(), other.split()
    return (
        len(first) == len(second) >= 2
        and first[:-1] == second[:-1]
        and min(len(first[-1]), len(second[-1])) >= LONG_ENOUGH
        and letters_apart(first[-1], second[-1]) <= LETTERS
    )


def letters_apart(one: str, other: str) -> int:
    """Levenshtein's distance: the fewest letters to put in, take out or exchange."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != against))
    return row[-1]
