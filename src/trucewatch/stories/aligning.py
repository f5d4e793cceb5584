"""The statements of one story laid side by side: its questions and their answers."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from trucewatch.language import name, words
from trucewatch.model import Question, Story, Verdict, content_id
from trucewatch.stories.answering import answer, grouped
from trucewatch.stories.placing import place, printed
from trucewatch.stories.quoting import SHORT
from trucewatch.stories.relations import Relation, counted, relation
from trucewatch.stories.times import apart, telling
from trucewatch.stories.topics import question_text, topic_class
from trucewatch.stories.vocabulary import Sort, english

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Article, Statement
    from trucewatch.stories.answering import Group
    from trucewatch.stories.placing import Placed
    from trucewatch.stories.topics import Topic

NOT_COUNTED = "the origins behind the answers have not been counted"


def align(articles: Iterable[Article], statements: Iterable[Statement]) -> Story:
    """One story of these articles: what its statements answer, in which wordings.

    Verdicts are provisional until `settle`, and say single origin: nothing unknown counts as
    independent. A statement of an article that is not among `articles` is not of this story.
    """
    known = {article.id: article for article in articles}
    ours = [one for one in statements if one.article in known]
    questions = [
        _question(topic, groups, known)
        for topic, placed in place(ours, known).items()
        for groups in _asked(topic, placed, known)
        if groups
    ]
    return Story(
        id=content_id("story", sorted(known)),
        title=_title(known.values()),
        articles=tuple(sorted(known)),
        outlets=tuple(sorted({article.outlet for article in known.values()})),
        questions=tuple(sorted(questions, key=lambda one: (one.topic, one.text, one.id))),
        reasons=_reasons(known),
    )


def _asked(
    topic: Topic, placed: Sequence[Placed], articles: Mapping[str, Article]
) -> tuple[tuple[Group, ...], ...]:
    sort = topic_class(topic, (one.statement for one in placed)).sort
    return grouped(sort, placed, articles)


def _question(topic: Topic, groups: Sequence[Group], articles: Mapping[str, Article]) -> Question:
    statements = [one for group in groups for one in group.statements]
    sort = topic_class(topic, statements).sort
    # The shortest rendering that is more than a word or two is what all have in common.
    start = ""
    if sort is Sort.QUOTATION:
        start = min((printed(one, articles) for one in statements), key=_as_a_heading)
    return Question(
        id=content_id("question", [topic.key, groups[0].value if start else ""]),
        topic=topic.key,
        text=question_text(topic, statements, start=start),
        answers=tuple(answer(group, articles) for group in groups),
        verdict=Verdict.SINGLE_ORIGIN,
        reasons=(*sorted({note for group in groups for note in group.notes}), NOT_COUNTED),
        inconsistent=_inconsistent(topic, sort, groups, articles),
    )


def _as_a_heading(quote: str) -> tuple[bool, int, str]:
    run = words(quote)
    return len(run) < SHORT, len(run), quote


def _inconsistent(
    topic: Topic, sort: Sort, groups: Sequence[Group], articles: Mapping[str, Article]
) -> tuple[tuple[str, str], ...]:
    """Outlets of which one article gives two answers that exclude one another, in one voice.

    Who reports what two sides say contradicts nobody, nor does who tells what was and what is.
    """
    found: set[tuple[str, str]] = set()
    answers = [answer(group, articles) for group in groups]
    by_article = [_by_article(group) for group in groups]
    for one, other in combinations(range(len(groups)), 2):
        both = by_article[one].keys() & by_article[other].keys()
        # Most answers share no article, and comparing them would be for nothing.
        if not both or relation(sort, answers[one], answers[other])[0] is not Relation.EXCLUSIVE:
            continue
        for article in both:
            for mine, theirs in product(by_article[one][article], by_article[other][article]):
                things = [counted(topic, [each], articles) for each in (mine, theirs)]
                if _in_one_voice(mine, theirs) and things[0] & things[1]:
                    pair = sorted(printed(each, articles) for each in (mine, theirs))
                    found.add((mine.outlet, f"writes both “{pair[0]}” and “{pair[1]}”"))
    return tuple(sorted(found))


def _by_article(group: Group) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for one in group.statements:
        found.setdefault(one.article, []).append(one)
    return found


def _in_one_voice(one: Statement, other: Statement) -> bool:
    return (
        name(one.speaker or "") == name(other.speaker or "")
        and one.earlier == other.earlier
        and not apart(one.when, other.when)
    )


def _title(articles: Iterable[Article]) -> str:
    """The title that shares most words with the other titles: nobody's headline by rank."""
    small = english().small
    titles = sorted({article.title for article in articles if article.title.strip()})
    runs = {title: set(words(title)) - small for title in titles}
    return min(
        titles,
        key=lambda one: (
            -sum(len(runs[one] & runs[other]) for other in titles if other != one),
            len(one),
            one,
        ),
        default="",
    )


def _reasons(articles: Mapping[str, Article]) -> tuple[str, ...]:
    ordered = [articles[key] for key in sorted(articles)]
    undated = sorted({article.outlet for article in ordered if article.published is None})
    told = sorted(
        f"{article.outlet} tells of the event in the words “{found.words}”"
        for article in ordered
        if (found := telling(article)) is not None
    )
    if undated:
        told.append(f"the day of publication is not known of {', '.join(undated)}")
    return tuple(told)
