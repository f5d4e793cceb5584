"""The page on the projection says what the package has."""

from __future__ import annotations

import re
from pathlib import Path

import trucewatch.store

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "store.md").read_text("utf-8")


def test_every_public_name_is_explained():
    assert set(trucewatch.store.__all__) <= set(re.findall(r"`(\w+)`", PAGE))


def test_the_example_runs(tmp_path, monkeypatch, make, capsys):
    incident = make.incident(1, lat=48.0, lon=37.8)
    with trucewatch.store.open_store(tmp_path / "state.db") as store:
        store.replace_state(make.derived(incident, make.incident(2, lat=10.0)))
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/store.md", "exec"), {})  # noqa: S102 -- the example is ours
    assert capsys.readouterr().out.split()[0] == incident.id
