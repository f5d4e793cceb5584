"""Which messages go out now: what is new, what has changed, and what is taken back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trucewatch.bulletins.alerts.drafts import Draft, drafts, why_not
from trucewatch.bulletins.alerts.nouns import (
    Alert,
    Desk,
    Message,
    Reference,
    Scope,
    Sent,
    Status,
)
from trucewatch.bulletins.page import only_published
from trucewatch.model import utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from trucewatch.bulletins.alerts.nouns import Info
    from trucewatch.bulletins.published import Published


def alerts(
    published: Published,
    desk: Desk,
    *,
    at: datetime,
    sent: Sequence[Sent] = (),
    became: Mapping[str, str] | None = None,
) -> tuple[Sent, ...]:
    """The messages that an audience is due at `at`, beyond those it has been `sent` before.

    `published` is what `redact` has let through for this audience, over all days that matter.
    `became` tells how an incident that was renamed is called now. A first word and an update wait
    for the audience's delay; a cancel waits for nothing. The same state at the same hour sends
    nothing twice. TypeError for what did not go through `redact`.
    """
    only_published(published)
    return _Sending(published, desk, utc(at).replace(microsecond=0)).messages(
        [one for one in sent if one.audience == desk.audience], became or {}
    )


class _Sending:
    def __init__(self, published: Published, desk: Desk, at: datetime) -> None:
        self.published, self.desk, self.at = published, desk, at
        # A drill is a drill in every message: nobody may take one for the real thing.
        self.status = Status.EXERCISE if published.exercise else Status.ACTUAL
        self.numbers: Counter[str] = Counter()

    def messages(self, sent: Sequence[Sent], became: Mapping[str, str]) -> tuple[Sent, ...]:
        current = drafts(self.published, at=self.at)
        self.numbers.update(one.subject for one in sent)
        chains: dict[str, list[Sent]] = {}
        for one in sent:
            chains.setdefault(one.chain, []).append(one)
        live = {name: each for name, each in chains.items() if not _over(each[-1])}
        out: list[Sent] = []
        taken: set[str] = set()
        # Who kept its name goes first: what was merged into it is taken back, not told twice.
        for name in sorted(live, key=lambda one: (live[one][-1].subject in became, one)):
            before = live[name]
            last = before[-1]
            subject = became.get(last.subject, last.subject)
            draft = current.get(subject)
            if draft is None or subject in taken or last.alert.status is not self.status:
                out.append(self._cancel(before, why=self._why(subject, merged=subject in taken)))
                continue
            taken.add(subject)
            if self._due(draft) and not _same(last, draft):
                out.append(self._update(before, draft))
        new = [current[subject] for subject in sorted(current.keys() - taken)]
        return (*out, *(self._first(draft) for draft in new if self._due(draft)))

    def _due(self, draft: Draft) -> bool:
        return draft.not_before <= self.at

    def _why(self, subject: str, *, merged: bool) -> str:
        if merged:
            return f"It is told of in {subject} now."
        return why_not(self.published, subject)

    def _first(self, draft: Draft) -> Sent:
        alert = self._message(draft.subject, Message.ALERT, draft.incidents, info=draft.info)
        return self._sent(alert.identifier, draft.subject, alert)

    def _update(self, before: Sequence[Sent], draft: Draft) -> Sent:
        alert = self._message(
            draft.subject,
            Message.UPDATE,
            draft.incidents,
            info=draft.info,
            references=_references(before),
        )
        return self._sent(before[0].chain, draft.subject, alert)

    def _cancel(self, before: Sequence[Sent], *, why: str) -> Sent:
        last = before[-1]
        alert = self._message(
            last.subject,
            Message.CANCEL,
            last.alert.incidents,
            references=_references(before),
            note=why,
            as_sent=last.alert,
        )
        return self._sent(before[0].chain, last.subject, alert)

    def _message(
        self,
        subject: str,
        message: Message,
        incidents: Iterable[str],
        *,
        info: Info | None = None,
        references: tuple[Reference, ...] = (),
        note: str = "",
        as_sent: Alert | None = None,
    ) -> Alert:
        self.numbers[subject] += 1
        desk = self.desk
        # A cancel goes to whoever got what it takes back, under the same status.
        status = as_sent.status if as_sent else self.status
        drill = "EXERCISE. This is a drill: nothing in it happened." * (status is Status.EXERCISE)
        return Alert(
            identifier=f"{desk.sender}.{desk.audience}.{subject}.{self.numbers[subject]}",
            sender=desk.sender,
            sent=self.at,
            status=status,
            message=message,
            scope=as_sent.scope if as_sent else desk.scope,
            restriction=as_sent.restriction if as_sent else _only(desk),
            addresses=as_sent.addresses if as_sent else desk.addresses,
            note=" ".join(filter(None, (drill, note))),
            references=references,
            incidents=tuple(sorted(incidents)),
            info=info,
        )

    def _sent(self, chain: str, subject: str, alert: Alert) -> Sent:
        return Sent(
            audience=self.desk.audience, chain=chain, subject=subject, claims=(), alert=alert
        )


def _only(desk: Desk) -> str:
    return desk.restriction if desk.scope is Scope.RESTRICTED else ""


def _over(last: Sent) -> bool:
    return last.alert.message is Message.CANCEL


def _same(last: Sent, draft: Draft) -> bool:
    """Whether a reader would learn nothing: the wording of a new version alone is no news."""
    told, now = last.alert.info, draft.info
    return told is not None and (
        (told.event, told.urgency, told.severity, told.certainty, told.facts, told.areas)
        == (now.event, now.urgency, now.severity, now.certainty, now.facts, now.areas)
        and last.alert.incidents == draft.incidents
    )


def _references(before: Iterable[Sent]) -> tuple[Reference, ...]:
    """Every earlier message of a chain, in the order in which they were sent."""
    return tuple(
        Reference(sender=one.alert.sender, identifier=one.alert.identifier, sent=one.alert.sent)
        for one in before
    )
