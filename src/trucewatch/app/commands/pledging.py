"""Commands on the ledger of commitments: what is promised, what is missing, what falls due."""

from pathlib import Path
from typing import Annotated, Any

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO, say, say_json

AtOption = Annotated[
    str | None,
    typer.Option("--at", help="The time to look at, e.g. 2026-03-01 or 2026-03-01T18:00."),
]
StateOption = Annotated[str | None, typer.Option(help="For whom it is said, e.g. Northland.")]
PriorityOption = Annotated[str | None, typer.Option(help="E.g. multinational-force.")]
StandingOption = Annotated[str | None, typer.Option(help="E.g. reported, signed.")]
DomainOption = Annotated[str | None, typer.Option(help="land, sea or air.")]
MANY: list[str] = []


def listing(
    at: AtOption = None,
    state: StateOption = None,
    priority: PriorityOption = None,
    standing: StandingOption = None,
    domain: DomainOption = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List every statement on record with its stage, approvals, limits, origin and source."""
    from trucewatch.app.ledger import lines as ledger_lines
    from trucewatch.app.ledger import views as ledger_views
    from trucewatch.app.mission import Mission

    filters = ledger_views.Filters(state=state, priority=priority, standing=standing, domain=domain)
    with Mission.open(mission, readonly=True) as opened:
        data = ledger_views.readiness(opened, ledger_views.moment(at, opened), filters)
    show(data, lambda: ledger_lines.listing(data), as_json=as_json)


def matrix(
    at: AtOption = None,
    state: StateOption = None,
    priority: PriorityOption = None,
    standing: StandingOption = None,
    domain: DomainOption = None,
    form: Annotated[
        str, typer.Option("--format", help="text, or a page or picture: html, svg, md.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write it into this file instead.")
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show who is ready with what: state by priority and domain, authorised or not, with limits."""
    from trucewatch.app.ledger import lines as ledger_lines
    from trucewatch.app.ledger import pages as ledger_pages
    from trucewatch.app.ledger import views as ledger_views
    from trucewatch.app.mission import Mission

    if form not in ledger_pages.FORMS:
        raise typer.BadParameter(f"--format knows {', '.join(ledger_pages.FORMS)}")
    if as_json and (form != "text" or out is not None):
        raise typer.BadParameter("--json goes with neither --format nor --out")
    filters = ledger_views.Filters(state=state, priority=priority, standing=standing, domain=domain)
    with Mission.open(mission, readonly=True) as opened:
        view = ledger_views.whole if form in {"html", "md"} else ledger_views.readiness
        data = view(opened, ledger_views.moment(at, opened), filters)
    if out is not None:
        from trucewatch.app.files import write_whole

        write_whole(out, ledger_pages.page(data, form).encode("utf-8"), private=True)
    elif form == "text":
        show(data, lambda: ledger_lines.readiness(data), as_json=as_json)
    else:
        # A page of a drill is marked within: a line before it would spoil it.
        say(ledger_pages.page(data, form).splitlines())


def gap(
    at: AtOption = None,
    state: StateOption = None,
    domain: DomainOption = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Hold what is pledged against what the plan needs, stage by stage; nothing is added across."""
    from trucewatch.app.ledger import lines as ledger_lines
    from trucewatch.app.ledger import views as ledger_views
    from trucewatch.app.mission import Mission

    filters = ledger_views.Filters(state=state, domain=domain)
    with Mission.open(mission, readonly=True) as opened:
        data = ledger_views.gaps(opened, ledger_views.moment(at, opened), filters)
    show(data, lambda: ledger_lines.gaps(data), as_json=as_json)


def due(
    at: AtOption = None,
    state: StateOption = None,
    priority: PriorityOption = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=36500, help="Look ahead so many days.")
    ] = None,
    fail_on: Annotated[str | None, typer.Option(help="overdue: exit 1 if anything is.")] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say what is overdue and what is awaited: approvals, promised days, validity that runs out."""
    from trucewatch.app.ledger import lines as ledger_lines
    from trucewatch.app.ledger import views as ledger_views
    from trucewatch.app.mission import Mission

    if fail_on not in {None, "overdue"}:
        raise typer.BadParameter("--fail-on knows 'overdue'")
    filters = ledger_views.Filters(state=state, priority=priority)
    with Mission.open(mission, readonly=True) as opened:
        data = ledger_views.due(opened, ledger_views.moment(at, opened), filters, days=days)
    show(data, lambda: ledger_lines.due(data), as_json=as_json)
    if fail_on and data["overdue"]:
        raise typer.Exit(NO)


def check(
    file: Annotated[Path, typer.Argument(help="A file written as commitments.yaml is.")],
    as_json: JsonOption = False,
) -> None:
    """Check a ledger without taking it in; a fault names file, line and field, and exits 2."""
    from trucewatch.app.ledger import stating

    data = stating.checked(stating.text_of(file), file=str(file))
    show(data, lambda: stating.checked_lines(data), as_json=as_json)


def schema(as_json: JsonOption = False) -> None:  # noqa: ARG001 - it is JSON with and without
    """Print the JSON Schema of commitments.yaml, for editors and other programs."""
    from trucewatch.commitments import commitments_schema

    say_json(commitments_schema())


def amounts(
    file: Annotated[Path, typer.Argument(help="A table in the support tracker's form (CSV).")],
    as_json: JsonOption = False,
) -> None:
    """Show what donors committed and, beside it, what they allocated; the two are never added."""
    from trucewatch.app.ledger import amounts as ledger_amounts
    from trucewatch.app.ledger.stating import text_of

    data = ledger_amounts.amounts(text_of(file), file=str(file))
    show(data, lambda: ledger_amounts.lines(data), as_json=as_json)


def add(
    identifier: Annotated[
        str | None, typer.Argument(help="Its id; one that is on record gets its next state.")
    ] = None,
    by: Annotated[str, typer.Option("--by", help="Who enters it: an id of [[people]].")] = "",
    reason: Annotated[str, typer.Option(help="Why; it stays in the log for good.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="Enter all statements of a file like commitments.yaml.")
    ] = None,
    state: StateOption = None,
    priority: PriorityOption = None,
    what: Annotated[str | None, typer.Option(help="What is promised.")] = None,
    item: Annotated[str | None, typer.Option(help="What is spoken of, to stand together.")] = None,
    stage: Annotated[str | None, typer.Option(help="E.g. announced, withdrawn.")] = None,
    standing: StandingOption = None,
    said: Annotated[str | None, typer.Option(help="The local day, or 'unknown'.")] = None,
    said_until: Annotated[str | None, typer.Option(help="The last day it may be.")] = None,
    source: Annotated[str | None, typer.Option(help="Where it stands.")] = None,
    low: Annotated[float | None, typer.Option(min=0, help="At least so much.")] = None,
    high: Annotated[float | None, typer.Option(min=0, help="At most so much.")] = None,
    unit: Annotated[str | None, typer.Option(help="E.g. personnel, EUR.")] = None,
    domain: Annotated[list[str], typer.Option(help="land, sea or air; may be repeated.")] = MANY,
    limit: Annotated[list[str], typer.Option(help="A code of a caveat; may be repeated.")] = MANY,
    caveat: Annotated[list[str], typer.Option(help="A caveat in words; may be repeated.")] = MANY,
    approval: Annotated[
        str | None, typer.Option(help="A body and its word: 'Chamber: granted'.")
    ] = None,
    approval_kind: Annotated[
        str, typer.Option(help="parliament, government, head-of-state, court or other.")
    ] = "parliament",
    due_day: Annotated[str | None, typer.Option("--due", help="Promised for this day.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Who prints it.")] = None,
    credit: Annotated[str | None, typer.Option(help="Whom the outlet credits.")] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter what a state has said: a new statement, or a stage, approval or withdrawal of one."""
    from trucewatch.app.ledger import stating
    from trucewatch.app.mission import Mission

    if not by or not reason.strip():
        raise typer.BadParameter("a statement needs --by and --reason")
    if (identifier is None) is (file is None):
        raise typer.BadParameter("name the statement, or give a --file of them")
    given: dict[str, Any] = {
        "by": state,
        "priority": priority,
        "what": what,
        "item": item,
        "stage": stage,
        "standing": standing,
        "said": said,
        "said_until": said_until,
        "source": source,
        "low": low,
        "high": high,
        "unit": unit,
        "domains": [*domain] or None,
        "limits": [*limit] or None,
        "caveats": [*caveat] or None,
        "due": due_day,
        "outlet": outlet,
        "credits": credit,
    }
    keys = {key: value for key, value in given.items() if value is not None}
    if file is not None and (keys or approval):
        raise typer.BadParameter("with --file, everything else stands in the file")
    if approval is not None:
        body, colon, word = approval.rpartition(":")
        if not colon:
            raise typer.BadParameter("--approval is a body and its word: 'Chamber: granted'")
        keys["approval"] = {"body": body.strip(), "kind": approval_kind, "state": word.strip()}
    with Mission.open(mission) as opened:
        if file is not None:
            text = stating.text_of(file)
            data = stating.state_all(opened, text, file=str(file), by=by, reason=reason)
        else:
            data = stating.state(opened, identifier or "", keys, by=by, reason=reason)
    show(data, lambda: stating.lines(data), as_json=as_json)
