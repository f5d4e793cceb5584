"""Made-up newsrooms: articles with known copying, and what each sentence's word is.

All words are in `newsroom.toml`. A fact has one beginning, an official or who stood there. Agencies
write originals; outlets print them verbatim, trimmed, paraphrased or with quotations put into other
words; others send reporters of their own, who may still print an official's figure.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("newsroom.toml")
_CHOICE = re.compile(r"\(([^()|]+(?:\|[^()|]+)+)\)")
KINDS = ("verbatim", "trimmed", "paraphrased", "translated quotation")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of an article that gives an answer; `origin` and `root` are the truth."""

    article: int
    start: int
    end: int
    answer: str
    kind: str
    value: str
    speaker: str | None
    origin: str
    root: int


@dataclass(frozen=True, slots=True)
class Printed:
    """One article; `root` is the article that its words come from, itself for an original."""

    number: int
    event: int
    outlet: str
    text: str
    root: int
    how: str
    credits: tuple[str, ...]


@dataclass(slots=True)
class Corpus:
    """What a newsroom printed, and the truth about it."""

    articles: list[Printed] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """What one sentence says, before it is put into words."""

    fact: dict[str, Any] | None
    template: str
    attribution: str | None
    speaker: str | None
    origin: str
    rendering: int = 0
    fixed: str = ""


def make(half: str, events: int, seed: int) -> Corpus:
    """Articles on so many events, with the templates of one half ("train" or "test")."""
    data = tomllib.loads(DATA.read_text("utf-8"))
    rng = random.Random(f"{half} {seed}")
    corpus = Corpus()
    for number in range(events):
        _Event(data, half, number, rng, corpus).print_all()
    return corpus


class _Event:
    """One event and all that is printed on it."""

    def __init__(
        self, data: dict[str, Any], half: str, number: int, rng: random.Random, corpus: Corpus
    ) -> None:
        self._data, self._half, self._words = data, half, data[half]
        self._number, self._rng, self._corpus = number, rng, corpus
        kind = rng.choice(("talks", "shelling", "exchange"))
        self._facts = [f for f in data["fact"] if f["event"] == kind]
        countries = rng.sample(data["countries"], 4)
        people = [f"{rng.choice(data['given'])} {name}" for name in rng.sample(data["surnames"], 6)]
        self._slots = {
            "town": rng.choice(data["towns"]), "venue": rng.choice(data["venues"]),
            "day": rng.choice(data["days"]), "p1": people[4], "p2": people[5],
            "country2": countries[1][0], "adj2": countries[1][1], "country3": countries[2][0],
        }  # fmt: skip
        self._voices = {
            role: (person, *title, *countries[0 if role in {"host", "defence"} else 3])
            for (role, title), person in zip(data["titles"].items(), people, strict=False)
        }
        self._values = {f["id"]: str(rng.randint(*f["range"])) for f in self._facts if "range" in f}
        self._quote = {f["id"]: rng.randrange(2) for f in self._facts if f["kind"] == "quotation"}
        self._free = rng.sample(data["outlets"], len(data["outlets"]))
        # No two newsrooms write one sentence by chance: what is nobody's is written once.
        self._colour = rng.sample(self._words["colour"], len(self._words["colour"]))
        self._details = {f["id"]: list(f[half]) for f in self._facts if f.get("apart")}
        self._roots = 0
        self._printed: dict[int, str] = {}

    def print_all(self) -> None:
        """One or two agencies with those that print them, and others; three templates serve three
        newsrooms, so that no two write one sentence by chance."""
        rng = self._rng
        wires = rng.choice((1, 1, 2))
        others = 2 if wires == 1 and rng.random() < 0.3 else 1
        # Templates that no newsroom of this event begins with are the rewriters'.
        self._spare = wires + others
        for agency in rng.sample(self._data["agencies"], wires):
            lines = self._reported(agency, agency=True)
            root = self._print(agency, lines, None, "original", ())
            for how in rng.choices(KINDS, weights=(2, 2, 4, 2), k=rng.randint(1, 4)):
                credit = (agency,) if how in KINDS[:2] and rng.random() < 0.5 else ()
                self._print(self._free.pop(), self._rewrite(lines, how), root, how, credit)
        for _ in range(others):
            outlet = self._free.pop()
            self._print(outlet, self._reported(outlet, agency=False), None, "original", ())

    def _reported(self, outlet: str, *, agency: bool) -> list[_Line]:
        """An original: facts that its reporters heard or saw, and colour of its own."""
        rng = self._rng
        least, most = (5, 7) if agency else (3, 5)
        facts = rng.sample(self._facts, min(len(self._facts), rng.randint(least, most)))
        facts = [f for f in facts if not f.get("apart") or self._details[f["id"]]]
        lines = [self._line(fact, outlet, agency=agency) for fact in facts]
        for _ in range(rng.randint(2, 4)):
            self._colour_in(lines)
        self._roots += 1
        return lines

    def _colour_in(self, lines: list[_Line]) -> None:
        if self._colour:
            own = _Line(None, "", None, None, "", fixed=self._colour.pop())
            lines.insert(self._rng.randint(0, len(lines)), own)

    def _line(self, fact: dict[str, Any], outlet: str, *, agency: bool) -> _Line:
        rng = self._rng
        forms = fact[self._half]
        if fact["kind"] == "quotation":
            person = self._voices[fact["voice"]][0]
            rendering = rng.randrange(3)
            return _Line(
                fact, rng.choice(self._words["quoted"]), "by", self._who(fact), person, rendering
            )
        template = forms[self._roots % len(forms)]
        if fact.get("apart"):
            template = self._details[fact["id"]].pop()
        if fact["kind"] == "official":
            named = rng.random() < 0.75
            who = self._who(fact) if named else None
            return _Line(
                fact, template, "by" if named else None, who, str(self._voices[fact["voice"]][0])
            )
        if fact["kind"] == "position":
            return _Line(fact, template, None, None, self._slots["country3"])
        if fact["kind"] == "count":
            # A paper does not always say that the count is its own.
            if rng.random() < 0.75:
                speaker = f"{outlet} journalists" if agency else "our correspondent"
                form = "wire" if agency else "seen"
                return _Line(fact, template, form, speaker, f"own {outlet}")
            return _Line(fact, template, None, None, f"own {outlet}")
        return _Line(fact, template, None, None, f"own {outlet}")

    def _who(self, fact: dict[str, Any]) -> str:
        """One of the ways in which a paper names an official."""
        person, title, office, country, adjective = self._voices[fact["voice"]]
        surname = person.split()[-1]
        return self._rng.choice(
            (
                f"{adjective} {title} {person}", f"{country}'s {title} {person}",
                f"{adjective} {title} {person}", f"{surname}'s office", f"{title} {surname}",
                f"the {adjective} {office}",
            )
        )  # fmt: skip

    def _rewrite(self, lines: list[_Line], how: str) -> list[_Line]:
        rng = self._rng
        if how == "verbatim":
            return lines
        if how == "trimmed":
            kept = lines[: max(2, round(len(lines) * rng.uniform(0.45, 0.85)))]
            return [line for line in kept if rng.random() < 0.95] or kept[:2]
        out = []
        for line in lines:
            # Colour is left out first, then mere detail.
            apart = line.fact is not None and line.fact.get("apart")
            if rng.random() < (0.75 if line.fact is None else 0.3 if apart else 0.15):
                continue
            out.append(self._reword(line, how))
        for i in range(len(out) - 1):
            if rng.random() < 0.15:
                out[i], out[i + 1] = out[i + 1], out[i]
        for _ in range(rng.randint(0, 2)):
            self._colour_in(out)
        return out or [self._reword(lines[0], how)]

    def _reword(self, line: _Line, how: str) -> _Line:
        """The same content in other words; whose word it is may get lost on the way."""
        rng, fact = self._rng, line.fact
        if fact is None:
            return _Line(None, "", None, None, "", fixed=self._synonyms(line.fixed))
        if fact["kind"] == "quotation":
            template = rng.choice(self._words["quoted"])
            other = (line.rendering + rng.randint(1, 2)) % 3
            rendering = other if how == "translated quotation" else line.rendering
            return _Line(fact, template, "by", self._who(fact), line.origin, rendering)
        heavy = rng.random() < 0.8 and not fact.get("apart")
        spare = fact[self._half][self._spare :]
        template = rng.choice(spare) if heavy and spare else line.template
        if line.attribution == "by" and rng.random() < 0.35:
            return _Line(fact, template, None, None, line.origin)
        who = self._who(fact) if line.attribution == "by" else line.speaker
        return _Line(fact, template, line.attribution, who, line.origin)

    def _synonyms(self, text: str) -> str:
        for word, other in self._data["synonyms"]:
            text = re.sub(rf"\b{word}\b", other, text, count=1)
        return text

    def _print(
        self, outlet: str, lines: list[_Line], root: int | None, how: str, credited: tuple[str, ...]
    ) -> int:
        rng, number = self._rng, len(self._corpus.articles)
        if how in {"verbatim", "trimmed"} and root is not None:
            # The same words as the original's, sentence by sentence.
            texts = [self._printed[id(line)] for line in lines]
        else:
            texts = [self._put(line) for line in lines]
        if how == "original":
            self._printed = {id(line): text for line, text in zip(lines, texts, strict=True)}
        head = self._fill(rng.choice(self._words["headlines"]))
        text = head
        for k, (line, sentence) in enumerate(zip(lines, texts, strict=True)):
            text += "\n" if k == 0 or rng.random() < 0.5 else " "
            start = len(text)
            text += sentence
            if line.fact:
                self._tell(line, number, number if root is None else root, (start, len(text)))
        printed = Printed(
            number, self._number, outlet, text, number if root is None else root, how, credited
        )
        self._corpus.articles.append(printed)
        return number

    def _tell(self, line: _Line, number: int, root: int, at: tuple[int, int]) -> None:
        fact = line.fact or {}
        name = fact["id"]
        value = self._values.get(name, "")
        if fact["kind"] == "quotation":
            value = self._renderings(fact)[line.rendering]
        which = fact[self._half].index(line.template) if fact.get("apart") else 0
        answer = f"{self._number} {name} {which}"
        self._corpus.told.append(
            Told(number, *at, answer, fact["kind"], value, line.speaker, line.origin, root)
        )

    def _renderings(self, fact: dict[str, Any]) -> list[str]:
        found: list[str] = fact[self._half][self._quote[fact["id"]]]
        return found

    def _put(self, line: _Line) -> str:
        """A line as a sentence."""
        fact = line.fact
        if fact is None:
            return line.fixed
        if fact["kind"] == "quotation":
            quote = self._renderings(fact)[line.rendering]
            return _sentence(
                self._fill(line.template)
                .replace("{quote}", quote)
                .replace("{who}", line.speaker or "")
            )
        said = self._fill(line.template, self._values.get(fact["id"], ""))
        if line.attribution is None:
            return _sentence(f"{said}.")
        form = self._rng.choice(self._words[line.attribution])
        agency = (line.speaker or "").removesuffix(" journalists")
        form = form.replace("{agency}", agency).replace("{who}", line.speaker or "")
        return _sentence(form.replace("{it}", said))

    def _fill(self, template: str, n: str = "") -> str:
        text = _CHOICE.sub(lambda m: self._rng.choice(m[1].split("|")), template)
        hook = {"talks": "Talks", "shelling": "Shelling", "exchange": "Prisoners exchanged"}
        event = self._facts[0]["event"]
        slots = {**self._slots, "n": n, "hook": hook[event], "small": hook[event].lower()}
        return re.sub(r"\{(\w+)\}", lambda m: slots.get(m[1], m[0]), text)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
