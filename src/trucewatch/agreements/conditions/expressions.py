"""The part of CEL in which conditions are written, with the type of everything in it.

CEL itself has no types before it runs, so that `kind == 'sheling'` or `killed > 'two'` would be
accepted, and never hold. Here each fact, word and comparison is checked as it is read. What is
left out (macros, sums, calls, indices) is what could cost much or be read in two ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 500
"""Characters of an expression."""

DEEPEST = 12
"""Parentheses and negations within one another."""

_TOKEN = re.compile(
    r"""[ \t\n]*(?:
        (?P<word>[A-Za-z_][A-Za-z0-9_]{0,63})
      | (?P<number>[0-9]{1,8}(?:\.[0-9]{1,8})?)(?![A-Za-z0-9_.])
      | '(?P<single>[^'"\\\n]{0,200})'
      | "(?P<double>[^'"\\\n]{0,200})"
      | (?P<sign>&&|\|\||[=!<>]=|[<>!()\[\],+-])
    )""",
    re.VERBOSE | re.ASCII,
)
_SPAN = re.compile(r"[0-9]{1,5}[smh]")


class Sort(Enum):
    """The types that a fact can have."""

    TRUTH = "true or false"
    NUMBER = "a number"
    TEXT = "a word"
    WORDS = "a list of words"
    TIME = "a time"
    SPAN = "a length of time"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a condition may ask for; `among` are the only words that it can be, `most` the most."""

    sort: Sort
    words: str
    among: frozenset[str] | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of an expression: its type, the fact that it is or the words that it says."""

    sort: Sort
    name: str | None = None
    literals: tuple[str, ...] | None = None
    many: bool = False


@dataclass(slots=True)
class Reader:
    """Reads one expression over some facts; `asked` are the facts that it asks for.

    Raises ValueError, in words and with the column, for all that does not stand in the grammar of
    docs/agreements.md, and for words that a fact can never be.
    """

    text: str
    facts: Mapping[str, Fact]
    asked: set[str] = field(default_factory=set)
    _at: int = 0
    _token: tuple[str, str, int] = ("end", "", 0)
    _depth: int = 0

    def read(self) -> frozenset[str]:
        """The facts that the expression asks for, once all of it has been checked."""
        if len(self.text) > LONGEST:
            raise ValueError(f"is longer than {LONGEST} characters")
        self._next()
        part = self._either()
        if self._token[0] != "end":
            raise self._fault(f"{self._token[1]!r} is not expected here")
        if part.sort is not Sort.TRUTH:
            raise ValueError(f"is {part.sort.value}, and neither true nor false")
        if not self.asked:
            raise ValueError("asks for no fact")
        return frozenset(self.asked)

    def _fault(self, words: str) -> ValueError:
        return ValueError(f"at character {self._token[2] + 1}: {words}")

    def _next(self) -> None:
        rest = self.text[self._at :]
        if not rest.strip(" \t\n"):
            self._token = ("end", "the end", len(self.text))
            return
        found = _TOKEN.match(self.text, self._at)
        if found is None:
            start = self._at + len(rest) - len(rest.lstrip(" \t\n"))
            self._token = ("", "", start)
            raise self._fault(f"{self.text[start]!r} is not read here")
        kind = str(found.lastgroup)
        self._token = (kind, found[kind], found.start(kind))
        self._at = found.end()

    def _take(self, *signs: str) -> str | None:
        if self._token[0] == "sign" and self._token[1] in signs:
            sign = self._token[1]
            self._next()
            return sign
        return None

    def _need(self, sign: str) -> None:
        if self._take(sign) is None:
            raise self._fault(f"{sign!r} is missing before {self._token[1]!r}")

    def _either(self) -> _Part:
        part = self._both()
        while self._take("||"):
            part = self._joined(part, self._both(), "||")
        return part

    def _both(self) -> _Part:
        part = self._compared()
        while self._take("&&"):
            part = self._joined(part, self._compared(), "&&")
        return part

    def _joined(self, left: _Part, right: _Part, sign: str) -> _Part:
        for part in (left, right):
            if part.sort is not Sort.TRUTH:
                raise self._fault(f"{sign!r} joins what is true or false, not {part.sort.value}")
        return _Part(Sort.TRUTH)

    def _compared(self) -> _Part:
        left = self._shifted()
        if self._token[:2] == ("word", "in"):
            self._next()
            self._within(left, self._shifted())
            return _Part(Sort.TRUTH)
        sign = self._take("==", "!=", "<", "<=", ">", ">=")
        if sign is None:
            return left
        self._hold(left, self._shifted(), sign)
        return _Part(Sort.TRUTH)

    def _hold(self, left: _Part, right: _Part, sign: str) -> None:
        """A comparison: of one type, ordered where it is ordered, of a fact with words."""
        if left.sort is not right.sort or left.many or right.many:
            raise self._fault(f"{left.sort.value} is compared with {right.sort.value}")
        if left.sort is Sort.WORDS:
            raise self._fault("ask with 'in' whether a word stands in a list")
        if left.sort in {Sort.TEXT, Sort.TRUTH} and sign not in {"==", "!="}:
            raise self._fault(f"{sign!r} does not order {left.sort.value}")
        # A fact that is known within bounds is read at its bounds and at every number beside it.
        if left.sort in {Sort.TEXT, Sort.TRUTH, Sort.NUMBER}:
            fact, said = (left, right) if left.name is not None else (right, left)
            if fact.name is None or said.literals is None:
                raise self._fault("compare one fact with one value that is written out")
            self._known(fact.name, said.literals)

    def _within(self, left: _Part, right: _Part) -> None:
        if right.sort is Sort.WORDS and right.name is not None:
            if left.sort is not Sort.TEXT or left.literals is None or left.many:
                raise self._fault(f"only a word in quotes can stand in {right.name!r}")
            self._known(right.name, left.literals)
        elif right.many and right.literals is not None:
            if left.name is None or left.sort is not right.sort:
                raise self._fault(f"{left.sort.value} cannot stand in a list of another type")
            self._known(left.name, right.literals)
        else:
            raise self._fault("'in' needs a list, such as ['a', 'b']")

    def _known(self, name: str, words: tuple[str, ...]) -> None:
        among, most = self.facts[name].among, self.facts[name].most
        for word in words:
            if most is not None and float(word) > most:
                raise self._fault(f"{name!r} is never above {most:g}")
            if among is not None and word not in among:
                raise self._fault(f"{name!r} is never {word!r} ({', '.join(sorted(among))})")

    def _shifted(self) -> _Part:
        left = self._single()
        while (sign := self._take("+", "-")) is not None:
            right = self._single()
            if (left.sort, right.sort) == (Sort.TIME, Sort.TIME) and sign == "-":
                left = _Part(Sort.SPAN)
            elif left.sort in {Sort.TIME, Sort.SPAN} and right.sort is Sort.SPAN:
                left = _Part(left.sort)
            else:
                raise self._fault(f"{sign!r} is for times and lengths of time alone")
        return left

    def _single(self) -> _Part:
        if self._take("!"):
            self._deeper()
            part = self._single()
            self._depth -= 1
            if part.sort is not Sort.TRUTH:
                raise self._fault(f"'!' denies what is true or false, not {part.sort.value}")
            return _Part(Sort.TRUTH)
        if self._take("("):
            self._deeper()
            part = self._either()
            self._depth -= 1
            self._need(")")
            # In parentheses a fact or a word stays what it is.
            return part
        if self._take("["):
            return self._list()
        kind, text, _ = self._token
        if kind == "word":
            return self._word(text)
        if kind in {"number", "single", "double"}:
            self._next()
            return _Part(Sort.NUMBER if kind == "number" else Sort.TEXT, literals=(text,))
        raise self._fault(f"{text!r} is not expected here")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._fault(f"is nested more than {DEEPEST} deep")

    def _list(self) -> _Part:
        words: list[str] = []
        sort: Sort | None = None
        while True:
            kind, text, _ = self._token
            here = {"number": Sort.NUMBER, "single": Sort.TEXT, "double": Sort.TEXT}.get(kind)
            if here is None or sort not in {None, here}:
                raise self._fault("a list holds words in quotes, or numbers")
            sort = here
            words.append(text)
            self._next()
            if self._take("]"):
                return _Part(sort, literals=tuple(words), many=True)
            self._need(",")

    def _word(self, name: str) -> _Part:
        if name in {"true", "false"}:
            self._next()
            return _Part(Sort.TRUTH, literals=(name,))
        if name in {"timestamp", "duration"}:
            return self._made(name)
        if name not in self.facts:
            raise self._fault(f"{name!r} is no fact ({', '.join(sorted(self.facts))})")
        self._next()
        self.asked.add(name)
        return _Part(self.facts[name].sort, name=name)

    def _made(self, name: str) -> _Part:
        self._next()
        self._need("(")
        kind, text, _ = self._token
        if kind not in {"single", "double"}:
            raise self._fault(f"{name} needs a text in quotes")
        if name == "timestamp":
            self._instant(text)
        elif not _SPAN.fullmatch(text):
            raise self._fault(f"{text!r} is not a length such as '90m' or '72h'")
        self._next()
        self._need(")")
        return _Part(Sort.TIME if name == "timestamp" else Sort.SPAN)

    def _instant(self, text: str) -> None:
        try:
            moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise self._fault(f"{text!r} is not a time such as '2026-04-11T13:00:00Z'") from None
        if not 1900 <= moment.year <= 2200:
            raise self._fault(f"{text!r} has the year {moment.year}")
