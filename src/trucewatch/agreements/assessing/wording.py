"""Spans, shares and standings in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.model import Responsibility, kind_tree, weapon_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Agreement, Finding, Instrument, Interval, Window

NEAR = timedelta(hours=24)
"""How close to a window's edge an event must lie to be called near it."""


def percent(share: float) -> str:
    """A share as a percentage that never rounds to all or nothing what is neither."""
    if 0 < share < 0.005:
        return "less than 1 %"
    if 0.995 < share < 1:
        return "more than 99 %"
    return f"{100 * share:.0f} %"


def hours(length: timedelta) -> str:
    """A length in hours, or in minutes below one hour."""
    minutes = length / timedelta(minutes=1)
    if minutes < 59.5:
        return f"{minutes:.0f} minutes"
    return f"{length / timedelta(hours=1):.3g} hours"


def edge_of_time(when: Interval, window: Window) -> str | None:
    """How the time misses the window, wholly or in part; None where it does not, or by far."""
    if window.empty:
        return "it does not hold yet: no hours of it are known"
    share = when.share_within(window)
    if 0 < share < 1:
        return (
            f"{when.length * share / timedelta(hours=1):.3g} of the {hours(when.length)} "
            "in which it may have happened lie in the window"
        )
    if share:
        return None
    if window.start is not None and when.latest <= window.start <= when.latest + NEAR:
        return f"over {hours(window.start - when.latest)} before the window opened"
    if window.end is not None and window.end <= when.earliest <= window.end + NEAR:
        return f"began {hours(when.earliest - window.end)} after the window closed"
    return None


def names_of(kinds: Iterable[str]) -> str:
    """Kinds in words, in the order given."""
    tree = kind_tree()
    return " or ".join(tree[one].name for one in kinds)


def weapon_names_of(weapons: Iterable[str]) -> str:
    """Weapons in words; a set is told in the order of the words."""
    tree = weapon_tree()
    names = [tree[one].name for one in weapons]
    return " or ".join(sorted(names) if isinstance(weapons, frozenset) else names)


def status_of(finding: Finding) -> str:
    """How far the finding has come, and that this says nothing of who did it."""
    begun = "Provisional" if finding.provisional else "Reviewed"
    if finding.responsibility is Responsibility.WITHHELD:
        begun += ", attribution withheld"
    else:
        begun += ", attribution is a matter of its own"
    return f"{begun}; that it happened is so far: {finding.state}."


def standing_of(instrument: Instrument, agreement: Agreement) -> str:
    """What binds whom, as far as the record goes."""
    names = {party.id: party.name for party in agreement.parties}

    def listed(ids: Sequence[str]) -> str:
        return ", ".join(names.get(one, one) for one in sorted(ids))

    words = f"{instrument.title}: standing {instrument.standing.replace('_', ' ')}"
    if instrument.announced_by:
        words += f", announced by {listed(instrument.announced_by)}"
    silent = [
        one for one in names if one not in {*instrument.announced_by, *instrument.accepted_by}
    ]
    if instrument.accepted_by:
        words += f", accepted by {listed(instrument.accepted_by)}"
    if silent:
        words += f"; acceptance by {listed(silent)} is not on record"
    if instrument.standing != "in_force":
        words += ". It is not in force: this says what the event would be under its words"
    return f"{words}."
