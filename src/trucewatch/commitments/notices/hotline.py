"""The hotline's log: contacts between parties, as whoever kept it wrote them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Contact, Contacted, content_id, utc

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from trucewatch.model import Entered

_LONGEST = 500


def contacts_at(decisions: Iterable[Entered], at: datetime) -> tuple[Contact, ...]:
    """Every contact entered by `at`, by its time; one that was entered again is told once."""
    found = {
        one.decision.contact.id: one.decision.contact
        for one in sorted(decisions, key=lambda one: one.index)
        if isinstance(one.decision, Contacted) and one.at <= at
    }
    return tuple(sorted(found.values(), key=lambda one: (one.at, one.id)))


def read_contact(
    *,
    at: datetime,
    parties: Sequence[str],
    channel: str,
    subject: str,
    outcome: str,
    answered: bool,
    known: Collection[str],
    now: datetime,
) -> Contact:
    """A contact, checked; `known` are the parties there are.

    Raises RecordRejected for fewer than two parties, an unknown one, a time to come, and words
    that are missing or too long.
    """
    named = tuple(sorted(dict.fromkeys(parties)))
    unknown = [party for party in named if party not in known]
    if unknown:
        raise _refused(
            f"{', '.join(unknown)} is no party of the agreement ({', '.join(sorted(known))})",
            "parties",
        )
    if len(named) < 2:
        raise _refused("a contact is between two parties at least", "parties")
    if utc(at) > now:
        raise _refused("a contact is entered once it has been made: its time lies ahead", "at")
    for field, words in (("channel", channel), ("subject", subject), ("outcome", outcome)):
        if not words.strip() and field != "outcome":
            raise _refused("say in words what it was", field)
        if len(words) > _LONGEST:
            raise _refused(f"longer than {_LONGEST} characters", field)
    return Contact(
        id=content_id("ctc", [utc(at).isoformat(), *named, channel, subject, outcome]),
        at=utc(at),
        parties=named,
        channel=channel.strip(),
        subject=subject.strip(),
        outcome=outcome.strip(),
        answered=answered,
    )


def _refused(reason: str, field: str) -> RecordRejected:
    return RecordRejected(reason, pointer=field)
