"""Commands on the key that signs the log."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO

ByOption = Annotated[str, typer.Option("--by", help="A lead: an id of [[people]]; published.")]
ReasonOption = Annotated[str, typer.Option(help="Why; it is published and stays for good.")]
InsideOption = Annotated[
    bool, typer.Option("--inside", help="The log of what stays inside, in place of the public one.")
]


def rotate(
    by: ByOption,
    reason: ReasonOption,
    inside: InsideOption = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Sign with a new key from now on; the old one vouches for it."""
    from trucewatch.app import keys
    from trucewatch.app.clock import clock

    data = keys.rotate(mission, by=by, reason=reason, inside=inside, now=clock)
    show(data, lambda: keys.change_lines(data), as_json=as_json)


def compromised(
    by: ByOption,
    reason: ReasonOption,
    up_to: Annotated[
        int | None,
        typer.Option(
            "--up-to",
            min=0,
            help="For how many entries the old key's word counts.",
            show_default="as many as a quorum cosigned",
        ),
    ] = None,
    inside: InsideOption = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Replace a key that was stolen or lost; nothing is signed with it first."""
    from trucewatch.app import keys
    from trucewatch.app.clock import clock

    data = keys.compromised(mission, by=by, reason=reason, up_to=up_to, inside=inside, now=clock)
    show(data, lambda: keys.change_lines(data), as_json=as_json)


def listing(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """List every key that the log had, and which checkpoints each signs."""
    from trucewatch.app import keys

    data = keys.listed(mission)
    show(data, lambda: keys.list_lines(data), as_json=as_json)


def check(
    file: Annotated[Path, typer.Argument(help="A checkpoint that somebody was shown.")],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what a checkpoint is worth by the log and its keys; exit 1 unless it counts."""
    from trucewatch.app import keys

    data = keys.checked(mission, file)
    show(data, lambda: keys.checked_lines(data), as_json=as_json)
    if not data["good"]:
        raise typer.Exit(NO)
