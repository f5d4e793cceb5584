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
    folder: Annotated[Path, typer.Argument(help="The new mission's folder.")],
    as_json: JsonOption = False,
) -> None:
    """Make a new, empty mission whose files explain themselves."""
    from trucewatch.app import scaffold

    made = scaffold.init(folder)
    show(
        {"mission": str(folder), "files": made},
        lambda: [
            f"A new mission in {folder}:",
            *(f"  {name}" for name in made),
            "Next: write who agreed what in agreement.yaml and who reports in sources.toml,",
            f"then 'trucewatch ingest --mission {folder} FILE…'.",
        ],
        as_json=as_json,
    )
