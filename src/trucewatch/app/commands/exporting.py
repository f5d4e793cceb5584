"""The command that writes what an audience may see as files for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import complain

KNOWN = ("geojson", "csv", "hxl", "kml", "cot", "cap", "parquet")


def export(
    formats: Annotated[
        str, typer.Option("--format", help=f"Which files to write: {', '.join(KNOWN)}.")
    ] = "geojson,csv",
    audience: Annotated[
        str, typer.Option(help="For whom: a table [audiences.NAME] of mission.toml.")
    ] = "public",
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for the files, instead of exports/.")
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write incidents, as an audience may see them, as files that other programs open."""
    from trucewatch.app import exporting, listing
    from trucewatch.app.commands.asking import BEHIND
    from trucewatch.app.mission import Mission

    chosen = tuple(part.strip() for part in formats.split(",") if part.strip())
    if not chosen or any(part not in KNOWN for part in chosen):
        raise typer.BadParameter(f"{formats!r}: choose from {','.join(KNOWN)}")
    with Mission.open(mission, readonly=True) as opened:
        data = exporting.export(opened, audience=audience, formats=chosen, out=out)
        up_to_date = listing.up_to_date(opened)
    data["up_to_date"] = up_to_date
    show(data, lambda: exporting.lines(data), as_json=as_json)
    if not up_to_date:
        complain(BEHIND)
