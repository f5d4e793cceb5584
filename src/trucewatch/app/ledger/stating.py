"""What states have said, entered by people: a new statement, or the next state of one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trucewatch.app.deciding import enter, person_of
from trucewatch.app.ledger.views import day_words
from trucewatch.app.press.articles import ledger
from trucewatch.commitments import advance, read_ledger, read_news, read_pledge, states
from trucewatch.errors import ConfigurationError, NotAllowed
from trucewatch.model import Pledged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from trucewatch.app.mission import Mission
    from trucewatch.model import Entered, Pledge

ROLES = ("analyst", "desk", "lead")
"""Who may enter what states have said."""

_GIVEN = "statement"
"""What an error calls what was given on the command line, in place of a file's name."""


def state(
    mission: Mission, identifier: str, keys: Mapping[str, Any], *, by: str, reason: str
) -> dict[str, Any]:
    """Enter a statement, or the next state of the one that has this id, by the keys of the file.

    Raises NotAllowed for a person without a role for it, and ConfigurationError, with the field,
    for what does not fit the form or says nothing new.
    """
    _allowed(mission, by)
    mission.sync_settings()
    configuration = mission.configuration()
    zone = ZoneInfo(configuration.mission.mission.timezone)
    known = {one.id: one for one in ledger(mission, configuration)}
    approval = keys.get("approval")
    if approval is not None:
        # What it says of an approval was said on the same day and stands in the same source.
        told = {key: keys[key] for key in ("said", "said_until", "source") if key in keys}
        keys = {**keys, "approval": {**approval, **told}}
    if identifier in known:
        news = read_news(keys, file=_GIVEN, zone=zone)
        try:
            pledge = advance(known[identifier], news)
        except ValueError as fault:
            raise ConfigurationError(str(fault), file=_GIVEN) from None
    else:
        whole = {key: value for key, value in keys.items() if key != "approval"}
        if approval is not None:
            whole["approvals"] = [keys["approval"]]
        pledge = read_pledge({"id": identifier, **whole}, file=_GIVEN, zone=zone)
    entered = enter(mission, Pledged(pledge=pledge, reason=reason), by=by)
    return _data([entered], zone, known)


def state_all(mission: Mission, text: str, *, file: str, by: str, reason: str) -> dict[str, Any]:
    """Enter every statement of a file that is written as `commitments.yaml` is.

    Each supersedes whatever has its id. The whole file is checked before anything is entered; what
    stands in the ledger as it is there is not entered again. Its needs are refused: they are the
    plan's, and belong into the mission's own file.
    """
    _allowed(mission, by)
    read = read_ledger(text, file=file)
    if read.needs:
        raise ConfigurationError(
            "needs are no statements: write them into commitments.yaml", file=file, field="needs"
        )
    mission.sync_settings()
    configuration = mission.configuration()
    known = {one.id: one for one in ledger(mission, configuration)}
    entered = [
        enter(mission, Pledged(pledge=one, reason=reason), by=by)
        for one in read.pledges
        if known.get(one.id) != one
    ]
    return _data(entered, ZoneInfo(configuration.mission.mission.timezone), known)


def checked(text: str, *, file: str) -> dict[str, Any]:
    """What a file like `commitments.yaml` holds; ConfigurationError for a fault."""
    read = read_ledger(text, file=file)
    standings = Counter(one.standing for one in read.pledges)
    return {
        "file": file,
        "statements": len(read.pledges),
        "states": len({state for one in read.pledges for state in states(one.by)}),
        "standings": dict(sorted(standings.items())),
        "needs": len(read.needs),
    }


def checked_lines(data: dict[str, Any]) -> list[str]:
    """The same for people."""
    told = ", ".join(f"{count} {name}" for name, count in data["standings"].items()) or "none"
    count = f"{data['statements']} statements for {data['states']} states ({told})"
    return [f"{data['file']} is in order: {count}, {data['needs']} needs."]


def text_of(file: Path) -> str:
    """The text of a file of statements; ConfigurationError where it is no UTF-8 text."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError("not UTF-8 text", file=str(file)) from None
    except OSError as fault:
        raise ConfigurationError(f"cannot be read: {fault.strerror}", file=str(file)) from None


def lines(data: dict[str, Any]) -> list[str]:
    """What was entered, for people."""
    if not data["entered"]:
        return ["Nothing was entered: the ledger says all of it already."]
    return [
        f"Entry {one['index']}: {one['statement']}, {one['state']}, {one['stage']} "
        f"{one['said'] or 'on a day not on record'}, standing {one['standing']}"
        f"{''.join(f', {each}' for each in one['approvals'])}; "
        + ("new" if one["new"] else "supersedes what was on record")
        for one in data["entered"]
    ]


def _allowed(mission: Mission, by: str) -> None:
    person = person_of(mission, by)
    if not {*ROLES} & {*person.roles}:
        raise NotAllowed(
            f"statements are entered by the roles {', '.join(ROLES)}; "
            f"{by} has {', '.join(person.roles)}"
        )


def _data(entered: list[Entered], zone: ZoneInfo, known: Mapping[str, Pledge]) -> dict[str, Any]:
    rows = []
    for one in entered:
        if isinstance(one.decision, Pledged):
            pledge = one.decision.pledge
            rows.append(
                {
                    "index": one.index,
                    "by": one.by,
                    "statement": pledge.id,
                    "state": pledge.by,
                    "stage": pledge.stage,
                    "standing": pledge.standing,
                    "said": day_words(pledge.said, zone),
                    "approvals": [
                        f"{each.body} {each.state}"
                        for each in pledge.approvals
                        if pledge.id not in known or each not in known[pledge.id].approvals
                    ],
                    "source": pledge.source,
                    "new": pledge.id not in known,
                    "reason": one.decision.reason,
                }
            )
    return {"entered": rows}
