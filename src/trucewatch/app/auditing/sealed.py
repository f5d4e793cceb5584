"""What a seal says besides its bodies, held against the log that it is an entry of."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.auditing.issues import stem_of
from trucewatch.app.federation.listing import federated_heads
from trucewatch.app.publishing.covers import SEAL, witnessing_of
from trucewatch.bulletins import seal
from trucewatch.evidence import EntryKind

if TYPE_CHECKING:
    from trucewatch.app.auditing.issues import Issue
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Corrects, Published, Situation

CLOCK = timedelta(minutes=10)
"""How far the time of issue may be from the time at which the log received the seal."""

_ELSEWHERE = frozenset({"bodies", "checkpoint", "evidence", "issued"})
_ISSUING = frozenset({EntryKind.BULLETIN, EntryKind.CORRECTION})


def entered(mission: Mission, issue: Issue) -> list[str]:
    """What is wrong with where and when the log took in a seal."""
    if issue.entry is None:
        return ["the seal is no entry of the log"]
    if issue.entry < issue.size:
        return [f"the seal is entry {issue.entry}, and speaks of {issue.size} entries"]
    problems = []
    name = f"{issue.folder}/{issue.stem}{SEAL}"
    places = [one.index for one in mission.in_force().seals if one.name == name]
    if len(places) > 1:
        told = ", ".join(map(str, places))
        problems.append(f"it was sealed more than once, and a bulletin is issued once: see {told}")
    between = list(mission.log.entries(issue.size, issue.entry + 1))
    left = [one.index for one in between[:-1] if one.kind not in _ISSUING]
    if left:
        problems.append(
            f"the seal is entry {issue.entry} and rests on {issue.size}: entry {left[0]} was there "
            "and was left out"
        )
    issued = _moment(issue.seal.get("issued"))
    received = between[-1].received
    if issued is None or abs(received - issued) > CLOCK:
        problems.append(
            f"the seal says that it was issued at {issue.seal.get('issued')}, and the log received "
            f"it at {received:%Y-%m-%dT%H:%M:%SZ}"
        )
    return problems


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def besides(
    past: Mission,
    issue: Issue,
    situation: Situation,
    published: Published,
    made: dict[str, bytes],
    corrects: Corrects | None,
) -> list[str]:
    """What the seal says otherwise than one made anew of the log as it was then (`past`).

    That is the grade and who cosigned, what other logs count, what it corrects, whether it is a
    drill, and of which files it speaks.
    """
    again: dict[str, Any] = json.loads(
        seal(
            bodies=made,
            issued=datetime.fromisoformat("2000-01-01T00:00:00+00:00"),
            checkpoint=issue.seal["checkpoint"],
            evidence=situation.evidence,
            corrects=corrects,
            exercise=published.exercise,
            witnessing=witnessing_of(past),
            federated=[
                {"origin": origin, "size": size, "root": root}
                for origin, size, root in federated_heads(past)
            ],
        )
    )
    problems = [
        f"the seal says of {key!r} {_short(issue.seal.get(key))}, the log {_short(again.get(key))}"
        for key in sorted({*again, *issue.seal} - _ELSEWHERE)
        if issue.seal.get(key) != again.get(key)
    ]
    return problems + [
        f"the seal does not name {name}"
        for name in sorted({*again["bodies"]} - {*issue.seal["bodies"]})
    ]


def _short(value: object) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 200 else f"{text[:200]}…"


def strangers(mission: Mission) -> list[str]:
    """Files among those of bulletins for which the log holds no seal, from the mission's folder."""
    issued = mission.in_force().issued
    folders = [mission.bulletins, *sorted(mission.folder.glob("for-*"))]
    return [
        f"{folder.name}/{path.name}"
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if (stem := stem_of(path.name)) and f"{folder.name}/{stem}{SEAL}" not in issued
    ]
