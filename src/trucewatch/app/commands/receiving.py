"""Commands on what was received: taken in, or taken back for a reason."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files, exactly as received.")],
    source: Annotated[
        str | None,
        typer.Option("--source", "-s", help="Who sent them; else the file names decide."),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take files into the log as they are, then read them; say what became of every record."""
    from trucewatch.app import intake, lines
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress

    with Mission.open(mission) as opened, progress() as report:
        delivered = intake.ingest(opened, files, source=source, progress=report)
    data = lines.ingest_data(delivered)
    show(data, lambda: lines.ingest(data), as_json=as_json)


def withdraw(
    identifier: Annotated[
        str,
        typer.Argument(
            help="A claim or report, or a delivery by its receipt: log index, payload or leaf hash."
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the log for good.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let it count again.")] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter in the log that something received no longer counts; its bytes stay as they are."""
    from trucewatch.app import withdrawing
    from trucewatch.app.mission import Mission

    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    with Mission.open(mission) as opened:
        data = withdrawing.withdraw(opened, identifier, reason=reason, undo=undo)
    show(data, lambda: withdrawing.lines(data), as_json=as_json)
