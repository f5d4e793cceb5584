"""Quotations laid side by side: which are renderings of one, and in which words they differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from trucewatch.stories.vocabulary import english

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = tuple[str, ...]

# A quotation is compared by so many words at the most; nobody is quoted at greater length.
LONGEST = 300
# Up to so many words, only the very same run is the same quotation ...
SHORT = 3
# ... up to so many, a quarter of the words may differ if they are small ones; above it two fifths.
MIDDLING = 7
QUARTER, TWO_FIFTHS = 0.25, 0.4


def renderings(quotations: Iterable[Words]) -> tuple[tuple[Words, ...], ...]:
    """Groups of quotations that render one, each sorted with the longest first.

    A part is in the group of the longer one that holds it. A run of words that stands in two
    different quotations belongs to neither: it would tie together what is not one.
    """
    groups: list[list[Words]] = []
    # By word, the groups in which it stands: of thousands of quotations few share half their words.
    standing: defaultdict[str, set[int]] = defaultdict(set)
    for quotation in sorted(set(quotations), key=lambda one: (-len(one), one)):
        content = _content(quotation[:LONGEST])
        shared: Counter[int] = Counter()
        for word, times in content.items():
            shared.update(dict.fromkeys(standing[word], times))
        near = sorted(at for at, n in shared.items() if n >= _needed(quotation, content))
        found = [at for at in near if any(alike(quotation, one) for one in groups[at])]
        if len(found) == 1:
            groups[found[0]].append(quotation)
        else:
            groups.append([quotation])
        for word in content:
            standing[word].add(found[0] if len(found) == 1 else len(groups) - 1)
    return tuple(sorted(tuple(group) for group in groups))


def alike(one: Words, other: Words) -> bool:
    """Whether two quotations, by normalised words, render one, or one holds the other."""
    short, long = sorted((one[:LONGEST], other[:LONGEST]), key=lambda words: (len(words), words))
    if short == long:
        return True
    if len(short) < SHORT:
        return False
    content, theirs = _content(short), _content(long)
    needed = _needed(short, content)
    if len(short) == len(long):
        needed = max(needed, _needed(long, theirs))
    if not content or (content & theirs).total() < needed:
        return False
    allowed = 0.0 if len(short) <= SHORT else QUARTER if len(short) <= MIDDLING else TWO_FIFTHS
    cost = _table(short, long)[1]
    if len(short) == len(long):
        cost = min(cost, _table(long, short)[1])
    return cost <= allowed * len(short)


def _content(run: Words) -> Counter[str]:
    small = english().small
    return Counter(word for word in run if word not in small)


def _needed(run: Words, content: Counter[str]) -> float:
    """How many of its telling words a run must share with a longer one."""
    return content.total() if len(run) <= MIDDLING else content.total() / 2


def differing(one: Words, other: Words) -> tuple[tuple[Words, Words], ...]:
    """The runs in which two renderings differ, where the shorter lies in the longer.

    What the longer has before and after is no difference. The pairs have the words of `one` first;
    the shared word before a difference stands in both, so that each can be read by itself.
    """
    short, long = sorted((one[:LONGEST], other[:LONGEST]), key=lambda words: (len(words), words))
    if short == long:
        return ()
    pairs = _walk(short, long)
    if short != one[:LONGEST]:
        pairs = [(theirs, ours) for ours, theirs in pairs]
    return tuple(pairs)


def opposed(one: Words, other: Words) -> bool:
    """Whether two renderings differ in what turns the sense: a number, or a "not" in one alone."""
    turning = english().turning
    for ours, theirs in differing(one, other):
        numbers = [[word for word in run if word[0].isdigit()] for run in (ours, theirs)]
        if all(numbers) and numbers[0] != numbers[1]:
            return True
        if sum(word in turning for word in ours) != sum(word in turning for word in theirs):
            return True
    return False


def _table(short: Words, long: Words) -> tuple[list[list[int]], int]:
    """Edit distances of the first i words of `short` to a run of `long` that ends at j."""
    rows = [[0] * (len(long) + 1)]
    for i, word in enumerate(short, start=1):
        above, row = rows[-1], [i]
        for j, against in enumerate(long, start=1):
            row.append(min(above[j - 1] + (word != against), above[j] + 1, row[j - 1] + 1))
        rows.append(row)
    return rows, min(rows[-1])


def _walk(short: Words, long: Words) -> list[tuple[Words, Words]]:
    """The differing runs along the cheapest way, the leftmost of equal ones."""
    rows, cost = _table(short, long)
    i, j = len(short), rows[-1].index(cost)
    steps: list[tuple[str | None, str | None]] = []
    while i > 0:
        same = j > 0 and short[i - 1] == long[j - 1]
        if j > 0 and rows[i][j] == rows[i - 1][j - 1] + (not same):
            i, j = i - 1, j - 1
            steps.append((short[i], long[j]))
        elif rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            steps.append((short[i], None))
        else:
            j -= 1
            steps.append((None, long[j]))
    runs: list[tuple[Words, Words]] = []
    ours: list[str] = []
    theirs: list[str] = []
    for mine, their in [*reversed(steps), ("", "")]:
        if mine is not None and mine == their:
            if ours != theirs:
                runs.append((tuple(ours), tuple(theirs)))
            ours, theirs = [mine], [mine]
            continue
        ours += [mine] if mine is not None else []
        theirs += [their] if their is not None else []
    return runs
