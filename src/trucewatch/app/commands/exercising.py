"""The command that plays a drill."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import JsonOption, show


def exercise(
    folder: Annotated[Path, typer.Argument(help="A new folder for the drill's mission.")],
    like: Annotated[
        str, typer.Option("--like", help="The shipped mission that it is built on.")
    ] = "paris-framework",
    script: Annotated[
        Path | None, typer.Option("--script", help="Play this script, not the mission's own.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Stop at this time, e.g. '2027-03-03 12:00'.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Play a script of made-up events hour by hour, everything marked as an exercise."""
    from trucewatch.app.exercise import playing, table
    from trucewatch.app.progress import progress

    with progress() as report:
        data = playing.play(folder, like=like, script=script, until=until, progress=report)
    show(data, lambda: table.lines(data), as_json=as_json)
