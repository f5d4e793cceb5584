"""The half of a projection that is read from the log: reports and what could not be used."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.errors import NotFound
from trucewatch.model import IntakeCount, Quarantined, RawRef, Report
from trucewatch.store.areas import put_back, set_aside
from trucewatch.store.codec import to_text
from trucewatch.store.projection import StoreState
from trucewatch.store.sql_base import SqlBase, as_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.store.sql_base import Row

_PAGE = 1000


class SqlReports(SqlBase):
    """Reports, deliveries and quarantine in SQL; see `Store` for what each method does."""

    def state(self) -> StoreState | None:
        """What has been read, and a digest of what came of it."""
        with self._reading():
            entries, version = self._get("entries"), self._get("version")
            if entries is None or version is None:
                return None
            digest = hashlib.sha256(b"trucewatch/projection/1\0")
            for name in ("report_digests", "quarantined_ids"):
                rows = self._all("reports", name)
                digest.update(f"{name} {len(rows)}\n".encode())
                for (line,) in rows:
                    digest.update(f"{line}\n".encode())
            digest.update(f"derived {self._get('derived')}\n".encode())
        return StoreState(entries=as_number(entries), version=version, digest=digest.hexdigest())

    def version(self) -> str | None:
        """By which code it was read."""
        with self._reading():
            return self._get("version")

    def entries_read(self) -> int:
        """How far the log has been read."""
        with self._reading():
            return as_number(self._get("entries") or 0)

    def mark_read(self, entries: int, version: str) -> None:
        """Say how far the log has been read, and by which code."""
        if entries < 0:
            raise ValueError("a log has no fewer than 0 entries")
        with self.batch():
            before = as_number(self._get("entries") or 0)
            if entries < before:
                raise ValueError(f"{before} entries are in: clear the projection to go back")
            self._set("entries", str(entries))
            self._set("version", version)

    def add_reports(
        self, entry: int, reports: Sequence[Report], quarantined: Sequence[Quarantined]
    ) -> tuple[int, int]:
        """Add what one log entry delivered; return (new, already known) reports."""
        if entry < 0:
            raise ValueError("the first entry of a log has the index 0")
        shorter, areas = set_aside(reports)
        copies: dict[str, tuple[str, Report, str]] = {}
        for report in shorter:
            body = to_text(report)
            digest = _sha256(body)
            if report.id not in copies or digest < copies[report.id][0]:
                copies[report.id] = (digest, report, body)
        with self.batch():
            ids = json.dumps(sorted(copies))
            rows = self._all("reports", "known_reports", ids=ids)
            known = {str(key): str(digest) for key, digest in rows}
            # Of two copies the smaller digest stays: the same one in whatever order they came.
            taken = {
                key: copy
                for key, copy in sorted(copies.items())
                if key not in known or copy[0] < known[key]
            }
            self._many(
                "reports", "add_area", ({"id": key, "body": areas[key]} for key in sorted(areas))
            )
            self._many(
                "reports",
                "put_report",
                (
                    {"id": key, "source": report.source, "digest": digest, "body": body}
                    for key, (digest, report, body) in taken.items()
                ),
            )
            self._many("reports", "drop_parts", ({"id": key} for key in taken if key in known))
            self._many(
                "reports",
                "add_part",
                (row for _, report, _ in taken.values() for row in _parts(report)),
            )
            self._many("reports", "add_standing", (_standing(report, entry) for report in reports))
            self._quarantine(entry, quarantined)
        new = len(copies.keys() - known.keys())
        return new, len(reports) - new

    def _quarantine(self, entry: int, quarantined: Sequence[Quarantined]) -> None:
        bodies = {_sha256(body): (body, q.source) for q in quarantined for body in (to_text(q),)}
        self._many(
            "reports",
            "add_quarantined",
            ({"id": k, "source": source, "body": body} for k, (body, source) in bodies.items()),
        )
        self._many(
            "reports",
            "add_quarantined_standing",
            ({"record": key, "entry": entry} for key in bodies),
        )

    def reports(self, *, source: str | None = None) -> Iterator[Report]:
        """Every report, or those of one source, by id, page by page."""
        name = "page_of_reports" if source is None else "page_of_source"
        after = ""
        while True:
            page = self._all("reports", name, source=source, after=after, size=_PAGE)
            for key, body in page:
                after = str(key)
                yield self._report(body)
            if len(page) < _PAGE:
                return

    def report_entries(self, report_id: str) -> tuple[tuple[int, RawRef], ...]:
        """Every log entry, and place in it, where this record stands."""
        rows = self._all("reports", "standings_of", report=report_id)
        if not rows:
            raise NotFound(f"no report has the id {report_id!r}")
        return tuple(sorted((as_number(entry), self._noun(RawRef, raw)) for entry, raw in rows))

    def entries_of_all(self) -> dict[str, tuple[int, ...]]:
        """The log entries in which each record stands, by the id of the report, in order."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for report, entry in self._all("reports", "all_standings"):
            found[str(report)].append(as_number(entry))
        return {report: tuple(entries) for report, entries in found.items()}

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Every record that could not be used, once each."""
        rows = self._all("reports", "all_quarantined")
        return tuple(sorted(self._noun(Quarantined, body) for (body,) in rows))

    def intake(self) -> tuple[IntakeCount, ...]:
        """Where the records of each source went."""
        return tuple(
            IntakeCount(
                source=str(source),
                accepted=as_number(accepted),
                duplicate=as_number(duplicate),
                quarantined=as_number(quarantined),
            )
            for source, accepted, duplicate, quarantined in self._all("reports", "intake")
        )

    def _report(self, body: object) -> Report:
        return put_back(self._noun(Report, body), self._area)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _standing(report: Report, entry: int) -> Row:
    raw = to_text(report.raw)
    return {"report": report.id, "entry": entry, "place": _sha256(raw), "raw": raw}


def _parts(report: Report) -> Iterator[Row]:
    """The ids within a report, so that each of them can be found."""
    for what, nouns in (
        ("claim", report.claims),
        ("figure", report.figures),
        ("watch", report.watches),
        ("tally", report.tallies),
    ):
        for noun in nouns:
            yield {"id": noun.id, "what": what, "report": report.id}
