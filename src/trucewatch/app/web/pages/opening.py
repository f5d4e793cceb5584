"""What of an incident is opened on demand: the arithmetic, the bytes, proofs, a sealed identity."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.explaining.explanation import explain
from trucewatch.app.explaining.picture import picture
from trucewatch.app.explaining.veil import drawable
from trucewatch.app.listing import current
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.covers import proof_keys
from trucewatch.app.publishing.situations import situation_of
from trucewatch.bulletins import Audience
from trucewatch.bulletins.veil import Veil
from trucewatch.errors import NotFound
from trucewatch.evidence.audit import make_proof
from trucewatch.model import Claim, Report

if TYPE_CHECKING:
    from trucewatch.app.web.site import Site
    from trucewatch.app.web.views.view import View

INSIDE = Audience(name="inside", grid_m=100.0, delay=timedelta(0), show_sources=True, min_count=0)
"""Those who work in the mission: whom it sealed stays sealed to them, too."""

_MOST_BYTES = 2_000_000
"""A longer record is downloaded; so many bytes of it stand on a page."""


def arithmetic(site: Site, identifier: str) -> dict[str, Any]:
    """An incident opened as far as those inside may see: nothing of whom the mission sealed.

    Raises NotFound for what is no incident of the last run.
    """
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        data = _explained(mission, identifier)
        situation = situation_of(mission, mission.configuration(), current(mission))
        veil = Veil(situation.sources, situation.claims, INSIDE)
    return veiled(data, veil)


def kept_arithmetic(site: Site, view: View, identifier: str) -> dict[str, Any]:
    """The same, made once for a view: it reads the whole mission."""
    made = view.kept(f"why {identifier}", lambda: json.dumps(arithmetic(site, identifier)).encode())
    data: dict[str, Any] = json.loads(made)
    return data


def _explained(mission: Mission, identifier: str) -> dict[str, Any]:
    data = explain(mission, identifier)
    if data.get("incident") != identifier:
        raise NotFound(f"no incident {identifier!r}")
    return data


def veiled(data: dict[str, Any], veil: Veil) -> dict[str, Any]:
    """The same without accounts under seal, and without any sentence that gives one away."""
    kept = [claim for claim in data["claims"] if veil.is_open(claim["source"])]
    reports = [one for one in data["reports"] if veil.is_open(one["source"])]
    told = data["opened"]
    hidden = len(kept) < len(data["claims"]) or any(
        each["sealed"] for each in (told or {}).get("accounts", ())
    )
    if told is not None and hidden:
        told = drawable(data)["opened"]
        if told["alternative"] is not None and veil.gives_away_any(told["alternative"]):
            told = {**told, "alternative": None}
    return {
        "incident": data["incident"],
        "opened": told,
        "veiled": hidden,
        "probability": data["probability"],
        "parameters": data["parameters"],
        "origins": [
            origin
            for origin in data["origins"]
            if all(veil.is_open_claim(claim) for claim in origin["claims_here"])
            and not veil.gives_away_any(origin)
        ],
        "ties": [
            tie
            for tie in (data["finding"]["independence"] or {}).get("ties", ())
            if not veil.gives_away(tie)
        ],
        "plainly_outside": data["plainly_outside"],
        "claims": {claim["id"]: claim for claim in kept},
        "reports": [one for one in reports if not (hidden and veil.gives_away_any(one))],
        "history": data["history"],
    }


def drawn(site: Site, identifier: str) -> bytes:
    """The picture of an incident as SVG; sources under seal are neither named nor placed."""
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        return picture(
            {
                **_explained(mission, identifier),
                "exercise": mission.configuration().mission.mission.exercise,
            }
        )


def proof_of(site: Site, index: int) -> dict[str, Any]:
    """The proof of a log entry with the keys to check it by; NotFound where there is none yet."""
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        if index >= mission.log.size:
            raise NotFound(f"no log entry {index}")
        keys = proof_keys(mission)
    return {"proof": make_proof(site.folder / "evidence", index).decode(), **keys}


def record(site: Site, report: str, index: int) -> dict[str, Any]:
    """The bytes of one record as they were received; NotFound for a source under seal, too."""
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        found = mission.store.find(report)
        if not isinstance(found, Report) or found.id != report:
            raise NotFound(f"no record of {report!r}")
        source = mission.configuration().sources.get(found.source)
        if source is None or source.sealed:
            raise NotFound(f"no record of {report!r}")
        for entry, raw in mission.store.report_entries(report):
            if entry == index:
                payload = mission.payload(raw.payload)
                stretch = payload[raw.start : raw.start + raw.length] if raw.length else payload
                return {
                    "source": source.name,
                    "index": index,
                    "payload": raw.payload,
                    "pointer": raw.pointer,
                    "start": raw.start,
                    "length": len(stretch),
                    "of": len(payload),
                    "bytes": stretch,
                    "text": stretch[:_MOST_BYTES].decode("utf-8", "backslashreplace"),
                }
    raise NotFound(f"no record of {report!r} in log entry {index}")


def identity(site: Site, claim: str) -> dict[str, Any]:
    """Who stands behind an account, sealed or not; note the read before this is asked."""
    with Mission.open(site.folder, readonly=True, now=site.now) as mission:
        found = mission.store.find(claim)
        if not isinstance(found, Claim) or found.id != claim:
            raise NotFound(f"no account {claim!r}")
        source = mission.configuration().sources.get(found.source)
        if source is None:
            raise NotFound(f"no account {claim!r}")
        return {"id": source.id, "name": source.name, "kind": source.kind.value,
                "owner": source.owner, "party": source.party, "claim": claim}  # fmt: skip
