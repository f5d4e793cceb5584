"""Commands on what follows from the log, and on the parameters it follows by."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO


def run(
    fail_on: Annotated[
        str | None,
        typer.Option("--fail-on", help="Exit 1 if an assessment has this outcome: breach."),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Bring incidents, findings, assessments and obligations up to date with the log."""
    from trucewatch.app import lines
    from trucewatch.app.beside import brought_up_to_date
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress
    from trucewatch.app.publishing.covers import bring_covers_up_to_date
    from trucewatch.app.running import summary_of
    from trucewatch.app.stamping import keeping as stamping
    from trucewatch.app.witnessing import collecting

    if fail_on not in {None, "breach"}:
        raise typer.BadParameter("--fail-on knows 'breach'")
    with Mission.open(mission) as opened, progress() as report:
        collected = collecting.collect(opened)
        with brought_up_to_date(opened, progress=report) as derived:
            summary = summary_of(opened, derived) | collecting.collected_data(collected)
        asked = stamping.stamp_checkpoint(opened)
        if opened.grades().beats or opened.log.stamps().sizes():
            bring_covers_up_to_date(opened)
        summary |= stamping.asked_data(asked, opened)
    show(
        summary,
        lambda: lines.run(summary) + collecting.lines(summary) + stamping.lines(summary),
        as_json=as_json,
    )
    if fail_on and summary["assessments"].get(fail_on):
        raise typer.Exit(NO)


def parameters(
    given: Annotated[
        Path | None,
        typer.Option("--set", help="Put these in force: what --json printed, changed."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why they are changed; it goes into the log.")
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show how each source is taken to report, and where each figure came from; or set it."""
    from trucewatch.app.alone import alone
    from trucewatch.app.mission import Mission
    from trucewatch.app.parameters import changing as of
    from trucewatch.app.parameters import lines
    from trucewatch.app.progress import progress

    if (given is None) is not (reason is None):
        raise typer.BadParameter("--set needs a --reason, and --reason a --set")
    if given is None or reason is None:
        with Mission.open(mission, readonly=True) as opened:
            data = of.shown(opened)
        show(data, lambda: lines.parameters(data), as_json=as_json)
        return
    with Mission.open(mission) as opened, alone(opened.folder), progress() as report:
        data = of.give(opened, given, reason=reason, progress=report)
    show(data, lambda: lines.given(data), as_json=as_json)


def learn(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be learnt, and write nothing.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Learn from the reports in the log how each source reports, and put that in force."""
    from trucewatch.app.alone import alone
    from trucewatch.app.mission import Mission
    from trucewatch.app.parameters import changing as of
    from trucewatch.app.parameters import lines
    from trucewatch.app.progress import progress

    with Mission.open(mission) as opened, alone(opened.folder), progress() as report:
        data = of.learn_from_log(opened, dry_run=dry_run, progress=report)
    show(data, lambda: lines.learning(data), as_json=as_json)
    if data["refused"]:
        raise typer.Exit(NO)
