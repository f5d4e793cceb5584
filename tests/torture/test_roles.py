"""Who may do what: a table written by hand, held against the code in every cell."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.torture.acts import (
    FOLDERS,
    MISSIONS,
    PEOPLE,
    SPEAKING,
    STRANGER,
    perform,
    staged,
)  # fmt: skip
from tests.torture.frame import ROWS, row

from trucewatch.app import deciding, keys
from trucewatch.app.erasing import steps
from trucewatch.app.findings import reviewing
from trucewatch.app.ledger import stating
from trucewatch.app.notices import keeping
from trucewatch.app.obligations import listing as obliging
from trucewatch.errors import NotAllowed, NotFound, Refused

MATRIX = row("role matrix: role × field × state × operation, enumerated")
TABLE = YAML(typ="safe").load((Path(__file__).parent / "roles.yaml").read_text("utf-8"))
STATES = ("as machines left it", "as people left it")
CELLS = list(product(TABLE, PEOPLE, STATES))


def may(act: str, by: str) -> bool:
    """What the table says."""
    if by == STRANGER:
        return False
    told = TABLE[act]
    role, _, name = by.partition("-")
    speaks = SPEAKING[name]
    by_role = role in told["roles"]
    by_word = any(speaks == f'{what} = "{whom}"' for what, whom in told.get("for", {}).items())
    return by_role and by_word if told.get("and") else by_role or by_word


def contents(folder: Path) -> dict[str, str]:
    """Every file of both logs, by its hash: what is refused leaves no trace in them."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for log in ("evidence", "inside")
        for path in sorted((folder / log).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def stages(tmp_path_factory):
    """The two states of the mission; each is copied for an act that may be done."""
    folder = tmp_path_factory.mktemp("stages")
    return {
        state: staged(folder / str(number) / "m", reviewed=bool(number))
        for number, state in enumerate(STATES)
    }


@pytest.fixture
def cell(stages, tmp_path):
    """Try one cell: who may does it; who may not is refused, and both logs stay as they were."""

    def attempt(act: str, by: str, state: str) -> None:
        base = stages[state]
        folder = tmp_path / "m"
        shutil.copytree(base.folder, folder)
        try:
            stage = replace(base, folder=folder)
            before = contents(folder)
            refused = ""
            try:
                perform(stage, act, by)
            except (NotAllowed, NotFound, Refused) as fault:
                refused = str(fault)
            traces = contents(folder) != before
            if refused:
                assert not may(act, by), f"{by} may {act}, and was told: {refused}"
                assert not traces, f"{by} was refused {act}, which left a trace"
            else:
                assert may(act, by), f"{by} may not {act}, and did ({state})"
                assert traces or act == "notice-add-file", f"nothing came of {act} by {by}"
        finally:
            shutil.rmtree(folder)

    return attempt


def test_the_table_names_every_act_and_the_row_counts_every_cell():
    assert set(TABLE) == {*MISSIONS, *FOLDERS}
    (count,) = [one.count for name, one in ROWS.items() if name.startswith("role matrix:")]
    assert count == len(CELLS)


@MATRIX.tries(parts=8, traced=100)
def test_every_cell_is_as_the_table_says(torture, cell):
    torture(lambda _, number: cell(*CELLS[number % len(CELLS)]))


def freed(patched, act: str) -> None:
    """Take away the one check that guards an act."""
    on_findings = ("review", "split", "merge", "undo", "notify", "reply", "dissent", "attribute")
    on_findings += ("withhold", "determine")
    if act.startswith(on_findings):
        patched.setattr(reviewing, "objection", lambda *_: None)
    elif act.startswith(("decide", "dispute")):
        patched.setattr(obliging, "objection", lambda *_: "")
    elif act.startswith("statement"):
        patched.setattr(stating, "_allowed", lambda *_: None)
    elif act.startswith(("notice", "hotline", "token")):
        patched.setattr(keeping, "desk", lambda *_: None)
    elif act.startswith("erase"):
        patched.setattr(steps, "allowed", lambda mission, by, *_: deciding.person_of(mission, by))
    else:
        patched.setattr(keys, "allowed", lambda *_: None)


@MATRIX.saboteur("lacks the check of one act", tries=len(TABLE), share=0.99)
def test_every_act_without_its_check_is_caught(torture, cell):
    acts = list(TABLE)

    def attempt(random, number):
        act = acts[number % len(acts)]
        barred = [by for by in PEOPLE if by != STRANGER and not may(act, by)]
        with pytest.MonkeyPatch.context() as patched:
            freed(patched, act)
            cell(act, random.choice(barred), STATES[0])

    torture(attempt)
