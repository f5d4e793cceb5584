"""Having checkpoints stamped, and saying which stamp covers what.

A stamp is an upper bound of time by somebody who saw a hash and nothing else. It raises no grade
and starts no clock: an authority stamps two histories of one log as gladly as one (decision 0013).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trucewatch.app.stamping.asking import Unanswered, ask
from trucewatch.app.witnessing.grades import is_heartbeat
from trucewatch.errors import MissingExtra
from trucewatch.evidence.stamps import STAMP_LIMIT, ask_for, read_certificates, verify
from trucewatch.evidence.tlog.notes import checkpoint_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from cryptography.x509 import Certificate

    from trucewatch.app.mission import Mission
    from trucewatch.model import Stamp

CLOCK_S = 60
"""Seconds that the authority's clock may be off this one before it is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What asking for a stamp came to: `stamp` is what was kept, else `words` say why none was.

    Both are empty where nobody had to be asked. `doubt` says what is odd about a stamp that holds.
    """

    stamp: Stamp | None = None
    words: str = ""
    doubt: str = ""


def stamp_checkpoint(mission: Mission) -> Asked:
    """Have the published checkpoint stamped where it covers something new, and keep what holds.

    News is an entry that no stamp covers and that is no heartbeat. Without `[timestamps]` nobody is
    asked and no network is touched. An authority that fails is told of and stops nothing.
    """
    section = mission.configuration().mission.timestamps
    if section is None:
        return Asked()
    checkpoint = mission.log.publish()
    kept = mission.log.stamps()
    newest = max(kept.sizes(), default=0)
    if all(map(is_heartbeat, mission.log.entries(newest, checkpoint.size))):
        return Asked()
    text = checkpoint_text(checkpoint.origin, checkpoint.size, bytes.fromhex(checkpoint.root))
    try:
        question = ask_for(text)
        answer = ask(section.url, question.body, wait_s=section.wait_s)
        found = verify(
            answer, text, _certificates(mission), size=checkpoint.size, nonce=question.nonce
        )
    except Unanswered as fault:
        return Asked(words=f"no time stamp: {section.url} {fault}")
    except MissingExtra as fault:
        return Asked(words=f"no time stamp: {fault}")
    except ValueError as fault:
        return Asked(words=f"no time stamp: the answer of {section.url} was not taken: {fault}")
    kept.keep(checkpoint.size, answer)
    return Asked(stamp=found, doubt=_off(found, mission.now()))


def _off(stamp: Stamp, now: datetime) -> str:
    """What is to be said of an authority whose time is not ours; one of the two is wrong."""
    off = round((stamp.at - now).total_seconds())
    if abs(off) <= CLOCK_S:
        return ""
    return f"the authority's clock and this computer's are {abs(off)} s apart: one of them is wrong"


def _certificates(mission: Mission) -> tuple[Certificate, ...]:
    """The certificates that are trusted by the settings in force; none without `[timestamps]`."""
    configuration = mission.configuration()
    section = configuration.mission.timestamps
    return () if section is None else read_certificates(configuration.files[section.certificates])


def first_over(mission: Mission, indexes: Mapping[str, int]) -> dict[str, Stamp]:
    """The first stamp that covers each of these entries, by name; what none covers is left out.

    Only stamps that hold by the certificates in force count, so without `[timestamps]`, or without
    the extra, there is none. No network is touched.
    """
    certificates, kept = _certificates(mission), mission.log.stamps()
    if not certificates:
        return {}
    log, head = mission.log, mission.log.checkpoint()
    sizes = [size for size in kept.sizes() if head is not None and size <= head.size]
    known: dict[int, Stamp | None] = {}

    def holding(size: int) -> Stamp | None:
        if size not in known:
            text = checkpoint_text(log.origin, size, bytes.fromhex(log.root_at(size)))
            try:
                known[size] = verify(kept.read(size, STAMP_LIMIT), text, certificates, size=size)
            except (ValueError, MissingExtra):
                known[size] = None
        return known[size]

    found = {}
    for name, index in indexes.items():
        over = (held for size in sizes if size > index and (held := holding(size)) is not None)
        if (first := next(over, None)) is not None:
            found[name] = first
    return found


def asked_data(found: Asked, mission: Mission) -> dict[str, Any]:
    """What came of asking, for JSON, in the mission's zone; empty where nothing is to be told."""
    if found.stamp is None:
        return {"timestamp": {"words": found.words}} if found.words else {}
    return {
        "timestamp": {
            **stamp_data(found.stamp, mission.configuration().zone),
            **({"doubt": found.doubt} if found.doubt else {}),
        }
    }


def stamp_data(stamp: Stamp, zone: tzinfo) -> dict[str, Any]:
    """A stamp, for JSON, with times in this zone; a bound is rounded up to the second."""
    bound = stamp.not_after + (datetime.resolution * 999_999)
    return {
        "size": stamp.size,
        "at": stamp.at.astimezone(zone).isoformat(timespec="seconds"),
        "not_after": bound.astimezone(zone).isoformat(timespec="seconds"),
        "zone": str(zone),
        "authority": stamp.authority,
    }


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people, out of what `asked_data` gave."""
    told = data.get("timestamp", {})
    if "words" in told:
        return [f"Warning: {told['words']}"]
    out = []
    if told:
        out.append(told_of(told))
    return out + ([f"Warning: {told['doubt']}"] if "doubt" in told else [])


def told_of(told: dict[str, Any]) -> str:
    """A stamp in a sentence."""
    bound = datetime.fromisoformat(told["not_after"])
    return (
        f"Time stamp: the first {told['size']} entries stood in the log by "
        f"{bound:%Y-%m-%d %H:%M:%S} ({told['zone']}), says {told['authority']}, who is no witness"
    )
