"""The command on whether the truce holds."""

from typing import Annotated

import typer

from trucewatch.app.commands.asking import BEHIND
from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show, stamped
from trucewatch.app.terminal import complain, say


def compliance(
    form: Annotated[
        str, typer.Option("--format", help="How to print it: text, or svg for a picture.")
    ] = "text",
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say whether the truce holds, by each count of it: the word, and every figure behind it."""
    from trucewatch.app.findings import holding
    from trucewatch.app.mission import Mission

    if form not in {"text", "svg"} or (as_json and form != "text"):
        raise typer.BadParameter("--format knows 'text' and 'svg', and --json needs neither")
    with Mission.open(mission, readonly=True) as opened:
        data = holding.compliance(opened)
    if form == "svg":
        from trucewatch.app.findings.holding_picture import picture

        say([stamped(picture(data))])
    else:
        show(data, lambda: holding.lines(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)
