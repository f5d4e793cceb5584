"""Writes docs/api.md, the list of every exported name: `python tools/api.py [--check]`.

The words are those of the docstrings, so that there is one place to mend them. With `--check`
nothing is written, and the exit code is 1 where the page is not what it would be.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import GenericAlias
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"

PACKAGES = (
    "trucewatch.model",
    "trucewatch.errors",
    "trucewatch.documents",
    "trucewatch.reports",
    "trucewatch.reports.generic",
    "trucewatch.language",
    "trucewatch.origins",
    "trucewatch.statements",
    "trucewatch.stories",
    "trucewatch.incidents",
    "trucewatch.findings",
    "trucewatch.findings.holding",
    "trucewatch.agreements",
    "trucewatch.commitments",
    "trucewatch.commitments.notices",
    "trucewatch.bulletins",
    "trucewatch.bulletins.alerts",
    "trucewatch.bulletins.exports",
    "trucewatch.bulletins.views",
    "trucewatch.evidence",
    "trucewatch.evidence.audit",
    "trucewatch.evidence.witness",
    "trucewatch.store",
)

# What cannot carry a docstring of its own.
CONSTANTS = {
    "trucewatch.model.ALWAYS": "The window that is open at both ends.",
    "trucewatch.model.PROOF": "Standards of proof in rising order.",
    "trucewatch.commitments.SCHEMA_FILE": "The name of the JSON Schema of commitments.yaml.",
    "trucewatch.agreements.SCHEMA_FILE": "The name of the JSON Schema of agreement.yaml.",
    "trucewatch.model.NEVER": "The window of what does not hold yet: empty, and after all else.",
    "trucewatch.model.Decision": "Anything that a person enters beside reports and settings.",
    "trucewatch.model.Place": "A point or an area.",
    "trucewatch.evidence.witness.LARGEST_REQUEST": "The most bytes that a witness takes at once.",
    "trucewatch.documents.Day": "A local day such as 2026-01-06.",
    "trucewatch.documents.Identifier": "A short name of letters, digits, dots, hyphens and lines.",
    "trucewatch.documents.Words": "Text that is not empty.",
    "trucewatch.documents.Path": "Where a value stands: keys, and places in lists, from the top.",
    "trucewatch.language.LEAST_WORDS": "A text of fewer words is too short to tell a copy by.",
    "trucewatch.reports.READERS": "Every reader there is; the order means nothing.",
    "trucewatch.reports.generic.READER": "The generic reader.",
    "trucewatch.commitments.LIMITS": "Caveats of pledges by code, with their words.",
    "trucewatch.commitments.POSITION": "The stage of a statement that promises nothing.",
    "trucewatch.commitments.Fact": "What a fact of a step's condition may be.",
    "trucewatch.commitments.PRIORITIES": "What a pledge may be about.",
    "trucewatch.commitments.STAGES": "How far a pledge may have come, as its source shows.",
    "trucewatch.findings.FEWEST": "Of fewer cases the symmetry audit tells no share.",
    "trucewatch.commitments.notices.DISCLAIMERS": "What is printed with every notice.",
    "trucewatch.findings.OnFinding": "Anything that a person enters on a finding.",
    "trucewatch.findings.GRAVITY": "How grave what waits for a reviewer is, in rising order.",
    "trucewatch.bulletins.exports.COLUMNS": "The columns of every table of incidents, in order.",
    "trucewatch.bulletins.exports.FORMATS": "The formats of incidents by name.",
    "trucewatch.bulletins.SCHEMA": "The form of a bulletin's JSON, by name and version.",
    "trucewatch.bulletins.SEAL_SCHEMA": "The form of a seal, by name and version.",
    "trucewatch.store.Found": "What `find` may give: any noun that has an id.",
}

HEAD = """\
# From Python

What each package exports, with the first lines of its documentation: `help(name)` in Python shows
the rest, and the whole of a name's type is in the source. What is not listed here may change
without notice. The nouns are explained in the [glossary](glossary.md), the order in which the
stages are called in [Architecture](architecture.md). The shell, `trucewatch.app`, exports nothing:
use the [commands](commands.md), which print JSON with `--json`.

This page is written by `tools/api.py` from the code. Change the words there.
"""


def exported(module: ModuleType) -> list[str]:
    """The names that a module offers; the errors, which have no list, in the order of the file."""
    listed: list[str] | None = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(listed, key=lambda name: (name.lower(), name))
    return [
        name
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]


def called(name: str, value: object) -> str:
    """A function with its parameters' names; anything else by its name."""
    plain = inspect.isclass(value) or isinstance(value, GenericAlias)
    if plain or not isinstance(value, Callable):
        return name
    words, named_only = [], False
    for parameter in inspect.signature(value).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not named_only:
            words.append("*")
            named_only = True
        wanted = parameter.default is parameter.empty
        words.append(parameter.name if wanted else f"{parameter.name}=…")
    return f"{name}({', '.join(words)})"


def described(module: str, name: str, value: object) -> str:
    """The first paragraph of a docstring in one line; LookupError where there is none."""
    words = CONSTANTS.get(f"{module}.{name}")
    if words is None:
        own = inspect.isclass(value) or inspect.isroutine(value) or hasattr(value, "__wrapped__")
        words = inspect.getdoc(value) if own else None
    if not words:
        raise LookupError(f"{module}.{name} has no words: it wants a docstring, or CONSTANTS")
    return " ".join(words.split("\n\n")[0].split()).replace("|", "\\|")


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for package in PACKAGES:
        module = importlib.import_module(package)
        about = (module.__doc__ or "").split("\n")[0]
        parts += [f"\n## {package}\n\n{about}\n\n| name | what it is |\n|---|---|\n"]
        for name in exported(module):
            value = getattr(module, name)
            parts.append(f"| `{called(name, value)}` | {described(package, name, value)} |\n")
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it would be."""
    if arguments == ["--check"]:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
