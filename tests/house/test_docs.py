"""The documentation says what the program does: names, settings and defaults are held to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import types
import typing
from datetime import time
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from ruamel.yaml import YAML

import trucewatch
import trucewatch.errors
import trucewatch.model
from trucewatch.app.settings import MissionFile, SourcesFile
from trucewatch.model import kind_tree

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """Each heading's words, without code marks, and the text up to the next heading."""
    parts = re.split(r"^#+ +(.+)$", text, flags=re.MULTILINE)
    return {
        title.replace("`", "").strip(): body
        for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def rows(body: str) -> dict[str, list[str]]:
    """The rows of a section's tables whose first cell is a word in code type."""
    found = {}
    for line in body.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" |")]
        if line.startswith("|") and (name := re.fullmatch(r"`([^`]+)`", cells[0])):
            found[name.group(1)] = cells[1:]
    return found


def test_the_glossary_has_every_name_that_the_model_exports():
    known = set(re.findall(r"`([A-Za-z_]+)`", page("glossary.md")))
    assert set(trucewatch.model.__all__) - known == set()


def test_the_glossary_shows_the_tree_of_kinds_as_it_is():
    tree = kind_tree()
    shown = rows(sections(page("glossary.md"))["Kinds of event"])
    expected = {
        kind: [tree[kind].name, f"`{tree[kind].parent}`" if tree[kind].parent else ""]
        for kind in tree
    }
    assert shown == expected


def tables(model: type[BaseModel], path: str = "") -> dict[str, type[BaseModel]]:
    """The tables of a settings file as TOML writes them, and the model of each."""
    found = {}
    for key, field in model.model_fields.items():
        kind = field.annotation
        container = typing.get_origin(kind)
        inner = [
            part
            for part in (kind, *typing.get_args(kind))
            if isinstance(part, type)
            and not isinstance(part, types.GenericAlias)
            and issubclass(part, BaseModel)
        ]
        if not inner:
            continue
        name = f"{path}{key}"
        if container is dict:
            found[f"[{name}.NAME]"] = inner[0]
        elif container is tuple:
            found[f"[[{name}]]"] = inner[0]
        else:
            found[f"[{name}]"] = inner[0]
    return found


def as_written(default: object) -> str:
    """How the settings page writes a default."""
    if default is PydanticUndefined:
        return "none, must be given"
    if default is None or default == ():
        return "none"
    if default == "":
        return "empty"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, time):
        return f"`{default:%H:%M}`"
    return f"`{default}`"


SETTINGS = {**tables(MissionFile), **tables(SourcesFile)}


def test_the_settings_are_found():
    assert {"[mission]", "[audiences.NAME]", "[[source]]", "[[informant]]"} <= set(SETTINGS)


@pytest.mark.parametrize("table", SETTINGS)
def test_every_setting_is_documented_with_its_default(table):
    shown = {key: cells[0] for key, cells in rows(sections(page("settings.md"))[table]).items()}
    fields = SETTINGS[table].model_fields
    assert shown == {key: as_written(field.default) for key, field in fields.items()}


def nav(node: object) -> list[str]:
    if isinstance(node, str):
        return [node]
    items = node.values() if isinstance(node, dict) else node
    return [name for item in items for name in nav(item)]


def test_every_page_is_in_the_navigation():
    configuration = YAML(typ="safe", pure=True).load((ROOT / "mkdocs.yml").read_text("utf-8"))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert pages == set(nav(configuration["nav"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


# What a browser fetches by itself; a link that a person may follow is another matter.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc=["']?(https?:)?//"""
    r"""|<link(?![^>]*rel=["']?(?:canonical|next|prev))[^>]*href=["']?(https?:)?//"""
    r"""|@import\s+["']?(?:url\()?["']?https?:|url\(["']?https?:"""
)


def test_the_built_pages_ask_no_other_server_for_anything(site):
    asked = {
        path.relative_to(site).as_posix(): hit.group()
        for path in site.rglob("*")
        if path.suffix in {".html", ".css"}
        and (hit := FETCHED.search(path.read_text("utf-8", "replace")))
    }
    assert asked == {}


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://a.example/x.js">',
        '<link rel="stylesheet" href="//a.example/x.css">',
        "@import url(https://a.example/x.css)",
    ],
)
def test_the_search_for_outside_requests_finds(text):
    assert FETCHED.search(text)


def test_the_tree_of_errors_is_shown_as_it_is():
    assert trucewatch.errors.__doc__ is not None
    tree = trucewatch.errors.__doc__.split("\n\n", 1)[1].strip()
    assert tree in page("architecture.md")


def test_every_file_that_the_laws_point_to_exists():
    body = sections(page("architecture.md"))["The laws, and where each is held"]
    named = re.findall(r"`([\w/.-]+/[\w.-]*)`", body)
    assert len(named) > 15
    missing = [
        name
        for name in named
        if not any((ROOT / part / name).exists() for part in ("src/trucewatch", ""))
    ]
    assert missing == []


def test_every_test_that_the_laws_point_to_exists():
    body = sections(page("architecture.md"))["The laws, and where each is held"]
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", body)
    assert len({law for law in body.splitlines() if "::test_" in law}) == 10
    for path, name in named:
        assert f"\ndef {name}(" in (ROOT / path).read_text("utf-8"), name


def test_every_package_stands_in_the_table_of_packages():
    shown = set(rows(sections(page("architecture.md"))["The packages"]))
    folder = Path(trucewatch.__file__).parent
    present = {path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "_"}
    assert shown == present | {"errors"}


def test_every_decision_is_in_the_index():
    files = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    assert files == set(re.findall(r"\((0[\w-]+\.md)\)", page("decisions/README.md")))
