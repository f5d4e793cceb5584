"""The command line. Heavy imports stay inside the commands, so that --help answers at once."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trucewatch.app.terminal import DONE, NO, WRONG, complain, guarded, say, say_json

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(
    name="trucewatch",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Watch a ceasefire and the promises made around it.\n\n"
    "Start with 'trucewatch demo': it builds a whole mission from real data and says where to "
    "look.",
)
audit = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Check the log without trusting its writer."
)
app.add_typer(audit, name="audit")

MissionOption = Annotated[
    Path, typer.Option("--mission", "-m", help="The mission's folder.", show_default="here")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
HERE = Path()


def _show(data: dict[str, Any], lines: Callable[[], list[str]], *, as_json: bool) -> None:
    """Print for people, or the same as JSON."""
    if as_json:
        say_json(data)
    else:
        say(lines())


def _program() -> str:
    """How to call this program from where it was called: by name, or by its path if it has none."""
    called = Path(sys.argv[0])
    return "trucewatch" if shutil.which("trucewatch") or called.suffix else str(called)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-04-12") from None


def _formats(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    if not chosen or any(part not in {"html", "md", "json", "pdf"} for part in chosen):
        raise typer.BadParameter(f"{text!r}: choose from html,md,json,pdf")
    return chosen


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        from trucewatch import __version__

        say([f"trucewatch {__version__}"])
        raise typer.Exit(DONE)


@app.command(epilog="Example: trucewatch demo easter-2026")
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to build it.")] = Path("easter-2026"),
    as_json: JsonOption = False,
) -> None:
    """Build the Easter 2026 mission from the data in the package, run it whole, and publish."""
    from trucewatch.app import demonstration, lines
    from trucewatch.app.progress import progress

    with progress() as report:
        summary = demonstration.build(folder, progress=report)
    _show(summary, lambda: lines.demonstration(summary, program=_program()), as_json=as_json)
    if summary["withheld"]:
        complain(summary["withheld"])
        raise typer.Exit(WRONG)


@app.command(epilog="Example: trucewatch init island-truce")
def init(
    folder: Annotated[Path, typer.Argument(help="The new mission's folder.")],
    as_json: JsonOption = False,
) -> None:
    """Make a new, empty mission whose files explain themselves."""
    from trucewatch.app import scaffold

    made = scaffold.init(folder)
    _show(
        {"mission": str(folder), "files": made},
        lambda: [
            f"A new mission in {folder}:",
            *(f"  {name}" for name in made),
            "Next: write who agreed what in agreement.yaml and who reports in sources.toml,",
            f"then 'trucewatch ingest --mission {folder} FILE…'.",
        ],
        as_json=as_json,
    )


@app.command(epilog="Example: trucewatch ingest --source patrols patrol-reports.csv")
def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files, exactly as received.")],
    source: Annotated[
        str | None,
        typer.Option("--source", "-s", help="Who sent them; else the file names decide."),
    ] = None,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take files into the log as they are, then read them; say what became of every record."""
    from trucewatch.app import intake, lines
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress

    with Mission.open(mission) as opened, progress() as report:
        delivered = intake.ingest(opened, files, source=source, progress=report)
    data = lines.ingest_data(delivered)
    _show(data, lambda: lines.ingest(data), as_json=as_json)


@app.command(epilog="Example: trucewatch run --fail-on breach")
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
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress
    from trucewatch.app.running import bring_up_to_date, summary_of

    if fail_on not in {None, "breach"}:
        raise typer.BadParameter("--fail-on knows 'breach'")
    with Mission.open(mission) as opened, progress() as report:
        derived = bring_up_to_date(opened, progress=report)
        summary = summary_of(opened, derived)
    _show(summary, lambda: lines.run(summary), as_json=as_json)
    if fail_on and summary["assessments"].get(fail_on):
        raise typer.Exit(NO)


@app.command(epilog="Example: trucewatch parameters --mission easter-2026")
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
    from trucewatch.app import parameters as of
    from trucewatch.app import parameters_lines as lines
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress

    if (given is None) is not (reason is None):
        raise typer.BadParameter("--set needs a --reason, and --reason a --set")
    if given is None or reason is None:
        with Mission.open(mission, readonly=True) as opened:
            data = of.shown(opened)
        _show(data, lambda: lines.parameters(data), as_json=as_json)
        return
    with Mission.open(mission) as opened, progress() as report:
        data = of.give(opened, given, reason=reason, progress=report)
    _show(data, lambda: lines.given(data), as_json=as_json)


@app.command(epilog="Example: trucewatch learn --dry-run")
def learn(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be learnt, and write nothing.")
    ] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Learn from the reports in the log how each source reports, and put that in force."""
    from trucewatch.app import parameters as of
    from trucewatch.app import parameters_lines as lines
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress

    with Mission.open(mission) as opened, progress() as report:
        data = of.learn_from_log(opened, dry_run=dry_run, progress=report)
    _show(data, lambda: lines.learning(data), as_json=as_json)
    if data["refused"]:
        raise typer.Exit(NO)


@app.command(epilog="Example: trucewatch incidents --region UA-14 --outcome breach")
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

    with Mission.open(mission, readonly=True) as opened:
        data = listing.incidents(
            opened,
            region=region,
            kind=kind,
            state=state,
            outcome=outcome,
            first=_day(since),
            last=_day(until),
            limit=limit,
            changed_since=changed_since,
        )
    _show(data, lambda: listing.lines(data), as_json=as_json)


@app.command(epilog="Example: trucewatch explain inc-1f0c93ab")
def explain(
    identifier: Annotated[
        str,
        typer.Argument(help="An incident (one that is no more, too), claim, report or bulletin."),
    ],
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say why: from a bulletin's figure down to each raw record's log index and bytes."""
    from trucewatch.app import explanation
    from trucewatch.app.explanation_lines import explanation as lines_of
    from trucewatch.app.mission import Mission

    with Mission.open(mission, readonly=True) as opened:
        data = explanation.explain(opened, identifier)
    _show(data, lambda: lines_of(data), as_json=as_json)


@app.command(epilog="Example: trucewatch withdraw clm-5b1e --reason 'the editor withdrew it'")
def withdraw(
    identifier: Annotated[
        str,
        typer.Argument(
            help="A claim or report, or a delivery by its receipt: log index, payload or leaf hash."
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the log for good.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let it count again.")] = False,
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Enter in the log that something received no longer counts; its bytes stay as they are."""
    from trucewatch.app import withdrawing
    from trucewatch.app.mission import Mission

    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    with Mission.open(mission) as opened:
        data = withdrawing.withdraw(opened, identifier, reason=reason, undo=undo)
    _show(data, lambda: withdrawing.lines(data), as_json=as_json)


@app.command(epilog="Example: trucewatch bulletin --date 2026-04-12")
def bulletin(
    day: Annotated[
        str | None, typer.Option("--date", help="A local day; without it, the whole truce.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Which files to write: html, md, json, pdf.")
    ] = "html,md,json",
    audience: Annotated[
        str, typer.Option(help="For whom: a table [audiences.NAME] of mission.toml.")
    ] = "public",
    mission: MissionOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Publish the numbered bulletin of a day, or of the whole truce, and its seal."""
    from trucewatch.app import lines, publishing
    from trucewatch.app.mission import Mission
    from trucewatch.app.progress import progress
    from trucewatch.app.running import bring_up_to_date

    with Mission.open(mission) as opened, progress() as report:
        derived = bring_up_to_date(opened, progress=report)
        issued = publishing.publish(
            opened, derived, days=[_day(day)], formats=_formats(formats), audience=audience
        )
    data = publishing.issued_data(issued)
    _show(data, lambda: lines.bulletins(data), as_json=as_json)


@app.command(epilog="Example: trucewatch serve --port 8080")
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
    mission: MissionOption = HERE,
) -> None:
    """Show the published bulletins in a browser; nothing else of the mission is reachable."""
    from trucewatch.app.serve import serve as serve_folder

    serve_folder(mission / "bulletins", host=host, port=port)


@audit.command(epilog="Example: trucewatch audit fsck --mission easter-2026")
def fsck(mission: MissionOption = HERE, as_json: JsonOption = False) -> None:
    """Recompute the whole log from its files; exit 1 if anything does not hold."""
    from trucewatch.app import lines
    from trucewatch.app.progress import progress
    from trucewatch.errors import NotFound
    from trucewatch.evidence.audit import fsck as check

    if not (mission / "evidence").is_dir():
        raise NotFound(f"no evidence log in {mission}: name the mission's folder with --mission")
    with progress() as report:
        result = check(mission / "evidence", progress=lambda done, of: report("checking", done, of))
    data = lines.audit_data(result)
    _show(data, lambda: lines.audit(data), as_json=as_json)
    if not result.ok:
        raise typer.Exit(NO)


def main() -> None:
    """Run the command line; a fault prints one line and exits 2."""
    sys.exit(guarded(app))
