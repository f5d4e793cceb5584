"""Why an obligation is open: its trigger, the breaches behind it, and who decided what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.obligations.lines import heading, history, obligation
from trucewatch.app.obligations.listing import head_of, row_of, times
from trucewatch.commitments import as_of
from trucewatch.model import Decided, Outcome

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission
    from trucewatch.model import Agreement, Obligation
    from trucewatch.store import Derived


def explained(mission: Mission, derived: Derived, found: Obligation) -> dict[str, Any]:
    """The trigger and the step, each breach with its finding, and the log's entries on it.

    `opened` is False for a step that opens at an hour that has not come yet.
    """
    configuration = mission.configuration()
    now = mission.now()
    moment = max(now, found.opened)
    (row,) = as_of([found], moment)
    judged = {one.incident: one for one in derived.findings}
    incidents = {one.id: one for one in derived.incidents}
    return head_of(configuration, moment) | {
        "obligation": row_of(row, configuration),
        "opened": found.opened <= now,
        "trigger": _trigger(configuration.agreement, found),
        "breaches": [
            {
                "incident": name,
                "state": judged[name].state.value if name in judged else None,
                "standard": judged[name].standard if name in judged else None,
                "voices": judged[name].independent_origins if name in judged else None,
                "earliest": times(incidents[name].when.earliest, configuration.zone)
                if name in incidents
                else None,
                "latest": times(incidents[name].when.latest, configuration.zone)
                if name in incidents
                else None,
                "breaches": sorted(
                    one.provision
                    for one in derived.assessments
                    if one.incident == name and one.outcome is Outcome.BREACH
                ),
            }
            for name in found.incidents
        ],
        "entries": [
            {"log_index": one.index, "act": one.decision.act.value, "by": one.by}
            for one in mission.decisions()
            if isinstance(one.decision, Decided) and one.decision.obligation == found.id
        ],
    }


def _trigger(agreement: Agreement, found: Obligation) -> dict[str, Any] | None:
    """What the agreement asks for; None where it no longer sets out this step."""
    for trigger in agreement.triggers:
        for step in trigger.steps:
            if (trigger.id, step.id) == (found.trigger, found.step):
                return {
                    "id": trigger.id,
                    "provisions": list(trigger.provisions),
                    "count": trigger.count,
                    "within_hours": trigger.within.total_seconds() / 3600,
                    "at_least": dict(trigger.at_least),
                    "by": list(trigger.by),
                    "source": trigger.source,
                    "standard": step.standard,
                    "needed": dict(agreement.needed).get("open"),
                    "condition": step.condition,
                    "words": step.words,
                }
    return None


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    row = data["obligation"]
    out = [heading(data, "As of"), *obligation(row), *history(row)]
    if not data["opened"]:
        out.append("  It is not open yet: it opens at this hour if nobody decides before.")
    trigger = data["trigger"]
    if trigger is None:
        out.append("The agreement no longer sets out this step.")
    else:
        hours = f"{trigger['within_hours']:g}"
        terms = ", ".join(trigger["provisions"]) or "any provision"
        out.append(
            f"Trigger {trigger['id']}: {trigger['count']} of {terms} within {hours} hours, "
            f"to the standard {trigger['standard']!r} ({trigger['source']})"
        )
        if trigger["condition"]:
            out.append(f"  and it opens where {trigger['condition']}")
    for each in data["breaches"]:
        if each["state"] is None:
            out.append(f"  {each['incident']}: no longer in evidence")
            continue
        held = ", ".join(each["breaches"]) or "no breach now"
        out.append(
            f"  {each['incident']}: {each['state']} ({each['standard']}), breaches {held}, "
            f"{each['earliest']['local']} to {each['latest']['local']}"
        )
    out += [
        f"  log entry {one['log_index']}: {one['act']} by {one['by']}" for one in data["entries"]
    ]
    return out
