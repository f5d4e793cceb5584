"""The command of the desk: articles in, a brief of each story out."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import JsonOption, remember, show

FORMATS = ("html", "md", "json")


def brief(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Articles as they are: HTML, WARC, RSS or Atom, plain text. With --mission "
            "those that it has ingested are read, too."
        ),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option("--format", help="Write files instead of printing: html, md, json."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder for the files.")] = Path("briefs"),
    mission: Annotated[
        Path | None,
        typer.Option(
            "--mission",
            "-m",
            help="A mission whose sources, agreement and commitments are at hand.",
            callback=remember,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell one story from many articles: what is agreed, what is disputed, who said it first."""
    from trucewatch.app.press import briefing
    from trucewatch.app.progress import progress

    chosen = _formats(formats)
    if not files and mission is None:
        raise typer.BadParameter("name at least one FILE, or a --mission that has ingested some")
    with progress() as report:
        made = briefing.brief(files or (), mission=mission, progress=report)
    written = briefing.write(made, out, formats=chosen) if chosen else ()
    show(
        briefing.data(made, written, whole=as_json),
        lambda: briefing.lines(made, written),
        as_json=as_json,
    )


def _formats(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    if not chosen or any(part not in FORMATS for part in chosen):
        raise typer.BadParameter(f"{text!r}: choose from {','.join(FORMATS)}")
    return chosen
