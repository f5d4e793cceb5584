"""The plugin that refuses skips in CI bites there, and only there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SKIPS = {
    "a test": "import pytest\ndef test_it():\n    pytest.skip('no moon')\n",
    "a mark": "import pytest\n@pytest.mark.skip(reason='no moon')\ndef test_it(): pass\n",
    "a file": "import pytest\npytest.skip('no moon', allow_module_level=True)\n",
}
XFAIL = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert False\n"


def run(folder: Path, text: str, *, plugin: bool = True, ci: str = "true") -> tuple[int, str]:
    (folder / "test_sample.py").write_text(text, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
        + (["-p", "no_skips"] if plugin else []),
        cwd=folder,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("text", SKIPS.values(), ids=SKIPS)
def test_a_skip_fails_in_ci_and_says_why(tmp_path, text):
    code, said = run(tmp_path, text)
    assert code != 0
    assert "no moon" in said


def test_without_the_plugin_a_skip_passes_unseen(tmp_path):
    assert run(tmp_path, SKIPS["a test"], plugin=False)[0] == 0


def test_outside_ci_a_skip_is_a_skip(tmp_path):
    assert run(tmp_path, SKIPS["a test"], ci="")[0] == 0


def test_an_expected_failure_is_no_skip(tmp_path):
    assert run(tmp_path, XFAIL)[0] == 0
