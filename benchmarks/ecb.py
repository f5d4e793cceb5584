"""ECB+ (Cybulska and Vossen 2014), its development part: sentences, mentions, truth.

Read where it lies; the texts belong to their publishers and are not copied into the project.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.model import Article, RawRef
from trucewatch.stories import Mention

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "ecbplus-event-coreference"
# Every second topic, by number: what anything was chosen on. The others are scored.
TUNED_ON = frozenset({"2", "12", "21", "34"})


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles; mentions by their id, and the truth: chain of a mention, event of an article."""

    articles: dict[str, Article]
    mentions: dict[str, Mention]
    chains: dict[str, str]
    events: dict[str, str]

    def scored(self) -> Corpus:
        """The topics that nothing was chosen on."""
        return self._only({d for d in self.events if topic(d) not in TUNED_ON})

    def tuned_on(self) -> Corpus:
        """The other topics."""
        return self._only({d for d in self.events if topic(d) in TUNED_ON})

    def _only(self, kept: set[str]) -> Corpus:
        mentions = {key: m for key, m in self.mentions.items() if m.article in kept}
        return Corpus(
            {d: a for d, a in self.articles.items() if d in kept},
            mentions,
            {key: self.chains[key] for key in mentions},
            {d: e for d, e in self.events.items() if d in kept},
        )


def topic(document: str) -> str:
    return document.split("_")[0]


def read(data: Path) -> Corpus:
    """Raises FileNotFoundError where the data are absent."""
    folder = data / FOLDER
    with (folder / "doc_seminal_event_dev.csv").open(encoding="utf-8", newline="") as file:
        events = {row["doc_id"]: row["seminal_event"] for row in csv.DictReader(file)}
    sentences: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for line in (folder / "ECB_Dev_corpus.txt").read_text("utf-8").split("\n"):
        parts = line.split("\t")
        if len(parts) >= 5:  # one line of the file has a tab too many
            sentences[parts[0]][int(parts[1])].append(parts[3])
    mentions, chains = {}, {}
    listed = json.loads((folder / "ECB_Dev_Event_gold_mentions.json").read_text("utf-8"))
    for row in listed:
        document, sentence, heads = row["doc_id"], row["sent_id"], tuple(row["tokens_number"])
        key = f"{document}/{sentence}/{'-'.join(map(str, heads))}"
        mentions[key] = Mention(
            id=key,
            article=document,
            sentence=sentence,
            words=tuple(sentences[document][sentence]),
            heads=heads,
        )
        chains[key] = row["coref_chain"]
    articles = {
        document: _article(document, "\n".join(" ".join(words) for words in found.values()))
        for document, found in sentences.items()
        if document in events
    }
    return Corpus(articles, mentions, chains, events)


def _article(document: str, text: str) -> Article:
    return Article(
        id=document,
        outlet=document,
        title="",
        text=text,
        blocks=(),
        language="en",
        published=None,
        dated_by="",
        link=None,
        byline=None,
        credits=(),
        dropped=(),
        raw=RawRef(payload="0" * 64, pointer="", start=0, length=len(text)),
    )
