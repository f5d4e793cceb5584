"""Every exported name stands on the page for those who call the packages from Python."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from pathlib import Path

import pytest

import trucewatch

ROOT = Path(__file__).resolve().parents[2]
STAGES = sorted(
    path.parent.name
    for path in Path(trucewatch.__file__).parent.glob("*/__init__.py")
    if path.parent.name != "app"
)


def load():
    spec = importlib.util.spec_from_file_location("api", ROOT / "tools" / "api.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


api = load()


def test_the_page_is_what_the_code_says():
    written = (ROOT / "docs" / "api.md").read_text("utf-8")
    assert written == api.page(), "a docstring changed: run .venv/bin/python tools/api.py"


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_says_what_it_exports_and_is_on_the_page(stage):
    module = importlib.import_module(f"trucewatch.{stage}")
    assert module.__all__
    assert f"trucewatch.{stage}" in api.PACKAGES
    for name in module.__all__:
        assert f"| `{name}" in api.page(), name


def test_the_stages_are_found():
    assert len(STAGES) == 14


def bare(value: int) -> int:
    return value


@pytest.mark.parametrize("value", [bare, 7, ("a", "b")])
def test_a_name_without_words_is_seen(monkeypatch, value):
    module = types.ModuleType("bare", "A module.")
    module.__all__ = ["thing"]
    module.thing = value
    monkeypatch.setattr(api, "PACKAGES", ("bare",))
    monkeypatch.setitem(sys.modules, "bare", module)
    with pytest.raises(LookupError, match=r"bare\.thing has no words"):
        api.page()


def test_parameters_are_named_as_they_are_called():
    def seek(where, *, near, most=3):
        return where, near, most

    assert api.called("seek", seek) == "seek(where, *, near, most=…)"
    assert api.called("Path", Path) == "Path"


def test_a_page_that_is_behind_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(api, "PAGE", tmp_path / "api.md")
    (tmp_path / "api.md").write_text("old", "utf-8")
    assert api.main(["--check"]) == 1
    assert api.main([]) == 0
    assert api.main(["--check"]) == 0
