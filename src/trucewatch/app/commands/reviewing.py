"""Commands on findings: the list, the queue of the reviewers, and what people enter on one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from trucewatch.app.commands.asking import BEHIND
from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import complain

Identifier = Annotated[
    str, typer.Argument(help="An incident or a finding; a unique beginning will do.")
]
ByOption = Annotated[str, typer.Option("--by", help="Who enters it: an id of [[people]].")]
PartyOption = Annotated[str, typer.Option(help="A party of the agreement, by its id.")]
ReasonOption = Annotated[str, typer.Option(help="Why; it stays in the log for good.")]
BodyOption = Annotated[str, typer.Option(help="The body that has decided, by its id.")]
StandardOption = Annotated[
    str, typer.Option(help="Its standard of proof, such as 'clear and convincing'.")
]
LimitOption = Annotated[int, typer.Option(min=1, help="Show at most so many.")]
OverdueOption = Annotated[
    bool, typer.Option("--overdue", help="Only what has waited longer than the limit.")
]


def findings(
    state: Annotated[str | None, typer.Option(help="E.g. verified, refuted.")] = None,
    sort: Annotated[
        str | None, typer.Option(help="event, fire or static_source; all without it.")
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="Only what no ruling of people holds for.")
    ] = False,
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="Only what people have ruled on.")
    ] = False,
    stale: Annotated[
        bool, typer.Option("--stale", help="Only where evidence has changed since.")
    ] = False,
    overdue: OverdueOption = False,
    limit: LimitOption = 50,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List findings with all that people have said of them, what counts for nothing included."""
    from trucewatch.app import listing
    from trucewatch.app.findings import listing as listed
    from trucewatch.app.mission import Mission

    if provisional and reviewed:
        raise typer.BadParameter("nothing is both --provisional and --reviewed")
    with Mission.open(mission, readonly=True) as opened:
        data = listed.findings(
            opened,
            state=state,
            nature=sort,
            provisional=provisional,
            reviewed=reviewed,
            stale=stale,
            overdue=overdue,
            limit=limit,
        )
        data["up_to_date"] = listing.up_to_date(opened)
    show(data, lambda: listed.findings_lines(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)


def review(
    identifier: Annotated[
        str | None, typer.Argument(help="An incident or a finding; none lists what waits.")
    ] = None,
    ruling: Annotated[
        str | None,
        typer.Option(help="confirm, refute, unverifiable, exempt, duplicate, ask or release."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="The reviewer: an id of [[people]].")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; it stays in the log for good.")] = None,
    other: Annotated[
        str | None, typer.Option(help="With duplicate: the incident that it duplicates.")
    ] = None,
    overdue: OverdueOption = False,
    limit: LimitOption = 20,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a reviewer; with an incident, enter a reviewer's ruling on it."""
    from trucewatch.app import listing
    from trucewatch.app.findings import listing as listed
    from trucewatch.app.findings import reviewing
    from trucewatch.app.mission import Mission
    from trucewatch.model import Ruling

    if identifier is None:
        if any((ruling, by, reason, other)):
            raise typer.BadParameter("a ruling needs the incident that it is on")
        with Mission.open(mission, readonly=True) as opened:
            data = listed.queue(opened, overdue=overdue, limit=limit)
            data["up_to_date"] = listing.up_to_date(opened)
        show(data, lambda: listed.queue_lines(data), as_json=as_json)
        if not data["up_to_date"]:
            complain(BEHIND)
        return
    if ruling is None or by is None or reason is None:
        raise typer.BadParameter("a ruling needs --ruling, --by and --reason")
    if ruling not in set(Ruling):
        raise typer.BadParameter(f"--ruling knows {', '.join(Ruling)}")
    with Mission.open(mission) as opened:
        data = reviewing.review(
            opened, identifier, Ruling(ruling), by=by, reason=reason, other=other
        )
    _entered(data, as_json=as_json)


def notify(
    identifier: Identifier,
    party: PartyOption,
    by: ByOption,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter that a party was told of a finding: its time to reply runs from now."""
    from trucewatch.app.findings import reviewing
    from trucewatch.app.mission import Mission

    with Mission.open(mission) as opened:
        data = reviewing.notify(opened, identifier, party=party, by=by)
    _entered(data, as_json=as_json)


def reply(
    identifier: Identifier,
    party: PartyOption,
    by: ByOption,
    words: Annotated[str | None, typer.Option(help="What the party says.")] = None,
    file: Annotated[Path | None, typer.Option(help="A text file (UTF-8) that holds it.")] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter a party's own words on a finding; they are printed beside it and change nothing."""
    from trucewatch.app.findings import reviewing
    from trucewatch.app.mission import Mission

    if (words is None) is (file is None):
        raise typer.BadParameter("a reply is given with --words or in a --file")
    said = reviewing.words_in(file) if file is not None else words or ""
    with Mission.open(mission) as opened:
        data = reviewing.reply(opened, identifier, party=party, by=by, words=said)
    _entered(data, as_json=as_json)


def dissent(
    identifier: Identifier,
    state: Annotated[str, typer.Option(help="The participating state, by its id.")],
    by: ByOption,
    words: Annotated[str, typer.Option(help="What it holds against the finding.")],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter that a participating state disagrees with a finding; it is printed beside it."""
    from trucewatch.app.findings import reviewing
    from trucewatch.app.mission import Mission

    with Mission.open(mission) as opened:
        data = reviewing.dissent(opened, identifier, state=state, by=by, words=words)
    _entered(data, as_json=as_json)


def attribute(
    identifier: Identifier,
    body: BodyOption,
    reason: ReasonOption,
    by: ByOption,
    party: Annotated[
        str | None, typer.Option(help="Who did it; with --withhold nobody is named.")
    ] = None,
    how: Annotated[str, typer.Option(help="assessed or determined.")] = "assessed",
    standard: Annotated[
        str, typer.Option(help="Its standard of proof, such as 'clear and convincing'.")
    ] = "",
    withhold: Annotated[
        bool, typer.Option("--withhold", help="Take back what the body said before.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter a named body's word on who did it; nobody else says so."""
    from trucewatch.app.findings import reviewing
    from trucewatch.app.mission import Mission

    if withhold is (party is not None):
        raise typer.BadParameter("name a --party, or --withhold it")
    if party is not None and not standard:
        raise typer.BadParameter("an attribution needs a --standard of proof")
    with Mission.open(mission) as opened:
        data = reviewing.attribute(
            opened,
            identifier,
            body=body,
            party=party,
            how=how,
            standard=standard,
            reason=reason,
            by=by,
        )
    _entered(data, as_json=as_json)


def determine(
    identifier: Identifier,
    provision: Annotated[str, typer.Option(help="The term of the agreement, by its id.")],
    body: BodyOption,
    standard: StandardOption,
    reason: ReasonOption,
    by: ByOption,
    breach: Annotated[
        bool, typer.Option("--breach/--no-breach", help="Whether it is a breach of it.")
    ],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter a named body's word that an incident is, or is not, a breach of a provision."""
    from trucewatch.app.findings import reviewing
    from trucewatch.app.mission import Mission

    with Mission.open(mission) as opened:
        data = reviewing.determine(
            opened,
            identifier,
            body=body,
            provision=provision,
            breach=breach,
            standard=standard,
            reason=reason,
            by=by,
        )
    _entered(data, as_json=as_json)


def _entered(data: dict[str, Any], *, as_json: bool) -> None:
    from trucewatch.app.findings import reviewing

    show(data, lambda: reviewing.lines(data), as_json=as_json)
