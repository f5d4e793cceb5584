"""Commands on what was agreed: is the file right, what does it say, and its schema."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show, stamped
from trucewatch.app.terminal import WRONG, say_json

FileArgument = Annotated[
    Path | None,
    typer.Argument(help="An agreement.yaml, or its folder; without it, that of the mission."),
]


def check(
    file: FileArgument = None, mission: MissionOption = HERE, as_json: JsonOption = False
) -> None:
    """Tell every fault of an agreement that can be found, and what may not have been meant."""
    from trucewatch.app.agreement import lines as agreement_lines
    from trucewatch.app.agreement import showing as agreement

    path = agreement.file_of(file, mission)
    data = agreement.checked(agreement.examined(path), path)
    show(data, lambda: agreement_lines.checked(data), as_json=as_json)
    if not data["ok"]:
        raise typer.Exit(WRONG)


def shown(
    file: FileArgument = None,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", help="Draw its zones and its hours into this SVG file, too."),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what an agreement says: texts, bodies, zones, provisions with their hours, responses."""
    from trucewatch.app.agreement import lines as agreement_lines
    from trucewatch.app.agreement import showing as agreement

    path = agreement.file_of(file, mission)
    found = agreement.examined(path)
    if found.agreement is None:
        raise found.faults[0]
    data = agreement.shown(found.agreement, agreement.zone_of(path))
    if picture is not None:
        from trucewatch.app.agreement.picture import draw
        from trucewatch.app.files import write_whole

        drawn = stamped(draw(found.agreement, data))
        write_whole(picture, drawn.encode("utf-8"), private=True)
        data["picture"] = str(picture)
    show(data, lambda: agreement_lines.shown(data), as_json=as_json)


def schema(as_json: JsonOption = False) -> None:  # noqa: ARG001 - it is JSON with and without
    """Print the JSON Schema of agreement.yaml, for editors and other programs."""
    from trucewatch.agreements import agreement_schema

    say_json(agreement_schema())
