"""How far a bulletin can be trusted, in a word, a shape and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.seal import witnessing_json
from trucewatch.model import Grade

if TYPE_CHECKING:
    from trucewatch.bulletins.seal import Witnessing

RANKS = (Grade.RECORDED, Grade.APPEND_ONLY, Grade.FINDING)
SHAPES = {Grade.RECORDED: "○", Grade.APPEND_ONLY: "◐", Grade.FINDING: "●"}
"""A shape beside the word: nobody has to tell colours apart."""

MEANINGS = {
    Grade.RECORDED: "on the word of this log's keeper alone: no witness has cosigned what it rests "
    "on",
    Grade.APPEND_ONLY: "at least one witness saw that the log only grew, too few to make a quorum",
    Grade.FINDING: "a quorum of witnesses saw that the log only grew, and cosigned what it rests "
    "on",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A grade as it is printed. `by` are witnesses with their times, `bound` by when it stood.

    `later` tells that it was reached after the bulletin was sealed; `policy` how many are asked
    for, and whether that many keep anybody from showing two logs; `note` is the checkpoint that
    was cosigned, empty where none was.
    """

    word: str
    shape: str
    meaning: str
    by: tuple[tuple[str, str], ...] = ()
    bound: str = ""
    later: bool = False
    policy: str = ""
    note: str = ""


def standing_of(sealed: dict[str, Any] | None, since: Witnessing | None) -> Standing:
    """The higher of what a seal says of witnesses (None: nothing) and what was reached since.

    A grade that no witness stands behind is printed as recorded, whatever a mission declares. Who
    cosigned, what was asked of them and the checkpoint are all of the one that gives the grade.
    """
    said = sealed or {}
    then = Grade(said.get("grade", Grade.RECORDED)) if said.get("cosigned") else Grade.RECORDED
    now = since["grade"] if since is not None and since["cosigned"] else Grade.RECORDED
    later = RANKS.index(now) > RANKS.index(then)
    if later and since is not None:
        said = witnessing_json(since)
    grade = now if later else then
    return Standing(
        word=grade.value,
        shape=SHAPES[grade],
        meaning=MEANINGS[grade],
        by=tuple((one["witness"], _told(one["at"])) for one in said.get("cosigned", ())),
        bound=_told(said.get("not_after", "")),
        later=later,
        policy=_policy(said),
        note=str(said.get("note", "")),
    )


def _told(stamp: str) -> str:
    return stamp.replace("T", " ").replace("Z", " UTC")


def _policy(said: dict[str, Any]) -> str:
    """What the mission asks of its witnesses, in words."""
    quorum, count = said.get("quorum"), said.get("witnesses", 0)
    if not said:
        return "the mission has no witnesses"
    witnesses = "1 witness" if count == 1 else f"{count} witnesses"
    if quorum == "none":
        return f"{witnesses}, and the mission declares that its own log suffices without them"
    if not isinstance(quorum, int):
        return f"{witnesses}, and no quorum is set"
    resists = "resists" if said.get("resists_split_view") else "does not resist"
    make = "makes" if quorum == 1 else "make"
    return f"{quorum} of {witnesses} {make} a quorum, which {resists} a split view"
