"""Who looked at what must stay sealed, who signed in, who was refused: into the log, inside.

Not into the evidence log: its leaves are public, and would tell when somebody looked. What cannot
be noted is not shown.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import rfc8785

from trucewatch.app.clock import clock
from trucewatch.app.inside import inside, reading_inside
from trucewatch.errors import EvidenceError, LogDamaged, NotAllowed, WriteFailed
from trucewatch.evidence import EntryKind, NewEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date, datetime, tzinfo
    from pathlib import Path

    from starlette.requests import HTTPConnection

    from trucewatch.app.web.accounts.entering import Accounts
    from trucewatch.app.web.accounts.people import Settings
    from trucewatch.evidence import Log

SOURCE = "access"
"""The source of such entries: the application itself."""

SCHEMA = "trucewatch.access/1"
ONCE_S = 600.0
"""One read, repeated by one person within so many seconds, is one entry."""

REASONS = frozenset({"identity"})
"""What is not opened without a reason."""

READS = frozenset({"identity", "bytes", "joined", "notices", "contacts", "reads"})
"""What is opened by a read that is noted."""

AUDITORS = frozenset({"lead"})
"""Who may read what was noted: it tells who knows what, and for which reason."""

_WAIT_S = 3.0
_KEPT = 10_000
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One thing that was noted: `what` happened to which `id`, by whom, and how they had got in.

    `what` is one of READS, or "sign-in", "failed", "refused", "token", "password" and so on.
    """

    what: str
    by: str
    how: str
    id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Access):
    """What was noted, and when."""

    at: datetime


class Notes:
    """The notes of one mission. It is shared by the threads of a server: the log has one writer."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        now: Callable[[], datetime] = clock,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._settings, self._now, self._ticks = folder, settings, now, ticks
        self._lock = Lock()
        self._recent: OrderedDict[Access, float] = OrderedDict()

    def read(self, access: Access) -> None:
        """Note a read before it is shown, once in ten minutes.

        NotAllowed without a reason where one is asked for, or without a person; EvidenceError where
        it cannot be noted: then nothing may be shown.
        """
        if access.what not in READS:
            raise ValueError(f"{access.what!r} is no read")
        if not access.by:
            raise NotAllowed("sign in first: it is noted who looks")
        if access.what in REASONS and not access.reason.strip():
            raise NotAllowed("give a reason: it is kept beside your name")
        self.once(access)

    def once(self, access: Access) -> None:
        """Note something unless the same was noted within ten minutes."""
        with self._writer():
            now = self._ticks()
            while self._recent and (
                len(self._recent) > _KEPT or next(iter(self._recent.values())) <= now - ONCE_S
            ):
                self._recent.popitem(last=False)
            if access in self._recent:
                return
            self._write(access)
            self._recent[access] = now

    def note(self, access: Access) -> None:
        """Note something; EvidenceError where that is not possible."""
        with self._writer():
            self._write(access)

    @contextmanager
    def _writer(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=_WAIT_S):
            raise EvidenceError("it cannot be noted at this moment: try again")
        try:
            yield
        finally:
            self._lock.release()

    def _write(self, access: Access) -> None:
        """Append one entry, waiting a little for another process that writes."""
        fields = {"what": access.what, "by": access.by, "how": access.how, "id": access.id}
        fields["reason"] = access.reason.strip()[:_LONGEST]
        payload = rfc8785.dumps({"schema": SCHEMA, **fields})
        entry = NewEntry(
            kind=EntryKind.ROLE,
            source=SOURCE,
            payload=payload,
            name=access.what,
            media="application/json",
        )
        settings = self._settings.now()
        until = self._ticks() + _WAIT_S
        while True:
            try:
                with inside(
                    self._folder, settings.mission.id, lambda: settings.keeping.encrypt_to
                ) as log:
                    log.append([entry], received=self._now())
                    log.publish()
                return
            except (LogDamaged, WriteFailed):
                raise
            except EvidenceError:
                if self._ticks() >= until:
                    raise
                time.sleep(0.02)


def accesses(folder: Path) -> tuple[Noted, ...]:
    """All that was noted, in the order of the log; LogDamaged for an entry that is no note."""
    with reading_inside(folder) as log:
        return () if log is None else tuple(_read(log))


def listed(folder: Path, zone: tzinfo) -> list[dict[str, str]]:
    """All that was noted as rows of words, in the order of the log, with times of `zone`."""
    return [
        {
            "at": one.at.astimezone(zone).isoformat(timespec="seconds"),
            "what": one.what,
            "by": one.by,
            "how": one.how,
            "id": one.id,
            "reason": one.reason,
        }
        for one in accesses(folder)
    ]


def sifted(
    rows: Iterable[dict[str, str]],
    *,
    by: str | None = None,
    what: str | None = None,
    since: date | None = None,
) -> list[dict[str, str]]:
    """The rows of one person, of one sort, from one local day on; None leaves none out."""
    first = None if since is None else since.isoformat()
    return [
        row
        for row in rows
        if by in {None, row["by"]}
        and what in {None, row["what"]}
        and (first is None or row["at"] >= first)
    ]


def _read(log: Log) -> Iterator[Noted]:
    for entry in log.entries():
        if entry.kind is not EntryKind.ROLE or entry.source != SOURCE:
            continue
        if log.erased(entry.payload) is not None:
            continue
        try:
            data = json.loads(log.payload(entry.payload))
            if data.pop("schema") != SCHEMA:
                raise ValueError("it is of another sort")
            yield Noted(**data, at=entry.received)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise LogDamaged(f"entry {entry.index} inside is no note: {fault}") from fault


def note_read(call: HTTPConnection, what: str, identifier: str = "", reason: str = "") -> None:
    """Note that whoever sent a call is about to be shown something; call it before that.

    `what` is one of READS, `identifier` says which. NotAllowed where nobody is signed in, or
    without a reason where one is asked for; EvidenceError where it cannot be noted.
    """
    accounts: Accounts = call.app.state.accounts
    known = accounts.known(call)
    by = known.viewer.person or ""
    accounts.notes.read(
        Access(what=what, by=by, how=known.how, id=identifier, reason=reason.strip())
    )
