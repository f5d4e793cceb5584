"""What people enter on a finding; what somebody may not enter is refused, with who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.deciding import called, enter, person_of
from trucewatch.app.listing import current, local
from trucewatch.errors import NotFound, Refused
from trucewatch.findings import objection, placed
from trucewatch.model import (
    Attributed,
    Determination,
    Dissent,
    Finding,
    Incident,
    Notified,
    Reply,
    Review,
    Ruling,
    Separated,
    United,
)

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from trucewatch.app.mission import Mission
    from trucewatch.findings import OnFinding

LONGEST = 2_000
"""How many characters a reply, a dissent or a reason may have."""

MOST_BYTES = 64 * 1024
"""No file of a reply is read further than this: its text could only be too long."""

NEXT = "Next: 'trucewatch run' brings everything up to date."


def review(
    mission: Mission,
    identifier: str,
    ruling: Ruling,
    *,
    by: str,
    reason: str,
    other: str | None = None,
) -> dict[str, Any]:
    """Enter a reviewer's ruling on an incident, or on the one that a finding is of.

    `other` is the incident that it duplicates. Raises Refused for who may not rule so, and NotFound
    for an unknown incident or person.
    """
    incident = _on(mission, identifier)
    if (other is not None) is not (ruling is Ruling.DUPLICATE):
        raise Refused("the ruling 'duplicate', and no other one, names the original with --other")
    original = None if other is None else incident_of(mission, other)
    return enter_on(
        mission,
        Review(
            incident=incident.id,
            claims=incident.claims,
            ruling=ruling,
            reason=words_of(reason, "the reason"),
            other=None if original is None else original.id,
            other_claims=() if original is None else original.claims,
        ),
        by=by,
    )


def notify(mission: Mission, identifier: str, *, party: str, by: str) -> dict[str, Any]:
    """Enter that a party was told of a finding; its deadline runs from now."""
    incident = _on(mission, identifier)
    hours = mission.configuration().mission.review.reply_hours
    return enter_on(
        mission,
        Notified(
            incident=incident.id,
            claims=incident.claims,
            party=party,
            deadline=mission.now() + timedelta(hours=hours),
        ),
        by=by,
    )


def reply(mission: Mission, identifier: str, *, party: str, by: str, words: str) -> dict[str, Any]:
    """Enter a party's own words on a finding; late ones are entered, too, and told as such."""
    incident = _on(mission, identifier)
    words = words_of(words, "a reply")
    return enter_on(
        mission,
        Reply(incident=incident.id, claims=incident.claims, party=party, words=words),
        by=by,
    )


def dissent(
    mission: Mission, identifier: str, *, state: str, by: str, words: str
) -> dict[str, Any]:
    """Enter that a participating state disagrees with a finding."""
    incident = _on(mission, identifier)
    words = words_of(words, "a dissent")
    return enter_on(
        mission,
        Dissent(incident=incident.id, claims=incident.claims, state=state, words=words),
        by=by,
    )


def attribute(
    mission: Mission,
    identifier: str,
    *,
    body: str,
    party: str | None,
    how: str,
    standard: str,
    reason: str,
    by: str,
) -> dict[str, Any]:
    """Enter a body's word on who did it; a `party` of None withholds it again."""
    incident = _on(mission, identifier)
    return enter_on(
        mission,
        Attributed(
            body=body,
            incident=incident.id,
            claims=incident.claims,
            party=party,
            how=how,
            standard=standard,
            reason=words_of(reason, "the reason"),
        ),
        by=by,
    )


def determine(
    mission: Mission,
    identifier: str,
    *,
    body: str,
    provision: str,
    breach: bool,
    standard: str,
    reason: str,
    by: str,
) -> dict[str, Any]:
    """Enter a body's word that it is, or is not, a breach of a provision."""
    incident = _on(mission, identifier)
    return enter_on(
        mission,
        Determination(
            body=body,
            incident=incident.id,
            claims=incident.claims,
            provision=provision,
            breach=breach,
            standard=standard,
            reason=words_of(reason, "the reason"),
        ),
        by=by,
    )


def _on(mission: Mission, identifier: str) -> Incident:
    """The incident that is spoken of, under the settings as they stand in the folder now."""
    mission.sync_settings()
    return incident_of(mission, identifier)


def incident_of(mission: Mission, identifier: str) -> Incident:
    """The incident that is named, or that the named finding is of; a unique beginning will do.

    It is the incident as the last run had it, which is what people have looked at.
    """
    current(mission)
    found = mission.store.find(identifier)
    if isinstance(found, Finding):
        found = mission.store.incident(found.incident)
    if not isinstance(found, Incident):
        raise NotFound(f"{identifier!r} is no incident and no finding")
    return found


def words_of(text: str, what: str) -> str:
    """What somebody wrote, as it goes into the log; Refused where it is empty, or too long."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(f"{what} is not UTF-8 text") from None
    text = text.strip()
    if not text:
        raise Refused(f"{what} is empty: say it in words")
    if len(text) > LONGEST:
        raise Refused(f"{what} has {len(text):,} characters, and at most {LONGEST:,} are printed")
    return text


def words_in(path: Path) -> str:
    """The text of a file that somebody sent; Refused for what is no text, or far too long."""
    with path.open("rb") as opened:
        raw = opened.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise Refused(f"{path.name} is too long: at most {LONGEST:,} characters are printed")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is not UTF-8 text") from None


def enter_on(mission: Mission, decision: OnFinding, *, by: str) -> dict[str, Any]:
    """Append a decision that its person may take; Refused, with who may, for any other."""
    configuration = mission.configuration()
    person = person_of(mission, by)
    against = objection(decision, person, configuration.agreement)
    if against is not None:
        may = [
            f"{one} ({other.name})"
            for one, other in sorted(configuration.people.items())
            if objection(decision, other, configuration.agreement) is None
        ]
        who = f"; may enter it: {', '.join(may)}" if may else ""
        raise Refused(f"{against}; nothing was entered{who}")
    entered = enter(mission, decision, by=by)
    zone = configuration.zone
    data: dict[str, Any] = {
        "incident": decision.incident,
        "what": called(decision),
        "by": by,
        "office": person.name,
        "log_index": entered.index,
        "at": local(entered.at, zone),
        "zone": configuration.mission.mission.timezone,
        "needs_second": _rules(decision) and configuration.mission.review.two_person,
    }
    if isinstance(decision, Notified):
        data["deadline"] = local(decision.deadline, zone)
    if isinstance(decision, Reply):
        deadline = _deadline(mission, decision)
        data["deadline"] = None if deadline is None else local(deadline, zone)
        data["late"] = deadline is not None and entered.at > deadline
    return data


def _rules(decision: OnFinding) -> bool:
    if isinstance(decision, Review):
        return decision.ruling not in {Ruling.ASK, Ruling.RELEASE}
    return isinstance(decision, Separated | United)


def _deadline(mission: Mission, reply: Reply) -> datetime | None:
    """Until when the party could reply, by the last time that it was told."""
    said = placed(
        current(mission).incidents,
        mission.decisions(),
        agreement=mission.configuration().agreement,
    )
    told = [
        one.decision.deadline
        for one in said
        if isinstance(one.decision, Notified)
        and (one.decision.incident, one.decision.party) == (reply.incident, reply.party)
    ]
    return told[-1] if told else None


def lines(data: dict[str, Any]) -> list[str]:
    """What was entered, for people."""
    out = [
        (
            f"Entered on {data['incident']}: {data['what']}, by {data['office']}, "
            f"{data['at']} ({data['zone']}), log entry {data['log_index']}"
        )
    ]
    if data["needs_second"]:
        out.append("  this mission asks for two: it holds once two have said the same")
    if "deadline" in data:
        told = "nobody has told this party of it" if data["deadline"] is None else data["deadline"]
        out.append(f"  deadline for a reply: {told}")
    if data.get("late"):
        out.append("  it came late, and is printed all the same")
    return [*out, NEXT]
