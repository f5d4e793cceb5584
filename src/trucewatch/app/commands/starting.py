"""Commands to begin with: a mission with data, or an empty one."""

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.app.commands.common import JsonOption, program, show
from trucewatch.app.terminal import WRONG, complain


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to build it.")] = Path("easter-2026"),
    as_json: JsonOption = False,
) -> None:
    """Build the Easter 2026 mission from the data in the package, run it whole, and publish."""
    from trucewatch.app import demonstration, lines
    from trucewatch.app.progress import progress

    with progress() as report:
        summary = demonstration.build(folder, progress=report)
    show(summary, lambda: lines.demonstration(summary, program=program()), as_json=as_json)
    if summary["withheld"]:
        complain(summary["withheld"])
        raise typer.Exit(WRONG)


def init(
    folder: Annotated[Path | None, typer.Argument(help="The new mission's folder.")] = None,
    like: Annotated[
        str, typer.Option("--like", help="Copy this shipped mission, data and all.")
    ] = "template",
    listing: Annotated[
        bool, typer.Option("--list", help="Say which missions are shipped, and make none.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a new mission: an empty one whose files explain themselves, or like a shipped one."""
    from trucewatch.app import scaffold

    if listing is (folder is not None):
        raise typer.BadParameter("name the new mission's folder, or ask with --list alone")
    if folder is None:
        known = scaffold.shipped()
        show(
            {"missions": known},
            lambda: [f"{name:<16}  {words}" for name, words in known.items()],
            as_json=as_json,
        )
        return
    made = scaffold.init(folder, like=like)
    show(
        {"mission": str(folder), "like": like, "files": made},
        lambda: [
            f"A new mission in {folder}:",
            *(f"  {name}" for name in made if not name.startswith("data/")),
            *_next(folder, made, filled=like != "template"),
        ],
        as_json=as_json,
    )


def _next(folder: Path, made: list[str], *, filled: bool) -> list[str]:
    """What to do with a new mission, by what it has."""
    data = sum(name.startswith("data/") for name in made)
    if data:
        return [
            f"  data/ ({data} file{'s'[: data > 1]})",
            f"Next: 'trucewatch ingest --mission {folder} {folder}/data/*'.",
        ]
    if filled:
        return [f"Next: 'trucewatch run --mission {folder}', then 'trucewatch commitments matrix'."]
    return [
        "Next: write who agreed what in agreement.yaml and who reports in sources.toml,",
        f"then 'trucewatch ingest --mission {folder} FILE…'.",
    ]
