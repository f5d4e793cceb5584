"""What the README says of the demonstration is what the demonstration says."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
FIGURE = re.compile(r"<!--demo:(?P<path>[\w.-]+):(?P<form>[^>]*)-->(?P<said>[^<]*)<!--/-->")
FIGURES = list(FIGURE.finditer(README))
PROGRAM = Path(sys.executable).with_name("trucewatch")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("readme") / "demo"
    done = subprocess.run(
        [PROGRAM, "demo", folder, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def at(data: object, path: str) -> object:
    for step in path.split("."):
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def test_the_commands_of_the_quick_start_work(demonstration):
    """Each of them, on the folder that the demonstration made."""
    page = (ROOT / "docs" / "quickstart.md").read_text("utf-8")
    folder = Path(demonstration["look_at"]).parents[1]
    commands = re.findall(r"^\.venv/bin/trucewatch (.+) --mission demo ?(.*)$", page, re.MULTILINE)
    assert [words for words, _ in commands] == ["explain", "explain", "audit fsck"]
    for words, rest in commands:
        done = subprocess.run(
            [PROGRAM, *words.split(), "--mission", folder, *rest.split()],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout


def test_the_figures_are_found():
    assert len(FIGURES) > 5
    assert README.count("<!--demo:") == len(FIGURES) == README.count("<!--/-->")


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["path"])
def test_the_readme_gives_the_figure_of_the_demonstration(demonstration, figure):
    value = at(demonstration, figure["path"])
    assert figure["said"] == format(value, figure["form"])


def test_the_words_fit_the_figures(demonstration):
    rates = demonstration["rates"]
    assert rates["during"]["per_day"] < rates["before"]["per_day"]
    assert rates["during"]["count"] > 0
    assert rates["before"]["days"] == rates["after"]["days"] == 10
    assert rates["during"]["days"] == 1
    assert "quiet" not in demonstration["coverage"]["region_days"]


def test_the_cloud_of_those_days_is_as_the_readme_says():
    """The two figures come from the shipped file, not from what is printed of it."""
    folder = ROOT / "src" / "trucewatch" / "missions" / "easter-2026" / "data"
    text = (folder / "cloud_cover_ukraine_2026_04.csv").read_text("utf-8")
    east = [
        float(row["cloud_cover_in_east_of_country"])
        for row in csv.DictReader(text.splitlines())
        if "2026-04-10" <= row["date"][:10] <= "2026-04-13"
    ]
    assert len(east) == 4
    assert f"{100 * min(east):.0f} to {100 * max(east):.0f} % of the east" in README


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_link_within_the_repository_leads_somewhere(name):
    links = LINK.findall((ROOT / name).read_text("utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
