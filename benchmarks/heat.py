"""Static places that are learnt, against those that the provider marks: heat.py [FOLDER].

The marks (`type` 2 in archive files) are taken away before anything is learnt.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.real import delivered
from benchmarks.worlds import generator
from trucewatch.incidents import Parameters, find_static, pixels
from trucewatch.model import SourceKind


@dataclass(frozen=True)
class Score:
    """Pixels and places: all, marked by the provider, found, and found that are marked."""

    pixels: int
    marked: int
    found: int
    right: int
    places: int
    places_right: int


def score(path: Path, parameters: Parameters) -> Score:
    """Learn from one file without its marks; a file that has none scores nothing right."""
    seen = pixels(delivered(path, "satellite", SourceKind.SATELLITE, "firms").claims)
    bare = [replace(p, detection=replace(p.detection, declared_static=None)) for p in seen]
    marked = {p.claim.id for p in seen if p.detection.declared_static is True}
    places = [{p.claim.id for p in place.pixels} for place in find_static(bare, parameters)]
    found = set().union(*places)
    return Score(
        len(seen),
        len(marked),
        len(found),
        len(found & marked),
        len(places),
        sum(bool(place & marked) for place in places),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = generator().parents[1] / "data" / "firms-ukraine-2021-2022"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    args = parser.parse_args()
    print("file | pixels | marked | found | of them marked | places | with a marked pixel")
    for path in sorted(args.folder.glob("*.csv")):
        s = score(path, Parameters())
        print(
            f"{path.name} | {s.pixels} | {s.marked} | {s.found} | {s.right} | "
            f"{s.places} | {s.places_right}"
        )


if __name__ == "__main__":
    main()
