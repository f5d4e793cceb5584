"""What must be true of the files of this repository, whoever writes the next one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 500

# Put together here, so that this file does not hold what it looks for.
FORBIDDEN = re.compile(
    r"(?<![\w.~-])/(?:"
    + "|".join(("wor" + "k", "roo" + "t", "hom" + "e"))
    + r")/\w|"
    + "|".join(
        re.escape(host)
        for host in (
            "pypi" + ".org",
            "files.python" + "hosted",
            "registry.npm" + "js",
            "deb.deb" + "ian",
            "archive.ubu" + "ntu",
        )
    )
)
DATA = (".csv", ".geojson", ".parquet", ".json")


def tracked() -> list[Path]:
    """The files that belong to the repository: committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    names = (name for name in listed.stdout.split("\0") if name)
    return sorted(path for name in names if (path := ROOT / name).is_file())


@pytest.fixture(scope="module")
def files() -> list[Path]:
    found = tracked()
    assert len(found) > 20
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def strange(text: str) -> str | None:
    found = FORBIDDEN.search(text)
    return found.group() if found else None


def test_no_source_file_is_a_god_file(files):
    sources = [path for path in files if path.suffix == ".py" and name(path).startswith("src/")]
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in sources}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_machine_paths_and_no_registry_addresses(files):
    found = {}
    for path in files:
        if path.suffix in DATA:
            continue  # data of others are kept as received, addresses included
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or a sample in another encoding
        if hit := strange(text):
            found[name(path)] = hit
    assert found == {}


@pytest.mark.parametrize(
    "text",
    ["see /wor" + "k/notes", "'/hom" + "e/me'", "from pypi" + ".org/simple"],
)
def test_the_search_for_them_finds(text):
    assert strange(text)


@pytest.mark.parametrize("text", ["https://a.example/wor" + "k/x", "src/wor" + "k/a", "net/"])
def test_and_leaves_other_words_alone(text):
    assert strange(text) is None


def test_no_lock_file(files):
    locks = {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "package-lock.json"}
    assert [name(path) for path in files if path.name in locks] == []


def notice_patterns() -> list[str]:
    """Every pattern that NOTICE lists after "Files:"."""
    patterns, inside = [], False
    for line in (ROOT / "NOTICE").read_text("utf-8").splitlines():
        if line.startswith("Files:"):
            inside = True
            patterns.append(line.removeprefix("Files:").strip())
        elif inside and line.startswith("          ") and line.strip():
            patterns.append(line.strip())
        else:
            inside = False
    return patterns


def unlicensed(names: list[str], patterns: list[str]) -> list[str]:
    return [item for item in names if not any(fnmatch(item, pattern) for pattern in patterns)]


def test_notice_names_a_licence_for_every_data_file_that_ships(files):
    names = [
        name(path)
        for path in files
        if path.suffix in DATA and name(path).startswith(("src/", "docs/"))
    ]
    assert names
    assert unlicensed(names, notice_patterns()) == []


def test_a_data_file_without_a_licence_is_seen():
    stray = "src/trucewatch/reports/other/samples/rows.csv"
    assert unlicensed([stray], notice_patterns()) == [stray]


def test_the_licence_is_there_whole():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.split("\n\n")[0].split()[:2] == ["Apache", "License"]
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_ci_script_can_be_run():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_changelog_speaks_of_the_version_that_pyproject_names():
    """Either the version is released and heads the changelog, or fragments wait for it."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    headings = re.findall(
        r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    if version in headings:
        assert headings[0] == version
    else:
        assert list((ROOT / "changelog.d").glob("*.*.md"))
        draft = subprocess.run(
            [sys.executable, "-m", "towncrier", "build", "--draft", "--version", version],
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        )
        assert f"## {version}" in draft.stdout


def test_the_makefile_has_the_promised_targets_and_help_lists_them():
    shown = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    for target in (
        "demo",
        "test",
        "lint",
        "types",
        "bench",
        "docs",
        "serve",
        "outdated",
        "clean",
        "help",
    ):
        assert f"make {target} " in shown
