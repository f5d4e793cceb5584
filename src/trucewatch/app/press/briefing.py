"""Briefs for people: files and a mission's press articles in, pages or lines out."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from trucewatch.app.files import make_folder, write_whole
from trucewatch.app.mission import Mission
from trucewatch.app.press import articles as press
from trucewatch.app.press import desk
from trucewatch.bulletins.brief import (
    AtHand,
    brief_lines,
    render_brief_html,
    render_brief_json,
    render_brief_markdown,
)
from trucewatch.commitments import ledger_at
from trucewatch.errors import NotFound, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from trucewatch.app.configuration import Configuration
    from trucewatch.model import Pledge

RENDERERS = {
    "html": render_brief_html,
    "md": render_brief_markdown,
    "json": render_brief_json,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The briefs of one call, and how many articles were read for them."""

    told: tuple[desk.Told, ...]
    articles: int
    quarantined: tuple[tuple[str, int], ...]


def brief(
    paths: Sequence[Path],
    *,
    mission: Path | None = None,
    progress: desk.Progress | None = None,
) -> Made:
    """Read articles and compose a brief of each story that they tell.

    With a mission, its sources, informants, agreement and commitments are at hand, and the press
    articles that it has ingested are read, too; articles of sources under seal are counted and
    not used. Raises NotFound where a file is missing, or where nothing was an article.
    """
    for path in paths:
        if path.is_dir():
            raise NotFound(f"{path} is a folder: name its files, such as {path}/*.html")
        if not path.exists():
            raise NotFound(f"no such file: {path}")
    if mission is None:
        return _brief(paths, [], None, None, progress)
    with Mission.open(mission, readonly=True) as opened:
        configuration = opened.configuration()
        held = list(press.ingested(opened, configuration))
        pledges = ledger_at(configuration.pledges, opened.decisions())
        return _brief(paths, held, configuration, _at_hand(configuration, pledges), progress)


def _brief(
    paths: Sequence[Path],
    held: list[tuple[str, desk.Delivered]],
    configuration: Configuration | None,
    at_hand: AtHand | None,
    progress: desk.Progress | None,
) -> Made:
    sealed = {
        one.id for one in (configuration.sources if configuration else {}).values() if one.sealed
    }
    given = [each for source, each in held if source not in sealed]
    at_desk = desk.read(
        (*given, *_files(paths, configuration)), of=len(given) + len(paths), progress=progress
    )
    left_out = at_desk.left_out
    if not given and not paths:
        raise NotFound("the mission has ingested no article that may be used: name a FILE")
    if not at_desk.articles:
        reasons = "; ".join(f"{n}× {reason}" for reason, n in left_out.quarantined[:5])
        raise NotFound(
            f"none of it is an article{f' ({reasons})' if reasons else ''}: give saved pages, "
            "WARC, RSS or Atom files, or plain text"
        )
    told = desk.tell(
        replace(at_desk, left_out=replace(left_out, sealed=sum(s in sealed for s, _ in held))),
        informants=configuration.informants if configuration else (),
        sources=configuration.sources if configuration else {},
        at_hand=at_hand,
        progress=progress,
    )
    return Made(told=told, articles=len(at_desk.articles), quarantined=at_desk.left_out.quarantined)


def _files(paths: Sequence[Path], configuration: Configuration | None) -> Iterator[desk.Delivered]:
    for path in paths:
        name = os.fsencode(path.name).decode("utf-8", "backslashreplace")
        try:
            raw = path.read_bytes()
        except OSError as fault:
            raise SourceUnavailable(f"cannot read {path}: {fault.strerror}") from fault
        yield desk.Delivered(raw=raw, name=name, outlet=_outlet(configuration, name))


def _outlet(configuration: Configuration | None, name: str) -> str | None:
    """The outlet of a file by the patterns of the mission's press sources, None where none fits."""
    if configuration is None:
        return None
    try:
        source = configuration.source_of(name)
    except NotFound:
        return None
    return source.name if source.reader == press.READER else None


def _at_hand(configuration: Configuration, pledges: Iterable[Pledge]) -> AtHand:
    return AtHand(
        name=configuration.mission.mission.name,
        agreement=configuration.agreement,
        pledges=tuple(_veiled(one, configuration) for one in pledges),
    )


def _veiled(pledge: Pledge, configuration: Configuration) -> Pledge:
    """A pledge that does not name the source under seal that it was learnt from."""
    sealed = [one for one in configuration.sources.values() if one.sealed]
    said = pledge.source.casefold()
    if any(name.casefold() in said for one in sealed for name in (one.id, one.name) if name):
        return replace(pledge, source="a source under seal")
    return pledge


def write(made: Made, folder: Path, *, formats: Sequence[str]) -> tuple[Path, ...]:
    """Write every brief in the formats asked for: `brief.html`, or `brief-1.html` and on."""
    make_folder(folder)
    written = []
    for one in made.told:
        stem = "brief" if one.brief.of == 1 else f"brief-{one.brief.number}"
        for kind in formats:
            path = folder / f"{stem}.{kind}"
            write_whole(path, RENDERERS[kind](one.brief))
            written.append(path)
    return tuple(written)


def data(made: Made, written: Sequence[Path], *, whole: bool) -> dict[str, Any]:
    """The same for programs; `whole` adds every brief as its JSON has it."""
    return {
        "articles": made.articles,
        "quarantined": dict(made.quarantined),
        "files": [str(path) for path in written],
        "briefs": [json.loads(render_brief_json(one.brief)) for one in made.told] if whole else [],
    }


def lines(made: Made, written: Sequence[Path]) -> list[str]:
    """What the terminal shows: where the files are, or else every brief as text."""
    stories = "story" if len(made.told) == 1 else "stories"
    said = [f"{made.articles} {'article' if made.articles == 1 else 'articles'}, "]
    said[0] += f"{len(made.told)} {stories}"
    said += [f"  quarantined {n}×: {reason}" for reason, n in made.quarantined]
    if written:
        said += [f"  {one.brief.headline.text}" for one in made.told]
        return said + [f"  wrote {path}" for path in written]
    for one in made.told:
        said += ["", *brief_lines(one.brief)]
    return [*said, "", "As pages to open and share: add --format html,md,json --out DIR"]
