"""The half of a projection that follows from the reports, and finding things in it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

from trucewatch.errors import NotFound
from trucewatch.model import (
    Assessment,
    Compliance,
    Coverage,
    Finding,
    Incident,
    Obligation,
    Origin,
    Report,
)
from trucewatch.store.codec import to_text
from trucewatch.store.filters import incident_filters, timestamp
from trucewatch.store.projection import Derived
from trucewatch.store.sql_base import damaged
from trucewatch.store.sql_reports import SqlReports
from trucewatch.store.statements import statements

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from trucewatch.model import Claim, Figure, PeriodCount, Watch
    from trucewatch.store.projection import Found
    from trucewatch.store.sql_base import Row

Noun = TypeVar("Noun")

_SHOWN = 5
_TABLES = {
    "origin": Origin,
    "incident": Incident,
    "finding": Finding,
    "assessment": Assessment,
    "obligation": Obligation,
}


class SqlStore(SqlReports):
    """A whole projection in SQL; see `Store` for what each method does."""

    def replace_state(self, state: Derived, *, basis: str = "") -> None:
        """Put this in place of everything derived so far, and keep what it was derived from."""
        rows: dict[str, list[Row]] = {
            "add_origin": [{"id": o.id, "body": to_text(o)} for o in state.origins],
            "add_incident": [_incident_row(incident) for incident in state.incidents],
            "add_finding": [
                {"id": f.id, "incident": f.incident, "state": f.state.value, "body": to_text(f)}
                for f in state.findings
            ],
            "add_assessment": [
                {
                    "id": a.id,
                    "incident": a.incident,
                    "finding": a.finding,
                    "outcome": a.outcome.value,
                    "body": to_text(a),
                }
                for a in state.assessments
            ],
            "add_obligation": [{"id": o.id, "body": to_text(o)} for o in state.obligations],
            "add_summary": [
                {"name": "coverage", "body": to_text(state.coverage)},
                {"name": "compliance", "body": to_text(state.compliance)},
            ],
        }
        digest = hashlib.sha256()
        for name, listed in rows.items():
            digest.update(f"{name} {len(listed)}\n".encode())
            for row in listed:
                digest.update(f"{row['body']}\n".encode())
        with self.batch():
            for name in statements(self.engine, "derived"):
                if name.startswith("drop_"):
                    self._all("derived", name)
            for name, listed in rows.items():
                self._many("derived", name, listed)
            self._set("derived", digest.hexdigest())
            self._set("basis", basis)

    def basis(self) -> str | None:
        """The `basis` that `replace_state` was given last."""
        return self._get("basis")

    def derived(self) -> Derived | None:
        """What `replace_state` put in last."""
        with self._reading():
            if self._get("derived") is None:
                return None
            coverage, compliance = (
                self._first("derived", "get_summary", name=name)
                for name in ("coverage", "compliance")
            )
            return Derived(
                origins=self._nouns(Origin, "all_origins"),
                incidents=self._nouns(Incident, "all_incidents"),
                findings=self._nouns(Finding, "all_findings"),
                assessments=self._nouns(Assessment, "all_assessments"),
                obligations=self._nouns(Obligation, "all_obligations"),
                coverage=self._noun(Coverage, coverage),
                compliance=self._noun(Compliance, compliance),
            )

    def incidents(
        self,
        *,
        region: str | None = None,
        kind: str | None = None,
        state: str | None = None,
        outcome: str | None = None,
        day_from: date | None = None,
        day_to: date | None = None,
        zone: tzinfo | None = None,
        near: tuple[float, float, float] | None = None,
        limit: int | None = None,
    ) -> tuple[Incident, ...]:
        """The incidents that all given filters let through."""
        values = incident_filters(
            region=region,
            kind=kind,
            state=state,
            outcome=outcome,
            day_from=day_from,
            day_to=day_to,
            zone=zone,
            near=near,
            limit=limit,
        )
        rows = self._all("derived", "select_incidents", **values)
        return tuple(self._noun(Incident, body) for (body,) in rows)

    def incident(self, id_prefix: str) -> Incident:
        """The one incident whose id begins so."""
        with self._reading():
            key, _, _ = self._only(id_prefix, "incident")
            return self._noun(Incident, self._first("derived", "get_incident", id=key))

    def find(self, id_prefix: str) -> Found:
        """Whatever has the one id that begins so."""
        with self._reading():
            key, what, owner = self._only(id_prefix, None)
            if what in _TABLES:
                body = self._first("derived", f"get_{what}", id=key)
                return self._noun(_TABLES[what], body)
            report = self._report(self._first("reports", "get_report", id=owner))
            return report if what == "report" else _part(report, what, key)

    def _only(self, prefix: str, what: str | None) -> tuple[str, str, str]:
        """The id, what it is of, and the report it stands in."""
        called = what or "thing"
        if not (prefix and prefix.isascii() and prefix.isprintable()):
            raise NotFound(f"no {called} has the id {prefix!r}")
        rows = [
            (str(key), str(kind), str(owner))
            for key, kind, owner in self._all(
                "derived",
                "ids_from",
                first=prefix,
                last=f"{prefix}\x7f",
                what=what,
                size=_SHOWN + 1,
            )
        ]
        whole = [row for row in rows if row[0] == prefix]
        rows = whole or rows
        if not rows:
            raise NotFound(f"no {called} has an id that begins with {prefix!r}")
        if len(rows) > 1:
            listed = ", ".join(
                f"{key} ({kind} in {owner})" if key != owner else key
                for key, kind, owner in rows[:_SHOWN]
            )
            more = " and more" if len(rows) > _SHOWN else ""
            raise NotFound(f"{prefix!r} fits {listed}{more}: write more of the id")
        return rows[0]

    def _nouns(self, cls: type[Noun], name: str) -> tuple[Noun, ...]:
        return tuple(self._noun(cls, body) for (body,) in self._all("derived", name))


def _incident_row(incident: Incident) -> Row:
    return {
        "id": incident.id,
        "earliest": timestamp(incident.when.earliest),
        "latest": timestamp(incident.when.latest),
        "kind": incident.kind,
        "region": incident.region,
        "lat": incident.place.lat,
        "lon": incident.place.lon,
        "body": to_text(incident),
    }


def _part(report: Report, what: str, key: str) -> Found:
    parts: dict[str, tuple[Claim | Figure | Watch | PeriodCount, ...]] = {
        "claim": report.claims,
        "figure": report.figures,
        "watch": report.watches,
        "tally": report.tallies,
    }
    found = next((noun for noun in parts[what] if noun.id == key), None)
    if found is None:
        raise damaged(f"lacks the {what} {key} in {report.id}")
    return found
