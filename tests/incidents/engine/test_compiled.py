"""What was compiled from other sources is never used."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from trucewatch.incidents.engine import compiled, weights


def test_any_change_of_any_file_is_another_version(tmp_path):
    source = Path(compiled.__file__).parent
    for path in source.glob("*.py"):
        shutil.copy2(path, tmp_path / path.name)
    same = compiled.version(tmp_path)
    assert same == compiled.version(source)
    stat = (tmp_path / "weights.py").stat()
    text = (tmp_path / "weights.py").read_text("utf-8")
    (tmp_path / "weights.py").write_text(text.replace("MX, MY", "MY, MX", 1), "utf-8")
    # The age of the file stays, as it may in an upgrade: only the content tells.
    os.utime(tmp_path / "weights.py", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert compiled.version(tmp_path) != same


def test_functions_are_kept_by_version():
    kept = Path(weights.own_value.stats.cache_path)
    assert compiled.cache_folder() in [kept, *kept.parents]


def test_nothing_is_compiled_another_way():
    for path in Path(compiled.__file__).parent.glob("*.py"):
        assert path.name == "compiled.py" or "njit" not in path.read_text("utf-8"), path.name
