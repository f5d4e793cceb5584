"""Commands for those who do not trust the writer of the log."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import HERE, JsonOption, MissionOption, show
from trucewatch.app.terminal import NO, complain


def fsck(
    vkey: Annotated[
        str | None,
        typer.Option("--vkey", help="A key of the log that you have from elsewhere: file or text."),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Recompute the whole log from its files; exit 1 if anything does not hold."""
    from trucewatch.app import lines
    from trucewatch.app.auditing.proving import key_text
    from trucewatch.app.inside import INSIDE
    from trucewatch.app.progress import progress
    from trucewatch.errors import NotFound
    from trucewatch.evidence.audit import fsck as check

    if not (mission / "evidence").is_dir():
        raise NotFound(f"no evidence log in {mission}: name the mission's folder with --mission")
    pinned = None if vkey is None else key_text(vkey)
    with progress() as report:
        result = check(
            mission / "evidence",
            progress=lambda done, of: report("checking", done, of),
            pinned=pinned,
            witnesses=_witnesses(mission),
        )
        # Of what stays inside only faults are told: that it holds says nothing of whether it is.
        kept = mission / INSIDE
        faults = check(kept).problems if kept.is_dir() else ()
        copies = _copies(mission)
    data = lines.audit_data(result, inside=faults, federated=copies)
    show(data, lambda: lines.audit(data), as_json=as_json)
    if not data["ok"]:
        raise typer.Exit(NO)


def _copies(mission: Path) -> dict[str, tuple[str, ...]]:
    """What is wrong with the copies of other logs, if any were taken over."""
    from trucewatch.app.federation.checking import faults_of_copies
    from trucewatch.errors import ConfigurationError

    try:
        return faults_of_copies(mission)
    except ConfigurationError as fault:
        complain(f"the copies of other logs are not checked: {fault}")
        return {}


def _witnesses(mission: Path) -> tuple[str, ...]:
    """The keys of the mission's witnesses; a slip in mission.toml is told and keeps nobody out."""
    from trucewatch.app.witnessing.enlisting import witness_keys
    from trucewatch.errors import ConfigurationError

    try:
        return witness_keys(mission)
    except ConfigurationError as fault:
        complain(f"the lines of witnesses are not checked: {fault}")
        return ()
