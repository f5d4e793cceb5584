"""What stands around bulletins: what witnesses said at the time, the cover page, and seal pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.files import write_whole
from trucewatch.app.publishing.verifying import PAGE as VERIFY
from trucewatch.app.publishing.verifying import verify_page
from trucewatch.app.stamping.keeping import first_over
from trucewatch.app.witnessing.policy import OWN_WORD, policy_of
from trucewatch.bulletins import Witnessing, index_page, seal_page
from trucewatch.evidence.audit import make_proof
from trucewatch.model import Grade

if TYPE_CHECKING:
    from pathlib import Path

    from trucewatch.app.mission import Mission
    from trucewatch.app.witnessing.grades import Heartbeat

SEAL = ".seal.json"
PAGE = ".seal.html"
PROOF = ".tlog-proof"
"""Beside a seal that witnesses vouch for: the proof that it is an entry of the log."""


def witnessing_of(mission: Mission) -> Witnessing | None:
    """How far witnesses stand behind the log as it is now; None for a mission without any."""
    settings = mission.configuration().mission
    policy = policy_of(settings)
    if not policy.witnesses:
        return None
    best = mission.grades().best(mission.grades().end)
    asked = settings.witnessing.quorum
    return Witnessing(
        grade=Grade.RECORDED if best is None else best.witnessed.grade,
        cosigned=() if best is None else best.witnessed.by,
        not_after=None if best is None else best.witnessed.not_after,
        quorum=OWN_WORD if asked == OWN_WORD else policy.quorum,
        witnesses=len(policy.witnesses),
        resists=policy.resists_split_view,
        size=None if best is None else best.checkpoint.size,
        note="" if best is None else best.checkpoint.note,
    )


def said_by(beat: Heartbeat) -> Witnessing:
    """What witnesses said in one cosigned checkpoint, by the settings that were in force there."""
    return Witnessing(
        grade=beat.witnessed.grade,
        cosigned=beat.witnessed.by,
        not_after=beat.witnessed.not_after,
        quorum=beat.quorum,
        witnesses=beat.witnesses,
        resists=beat.resists,
        size=beat.checkpoint.size,
        note=beat.checkpoint.note,
    )


def seals_of(mission: Mission, folder: str) -> dict[str, bytes]:
    """The seals of everything issued in a folder, by stem, as the log holds them."""
    return {
        name.removeprefix(f"{folder}/").removesuffix(SEAL): mission.log.payload(entry.payload)
        for name, entry in mission.in_force().issued.items()
        if name.startswith(f"{folder}/")
    }


def bring_covers_up_to_date(mission: Mission) -> tuple[Path, ...]:
    """Make cover page, seal pages, proofs and `verify.html` of every folder; return what changed.

    A bulletin that was sealed before witnesses came gets its grade here: neither its bodies nor its
    seal change. Call it where the log is open for writing.
    """
    changed = []
    issued = mission.in_force().issued
    grades = mission.grades()
    for name in sorted({name.split("/")[0] for name in issued}):
        folder = mission.folder / name
        if not folder.is_dir():
            continue
        seals = seals_of(mission, name)
        best = {stem: grades.best(issued[f"{name}/{stem}{SEAL}"].index) for stem in seals}
        since = {stem: said_by(one) for stem, one in best.items() if one is not None}
        pages = {"index.html": index_page(sorted(seals.items()), since)}
        places = {stem: issued[f"{name}/{stem}{SEAL}"].index for stem in seals}
        stamps = first_over(mission, places)
        pages |= {
            f"{stem}{PAGE}": seal_page(
                stem, raw, since.get(stem), stamps.get(stem), proof=stem in since
            )
            for stem, raw in seals.items()
        }
        # Who carries the folder away can check each seal without asking for anything.
        pages |= {
            f"{stem}{PROOF}": make_proof(mission.folder / "evidence", places[stem])
            for stem in since
        }
        pages[VERIFY] = _verify_page(mission)
        for title, body in pages.items():
            path = folder / title
            if not path.is_file() or path.read_bytes() != body:
                write_whole(path, body, private=name != "bulletins")
                changed.append(path)
    return tuple(changed)


def _verify_page(mission: Mission) -> bytes:
    """The page that checks proofs, with the mission's keys filled in."""
    keys = proof_keys(mission)
    return verify_page(
        logs=keys["logs"],
        witnesses=keys["witnesses"],
        quorum=keys["quorum"],
        exercise=mission.configuration().mission.mission.exercise,
    )


def proof_keys(mission: Mission) -> dict[str, Any]:
    """By which keys a proof is checked: the log's key in use, the witnesses, and how many of them.

    A key that was replaced signs only so far, which a page that stands by itself cannot know.
    """
    policy = policy_of(mission.configuration().mission)
    return {
        "logs": [(mission.folder / "evidence" / "vkey").read_text("utf-8").removesuffix("\n")],
        "witnesses": [witness.cosigner.vkey() for witness in policy.witnesses],
        "quorum": policy.quorum,
    }
