"""Commands for those who do not trust the writer of the log."""

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO


def fsck(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """Recompute the whole log from its files; exit 1 if anything does not hold."""
    from trucewatch.app import lines
    from trucewatch.app.inside import INSIDE
    from trucewatch.app.progress import progress
    from trucewatch.errors import NotFound
    from trucewatch.evidence.audit import fsck as check

    if not (mission / "evidence").is_dir():
        raise NotFound(f"no evidence log in {mission}: name the mission's folder with --mission")
    with progress() as report:
        result = check(mission / "evidence", progress=lambda done, of: report("checking", done, of))
        # Of what stays inside only faults are told: that it holds says nothing of whether it is.
        kept = mission / INSIDE
        faults = check(kept).problems if kept.is_dir() else ()
    data = lines.audit_data(result, inside=faults)
    show(data, lambda: lines.audit(data), as_json=as_json)
    if not data["ok"]:
        raise typer.Exit(NO)
