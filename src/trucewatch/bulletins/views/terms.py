"""The agreement as records: texts, terms, bodies and responses, in the source's own words."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.views.door import Draft
from trucewatch.bulletins.views.naming import Names
from trucewatch.bulletins.wording import plain
from trucewatch.model import ALWAYS, Edition, kind_tree, weapon_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

    from trucewatch.model import (
        Agreement,
        Body,
        Exemption,
        Instrument,
        Provision,
        Step,
        Trigger,
        Window,
    )

BINDING = frozenset({"signed", "in_force"})
"""The standings of a text under which somebody is bound."""

_WORDS = 4000
"""How many characters of a text's own words are kept; none known is nearly so long."""


def terms(agreement: Agreement, zone: tzinfo, names: Names | None = None) -> Iterator[Draft]:
    """The agreement, its texts, provisions, bodies and triggers; nothing here is anybody's secret.

    Times are those of `zone`; without `names` states are called by what the agreement says alone. A
    window that is empty has "not yet" as its word, and no ends.
    """
    made = _Terms(agreement, zone, names or Names(agreement))
    yield made.agreement()
    yield from starmap(made.instrument, enumerate(agreement.instruments))
    yield from starmap(made.provision, enumerate(agreement.provisions))
    yield from starmap(made.body, enumerate(agreement.bodies))
    yield from starmap(made.trigger, enumerate(agreement.triggers))


def window_of(window: Window, zone: tzinfo) -> dict[str, Any]:
    """A window as two local times, None where it is open, and whether it holds at any time."""
    if window.empty:
        return {"from": None, "to": None, "holds": "not yet"}
    return {
        "from": _local(window.start, zone),
        "to": _local(window.end, zone),
        "holds": "always" if window == ALWAYS else "within",
    }


def _local(moment: datetime | None, zone: tzinfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="minutes")


class _Terms:
    def __init__(self, agreement: Agreement, zone: tzinfo, names: Names) -> None:
        self._agreement, self._zone, self._name = agreement, zone, names.of
        self._texts = {one.id: one for one in agreement.instruments}
        self._zones = {one.code: plain(one.name) for one in agreement.zones}

    def agreement(self) -> Draft:
        one = self._agreement
        return Draft(
            sort="agreement",
            id=one.id,
            exact={
                "id": one.id,
                "name": plain(one.name),
                "parties": [{"id": each.id, "name": plain(each.name)} for each in one.parties],
                "guarantors": [self._name(each) for each in one.guarantors],
                "states": [self._name(each) for each in one.states],
                "lead": None if one.lead is None else self._name(one.lead),
                "truce": window_of(one.truce, self._zone),
                "standards": [{"state": a, "standard": b} for a, b in one.standards],
                "needed": [{"to": a, "standard": b} for a, b in one.needed],
            },
        )

    def instrument(self, order: int, one: Instrument) -> Draft:
        return Draft(
            sort="instrument",
            id=one.id,
            exact={
                "id": one.id,
                "order": order,
                "text": one.text or one.id,
                "title": plain(one.title),
                "standing": one.standing,
                "edition": one.edition.value,
                "version": plain(one.version),
                "holds": window_of(one.holds, self._zone),
                "binds": _binds(one),
                "announced_by": [self._name(each) for each in one.announced_by],
                "accepted_by": [self._name(each) for each in one.accepted_by],
                "source": plain(one.source),
            },
        )

    def provision(self, order: int, one: Provision) -> Draft:
        text = self._texts[one.instrument]
        return Draft(
            sort="provision",
            id=one.id,
            exact={
                "id": one.id,
                "order": order,
                "instrument": one.instrument,
                "instrument_title": plain(text.title),
                "standing": text.standing,
                "edition": text.edition.value,
                "binds": _binds(text),
                "duty": one.duty.value,
                "kinds": _kinds(one.kinds),
                "weapons": _weapons(one.weapons),
                "parties": [self._name(each) for each in one.parties],
                "zones": [{"code": each, "name": self._zone_name(each)} for each in one.zones],
                "holds": window_of(one.window.overlap(text.holds), self._zone),
                "exceptions": [self._exemption(each) for each in one.exceptions],
                "condition": one.condition,
                "words": plain(one.words, _WORDS),
                "source": plain(one.source),
            },
        )

    def body(self, order: int, one: Body) -> Draft:
        return Draft(
            sort="body",
            id=one.id,
            exact={
                "id": one.id,
                "order": order,
                "name": plain(one.name),
                "decides": list(one.decides),
                "members": [self._name(each) for each in one.members],
                "standing": one.standing,
                "source": plain(one.source),
            },
        )

    def trigger(self, order: int, one: Trigger) -> Draft:
        return Draft(
            sort="trigger",
            id=one.id,
            exact={
                "id": one.id,
                "order": order,
                "provisions": list(one.provisions),
                "count": one.count,
                "within_hours": one.within.total_seconds() / 3600,
                "kinds": _kinds(one.kinds),
                "zones": [{"code": each, "name": self._zone_name(each)} for each in one.zones],
                "by": [self._name(each) for each in one.by],
                "at_least": [{"what": a, "count": b} for a, b in one.at_least],
                "holds": window_of(one.window, self._zone),
                "condition": one.condition,
                "steps": [self._step(each) for each in one.steps],
                "source": plain(one.source),
            },
        )

    def _step(self, one: Step) -> dict[str, Any]:
        return {
            "id": one.id,
            "duty": plain(one.duty),
            "duty_of": [self._name(each) for each in one.duty_of],
            "decided_by": self._name(one.decided_by),
            "clock": one.clock.value,
            "after_hours": None if one.after is None else one.after.total_seconds() / 3600,
            "calendar": one.calendar,
            "follows": one.follows,
            "condition": one.condition,
            "approval": [self._name(each) for each in one.approval],
            "standard": one.standard,
            "standing": one.standing,
            "binds": one.standing in BINDING,
            "words": plain(one.words, _WORDS),
            "source": plain(one.source),
        }

    def _exemption(self, one: Exemption) -> dict[str, Any]:
        return {
            "kinds": _kinds(one.kinds),
            "weapons": _weapons(one.weapons),
            "zones": [{"code": each, "name": self._zone_name(each)} for each in one.zones],
            "holds": window_of(one.window, self._zone),
            "condition": one.condition,
            "words": plain(one.words, _WORDS),
        }

    def _zone_name(self, code: str) -> str:
        return self._zones.get(code) or plain(code)


def _binds(one: Instrument) -> bool:
    counts = one.edition is not Edition.DRAFT and not one.holds.empty
    return one.standing in BINDING and counts


def _kinds(ids: tuple[str, ...]) -> list[dict[str, str]]:
    tree = kind_tree()
    return [{"id": one, "name": tree[one].name} for one in ids]


def _weapons(ids: tuple[str, ...]) -> list[dict[str, str]]:
    tree = weapon_tree()
    return [{"id": one, "name": tree[one].name} for one in ids]
