"""Collecting cosignatures: the witnesses are asked, and what they gave is kept in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucewatch.app.in_force import OPERATOR
from trucewatch.app.witnessing.asking import ask
from trucewatch.app.witnessing.grades import CHECKPOINT, RANKS, is_heartbeat
from trucewatch.app.witnessing.policy import doubt, policy_of
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.model import Grade, Witnessed

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission
    from trucewatch.app.witnessing.asking import Answer
    from trucewatch.evidence import Checkpoint
    from trucewatch.evidence.tlog.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What asking the witnesses came to; `answers` is empty where nobody had to be asked.

    `heartbeat` is the log index of the entry that keeps it, None where there was nothing new to
    keep. `doubt` says why the quorum is weaker than it looks, and `void` which entries of the log
    should hold a cosigned checkpoint and do not.
    """

    answers: tuple[Answer, ...] = ()
    heartbeat: int | None = None
    doubt: str = ""
    void: tuple[str, ...] = ()


def collect(mission: Mission, *, again: bool = False) -> Collected:
    """Publish, have the checkpoint cosigned, and keep it as a heartbeat where that is news.

    News is what raises the grade of an entry that is no heartbeat itself; `again` keeps it in any
    case, and asks though every entry has all that it can get. Without witnesses in mission.toml
    nobody is asked and no network is touched.
    """
    mission.sync_settings()
    settings = mission.configuration().mission
    policy = policy_of(settings)
    if not policy.witnesses:
        mission.log.publish()
        return Collected(void=mission.grades().void)
    told = doubt(settings)
    checkpoint = mission.log.publish()
    enough = RANKS.index(Grade.APPEND_ONLY if policy.quorum is None else Grade.FINDING)
    waiting = _waiting(mission, enough)
    if not waiting and not again:
        return Collected(doubt=told, void=mission.grades().void)
    wait_s = settings.witnessing.wait_s
    answers = ask(
        policy.witnesses,
        checkpoint,
        known=_known(mission),
        prove=mission.log.prove_growth,
        wait_s=wait_s,
    )
    lines = [line for one in answers for line in one.lines]
    heartbeat = None
    if lines:
        checkpoint = mission.log.cosign(lines)
        reached = RANKS.index(_grade(policy, checkpoint))
        if again or any(rank < min(reached, enough) for rank in waiting):
            heartbeat = _keep(mission, checkpoint)
    return Collected(answers=answers, heartbeat=heartbeat, doubt=told, void=mission.grades().void)


def _waiting(mission: Mission, enough: int) -> set[int]:
    """The grades, as ranks below `enough`, of the entries that are no heartbeats."""
    grades = mission.grades()
    covered = max(
        (one.checkpoint.size for one in grades.beats if RANKS.index(one.witnessed.grade) >= enough),
        default=0,
    )
    return {
        max(
            (
                RANKS.index(one.witnessed.grade)
                for one in grades.beats
                if one.checkpoint.size > entry.index
            ),
            default=0,
        )
        for entry in mission.entries(covered)
        if not is_heartbeat(entry)
    }


def _known(mission: Mission) -> dict[str, int]:
    """The size that each witness is known to have cosigned last."""
    return {
        one.witness: beat.checkpoint.size
        for beat in mission.grades().beats
        for one in beat.witnessed.by
    }


def _grade(policy: Policy, checkpoint: Checkpoint) -> Grade:
    judged: Witnessed = policy.judge(checkpoint.note)
    if policy.quorum is None and judged.by:
        return Grade.APPEND_ONLY
    return judged.grade


def _keep(mission: Mission, checkpoint: Checkpoint) -> int:
    """Enter the cosigned checkpoint, byte for byte, and publish the log that holds it."""
    entry = NewEntry(
        kind=EntryKind.HEARTBEAT,
        source=OPERATOR,
        payload=checkpoint.note.encode(),
        name=CHECKPOINT,
        media="text/plain",
    )
    (receipt,) = mission.log.append([entry], received=mission.now())
    mission.log.publish()
    return receipt.index


def collected_data(found: Collected) -> dict[str, Any]:
    """What was collected, for JSON; empty where there is nothing to tell."""
    told: dict[str, Any] = {}
    if found.answers:
        told["answers"] = {one.witness: one.words for one in found.answers}
        told["heartbeat"] = found.heartbeat
    if found.doubt:
        told["doubt"] = found.doubt
    if found.void:
        told["void"] = list(found.void)
    return {"witnesses": told} if told else {}


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people, out of what `collected_data` gave."""
    told = data.get("witnesses", {})
    out = [f"Witness {name}: {words}" for name, words in told.get("answers", {}).items()]
    if told.get("heartbeat") is not None:
        out.append(f"Kept as log entry {told['heartbeat']}")
    if "doubt" in told:
        out.append(f"Warning: {told['doubt']}")
    return [*out, *(f"Warning: {words}" for words in told.get("void", ()))]
