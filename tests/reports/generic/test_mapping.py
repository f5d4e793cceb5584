"""The mapping file: every fault is named with its file, line and field."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.reports.generic import READER, load_mapping, shipped_mapping, shipped_mappings
from trucewatch.reports.generic.mapping import Mapping

GOOD = """\
# a comment with = in it
[file]
delimiter = ";"

[kind]
column = "what"
[kind.values]
"gun fire" = "small_arms"
mortar = "mortar"

[place]
latitude = "lat"
longitude = "lon"
error_m = 500

[time]
start = "when"

[[counts]]
what = "killed"
best = "dead"

[[counts]]
what = "wounded"
best = "hurt"
"""


def test_a_good_mapping():
    mapping = load_mapping(GOOD, "mine.toml")
    assert mapping.kind.values == {"gun fire": "small_arms", "mortar": "mortar"}
    assert mapping.columns() == {"what", "lat", "lon", "when", "dead", "hurt"}


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ('"mortar"\n\n', '"mortarr"\n\n', 9, "kind.values.mortar", "is no kind of the tree"),
        ('"small_arms"', '"arms"', 8, "kind.values.gun fire", "is no kind of the tree"),
        ("error_m = 500", "error_m = -5", 14, "place.error_m", "greater than 0"),
        ("error_m = 500", "error = 5", 14, "place.error", "no such key"),
        ("error_m = 500\n", "", 11, "place", "how well the place is known"),
        ('start = "when"', 'begin = "when"', 16, "time.start", "missing"),
        ('start = "when"', 'start = "when"\nzone = "Mars/Base"', 18, "time.zone", "no IANA"),
        ('start = "when"', 'start = "w"\nformat = "soon"', 18, "time.format.0", "time format"),
        ('start = "when"', 'start = "w"\nformat = "%d/%m"', 18, "time.format.0", "year"),
        ('start = "when"', 'start = "w"\nformat = "%Y %I"', 18, "time.format.0", "half of the"),
        ('start = "when"', 'start = "w"\nprecision = "era"', 18, "time.precision", "should be"),
        ('best = "hurt"', "best = 7", 25, "counts.1.best", "valid string"),
        ('what = "wounded"', 'what = "killed"', None, "", "two counts have the same name"),
        ('delimiter = ";"', 'delimiter = ";;"', 3, "file.delimiter", "match pattern"),
        ('delimiter = ";"', 'encoding = "utf-16"', 3, "file.encoding", "ASCII stays"),
        ('delimiter = ";"', 'encoding = "hex"', 3, "file.encoding", "ASCII stays"),
        ('column = "what"', 'column = "what"\nconstant = "mine"', 5, "kind", "either"),
        (
            '"gun fire" = "small_arms"\nmortar = "mortar"\n',
            "",
            5,
            "kind",
            "needs a table of values",
        ),
        ('column = "what"', 'constant = "mortar"', 5, "kind", "leaves nothing for values"),
        ('column = "what"', 'column = "what"\n"no = sign" = 1', 7, "kind.no = sign", "no such key"),
        ('longitude = "lon"\n', "", 11, "place", "latitude and longitude go together"),
        ('"lon"', '"lon"\ngeometry = true', 11, "place", "give one of: latitude and"),
        ('"lon"', '"lon"\nprecision = "p"', 11, "place", "precision and its table of values"),
        ('"lon"', '"lon"\nvalues = { a = 5 }', 11, "place", "precision and its table of values"),
        ('"when"', '"when"\nprecision_column = "p"', 16, "time", "precision_column and its table"),
        ('"when"', '"when"\nvalues = { a = "day" }', 16, "time", "precision_column and its table"),
        (
            '"when"',
            '"when"\nprecision = "day"\nprecision_column = "p"\nvalues = { a = "day" }',
            16,
            "time",
            "give precision or precision_column",
        ),
        ('best = "hurt"', "", 23, "counts.1", "at least one of best, low and high"),
        ("[file]", "[files]", 2, "files", "no such key"),
        ("[file]", "[file", 2, "", "Expected"),
        ('"lat"', '"lat', 12, "", "Illegal"),
    ],
)
def test_a_fault_names_file_line_and_field(old, new, line, field, words):
    assert GOOD.count(old) == 1
    with pytest.raises(ConfigurationError) as caught:
        load_mapping(GOOD.replace(old, new), "mine.toml")
    assert (caught.value.file, caught.value.line, caught.value.field) == ("mine.toml", line, field)
    assert words in str(caught.value)


def test_a_constant_place_is_whole_or_named():
    tail = '\n[kind]\nconstant = "mine"\n[time]\nstart = "t"\n[place.where]\n'
    assert load_mapping(tail + 'name = "the strip"', "m").place.where is not None
    twice = "[place]\nerror_m = 5\n" + tail + 'name = "the strip"'
    with pytest.raises(ConfigurationError, match="a constant place carries its own error_m"):
        load_mapping(twice, "m")
    for where in ("latitude = 1", 'name = "x"\nlatitude = 1\nlongitude = 1\nerror_m = 1', ""):
        with pytest.raises(ConfigurationError):
            load_mapping(tail + where, "m")


def test_the_shipped_mappings_are_good_and_nothing_else_can_be_had():
    assert shipped_mappings() == ("acled",)
    for name in shipped_mappings():
        load_mapping(shipped_mapping(name), f"{name}.toml")
    for name in ("../words", "acled.toml", ""):
        with pytest.raises(NotFound):
            shipped_mapping(name)


def test_the_order_of_actors_is_never_read():
    assert not {"actor1", "actor2"} & load_mapping(shipped_mapping("acled"), "acled").columns()


PAGE = Path(__file__).resolve().parents[3] / "docs" / "your-own-data.md"


def keys(model: type[BaseModel], path: str = "") -> dict[str, set[str]]:
    """The keys of each table, by the heading under which the page must list them."""
    found: dict[str, set[str]] = {}
    own = set()
    for key, field in model.model_fields.items():
        inner = next(
            (
                part
                for part in (field.annotation, *getattr(field.annotation, "__args__", ()))
                if isinstance(part, type) and issubclass(part, BaseModel)
            ),
            None,
        )
        if inner is None:
            own.add(key)
        else:
            found |= keys(inner, f"{path}.{key}" if path else key)
    if path:
        found[path] = own
    return found


SECTION = re.compile(r"^### `\[+([a-z.]+)\]+`[^\n]*\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
TOML = re.compile(r"^```toml[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def documented(text: str) -> dict[str, set[str]]:
    return {table: set(ROW.findall(body)) for table, body in SECTION.findall(text)}


def test_every_key_is_in_the_documentation():
    text = PAGE.read_text("utf-8")
    assert documented(text) == keys(Mapping)
    assert documented(text.replace("| `separator` |", "| |")) != keys(Mapping)


def test_every_mapping_on_the_page_is_a_good_one():
    blocks = TOML.findall(PAGE.read_text("utf-8"))
    whole = [block for block in blocks if "[kind]" in block and "[time]" in block]
    assert whole
    for block in whole:
        load_mapping(block, "page.toml")


EXAMPLE = re.compile(r"^```(csv|toml)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_example_on_the_page_gives_what_it_says(deliver):
    parts = dict(reversed(EXAMPLE.findall(PAGE.read_text("utf-8"))))
    items = list(READER.read(deliver(parts["csv"].encode(), parts["toml"])))
    kinds = [getattr(item, "reason", None) or item.claims[0].kind for item in items]
    assert kinds == [
        "mortar",
        "small_arms",
        "access_denied",
        "the kind “rumbling” is not in the mapping",
    ]
    first, shots, closed, _ = items
    assert first.claims[0].when.length == timedelta(minutes=1)
    assert first.claims[0].place.error_m == 2000
    assert [a.informant for a in shots.claims[0].attributions] == ["fishers", "clinic"]
    assert shots.claims[0].count("wounded").best == 2
    assert closed.claims[0].when.length == timedelta(days=1)
    for reason in kinds[3:]:
        assert reason in PAGE.read_text("utf-8")
