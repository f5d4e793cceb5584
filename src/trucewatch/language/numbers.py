"""Numbers as they are put: ranges, bounds, percent and money are kept, and no middle is made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trucewatch.language.number_grammar import NumberGrammar, number_grammar
from trucewatch.language.vocabularies import fold
from trucewatch.model.statements import Bound

# Thousands divided by a full stop cannot be told from decimals: such a number is not read at all.
_AMBIGUOUS = re.compile(r"\d{1,3}(?:\.\d{3})+")
# No count has more digits; a longer run is an identifier.
_MOST_DIGITS = 15
_YEARS = range(1900, 2100)
_PLURAL = re.compile(r"\s+([^\W\d_]{2,40}s)\b")
_NEXT_WORD = re.compile(r"[\s-]+([^\W\d_]{1,40})")
_LAST_WORD = re.compile(r"([^\W\d_]{1,23})\.?\s*$")
_LOOK_BACK = 24
_NOTHING_AFTER = re.compile(r"(?![\w/]|[.,:]\d|-\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as printed, `text[start:end]` with the words that bound it.

    `low` and `high` are None where a side is open. `unit` is "%", a currency's ISO code, or "";
    the counted noun is not the number's.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    bound: Bound
    unit: str


@dataclass(frozen=True, slots=True)
class _One:
    value: float
    start: int
    end: int
    unit: str
    vague: bool
    scaled: bool
    written: bool


def numbers(text: str, language: str = "en") -> tuple[Number, ...]:
    """The numbers of a text in their order; none in a language without a vocabulary.

    No years, ordinals, times of day, parts of names ("F-16", "Article 5") and no "dozens of". The
    day of a date is read as a number: leave out what overlaps a date.
    """
    grammar = number_grammar(language)
    if grammar is None:
        return ()
    found = []
    at = 0
    while (match := grammar.start.search(text, at)) is not None:
        at = match.end()
        first = _one(text, match.start(), grammar, between=False)
        if first is None:
            continue
        number, at = _whole(text, first, grammar)
        if number is not None:
            found.append(number)
    return tuple(found)


def _whole(text: str, first: _One, grammar: NumberGrammar) -> tuple[Number | None, int]:
    head = text[max(0, first.start - 2 * _LOOK_BACK) : first.start]
    between = grammar.between.search(head)
    if between is not None:
        first = _one(text, first.start, grammar, between=True) or first
        head = head[: between.start()]
    second = _second(text, first, grammar, between=between is not None)
    end = first.end if second is None else second.end
    start = first.start
    if between is not None and second is not None:
        start -= len(text[max(0, start - 2 * _LOOK_BACK) : start]) - between.start()
    bound = Bound.EXACT
    if (lead := grammar.bound.search(head)) is not None and (between is None or second is not None):
        bound = grammar.bounds[fold(lead.group(1))]
        start -= len(head) - lead.start() if between is None or second is not None else 0
        start = max(0, start)
    elif second is None and (tail := grammar.after.match(text, end)) is not None:
        bound = Bound.AT_LEAST if "+" in tail.group() else grammar.afters[fold(tail.group())]
        end = tail.end()
    if _NOTHING_AFTER.match(text, end) is None or _counts_nothing(
        text, first, second, bound, grammar
    ):
        return None, end
    if first.vague and bound is Bound.EXACT and second is None:
        bound = Bound.ABOUT
    unit = first.unit if second is None else second.unit or first.unit
    if second is not None:
        low, high = _range(first, second)
        return (
            (
                Number(start=start, end=end, low=low, high=high, bound=Bound.RANGE, unit=unit),
                end,
            )
            if low <= high
            else (None, end)
        )
    low_open = bound in {Bound.AT_MOST, Bound.LESS_THAN}
    high_open = bound in {Bound.AT_LEAST, Bound.MORE_THAN}
    return (
        Number(
            start=start,
            end=end,
            low=None if low_open else first.value,
            high=None if high_open else first.value,
            bound=bound,
            unit=unit,
        ),
        end,
    )


def _range(first: _One, second: _One) -> tuple[float, float]:
    """Both ends; in "15 to 30 thousand" and "2–3 million" the scale belongs to both."""
    low, high = first.value, second.value
    if second.scaled and not first.scaled and low < high:
        for scale in (1e12, 1e9, 1e6, 1e3, 1e2):
            if high >= scale and high % scale == 0 and low < high / scale:
                return low * scale, high
    return low, high


def _one(text: str, at: int, grammar: NumberGrammar, *, between: bool) -> _One | None:
    """One number that begins at `at`, without bounds."""
    match = grammar.one.match(text, at)
    if match is None:
        return None
    printed = match["value"]
    money = grammar.money.get(fold(match["money"] or ""), "")
    end = match.end()
    scaled = vague = False
    if printed[0].isdigit():
        if _AMBIGUOUS.fullmatch(printed) or len(printed) > _MOST_DIGITS:
            return None
        value = float(re.sub(r"[,\u00a0\u202f\u2009]", "", printed))
        if match["scale"]:
            scale = fold(match["scale"].replace("-", " "))
            value, scaled, vague = (
                value * grammar.scales[scale],
                True,
                scale in grammar.words["vague"],
            )
    else:
        value, end, scaled, vague = _written(text, at, match, grammar, between=between)
    unit = money
    after = grammar.unit.match(text, end)
    if after is not None and not money:
        unit = grammar.money.get(fold(after.group()), "%")
        end = after.end()
    start = match.start()
    if fold(printed) not in grammar.values and not printed[0].isdigit():
        half = _half(text, at, grammar)
        start = start if half is None else half
    return _One(value, start, end, unit, vague, scaled, not printed[0].isdigit())


def _written(
    text: str, at: int, match: re.Match[str], grammar: NumberGrammar, *, between: bool
) -> tuple[float, int, bool, bool]:
    """A number in words: "two hundred and five thousand" is 205,000."""
    word = fold(match["value"].replace("-", " "))
    value, total = grammar.values.get(word, 1.0), 0.0
    if _half(text, at, grammar) is not None and word not in grammar.values:
        value = 0.5
    end, scaled, vague = match.end("value"), False, False
    limit = float("inf")
    while (more := grammar.more.match(text, end)) is not None:
        part = fold(more["part"].replace("-", " "))
        if part in grammar.scales:
            if more["and"]:
                break
            value *= grammar.scales[part]
            scaled, vague = True, vague or part in grammar.words["vague"]
            limit = grammar.scales[part]
            if grammar.scales[part] >= 1000:
                total, value = total + value, 0.0
        elif scaled and grammar.values[part] < limit and not (between and more["and"]):
            value += grammar.values[part]
        else:
            break
        end = more.end()
    return total + value, end, scaled, vague


def _half(text: str, at: int, grammar: NumberGrammar) -> int | None:
    """Where the "half" of "half a million" begins, if it stands before `at`."""
    before = _LAST_WORD.search(text, max(0, at - _LOOK_BACK), at)
    if before is None or fold(before[1]) not in grammar.words["half"]:
        return None
    return before.start(1)


def _second(text: str, first: _One, grammar: NumberGrammar, *, between: bool) -> _One | None:
    join = grammar.join.match(text, first.end)
    if join is None:
        return None
    word = fold(join.group())
    allowed = grammar.words["between_joins" if between else "joins"] | grammar.words["pairs"]
    if word.isalpha() and word not in allowed:
        return None
    second = _one(text, join.end(), grammar, between=False)
    # "from one to 30" and "two or three" are ranges, "one to be watched" is none.
    if second is None or (second.value < first.value and not second.scaled):
        return None
    return second


def _counts_nothing(
    text: str, first: _One, second: _One | None, bound: Bound, grammar: NumberGrammar
) -> bool:
    """Whether it is a year, or the number in a name."""
    before = _LAST_WORD.search(text, max(0, first.start - _LOOK_BACK), first.start)
    word = fold(before[1]) if before is not None else ""
    end = first.end if second is None else second.end
    following = _NEXT_WORD.match(text, end)
    if first.written and first.value == 1 and not first.scaled:
        if following is None or fold(following[1]) in grammar.words["not_one"]:
            return True
        # "ONE News" is a name.
        if text[end : end + 1] == "-" or text[first.start : first.end].isupper():
            return True
    if following is not None and fold(following[1]) in grammar.words["fractions"]:
        return True
    if first.unit or first.scaled:
        return False
    if word in grammar.words["labels"]:
        return True
    printed = text[first.start : first.end]
    if printed.isdigit() and len(printed) == 4 and int(printed) in _YEARS:
        if bound not in {Bound.EXACT, Bound.RANGE, Bound.ABOUT}:
            return False
        plural = _PLURAL.match(text, end)
        counted = plural is not None and plural[1].islower()
        return word in grammar.words["before_years"] or not counted
    return False
