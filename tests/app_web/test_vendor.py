"""The libraries of others are what their makers published, bear their licences, and ship."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "src" / "trucewatch" / "app" / "web" / "static" / "vendor"
HASHES = {
    "maplibre-gl-6.17.0/LICENSE.txt": "ee5fc05a0677eaf69601d2c7db0d9ecd6cc27c3abc1d0733bc9ed34707cf8ef2",  # noqa: E501  # a hash
    "maplibre-gl-6.17.0/maplibre-gl-worker.mjs": "73d7a024a4efe1a46e49db193e18cfe33271e3ecc652ec7542c281a4ef5f0f04",  # noqa: E501  # a hash
    "maplibre-gl-6.17.0/maplibre-gl.css": "a90798a1953017790e590f7e1bd35ff103a8a4263972cb47290b78adf86f8c20",  # noqa: E501  # a hash
    "maplibre-gl-6.17.0/maplibre-gl.mjs": "e02cb08c572fd0950a75343cd558099c2a1dbbaf67f26b0c96f115431962d1ae",  # noqa: E501  # a hash
    "uplot-1.6.32/LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
    "uplot-1.6.32/uPlot.esm.js": "5dd9b3281aa64b461b42d9945f6adb2649d346502b12281a9ae0d46599a80eba",
    "uplot-1.6.32/uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",  # noqa: E501  # a hash
}


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_every_file_is_the_published_one():
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file()
    }
    assert found == HASHES


def test_every_library_is_in_the_notice():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for folder in VENDOR.iterdir():
        name, _, version = folder.name.rpartition("-")
        assert version in notice
        assert f"static/vendor/{name}-*" in notice


def test_another_archive_is_refused(tool):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        member = tarfile.TarInfo("package/LICENSE")
        archive.addfile(member, io.BytesIO(b""))
    with pytest.raises(SystemExit, match="another one"):
        tool.chosen(made.getvalue(), tool.LIBRARIES[0][2], ("LICENSE",))


@pytest.mark.slow
def test_the_wheel_has_templates_catalogues_and_assets(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "trucewatch" / "app" / "web").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - shipped == set()
    assert any(name.endswith("uk/LC_MESSAGES/trucewatch.po") for name in wanted)
