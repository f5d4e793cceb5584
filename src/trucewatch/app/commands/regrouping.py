"""Commands by which reviewers say which reports are one incident, and take their word back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show

ByOption = Annotated[str, typer.Option("--by", help="The reviewer: an id of [[people]].")]
ReasonOption = Annotated[str, typer.Option(help="Why; it stays in the log for good.")]


def split(
    identifier: Annotated[str, typer.Argument(help="An incident or a finding.")],
    claims: Annotated[
        str,
        typer.Option(help="The claims or reports that do not belong with the rest, by comma."),
    ],
    reason: ReasonOption,
    by: ByOption,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter that some claims of an incident tell of something else than the rest of it."""
    from trucewatch.app.findings import regrouping
    from trucewatch.app.mission import Mission

    named = [name for one in claims.split(",") if (name := one.strip())]
    with Mission.open(mission) as opened:
        data = regrouping.separate(opened, identifier, named, by=by, reason=reason)
    _entered(data, as_json=as_json)


def merge(
    identifier: Annotated[str, typer.Argument(help="An incident or a finding.")],
    other: Annotated[str, typer.Argument(help="The incident or finding that it is one with.")],
    reason: ReasonOption,
    by: ByOption,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter that two incidents are one; their origins are counted anew, and none is added."""
    from trucewatch.app.findings import regrouping
    from trucewatch.app.mission import Mission

    with Mission.open(mission) as opened:
        data = regrouping.unite(opened, identifier, other, by=by, reason=reason)
    _entered(data, as_json=as_json)


def undo(
    index: Annotated[int, typer.Argument(help="The log entry of a split, a merge or a ruling.")],
    reason: ReasonOption,
    by: ByOption,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take back a split, a merge or one's own ruling by a new entry; nothing is deleted."""
    from trucewatch.app.findings import regrouping
    from trucewatch.app.mission import Mission

    with Mission.open(mission) as opened:
        data = regrouping.undo(opened, index, by=by, reason=reason)
    _entered(data, as_json=as_json)


def _entered(data: dict[str, Any], *, as_json: bool) -> None:
    from trucewatch.app.findings import reviewing

    show(data, lambda: reviewing.lines(data), as_json=as_json)
