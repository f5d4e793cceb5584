"""The evidence log as records: checkpoints, witnesses, time stamps, erasures, other logs."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from trucewatch.app.erasing.told import state
from trucewatch.app.federation.listing import federated_heads
from trucewatch.app.publishing.covers import seals_of
from trucewatch.app.stamping.keeping import first_over, stamp_data
from trucewatch.app.web.composing.issuing import folders
from trucewatch.app.witnessing.policy import doubt, policy_of
from trucewatch.bulletins.views import Draft
from trucewatch.bulletins.wording import plain
from trucewatch.model import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trucewatch.app.web.composing.material import Material
    from trucewatch.app.witnessing.grades import Heartbeat


def evidence(material: Material) -> Iterator[Draft]:
    """The log, its checkpoints, its witnesses, and for those inside its erasures.

    Those outside are told of the checkpoints that a bulletin of theirs published, and of no other:
    how the log grows between two bulletins tells how much is being reported.
    """
    yield _log(material)
    yield from _checkpoints(material)
    yield from _witnesses(material)
    yield from _erasures(material)
    yield from _other_logs(material)


def _log(material: Material) -> Draft:
    mission, settings = material.mission, material.configuration.mission
    policy, held = policy_of(settings), material.situation.evidence.parameters
    origin = mission.log.origin
    return Draft(
        sort="log",
        id=origin,
        exact={
            "id": origin,
            "key": (mission.folder / "evidence" / "vkey").read_text("utf-8").strip(),
            "quorum": settings.witnessing.quorum,
            "witnesses": len(policy.witnesses),
            "resists": policy.resists_split_view,
            "doubt": doubt(settings),
            "version": material.situation.evidence.version,
            "parameters": held.values,
            "parameters_how": held.how,
            "parameters_since": material.local(held.since),
            "size": mission.log.size,
            "root": mission.log.root(),
            "erased": len(mission.in_force().erased),
        },
    )


def _checkpoints(material: Material) -> Iterator[Draft]:
    """One record a size: what bulletins published, and for those inside what witnesses signed."""
    mission = material.mission
    found: dict[int, dict[str, Any]] = {}
    for audience, folder in folders(material):
        for stem, raw in sorted(seals_of(mission, folder).items()):
            seal = json.loads(raw)
            point, said = seal["checkpoint"], seal.get("witnessing", {})
            row = found.setdefault(point["size"], _empty(point["size"], point["root"]))
            row["bulletins"].append({"id": f"{audience}.{stem}", "issued": seal["issued"]})
            row["at"] = min(filter(None, (row["at"], seal["issued"])))
            if said.get("size"):
                over = found.setdefault(
                    said["size"], _empty(said["size"], mission.log.root_at(said["size"]))
                )
                _cosign(over, said["grade"], said["cosigned"], said.get("not_after"))
    if material.sight.inside:
        for beat in mission.grades().beats:
            point = beat.checkpoint
            row = found.setdefault(point.size, _empty(point.size, point.root))
            _cosign(row, beat.witnessed.grade.value, _by(beat), _utc(beat.witnessed.not_after))
            row["at"] = min(filter(None, (row["at"], _utc(beat.entry.received))))
        head = mission.log.checkpoint()
        if head is not None:
            found.setdefault(head.size, _empty(head.size, head.root))["newest"] = True
    stamps = first_over(mission, {str(size): size - 1 for size in found})
    for size, row in sorted(found.items()):
        stamp = stamps.get(str(size))
        row["stamp"] = None if stamp is None else stamp_data(stamp, material.zone)
        yield Draft(sort="checkpoint", id=str(size), exact=row)


def _empty(size: int, root: str) -> dict[str, Any]:
    return {
        "id": str(size),
        "order": -size,
        "size": size,
        "root": root,
        "at": None,
        "grade": Grade.RECORDED.value,
        "cosigned": [],
        "not_after": None,
        "bulletins": [],
        "newest": False,
    }


def _cosign(
    row: dict[str, Any], grade: str, by: list[dict[str, Any]], not_after: str | None
) -> None:
    known = {one["witness"] for one in row["cosigned"]}
    row["cosigned"] += [one for one in by if one["witness"] not in known]
    row["cosigned"].sort(key=lambda one: one["witness"])
    ranks = [one.value for one in (Grade.RECORDED, Grade.APPEND_ONLY, Grade.FINDING)]
    if by and ranks.index(grade) > ranks.index(row["grade"]):
        row["grade"] = grade
    row["not_after"] = row["not_after"] or not_after


def _by(beat: Heartbeat) -> list[dict[str, Any]]:
    return [{"witness": one.witness, "at": _utc(one.at)} for one in beat.witnessed.by]


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _witnesses(material: Material) -> Iterator[Draft]:
    """Those that mission.toml names; what each cosigned last is for those inside alone."""
    last: dict[str, tuple[int, datetime]] = {}
    for beat in material.mission.grades().beats:
        for said in beat.witnessed.by:
            now = (beat.checkpoint.size, said.at)
            last[said.witness] = max(last.get(said.witness, now), now)
    size = material.mission.log.size
    for one in material.configuration.mission.witness:
        seen = last.get(one.id)
        yield Draft(
            sort="witness",
            id=one.id,
            exact={
                "id": one.id,
                "name": plain(one.name or one.id),
                "state": one.state,
                "key": one.vkey,
                "size": None if seen is None else seen[0],
                "at": None if seen is None else material.local(seen[1]),
                "behind": size - (0 if seen is None else seen[0]),
            },
        )


def _erasures(material: Material) -> Iterator[Draft]:
    for one in material.mission.log.erasures():
        name = str(one.entry.index)
        yield Draft(
            sort="erasure",
            id=name,
            exact={
                "id": name,
                "order": -one.entry.index,
                "state": state(one),
                "asked_by": one.asked.by,
                "asked": material.local(one.entry.received),
                "reason": plain(one.asked.reason),
                "answered_by": None if one.answer is None else one.answer.by,
                "answered": None if one.answered is None else material.local(one.answered.received),
            },
        )


def _other_logs(material: Material) -> Iterator[Draft]:
    """The logs of other sites whose reports count here, and how far each was taken over."""
    named = {one.origin for one in material.configuration.mission.federated}
    for origin, size, root in federated_heads(material.mission):
        yield Draft(
            sort="other_log",
            id=origin,
            exact={"id": origin, "size": size, "root": root, "named": origin in named},
        )
