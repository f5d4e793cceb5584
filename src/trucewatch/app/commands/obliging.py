"""Commands on obligations: what stands, what would open, and what a body decides."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.asking import BEHIND
from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, day_of, show
from trucewatch.app.terminal import complain

_SPAN = re.compile(r"([1-9][0-9]{0,4}) ?([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def span_of(text: str | None) -> timedelta | None:
    """A length such as 90m, 24h or 3d (of 24 hours each); anything else is wrong use."""
    if text is None:
        return None
    found = _SPAN.fullmatch(text)
    if found is None:
        raise typer.BadParameter(f"{text!r} is no length such as 24h, 90m or 3d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def obligations(
    only_open: Annotated[
        bool, typer.Option("--open", help="Only what still waits for a decision.")
    ] = False,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only what ran out before anything was decided.")
    ] = False,
    due_within: Annotated[
        str | None, typer.Option(help="Only what falls due within, e.g. 24h.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="As of, e.g. 2026-04-12T08:00, local time; else now.")
    ] = None,
    would_open: Annotated[
        str | None, typer.Option(help="What this incident would open if it were verified.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="What triggers would have opened; enters nothing.")
    ] = False,
    trigger_file: Annotated[
        Path | None, typer.Option(help="The agreement.yaml of a dry run, in place of the own.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="First local day of a dry run.")
    ] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last local day of a dry run.")] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List obligations with both clocks, as they stand now or stood at an hour."""
    from trucewatch.app import listing
    from trucewatch.app.mission import Mission
    from trucewatch.app.obligations import lines
    from trucewatch.app.obligations import listing as obliging
    from trucewatch.commitments.notices import read_moment
    from trucewatch.model import Window

    within, first, last = span_of(due_within), day_of(since), day_of(until)
    if not dry_run and (trigger_file or first or last):
        raise typer.BadParameter("--trigger-file, --from and --to belong to --dry-run")
    if (dry_run or would_open) and (only_open or overdue or within or at):
        raise typer.BadParameter("--open, --overdue, --due-within and --at list what has opened")
    if dry_run and would_open:
        raise typer.BadParameter("--would-open and --dry-run are two questions")
    if first is not None and last is not None and first > last:
        raise typer.BadParameter(f"--from {first} is after --to {last}")
    with Mission.open(mission, readonly=True) as opened:
        zone = opened.configuration().zone
        if dry_run:
            start = None if first is None else Window.days(first, first, zone).start
            end = None if last is None else Window.days(last, last, zone).end
            span = Window(start, end)
            data = obliging.dry_run(opened, trigger_file=trigger_file, span=span)
            told = lines.dry_run
        elif would_open:
            data, told = obliging.would(opened, would_open), lines.would
        else:
            moment = None if at is None else read_moment(at, zone)
            data = obliging.stand(
                opened, at=moment, only_open=only_open, overdue=overdue, due_within=within
            )
            told = lines.stand
        data["up_to_date"] = listing.up_to_date(opened)
    show(data, lambda: told(data), as_json=as_json)
    if not data["up_to_date"]:
        complain(BEHIND)


def decide(
    identifier: Annotated[
        str, typer.Argument(help="An obligation; a unique beginning of its id will do.")
    ],
    act: Annotated[
        str,
        typer.Option(
            help="take, decline, pause, resume, dispute, settle, extend, escalate or fulfil."
        ),
    ],
    body: Annotated[str, typer.Option(help="The body that has decided, by its id.")],
    by: Annotated[str, typer.Option("--by", help="Who enters it: an id of [[people]].")],
    reason: Annotated[str, typer.Option(help="Why; it stays in the log for good.")],
    until: Annotated[
        str | None, typer.Option(help="The new deadline of an extension, local time.")
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter what a body decides on an obligation; who may not decide it is refused."""
    from trucewatch.app.mission import Mission
    from trucewatch.app.obligations import lines
    from trucewatch.app.obligations import listing as obliging
    from trucewatch.commitments.notices import read_moment
    from trucewatch.model import Act

    if act not in {*Act}:
        raise typer.BadParameter(f"--act is one of: {', '.join(Act)}")
    with Mission.open(mission) as opened:
        data = obliging.decide(
            opened,
            identifier,
            Act(act),
            body=body,
            by=by,
            reason=reason,
            until=None if until is None else read_moment(until, opened.configuration().zone),
        )
    show(data, lambda: lines.decided(data), as_json=as_json)
