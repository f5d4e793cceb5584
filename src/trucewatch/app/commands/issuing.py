"""Commands on bulletins: to make one, and to show those there are."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, day_of, show


def bulletin(
    day: Annotated[
        str | None, typer.Option("--date", help="A local day; without it, the whole truce.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Which files to write: html, md, json, pdf.")
    ] = "html,md,json",
    audience: Annotated[
        str, typer.Option(help="For whom: a table [audiences.NAME] of mission.toml.")
    ] = "public",
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Publish the numbered bulletin of a day, or of the whole truce, and its seal."""
    from trucewatch.app import lines
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress
    from trucewatch.app.publishing import bulletins as publishing
    from trucewatch.app.publishing.covers import bring_covers_up_to_date
    from trucewatch.app.running import bring_up_to_date
    from trucewatch.app.stamping import keeping as stamping
    from trucewatch.app.witnessing import collecting

    days, chosen = [day_of(day)], _formats(formats, ("html", "md", "json", "pdf"))
    with Mission.open(mission) as opened, progress() as report:
        collected = collecting.collect(opened)
        derived = bring_up_to_date(opened, progress=report)
        issued = publishing.publish(opened, derived, days=days, formats=chosen, audience=audience)
        # Behind the seals, so that the stamp covers them.
        asked = stamping.stamp_checkpoint(opened)
        if asked.stamp is not None:
            bring_covers_up_to_date(opened)
        data = publishing.issued_data(issued) | collecting.collected_data(collected)
        data |= stamping.asked_data(asked, opened)
    show(
        data,
        lambda: lines.bulletins(data) + collecting.lines(data) + stamping.lines(data),
        as_json=as_json,
    )


def alerts(
    audience: Annotated[
        str, typer.Option(help="For whom: a table [audiences.NAME] of mission.toml.")
    ] = "public",
    formats: Annotated[
        str, typer.Option("--format", help="Which files to write: cap, json.")
    ] = "cap,json",
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for this audience's files.")
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Send the alerts that are due: what is new, what has changed, and what is taken back."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress
    from trucewatch.app.publishing import alerting
    from trucewatch.app.running import bring_up_to_date
    from trucewatch.app.witnessing import collecting

    chosen = _formats(formats, ("cap", "json"))
    with Mission.open(mission) as opened, progress() as report:
        collected = collecting.collect(opened)
        derived = bring_up_to_date(opened, progress=report)
        sent = alerting.send(opened, derived, audience=audience, formats=chosen, out=out)
    data = sent | collecting.collected_data(collected)
    show(data, lambda: alerting.lines(data) + collecting.lines(data), as_json=as_json)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8080,
    mission: MissionOption = HERE,
) -> None:
    """Serve the web application and the HTTP API of a mission."""
    from trucewatch.app.terminal import say
    from trucewatch.app.web.serving import serve as serve_mission

    serve_mission(mission, host=host, port=port, say=say)


def _formats(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    if not chosen or any(part not in known for part in chosen):
        raise typer.BadParameter(f"{text!r}: choose from {','.join(known)}")
    return chosen
