"""The last check of a brief: the composer is not trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import Sentence
from trucewatch.bulletins.brief.grounds import LONGEST_QUOTATION, in_order
from trucewatch.bulletins.brief.showing import shown_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.bulletins.brief.content import Brief, Citation, Table
    from trucewatch.bulletins.brief.grounds import Grounds
    from trucewatch.model import Article


def check_brief(
    brief: Brief, grounds: Grounds, *, articles: Mapping[str, Article]
) -> tuple[str, ...]:
    """What is wrong with a brief: each fault with the sentence it is in; empty where all holds.

    It says nothing of whether the brief is wise, only that no sentence goes beyond its citations.
    """
    cited = {one.number: one for one in brief.citations}
    faults = [
        f"[{one.number}]: {fault}"
        for one in brief.citations
        if (fault := _citation_fault(one, articles))
    ]
    for one in brief.sentences():
        if not isinstance(one, Sentence):
            fault = grounds.note_fault(one.text)
        elif any(number not in cited for number in one.citations):
            fault = "a citation is missing"
        else:
            ids = [each for number in one.citations for each in cited[number].statements]
            fault = grounds.fault(one.text, ids, one.questions)
        if fault:
            faults.append(f"{one.text}: {fault}")
    said = [*brief.reasons, *(each for one in brief.tables for each in _texts(one))]
    faults += [
        f"{text}: more words in a row are an article's" for text in said if grounds.copied(text)
    ]
    for table in brief.tables:
        for wording in (each for row in table.rows for each in row.wordings):
            held = [cited[number] for number in wording.citations if number in cited]
            if not grounds.stands(wording.words, [one for each in held for one in each.statements]):
                faults.append(f"{wording.words}: a wording stands in no cited passage")
    return tuple(faults)


def _texts(table: Table) -> tuple[str, ...]:
    """What a table says in words of the desk's own, or in marked ones."""
    values = tuple(row.value for row in table.rows)
    return (table.asked, *table.reasons, *table.inconsistent, *values)


def _citation_fault(one: Citation, articles: Mapping[str, Article]) -> str | None:
    if len(shown_words(f"{one.before}{one.words}{one.after}")) > LONGEST_QUOTATION:
        return f"more than {LONGEST_QUOTATION} words are quoted"
    if one.article is None:
        return None
    parts = [part for piece in one.words.split("…") if (part := shown_words(piece))]
    if not in_order(shown_words(articles[one.article].text[one.start : one.end]), parts):
        return "the words do not stand where the citation points"
    return None
