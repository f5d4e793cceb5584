"""A brief as Markdown, and as plain lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import Sentence
from trucewatch.bulletins.brief.look import SECTIONS, by_letter, foot, runs_of, tables_of
from trucewatch.bulletins.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trucewatch.bulletins.brief.content import Brief, Citation, Note, Read, Row, Table

COLUMNS = ("Answer", "Articles", "Origins behind them", "First seen", "As printed")


def render_brief_markdown(brief: Brief) -> bytes:
    """The Markdown of a brief, in UTF-8; every word of an article is escaped."""
    return ("\n".join(_lines(brief, escape)) + "\n").encode("utf-8")


def brief_lines(brief: Brief) -> list[str]:
    """The brief for a terminal, without tables and with nothing escaped but control characters."""
    made = [f"# {_told(brief.headline, str)}", ""]
    for id_, heading in SECTIONS[:-1]:
        made += [f"## {heading}", "", *_said(brief, id_, str), ""]
    made += ["## Read more", ""]
    for one in by_letter(brief):
        link = f"  {one.link}" if one.link else ""
        made.append(f"  {one.label}  {one.outlet}, {one.published}: “{one.title}”{link}")
    return [*made, "", *foot(brief)]


def _lines(brief: Brief, plain: Callable[[str], str]) -> Iterator[str]:
    tables = tables_of(brief)
    yield f"# {_told(brief.headline, plain)}"
    yield ""
    at_hand = f" At hand: {plain(brief.mission)}." if brief.mission else ""
    yield (
        f"Brief of story {brief.number} of {brief.of}. It says what articles print, not what "
        f"happened: no finding.{at_hand}"
    )
    for id_, heading in SECTIONS[:-1]:
        yield ""
        yield f"## {heading}"
        yield ""
        yield from _said(brief, id_, plain)
        for table in tables.get(id_, ()):
            yield from _table(table, plain)
        if id_ == "unsure":
            for table in tables["alone"]:
                yield from _table(table, plain)
    yield ""
    yield "## Read more"
    yield ""
    for one in by_letter(brief):
        yield f"- {_article(one, plain)}"
    yield ""
    for line in foot(brief):
        yield f"- {line}"
    for reason, n in brief.left_out.quarantined:
        yield f"- Quarantined, {n}×: {plain(reason)}"
    for reason in brief.reasons:
        yield f"- One story because: {plain(reason)}"
    yield ""
    yield "### The very words"
    yield ""
    for each in brief.citations:
        yield f"- {_citation(each, plain)}"


def _said(brief: Brief, section: str, plain: Callable[[str], str]) -> Iterator[str]:
    if section == "story":
        for n, paragraph in enumerate(brief.story):
            yield from [""] * bool(n)
            yield " ".join(_told(one, plain) for one in paragraph)
        return
    said: tuple[Sentence | Note, ...] = getattr(brief, section)
    yield from (f"- {_told(one, plain)}" for one in said)


def _told(one: Sentence | Note, plain: Callable[[str], str]) -> str:
    return plain(one.text) + (_numbers(one.citations) if isinstance(one, Sentence) else "")


def _numbers(citations: tuple[int, ...]) -> str:
    runs = (f"{a}" if a == b else f"{a}–{b}" for a, b in runs_of(citations))
    return f" [{', '.join(runs)}]" if citations else ""


def _table(table: Table, plain: Callable[[str], str]) -> Iterator[str]:
    yield ""
    yield f"### {plain(table.asked)} ({table.verdict.value})"
    yield ""
    for one in table.sentences:
        yield _told(one, plain)
        yield ""
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|" + "---|" * len(COLUMNS)
    for row in table.rows:
        yield f"| {' | '.join(_cells(row, plain))} |"
    for words in (*table.reasons, *table.inconsistent):
        yield ""
        yield plain(words)


def _cells(row: Row, plain: Callable[[str], str]) -> tuple[str, ...]:
    origins = "; ".join(plain(one.name) for one in row.origins) or "not known"
    printed = "; ".join(
        f"“{plain(one.words)}” {', '.join(one.labels)}{_numbers(one.citations)}"
        for one in row.wordings
    )
    return (plain(row.value), ", ".join(row.labels), origins, row.first, printed or "–")


def _article(one: Read, plain: Callable[[str], str]) -> str:
    title = f"“{plain(one.title)}”" if one.title else "no title"
    link = f" {plain(one.link)}" if one.link else ""
    credited = f"; credits {plain('; '.join(one.credits))}" if one.credits else ""
    dropped = sum(n for _, n in one.dropped)
    dated = f"by {plain(one.dated_by)}; " if one.dated_by else ""
    return (
        f"**{one.label}** {plain(one.outlet)}: {title}, {one.published} "
        f"({dated}{plain(one.language)}{credited}; {dropped} dropped; "
        f"payload {one.payload[:16]}){link}"
    )


def _citation(one: Citation, plain: Callable[[str], str]) -> str:
    around = plain(one.before + one.words + one.after)
    where = "" if one.start is None else f" (characters {one.start}–{one.end})"
    label = f"{one.label} " if one.label else ""
    return f"[{one.number}] {label}{plain(one.name)}: “{around}”{where}"
