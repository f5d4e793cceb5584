"""When a bulletin is issued again: what changed, for the log and for the readers of the old."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import rfc8785

from trucewatch import __version__
from trucewatch.app.in_force import OPERATOR
from trucewatch.app.publishing.situations import situation_of
from trucewatch.app.replaying import replayed
from trucewatch.bulletins import (
    Evidence,
    ParametersInForce,
    correct,
    correct_erased,
    render_correction,
    render_json,
    shown,
)
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.incidents import changes
from trucewatch.model import Fate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.federation.copies import Gone
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Correction, Corrects, Published, Situation
    from trucewatch.model import Change
    from trucewatch.store import Derived

RECORD_SCHEMA = "trucewatch.changes/1"


class Corrected:
    """What one new issue says otherwise: an entry for the log, files for readers, for the seal."""

    def __init__(
        self, told: Correction, record: bytes, files: dict[str, bytes], corrects: Corrects
    ) -> None:
        self.told, self.record, self.files, self.corrects = told, record, files, corrects

    def entry(self, name: str) -> NewEntry:
        """The record as an entry of the log, under the name of the new issue's seal."""
        return NewEntry(
            kind=EntryKind.CORRECTION,
            source=OPERATOR,
            payload=self.record,
            name=name,
            media="application/json",
        )


class Corrections:
    """Compares new issues with those before them.

    Each earlier state of the log is replayed once, however many bulletins were issued from it.
    """

    def __init__(self, mission: Mission, derived: Derived) -> None:
        self._mission, self._derived = mission, derived
        self._pasts: dict[int, tuple[Configuration, Situation, Derived]] = {}

    def of(
        self,
        folder: str,
        stems: tuple[str, str],
        seal: bytes,
        published: Callable[[Configuration, Situation], Published],
        after: Published,
    ) -> Corrected:
        """What the issue `stems[1]` corrects in `stems[0]`, whose seal is given.

        `published` makes the bulletin of the same period and audience from an earlier state.
        """
        earlier = json.loads(seal)
        size = earlier["checkpoint"]["size"]
        if self._erased_since(size):
            told = self._after_erasure(folder, stems, earlier, after)
            return self._entered(folder, stems, (seal, size), told, ())
        if size not in self._pasts:
            with replayed(self._mission, size) as (past, derived):
                configuration = past.configuration()
                situation = situation_of(past, configuration, derived)
            self._pasts[size] = configuration, situation, derived
        configuration, situation, derived = self._pasts[size]
        before = published(configuration, situation)
        as_sealed = (
            hashlib.sha256(render_json(before)).hexdigest() == earlier["bodies"][f"{stems[0]}.json"]
        )
        found = changes(
            derived.incidents,
            self._derived.incidents,
            since=f"bulletin {self._mission.log.origin}/{stems[0]}",
        )
        told = correct(before, after, found, corrects=stems[0], issue=stems[1], as_sealed=as_sealed)
        ids = shown(before) | shown(after)
        concerned = [
            change
            for change in found
            if change.fate is not Fate.UNCHANGED and ids.intersection(change.before + change.after)
        ]
        return self._entered(folder, stems, (seal, size), told, concerned)

    def _erased_since(self, size: int) -> bool:
        """Whether anything was erased by an entry at or after `size`, here or in another log."""
        erased = self._mission.in_force().erased.values()
        here = any(one.answered is not None and one.answered.index >= size for one in erased)
        return here or any(one.between(size) for one in self._gone)

    @cached_property
    def _gone(self) -> tuple[Gone, ...]:
        return self._mission.gone()

    def _after_erasure(
        self, folder: str, stems: tuple[str, str], earlier: dict[str, Any], after: Published
    ) -> Correction:
        """What is told where the earlier issue cannot be made again: it is read where it lies."""
        name = f"{stems[0]}.json"
        try:
            raw = (self._mission.folder / folder / name).read_bytes()
        except FileNotFoundError:
            raw = b""
        whole = hashlib.sha256(raw).hexdigest() == earlier["bodies"][name]
        body = json.loads(raw) if whole else None
        parameters = after.evidence.parameters
        if body is not None:
            known = body["evidence"]["parameters"]
            since = known["since"] and datetime.fromisoformat(known["since"])
            parameters = ParametersInForce(values=known["values"], how=known["how"], since=since)
        evidence = Evidence(**earlier["evidence"], parameters=parameters)
        return correct_erased(body, evidence, after, corrects=stems[0], issue=stems[1])

    def _entered(
        self,
        folder: str,
        stems: tuple[str, str],
        sealed: tuple[bytes, int],
        told: Correction,
        concerned: Sequence[Change],
    ) -> Corrected:
        """A correction as an entry of the log, as files, and as what the seal says of it."""
        seal, size = sealed
        files = {
            f"{stems[1]}.changes.{kind}": body for kind, body in render_correction(told).items()
        }
        seal_digest = hashlib.sha256(seal).hexdigest()
        record = rfc8785.dumps(
            {
                "schema": RECORD_SCHEMA,
                "corrects": f"{folder}/{stems[0]}",
                "issue": f"{folder}/{stems[1]}",
                "seal": seal_digest,
                "sizes": [str(size), str(self._mission.size)],
                "version": __version__,
                "as_sealed": told.as_sealed,
                "changes": [_plain(change) for change in concerned],
                **({"erased": True} if told.erased else {}),
            }
        )
        return Corrected(
            told,
            record,
            files,
            {
                "stem": stems[0],
                "seal": seal_digest,
                "record": hashlib.sha256(record).hexdigest(),
                "files": {name: hashlib.sha256(body).hexdigest() for name, body in files.items()},
            },
        )


def _plain(change: Change) -> dict[str, Any]:
    return {
        "fate": change.fate.value,
        "before": list(change.before),
        "after": list(change.after),
        "moves": [
            {"before": m.before, "after": m.after, "claims": list(m.claims)} for m in change.moves
        ],
        "aspects": list(change.aspects),
        "why": list(change.why),
    }
