"""The published schema of the ledger: current, and true to the reader."""

from __future__ import annotations

import copy
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import trucewatch.commitments.schema as made
import trucewatch.missions as missions
from trucewatch.app.cli import app
from trucewatch.commitments import SCHEMA_FILE, commitments_schema, read_ledger
from trucewatch.documents import read_document
from trucewatch.errors import ConfigurationError

SCHEMA = commitments_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
SHIPPED = sorted(Path(missions.__path__[0]).glob("*/commitments.yaml"))
TEXT = """\
timezone: Europe/Paris
needs:
  - {id: N1, priority: monitoring, item: force, what: observers, low: 100, high: 200,
     unit: personnel, domains: [land], standing: reported, source: a newspaper}
pledges:
  - id: L1
    by: harbour
    item: force
    priority: multinational-force
    what: two companies
    stage: announced
    standing: announced
    said: 2026-01-06
    said_until: 2026-01-07
    low: 2
    high: 3
    unit: company
    domains: [land, sea]
    basing: the island
    caveats: [after a truce]
    limits: [no-troops]
    approvals:
      - {body: the assembly, kind: vote, state: granted, said: 2026-02-01, source: its record,
         due: 2026-03-01}
    stages:
      - {stage: committed, said: unknown, source: a letter}
    valid_from: 2026-01-06
    valid_until: 2027-01-06
    due: 2026-06-01
    said_by: its minister
    occasion: a meeting
    outlet: a newspaper
    credits: an agency
    source: page 1
"""


def data_of(text: str):
    return read_document(text, file="commitments.yaml").data


def refused_by_the_reader(data) -> bool:
    try:
        read_ledger(json.dumps(data), file="commitments.yaml")
    except ConfigurationError:
        return True
    return False


def test_the_published_schema_is_current():
    published = files("trucewatch.commitments").joinpath(SCHEMA_FILE).read_text("utf-8")
    assert json.loads(published) == SCHEMA, "run: python tools/schema.py"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert '"format"' not in published


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_ledger_is_valid(path):
    VALIDATOR.validate(data_of(path.read_text("utf-8")))


def test_the_whole_form_is_valid_and_read():
    text = TEXT
    kinds = SCHEMA["$defs"]["ApprovalForm"]["properties"]["kind"]["enum"]
    text = text.replace("kind: vote", f"kind: {kinds[0]}")
    limits = SCHEMA["$defs"]["PledgeForm"]["properties"]["limits"]["items"]["enum"]
    text = text.replace("[no-troops]", f"[{limits[0]}]")
    VALIDATOR.validate(data_of(text))
    assert not refused_by_the_reader(data_of(text))
    keys = set(SCHEMA["$defs"]["PledgeForm"]["properties"])
    assert keys == set(WHOLE["pledges"][0])


WHOLE = data_of(TEXT)
PLACES = [
    *(("pledges", 0, key) for key in WHOLE["pledges"][0]),
    *(("needs", 0, key) for key in WHOLE["needs"][0]),
    *(("pledges", 0, "approvals", 0, key) for key in WHOLE["pledges"][0]["approvals"][0]),
    *(("pledges", 0, "stages", 0, key) for key in WHOLE["pledges"][0]["stages"][0]),
    ("timezone",),
    ("needs",),
    ("pledges",),
]
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.floats(-2, 9).map(lambda x: round(x, 2)),
    st.sampled_from(["", " ", "x", "unknown", "2026-01-06", "2026-01-06 10:00", "land", "signed"]),
    st.lists(st.sampled_from(["land", "x", 1]), max_size=2),
)  # fmt: skip


@settings(max_examples=120)
@given(st.sampled_from(PLACES), st.sampled_from(["put", "drop", "add"]), VALUES)
@example(("pledges", 0, "said"), "put", "unknown")
@example(("pledges", 0, "due"), "put", "unknown")
def test_what_the_schema_refuses_the_reader_refuses(path, how, value):
    whole = copy.deepcopy(WHOLE)
    *way, last = path
    node = whole
    for step in way:
        node = node[step]
    if how == "put":
        node[last] = value
    elif how == "drop":
        del node[last]
    else:
        node["colour"] = value
    assert VALIDATOR.is_valid(whole) or refused_by_the_reader(whole)


def test_a_schema_that_refuses_too_much_is_seen(monkeypatch):
    """The saboteur: a schema that knows fewer stages than the reader refuses what is read."""
    monkeypatch.setattr(made, "STAGES", ("verified",))
    assert not jsonschema.Draft202012Validator(made.commitments_schema()).is_valid(WHOLE)


def test_the_schema_is_printed():
    done = CliRunner().invoke(app, ["commitments", "schema"])
    assert (done.exit_code, json.loads(done.output)) == (0, SCHEMA)
