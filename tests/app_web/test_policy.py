"""The one policy file: it names every field that is composed, and the page says what each is."""

from __future__ import annotations

import re
from pathlib import Path

from trucewatch.app.web.policy import EVERYBODY, policy

PAGE = Path(__file__).resolve().parents[2] / "docs" / "views.md"
INSIDE = {"analyst", "reviewer", "desk", "lead"}
DESK = {"desk", "lead"}


def documented() -> dict[str, str]:
    """Each "sort.field" of the page, with the word for who sees it."""
    found = {}
    for sort, body in re.findall(
        r"^## `(\w+)`$(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    ):
        for name, who in re.findall(r"^\| `(\w+)` \|.*\| (\w+) \|$", body, re.MULTILINE):
            found[f"{sort}.{name}"] = who
    return found


def told(field) -> str:
    """The word of the page for one rule of the policy."""
    if EVERYBODY in field.exact:
        return "all"
    if set(field.exact) == DESK:
        return "desk"
    if set(field.exact) == INSIDE | {"party", "member"}:
        return "speakers"
    assert set(field.exact) == INSIDE
    return "coarse" if EVERYBODY in field.coarse else "inside"


def test_the_page_names_each_field_of_the_policy_and_who_sees_it():
    mine = {name.split(".")[0] for name in documented()}
    policed = {n: told(f) for n, f in policy().fields.items() if n.split(".")[0] in mine}
    assert documented() == policed
