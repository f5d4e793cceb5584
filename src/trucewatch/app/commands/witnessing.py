"""Commands on witnesses: to run one, and to name those of a mission."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO, complain, say

FolderArgument = Annotated[Path, typer.Argument(help="The witness's own folder.")]


def init(
    folder: FolderArgument,
    name: Annotated[
        str, typer.Option(help="The witness's name for ever, e.g. witness.example.org/harbour.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Make a witness: its folder and its key."""
    from trucewatch.evidence.witness import make_witness

    try:
        vkey = make_witness(folder, name=name)
    except ValueError as error:
        raise typer.BadParameter(f"--name: {error}") from None
    show(
        {"folder": str(folder), "vkey": vkey},
        lambda: [
            f"A new witness in {folder}. Give this key to the mission:",
            f"  {vkey}",
            f"Keep a copy of {folder}/key apart; never a copy of the rest.",
            f"Next: 'trucewatch witness watch {folder} KEY-OF-THE-LOG'.",
        ],
        as_json=as_json,
    )


def watch(
    folder: FolderArgument,
    vkey: Annotated[str, typer.Argument(help="The log's public key, as its file vkey has it.")],
    only: Annotated[
        bool, typer.Option("--only", help="Believe no other key of this log any more.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Have a witness cosign a log from now on; it may be running meanwhile."""
    from trucewatch.evidence.witness import watch as add

    origin, new = add(folder, vkey, only=only)
    show(
        {"origin": origin, "new": new},
        lambda: [f"Cosigns {origin}{'' if new else ', as before'}."],
        as_json=as_json,
    )


def serve(
    folder: FolderArgument,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")
    ] = 8100,
) -> None:
    """Cosign what the watched logs send, until interrupted."""
    from trucewatch.app.witnessing import serving

    serving.serve(folder, host=host, port=port, say=say, tell=complain)


def shown(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """Say what a witness has seen; exit 1 if it holds proof of a fork."""
    from trucewatch.app.witnessing import lines
    from trucewatch.evidence.witness import seen

    data = lines.shown_data(*seen(folder))
    show(data, lambda: lines.shown(data), as_json=as_json)
    if any(log["forks"] for log in data["logs"]):
        raise typer.Exit(NO)


def add(
    name: Annotated[str, typer.Argument(help="By what the mission calls it, e.g. harbour.")],
    vkey: Annotated[str, typer.Option(help="Its public key, as 'witness init' prints it.")],
    url: Annotated[str, typer.Option(help="Where it is asked, e.g. https://witness.example.org.")],
    title: Annotated[str, typer.Option(help="Its name in print.")] = "",
    state: Annotated[str, typer.Option(help="The state that runs it.")] = "",
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Add a witness to mission.toml, after checking it; the rest of the file stays as it is."""
    from trucewatch.app.witnessing import enlisting

    data = enlisting.add(mission, name=name, vkey=vkey, url=url, title=title, state=state)
    show(data, lambda: enlisting.lines(data), as_json=as_json)


def listing(
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody; say what the log holds.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say how each witness stands; exit 1 if one holds what this log cannot account for."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.witnessing import lines
    from trucewatch.app.witnessing.standing import standing

    with Mission.open(mission, readonly=True) as opened:
        data = standing(opened, offline=offline)
    show(lines.listed_data(data), lambda: lines.listed(data), as_json=as_json)
    if data["contradictions"]:
        raise typer.Exit(NO)
