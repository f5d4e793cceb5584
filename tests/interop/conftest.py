"""The second verifier, built once and asked many questions at a time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

SOURCES = Path(__file__).parent / "verifier"
# Where Debian puts libraries for Go; with modules off, nothing is looked for on a network.
LIBRARIES = Path("/usr/share/gocode")

Ask = Callable[[Iterable[dict[str, Any]]], list[dict[str, Any]]]


def go(*arguments: str, folder: Path, cache: Path) -> str:
    """Run Go's tool; what it says on standard output."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(cache),
        "GOCACHE": str(cache / "go"),
        "GO111MODULE": "off",
        "GOPATH": str(LIBRARIES),
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
    }
    done = subprocess.run(
        ["go", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def go_cache(tmp_path_factory) -> Path:
    if shutil.which("go") is None or not (LIBRARIES / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("needs Go and its x/mod library (tools/system-packages installs both)")
    return tmp_path_factory.mktemp("go")


@pytest.fixture(scope="session")
def build(go_cache) -> Callable[[Path], Ask]:
    """Build the verifier of a folder; the function that is returned asks it."""

    def built(sources: Path = SOURCES) -> Ask:
        program = go_cache / f"verifier-{abs(hash(sources))}"
        go("build", "-o", str(program), ".", folder=sources, cache=go_cache)

        def ask(questions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
            text = "".join(f"{json.dumps(question)}\n" for question in questions)
            done = subprocess.run(
                [str(program)], input=text.encode(), capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr.decode()
            return [json.loads(line) for line in done.stdout.splitlines()]

        return ask

    return built


@pytest.fixture(scope="session")
def ask(build) -> Ask:
    """Ask the second verifier a list of questions; one answer for each, in order."""
    return build()
