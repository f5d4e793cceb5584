"""Fetches the libraries of the pages by npm: `python tools/vendor.py`.

They are kept in the repository, so that nobody needs the network to build or to run; only who
changes a version runs this. An archive that is not the one named here by its hash is refused, and
nothing is written. The hashes of the files are held by tests/app_web/test_vendor.py.
"""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[1] / "src/trucewatch/app/web/static/vendor"

# Name, version, integrity as the registry states it, and the files with their place in the archive.
LIBRARIES = (
    (
        "maplibre-gl",
        "6.17.0",
        "2chIZwpLGenoUQOcnm9Pk4SLbA8ppNFq8jlpXiq9vcYm3Y1wJ3fc82FL0GLwBaPYJCLzPv/mC46KEupVov75rQ==",
        (
            "dist/maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs",
            "dist/maplibre-gl.css",
            "LICENSE.txt",
        ),
    ),
    (
        "uplot",
        "1.6.32",
        "KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==",
        ("dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"),
    ),
)


def fetched(name: str, version: str, folder: Path) -> bytes:
    """An archive as npm fetches it, from the registry that npm is told to ask."""
    done = subprocess.run(  # noqa: S603  # names and versions of this file
        ["npm", "pack", "--silent", f"{name}@{version}"],  # noqa: S607  # wherever it is installed
        cwd=folder,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return (folder / done.stdout.split()[-1]).read_bytes()


def chosen(archive: bytes, integrity: str, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """The wanted files by their last name; SystemExit for another archive than was named."""
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != integrity:
        raise SystemExit(f"the archive is another one: sha512-{found}")
    files = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as whole:
        for path in wanted:
            body = whole.extractfile(f"package/{path}")
            if body is None:
                raise SystemExit(f"{path} is no file")
            files[Path(path).name] = body.read()
    return files


def main() -> int:
    """Write every library anew, each into a folder with its version in the name."""
    with tempfile.TemporaryDirectory() as scratch:
        ready = {
            f"{name}-{version}": chosen(fetched(name, version, Path(scratch)), integrity, wanted)
            for name, version, integrity, wanted in LIBRARIES
        }
    for folder, files in ready.items():
        (VENDOR / folder).mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            (VENDOR / folder / name).write_bytes(body)
            sys.stdout.write(f"{hashlib.sha256(body).hexdigest()}  {folder}/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
