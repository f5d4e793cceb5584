"""Bulletins as records: every issue with its seal, its grade, and what stands in its place."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING

from trucewatch.app.publishing.covers import PROOF, SEAL, said_by, seals_of
from trucewatch.app.stamping.keeping import first_over, stamp_data
from trucewatch.bulletins.grading import standing_of
from trucewatch.bulletins.views import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.app.web.composing.material import Material

PUBLIC = "public"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISSUE = re.compile(r"(?P<name>.*?)(?:-issue-(?P<issue>\d+))?")


def folders(material: Material) -> list[tuple[str, str]]:
    """The audiences whose bulletins this viewer may read, each with its folder, the public first.

    Whoever works inside reads all of them; anybody else their own audience's and the public ones.
    """
    mine = material.sight.audience.name
    every = sorted({name.split("/")[0] for name in material.mission.in_force().issued})
    found = [(_audience(folder), folder) for folder in every]
    return sorted(
        (each for each in found if material.sight.inside or each[0] in {PUBLIC, mine}),
        key=lambda each: (each[0] != PUBLIC, each),
    )


def _audience(folder: str) -> str:
    return folder.removeprefix("for-") if folder.startswith("for-") else PUBLIC


def bulletins(material: Material) -> Iterator[Draft]:
    """Each issue of each bulletin that this viewer may read, from the seals in the log.

    Only what its seal names is told of it, and how far witnesses stand behind it by now.
    """
    mission = material.mission
    grades = mission.grades()
    for audience, folder in folders(material):
        seals = {stem: json.loads(raw) for stem, raw in seals_of(mission, folder).items()}
        places = {stem: mission.in_force().issued[f"{folder}/{stem}{SEAL}"].index for stem in seals}
        stamps = first_over(mission, places)
        later = {
            one["corrects"]["stem"]: stem for stem, one in seals.items() if one.get("corrects")
        }
        for stem, seal in seals.items():
            best = grades.best(places[stem])
            grade = standing_of(seal.get("witnessing"), None if best is None else said_by(best))
            here = mission.folder / folder
            stamp = stamps.get(stem)
            match = _ISSUE.fullmatch(stem)
            name = match["name"] if match else stem
            corrects = seal.get("corrects")
            yield Draft(
                sort="bulletin",
                id=f"{audience}.{stem}",
                exact={
                    "id": f"{audience}.{stem}",
                    "order": -datetime.fromisoformat(seal["issued"]).timestamp(),
                    "audience": audience,
                    "stem": stem,
                    "name": name,
                    "day": name if _DAY.fullmatch(name) else None,
                    "issue": int(match["issue"] or 1) if match else 1,
                    "issued": material.local(datetime.fromisoformat(seal["issued"])),
                    "exercise": seal.get("exercise") is True,
                    "files": [
                        {
                            "name": one,
                            "format": one.rsplit(".", 1)[-1],
                            "sha256": digest,
                            "bytes": _size(here / one),
                        }
                        for one, digest in sorted(seal["bodies"].items())
                    ],
                    "print": f"{stem}.pdf" if (here / f"{stem}.pdf").is_file() else None,
                    "seal": f"{stem}{SEAL}",
                    "proof": f"{stem}{PROOF}" if (here / f"{stem}{PROOF}").is_file() else None,
                    "corrects": None if corrects is None else f"{audience}.{corrects['stem']}",
                    "changes": [] if corrects is None else sorted(corrects["files"]),
                    "superseded_by": f"{audience}.{later[stem]}" if stem in later else None,
                    "checkpoint": {
                        name: seal["checkpoint"][name] for name in ("origin", "size", "root")
                    },
                    "records": seal["evidence"]["size"],
                    "evidence_root": seal["evidence"]["root"],
                    "version": seal["evidence"]["version"],
                    "grade": {
                        "word": grade.word,
                        "shape": grade.shape,
                        "meaning": grade.meaning,
                        "by": [{"witness": a, "at": b} for a, b in grade.by],
                        "bound": grade.bound,
                        "later": grade.later,
                        "policy": grade.policy,
                    },
                    "stamp": None if stamp is None else stamp_data(stamp, material.zone),
                    "federated": seal.get("federated", []),
                },
            )


def _size(path: Path) -> int | None:
    """The length of a file; None for one that was sealed without being written."""
    return path.stat().st_size if path.is_file() else None
