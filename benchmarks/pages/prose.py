"""Articles made of invented names and a small grammar; no sentence is anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.pages.tongues import TONGUES

if TYPE_CHECKING:
    import random


@dataclass(frozen=True)
class Text:
    """An article before any page is put around it: (role, words), the title apart."""

    title: str
    blocks: tuple[tuple[str, str], ...]
    author: str
    tongue: str


SYLLABLES = [
    "ba",
    "do",
    "ri",
    "ven",
    "sto",
    "mar",
    "lin",
    "ke",
    "ta",
    "sul",
    "no",
    "per",
    "gra",
    "mi",
    "lo",
    "han",
    "dre",
    "vi",
    "cor",
    "ten",
    "sa",
    "ul",
]
ROLES = ["foreign minister", "mayor", "mission chief", "president", "army spokesman", "mediator",
         "aid coordinator", "harbour master", "deputy governor", "chief negotiator"]  # fmt: skip
PLACES = ["bridge", "harbour", "power station", "valley road", "northern crossing", "grain store",
          "hospital", "water works", "rail yard", "border post"]  # fmt: skip
MATTERS = ["the ceasefire", "the exchange of prisoners", "the reopening of the port",
           "the withdrawal of heavy guns", "the aid convoy", "the observer mission",
           "the repair of the power line", "the talks on the valley"]  # fmt: skip
LISTED = ["monitors at every crossing", "a telephone line between the two commands",
          "boats for the northern patrol", "the return of families to the valley",
          "fuel for the hospital", "a date for the next round", "money for the repair of the dam",
          "an office in each of the towns", "who may cross at night"]  # fmt: skip
SENTENCES = [
    "{who} said on {day} that {matter} would go ahead if both councils kept to the plan of {month}.",
    "{who}, the {role} of {land}, told reporters in {town} that {n} observers had reached the {place}.",
    "At least {n} people were waiting at the {place} near {town} when the first lorries arrived.",
    "The two delegations met for {k} hours in {town} and agreed to speak again before the end of {month}.",
    "Nobody in {town} could say how long {matter} would take, and several families left for {land}.",
    "“We have been promised this before,” {who} said, “and we will believe it when the boats are here.”",
    "Officials in {land} put the cost of the mission at about {n} million crowns for the first year.",
    "A draft seen by both sides leaves open who leads the patrols and who pays for {matter}.",
    "According to the {role}, more than {n} shells had fallen around the {place} since {day}.",
    "{town} has had no running water since the {place} was hit in {month}, its council said.",
    "The {role} of {land} did not answer questions about {matter}, but promised a statement on {day}.",
    "Between {k} and {n} soldiers would guard the {place}, with boats from {land} and a staff in {town}.",
    "Critics of the plan, among them {who}, warned that it rests on goodwill that nobody has tested.",
    "“If you ask your neighbours here, they will tell you the same,” said {who}, who keeps a shop in {town}.",
    "In {month} a first attempt failed after {k} days, when a convoy was turned back at the {place}.",
    "{land} has offered to host the next round, and {who} is expected to lead its delegation.",
    "Under the terms of the paper, each side tells the other of movements {k} hours ahead.",
    "The parliament of {land} must still vote on the money, which {who} called a matter of days.",
    "For {matter} to hold, the mediators say, the road past the {place} has to be open by {day}.",
    "Satellite pictures showed smoke over the {place} on {day}, though neither side reported an attack.",
]  # fmt: skip
SHORT = ["Talks resume on {day}.", "It was the {k}th such meeting.", "The road stays closed.",
         "Neither side has commented."]  # fmt: skip
TITLES = [
    "{land} and {land2} edge towards deal on {matter}",
    "Observers reach {place} as truce enters week {k}",
    "{town} waits for water after strike on {place}",
    "Who will watch {matter}? {land} says it can",
    "{land} offers {n} observers for {matter}",
    "Doubts grow over {matter} after meeting in {town}",
    "{role} of {land} rejects new plan for {place}",
]
HEADINGS = ["What is still open", "A road nobody repairs", "Who pays", "Fear in {town}", "The view from {land}",
            "Boats and money", "Patrols at night", "A vote in {month}"]  # fmt: skip
LABELS = [
    "Key Points:",
    "Key Takeaways",
    "At a Glance",
    "Background",
    "What happens next",
    "Why it matters",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April", "May", "June", "September", "October"]


def name(rng: random.Random, parts: int = 2) -> str:
    """An invented word with a capital."""
    return "".join(rng.choice(SYLLABLES) for _ in range(parts)).capitalize()


def person(rng: random.Random) -> str:
    """An invented person."""
    return f"{name(rng)} {name(rng, 3)}"


class World:
    """The names that one article is about, so that its sentences share them."""

    def __init__(self, rng: random.Random, tongue: str = "en") -> None:
        self.rng = rng
        self.tongue = tongue
        self.people = [person(rng) for _ in range(4)]
        self.towns = [name(rng, 2) for _ in range(3)]
        self.lands = [name(rng, 3) for _ in range(2)]
        self.matter = rng.choice(MATTERS)

    def fill(self, pattern: str) -> str:
        """A pattern with names in its slots."""
        rng = self.rng
        said = pattern.format(
            who=rng.choice(self.people), town=rng.choice(self.towns), land=self.lands[0],
            land2=self.lands[1], role=rng.choice(ROLES), place=rng.choice(PLACES),
            matter=self.matter if rng.random() < 0.7 else rng.choice(MATTERS), day=rng.choice(DAYS),
            month=rng.choice(MONTHS), n=rng.randrange(20, 900), k=rng.randrange(2, 19),
        )  # fmt: skip
        return said[0].upper() + said[1:]

    def sentence(self) -> str:
        """One sentence in the article's language."""
        return self.fill(self.rng.choice(TONGUES.get(self.tongue, SENTENCES)))

    def paragraph(self) -> str:
        """Two to four sentences."""
        return " ".join(self.sentence() for _ in range(self.rng.randrange(1, 5)))


def article(rng: random.Random, *, tongue: str = "en", plain: bool = False) -> Text:
    """An article with headings, lists and quotations, or with paragraphs alone."""
    world = World(rng, tongue)
    english = tongue == "en"
    blocks: list[tuple[str, str]] = []
    for i in range(rng.randrange(5, 12)):
        if i and english and not plain and rng.random() < 0.3:
            blocks.append(("h2", world.fill(rng.choice(HEADINGS))))
        blocks.append(("p", world.paragraph()))
        if english and not plain and rng.random() < 0.12:
            blocks.append(("blockquote", f"“{world.fill(rng.choice(SENTENCES[:5]))}”"))
        if english and not plain and rng.random() < 0.15:
            blocks.append(("p", "The two sides have still to settle the following points:"))
            blocks.extend(("li", item) for item in rng.sample(LISTED, rng.randrange(3, 6)))
        if english and rng.random() < 0.08:
            blocks.append(("p", world.fill(rng.choice(SHORT))))
    if english and not plain and rng.random() < 0.4:
        points = [("li", world.sentence().rstrip(".")) for _ in range(rng.randrange(3, 5))]
        label = rng.choice(LABELS)
        at = 1 if rng.random() < 0.5 else len(blocks)
        while at < len(blocks) and blocks[at][0] == "li":
            at += 1
        blocks[at:at] = [("h2", label), *points]
        if at + len(points) + 1 == len(blocks):
            blocks.append(("p", world.paragraph()))
    return Text(title(world), tuple(blocks), person(rng), tongue)


def title(world: World) -> str:
    """A headline."""
    own = TONGUES.get(f"{world.tongue}:title", TITLES)
    return world.fill(world.rng.choice(own))


def headline(rng: random.Random, tongue: str = "en") -> str:
    """A headline of some other article."""
    return title(World(rng, tongue))


def teaser(rng: random.Random, tongue: str = "en") -> str:
    """The first sentence of some other article."""
    return World(rng, tongue).sentence()
