"""The published schema: current, true to the reader, and held by a validator of others."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.agreements.whole import TEXT, ZONES

import trucewatch.agreements.reading.schema as made
import trucewatch.missions as missions
from trucewatch.agreements import SCHEMA_FILE, agreement_schema, examine
from trucewatch.agreements.conditions.compiling import EVENTS, RESPONSES, check_condition
from trucewatch.documents import read_document

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(
    [*Path(missions.__path__[0]).glob("*/agreement.yaml"), *ROOT.glob("docs/*/agreement.yaml")]
)
SCHEMA = agreement_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def data_of(text: str):
    return read_document(text, file="agreement.yaml").data


def test_the_published_schema_is_current():
    published = files("trucewatch.agreements").joinpath(SCHEMA_FILE).read_text("utf-8")
    assert json.loads(published) == SCHEMA, "run: python tools/schema.py"
    tool = [sys.executable, str(ROOT / "tools/schema.py"), "--check"]
    assert subprocess.run(tool, check=False).returncode == 0


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")
    assert "hostile_act" in json.dumps(SCHEMA["$defs"]["ProvisionForm"]["properties"]["kinds"])
    assert "thermal_anomaly" not in json.dumps(SCHEMA["$defs"]["ProvisionForm"])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_every_shipped_agreement_is_valid(path):
    VALIDATOR.validate(data_of(path.read_text("utf-8")))


def test_all_that_is_shipped_is_looked_at():
    assert {path.parent.name for path in SHIPPED} >= {"easter-2026", "template", "island"}


def test_the_whole_form_is_valid():
    VALIDATOR.validate(data_of(TEXT))


def examples_of(page: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def test_every_example_of_the_page_is_valid_and_read():
    """What stands in docs/agreements.md, put into an agreement that has the names it uses."""
    page = (ROOT / "docs/agreements.md").read_text("utf-8").partition("\n## Commitments\n")[0]
    found = examples_of(page)
    assert len(found) >= 6
    for text in found:
        part = data_of(text)
        whole = data_of(TEXT)
        for key, value in part.items():
            if key == "condition":
                whole["provisions"][0]["condition"] = value
            elif key == "exceptions":
                whole["provisions"][0]["exceptions"] = value
            else:
                whole[key] = value
        errors = list(VALIDATOR.iter_errors(whole))
        assert errors == [], text


def places(node, path=()):
    """The path of every value of some data."""
    yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from places(value, (*path, place))


WHOLE = data_of(TEXT)
PLACES = [path for path in places(WHOLE) if path]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 500),
    st.floats(-1, 300, allow_nan=False).map(lambda x: round(x, 3)),
    st.sampled_from(
        ["", " ", "x", "open", "not yet", "none", "2026-06-01", "2026-06-01 08:00", "3 days",
         "forbid", "a b", "3 calendar days", "\u00e9", "in_force", "mine", "event", "a" * 600,
         "a\n"]
    ),
    st.lists(st.sampled_from(["x", 1, "mine", "north"]), max_size=2),
    st.dictionaries(st.sampled_from(["id", "from", "x"]), st.just("y"), max_size=2),
)  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(["put", "drop", "add"]), VALUES),
    min_size=1,
    max_size=2,
)


def changed(changes):
    whole = copy.deepcopy(WHOLE)
    for path, how, value in changes:
        *way, last = path
        node = whole
        try:
            for step in way:
                node = node[step]
            if how == "put":
                node[last] = value
            elif how == "drop":
                del node[last]
            elif isinstance(node[last], dict):
                node[last]["colour"] = value
            elif isinstance(node[last], list):
                node[last].append(value)
        except (KeyError, IndexError, TypeError):
            continue
    return whole


@settings(max_examples=150)
@given(CHANGES)
@example([(("zones", 1, "buffer_km"), "put", 0)])
@example([(("triggers", 0, "count"), "put", True)])
def test_what_the_schema_refuses_the_reader_refuses(changes):
    whole = changed(changes)
    refused = not VALIDATOR.is_valid(whole)
    found = examine(json.dumps(whole), file="agreement.yaml", zone_files=ZONES)
    assert not refused or found.faults


def test_a_schema_that_refuses_too_much_is_seen(monkeypatch):
    """The saboteur: a schema that knows fewer kinds than the reader refuses what is read."""
    monkeypatch.setattr(made, "weapon_tree", lambda: ["mortar"])
    strict = jsonschema.Draft202012Validator(made.agreement_schema())
    assert not strict.is_valid(WHOLE)
    assert not examine(TEXT, file="a", zone_files=ZONES).faults


def test_the_conditions_of_the_page_are_read():
    page = (ROOT / "docs/agreements.md").read_text("utf-8")
    section = page.partition("### Conditions\n")[2].partition("\n### ")[0]
    for text in ("killed > 5 || wounded > 5", "latest - earliest < duration('1h')"):
        assert text in section
        check_condition(text, EVENTS)
    for name, fact in [*EVENTS.items(), *RESPONSES.items()]:
        assert f"`{name}`" in section
        assert fact.words
