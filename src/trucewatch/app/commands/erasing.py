"""The command that takes a payload out of the log by the word of two people."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show


def erase(
    entry: Annotated[
        str | None,
        typer.Argument(help="An entry: log index, payload or leaf hash; or a request's index."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="Who asks or answers: a lead or a reviewer in [[people]]."),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Why; it stands in the log for good, so do not repeat what is to go."),
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="Approve what another person asked; it is gone then.")
    ] = False,
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Refuse what was asked; --reason says why.")
    ] = False,
    replace: Annotated[
        Path | None,
        typer.Option(help="The same delivery without what is to go; it becomes a new entry."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go and what would not; enter nothing.")
    ] = False,
    listed: Annotated[
        bool, typer.Option("--list", help="List what was asked, and what became of it.")
    ] = False,
    inside: Annotated[
        bool, typer.Option("--inside", help="An entry of the log of what stays inside: a notice.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Erase an entry's payload: one person asks, another approves; the entry and its proof stay."""
    from trucewatch.app.erasing import steps, told
    from trucewatch.app.mission import Mission
    from trucewatch.errors import NotFound

    if sum((approve, refuse, listed, dry_run)) > 1:
        raise typer.BadParameter("--approve, --refuse, --list and --dry-run exclude one another")
    if listed:
        with Mission.open(mission, readonly=True) as opened:
            try:
                with steps.erasing(opened, within=inside) as log:
                    data = told.listed(opened, log)
            except NotFound:
                data = {"erasures": []}
        show(data, lambda: told.list_lines(data), as_json=as_json)
        return
    if entry is None:
        raise typer.BadParameter("name an entry, or ask for --list")
    if not dry_run and by is None:
        raise typer.BadParameter("--by says who")
    if not (dry_run or approve) and not (reason or "").strip():
        raise typer.BadParameter("--reason says why, in words")
    if replace is not None and (approve or refuse or inside):
        raise typer.BadParameter("--replace goes with the asking, and with deliveries")
    who, why = by or "", reason or ""
    with Mission.open(mission, readonly=dry_run) as opened:
        if not dry_run:
            opened.sync_settings()
        with steps.erasing(opened, within=inside) as log:
            request = None
            if approve or refuse:
                request = steps.waiting_for(log, entry)
                held = steps.held_by(log, request.asked.payload)
            else:
                held = steps.held_by(log, entry)
            copies = steps.lying_about(opened, held[0])
            if approve and request is not None:
                request = steps.approve(opened, log, request, by=who)
            elif refuse and request is not None:
                request = steps.decline(opened, log, request, by=who, reason=why)
            elif dry_run:
                steps.check(opened, log, held)
            else:
                body = None if replace is None else steps.replacement(replace)
                request = steps.ask(opened, log, held, by=who, reason=why, replacement=body)
            step = "approved" if approve else "refused" if refuse else "asked"
            data = told.asked_data(
                opened,
                held,
                step="dry-run" if dry_run else step,
                request=request,
                copies=copies,
            )
    show(data, lambda: told.step_lines(data), as_json=as_json)
