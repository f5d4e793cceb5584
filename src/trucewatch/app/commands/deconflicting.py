"""Commands on deconfliction: notices, what they match, and the hotline. For those inside alone.

None of them writes into the evidence log, not even a changed setting: when an entry was made there
is public, and would tell when somebody notified something.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO, complain

ByOption = Annotated[
    str, typer.Option("--by", help="Who enters it: a person of mission.toml, role desk or lead.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the log for good.")]
IdArgument = Annotated[str, typer.Argument(help="The notice, as 'notice list' names it.")]
Organisation = Annotated[str | None, typer.Option(help="Who moves or works there.")]
ContactOption = Annotated[str | None, typer.Option(help="How they are reached at any hour.")]
Sort = Annotated[str | None, typer.Option(help="movement or site.")]
Domain = Annotated[str | None, typer.Option(help="sea, land or air.")]
Place = Annotated[str | None, typer.Option(help="The place or the way in words.")]
Route = Annotated[
    str | None,
    typer.Option(help="Longitude,latitude of a site; several, with spaces between, of a movement."),
]
Width = Annotated[float | None, typer.Option("--width-m", help="Metres around it; else 500.")]
Since = Annotated[str | None, typer.Option("--from", help="E.g. 2026-04-12T08:00, local time.")]
Until = Annotated[str | None, typer.Option("--to", help="Its end; a site may go without.")]
Emergency = Annotated[
    bool | None, typer.Option("--emergency/--no-emergency", help="24 hours ahead are enough.")
]
Note = Annotated[str | None, typer.Option(help="Anything else.")]


def add(
    by: ByOption,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="Several, in JSON or GeoJSON; no other options."),
    ] = None,
    organisation: Organisation = None,
    contact: ContactOption = None,
    sort: Sort = None,
    domain: Domain = None,
    place: Place = None,
    route: Route = None,
    width_m: Width = None,
    since: Since = None,
    until: Until = None,
    emergency: Emergency = None,
    submitted: Annotated[
        str | None, typer.Option(help="When it was submitted, if that was earlier than now.")
    ] = None,
    note: Note = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter a deconfliction notice, or a file of them; bad ones are refused one by one."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines

    fields = _given(
        organisation=organisation,
        contact=contact,
        sort=sort,
        domain=domain,
        place=place,
        route=_route(route),
        width_m=width_m,
        since=since,
        until=until,
        emergency=emergency,
        submitted=submitted,
        note=note,
    )
    if (file is None) is not bool(fields):
        raise typer.BadParameter("give the fields as options, or a --file that holds them")
    with Mission.open(mission, readonly=True) as opened:
        if file is None:
            data = notices.add(opened, fields, by=by)
        else:
            data = notices.add_all(opened, file.read_bytes(), by=by)
    show(data, lambda: lines.added(data), as_json=as_json)
    if data["refused"]:
        raise typer.Exit(NO)


def listing(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """List every notice as it stands now; for those inside alone."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines

    with Mission.open(mission, readonly=True) as opened:
        data = notices.listing(opened)
    show(data, lambda: lines.listed(data), as_json=as_json)


def acknowledge(
    identifier: IdArgument,
    by: ByOption,
    reason: ReasonOption = "",
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter that a notice was received and passed on; that verifies and permits nothing."""
    _act(identifier, "acknowledge", by=by, reason=reason, mission=mission, as_json=as_json)


def cancel(
    identifier: IdArgument,
    by: ByOption,
    reason: ReasonOption,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Cancel a notice from now on; what it matched until now stays matched."""
    _act(identifier, "cancel", by=by, reason=reason, mission=mission, as_json=as_json)


def _act(identifier: str, act: str, *, by: str, reason: str, mission: Path, as_json: bool) -> None:
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines
    from trucewatch.model import NoticeAct

    with Mission.open(mission, readonly=True) as opened:
        data = notices.act(opened, identifier, NoticeAct(act), by=by, reason=reason.strip())
    show(data, lambda: lines.listed(data), as_json=as_json)


def amend(
    identifier: IdArgument,
    by: ByOption,
    reason: ReasonOption,
    organisation: Organisation = None,
    contact: ContactOption = None,
    sort: Sort = None,
    domain: Domain = None,
    place: Place = None,
    route: Route = None,
    width_m: Width = None,
    since: Since = None,
    until: Until = None,
    emergency: Emergency = None,
    note: Note = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Put a changed version of a notice in place of the last; it waits to be acknowledged anew."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines

    changes = _given(
        organisation=organisation,
        contact=contact,
        sort=sort,
        domain=domain,
        place=place,
        route=_route(route),
        width_m=width_m,
        since=since,
        until=until,
        emergency=emergency,
        note=note,
    )
    with Mission.open(mission, readonly=True) as opened:
        data = notices.amend(opened, identifier, changes, by=by, reason=reason.strip())
    show(data, lambda: lines.listed(data), as_json=as_json)


def match(
    incident: Annotated[str | None, typer.Option(help="Only this incident.")] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Hold incidents against notices: which may have touched one, and which nearly did."""
    from trucewatch.app import listing as lists
    from trucewatch.app.commands.asking import BEHIND
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines

    with Mission.open(mission, readonly=True) as opened:
        data = notices.matches(opened, incident=incident)
        data["up_to_date"] = lists.up_to_date(opened)
    show(data, lambda: lines.matched(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)


def token(
    by: ByOption,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take it out of use instead.")] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Make the secret by which a person enters notices over the interface; the old one ends."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import tokens

    with Mission.open(mission, readonly=True) as opened:
        if revoke:
            data: dict[str, Any] = {"person": by, "revoked": tokens.revoke(opened.folder, by)}
        else:
            notices.desk(opened, by)
            data = {"person": by, "token": tokens.give(opened.folder, by)}
    if revoke:
        said = [f"{by}: {'revoked' if data['revoked'] else 'there was no token to revoke'}"]
    else:
        said = [str(data.get("token")), f"For {by}, shown this once: only its hash is kept."]
    show(data, lambda: said, as_json=as_json)


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8090,
    mission: MissionOption = HERE,
) -> None:
    """Take in notices over HTTP from holders of a token, on this machine alone."""
    from trucewatch.app.notices.serving import serve as take_in

    take_in(mission, port=port)


def hotline_add(
    by: ByOption,
    at: Annotated[str, typer.Option(help="When, e.g. 2026-04-12T08:00, local time.")],
    party: Annotated[list[str], typer.Option(help="Who took part: once for each party.")],
    channel: Annotated[str, typer.Option(help="Over what: a line, a radio, a meeting.")],
    subject: Annotated[str, typer.Option(help="What it was about.")],
    outcome: Annotated[str, typer.Option(help="What came of it.")] = "",
    answered: Annotated[
        bool, typer.Option("--answered/--unanswered", help="Whether the other side answered.")
    ] = True,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter a contact between parties into the hotline's log."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines
    from trucewatch.commitments.notices import read_moment

    with Mission.open(mission, readonly=True) as opened:
        data = notices.contact(
            opened,
            at=read_moment(at, opened.configuration().zone),
            parties=party,
            channel=channel,
            subject=subject,
            outcome=outcome,
            answered=answered,
            by=by,
        )
    show(data, lambda: lines.contacts(data), as_json=as_json)


def hotline_list(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """List the contacts between parties; for those inside alone."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.notices import keeping as notices
    from trucewatch.app.notices import lines

    with Mission.open(mission, readonly=True) as opened:
        data = notices.contacts(opened)
    show(data, lambda: lines.contacts(data), as_json=as_json)


def _given(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 -- options of many types
    """The options that were given, by the names that files use."""
    names = {"since": "from", "until": "to"}
    return {names.get(name, name): value for name, value in fields.items() if value is not None}


def _route(text: str | None) -> list[list[float]] | None:
    """Places such as "34.1,49.9 34.2,50.0", longitude first."""
    if text is None:
        return None
    try:
        return [[float(part) for part in place.split(",")] for place in text.split()]
    except ValueError:
        raise typer.BadParameter(
            f"{text!r}: write longitude,latitude, with spaces between places"
        ) from None
