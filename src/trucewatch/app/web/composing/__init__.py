"""From one state of a mission to drafts of records: the composers that need the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.composing.alerting import alerts
from trucewatch.app.web.composing.attaching import attachments
from trucewatch.app.web.composing.feeding import feeds, symmetry
from trucewatch.app.web.composing.issuing import bulletins
from trucewatch.app.web.composing.material import Material, hour_of
from trucewatch.app.web.composing.notifying import notices
from trucewatch.app.web.composing.obliging import obligations
from trucewatch.app.web.composing.pledging import pledges
from trucewatch.app.web.composing.reviewing import reviewing
from trucewatch.app.web.composing.telling import stories
from trucewatch.app.web.composing.vouching import evidence
from trucewatch.bulletins.views import Draft
from trucewatch.bulletins.views.terms import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


__all__ = ["COMPOSERS", "Material", "hour_of"]


def agreement(material: Material) -> Iterator[Draft]:
    """The agreement in force, in the mission's zone, with states by names that the ledger has."""
    return terms(material.configuration.agreement, material.zone, material.names)


def drill(material: Material) -> Iterator[Draft]:
    """The clock of a drill, by which its pages say what is left; nothing where it is no drill."""
    if material.situation.exercise:
        hour = material.local(material.now)
        yield Draft(sort="drill", id="clock", exact={"id": "clock", "at": hour})


COMPOSERS: tuple[Callable[[Material], Iterator[Draft]], ...] = (
    agreement,
    obligations,
    pledges,
    stories,
    bulletins,
    alerts,
    feeds,
    symmetry,
    evidence,
    notices,
    reviewing,
    attachments,
    drill,
)
"""Every composer of this package; what each makes goes through the door record by record."""
