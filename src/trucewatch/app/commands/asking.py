"""Commands that only read: which incidents there are, and why anything is said."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, day_of, show
from trucewatch.app.terminal import complain

BEHIND = "the log holds more than is counted here: 'trucewatch run' brings it up to date"


def incidents(
    region: Annotated[str | None, typer.Option(help="Code of a reporting region.")] = None,
    kind: Annotated[str | None, typer.Option(help="A kind of the tree, e.g. shelling.")] = None,
    state: Annotated[str | None, typer.Option(help="E.g. reported, corroborated.")] = None,
    outcome: Annotated[str | None, typer.Option(help="E.g. breach, undetermined.")] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="First local day, e.g. 2026-04-11.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last local day.")] = None,
    changed_since: Annotated[
        str | None, typer.Option(help="A bulletin's number: only what changed since it.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many.")] = 50,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List incidents with their state, probability and what they are under the agreement."""
    from trucewatch.app import listing
    from trucewatch.app.mission import Mission

    first, last = day_of(since), day_of(until)
    if first is not None and last is not None and first > last:
        raise typer.BadParameter(f"--from {first} is after --to {last}")
    with Mission.open(mission, readonly=True) as opened:
        data = listing.incidents(
            opened,
            region=region,
            kind=kind,
            state=state,
            outcome=outcome,
            first=first,
            last=last,
            limit=limit,
            changed_since=changed_since,
        )
        data["up_to_date"] = listing.up_to_date(opened)
    show(data, lambda: listing.lines(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)


def explain(
    identifier: Annotated[
        str,
        typer.Argument(
            help="An incident (one that is no more, too), obligation, claim, report or bulletin."
        ),
    ],
    picture: Annotated[
        Path | None, typer.Option("--picture", help="Draw the incident into this SVG file, too.")
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say why: from a bulletin's figure down to each raw record's log index and bytes."""
    from trucewatch.app import listing
    from trucewatch.app.explaining import explanation
    from trucewatch.app.explaining.lines import explanation as lines_of
    from trucewatch.app.mission import Mission

    with Mission.open(mission, readonly=True) as opened:
        data = explanation.explain(opened, identifier)
        if opened.configuration().mission.mission.exercise:
            data["exercise"] = True
        data["up_to_date"] = listing.up_to_date(opened)
    if picture is not None:
        from trucewatch.app.explaining.picture import picture as drawn
        from trucewatch.app.files import write_whole

        write_whole(picture, drawn(data), private=True)
    show(data, lambda: lines_of(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)
