"""Commands on other sites of the mission, whose logs are taken over."""

from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO


def add(
    origin: Annotated[str, typer.Argument(help="The name of the other log, as it signs.")],
    vkey: Annotated[str, typer.Option("--vkey", help="Its key: a file, or the text itself.")],
    source: Annotated[
        str, typer.Option("--from", help="The folder with a copy of it, or of its mission.")
    ],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Name the log of another site whose reports are to count here."""
    from trucewatch.app.auditing.proving import key_text
    from trucewatch.app.federation import adding

    data = adding.add(mission, origin=origin, vkey=key_text(vkey), source=source)
    show(data, lambda: adding.lines(data), as_json=as_json)


def pull(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """Copy the other logs, audit them, and take over what they have; exit 1 if one is refused."""
    from trucewatch.app.clock import clock
    from trucewatch.app.federation import pulling

    data = pulling.pulled_data(pulling.pull(mission, now=clock))
    show(data, lambda: pulling.pulled_lines(data), as_json=as_json)
    if not data["ok"]:
        raise typer.Exit(NO)


def listing(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """List the other logs, and how far each was taken over."""
    from trucewatch.app.federation import listing as listed

    data = listed.listed(mission)
    show(data, lambda: listed.listed_lines(data), as_json=as_json)
