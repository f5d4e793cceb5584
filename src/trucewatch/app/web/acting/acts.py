"""Acts on one incident by whoever is signed in: asked for rights, for sight, and for freshness."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trucewatch.app.beside import patiently
from trucewatch.app.findings import regrouping, reviewing
from trucewatch.app.findings.seen import check_new, check_other, check_seen, said_on, seen_now
from trucewatch.app.mission import Mission
from trucewatch.app.web.acting.rights import Act, require, voice
from trucewatch.errors import NotFound, Refused
from trucewatch.model import Ruling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.app.findings.seen import Seen
    from trucewatch.app.web.site import Site
    from trucewatch.app.web.viewer import Viewer
    from trucewatch.model import Incident

RULINGS = tuple(one for one in Ruling if one is not Ruling.RELEASE)
"""What a reviewer may say; a ruling is taken back by `undo`."""


def rule(
    site: Site,
    viewer: Viewer,
    identifier: str,
    ruling: Ruling,
    *,
    reason: str,
    seen: Seen,
    other: str | None = None,
) -> dict[str, Any]:
    """Enter a ruling on what the reviewer saw.

    Raises Stale where it has changed since, NotFound for what they may not see, and Refused for a
    ruling without a reason or one that they have given already.
    """
    by = require(viewer, Act.REVIEW)
    _visible(site, viewer, identifier)
    if ruling is Ruling.RELEASE:
        raise Refused("a ruling is taken back by its log entry: undo that one")
    if other is not None:
        _visible(site, viewer, other)
    with writing(site) as mission:
        incident = _as_it_is(mission, identifier)
        check_seen(mission, incident, seen)
        check_new(mission, incident, ruling, by=by, other=other or "")
        entered = reviewing.review(mission, incident.id, ruling, by=by, reason=reason, other=other)
        return {**entered, "seen": _seen(mission, incident)}


def split(
    site: Site, viewer: Viewer, identifier: str, claims: Sequence[str], *, reason: str, seen: Seen
) -> dict[str, Any]:
    """Enter that some accounts of an incident tell of something else; Stale as for a ruling."""
    by = require(viewer, Act.REVIEW)
    _visible(site, viewer, identifier)
    with writing(site) as mission:
        incident = _as_it_is(mission, identifier)
        check_seen(mission, incident, seen)
        entered = regrouping.separate(
            mission, incident.id, claims, by=by, reason=reason, expected_claims=seen.claims
        )
        return {**entered, "seen": _seen(mission, incident)}


def merge(
    site: Site,
    viewer: Viewer,
    identifier: str,
    other: str,
    *,
    reason: str,
    seen: Seen,
    seen_other: Seen | None,
) -> dict[str, Any]:
    """Enter that two incidents that the reviewer may see are one; Stale as for a ruling.

    `seen_other` is what they saw of the other one: of neither anything may have come or gone since,
    and Stale, too, for None, as nobody joins what they have not looked at.
    """
    by = require(viewer, Act.REVIEW)
    _visible(site, viewer, identifier)
    _visible(site, viewer, other)
    with writing(site) as mission:
        incident = _as_it_is(mission, identifier)
        second = _as_it_is(mission, other)
        check_seen(mission, incident, seen)
        check_other(mission, second, seen_other)
        entered = regrouping.unite(
            mission,
            incident.id,
            second.id,
            by=by,
            reason=reason,
            expected_claims=seen.claims,
            expected_other=seen_other.claims if seen_other else None,
        )
        return {**entered, "seen": _seen(mission, incident)}


def undo(site: Site, viewer: Viewer, identifier: str, index: int, *, reason: str) -> dict[str, Any]:
    """Take back a ruling, a split or a merge on an incident by its log entry, which stays.

    One takes back one's own, and the lead anybody's split or merge. NotFound for an entry that does
    not speak of that incident; Refused for one that was taken back or superseded.
    """
    by = require(viewer, Act.REVIEW)
    _visible(site, viewer, identifier)
    with writing(site) as mission:
        incident = _as_it_is(mission, identifier)
        if all(one.index != index for one in said_on(mission, incident)):
            raise NotFound(f"log entry {index} does not speak of {identifier!r}")
        entered = regrouping.undo(mission, index, by=by, reason=reason)
        return {**entered, "seen": _seen(mission, incident)}


def _seen(mission: Mission, incident: Incident) -> dict[str, list[Any]]:
    """What there is to see after an act: its maker has seen that, too."""
    now = seen_now(mission, incident)
    return {"claims": sorted(now.claims), "entries": sorted(now.entries)}


def notify(site: Site, viewer: Viewer, identifier: str, *, party: str) -> dict[str, Any]:
    """Enter that a party was told of a finding; its time to reply runs from now."""
    by = require(viewer, Act.NOTIFY)
    _visible(site, viewer, identifier)
    with writing(site) as mission:
        _known_party(mission, party)
        return reviewing.notify(mission, _as_it_is(mission, identifier).id, party=party, by=by)


def reply(site: Site, viewer: Viewer, identifier: str, *, party: str, words: str) -> dict[str, Any]:
    """Enter a party's own words on a finding that it may see."""
    by = require(viewer, Act.REPLY)
    voice(viewer, Act.REPLY, party)
    _visible(site, viewer, identifier)
    with writing(site) as mission:
        _known_party(mission, party)
        incident = _as_it_is(mission, identifier)
        return reviewing.reply(mission, incident.id, party=party, by=by, words=words)


def dissent(
    site: Site, viewer: Viewer, identifier: str, *, state: str, words: str
) -> dict[str, Any]:
    """Enter a state's disagreement with a finding that it may see."""
    by = require(viewer, Act.DISSENT)
    voice(viewer, Act.DISSENT, state)
    _visible(site, viewer, identifier)
    with writing(site) as mission:
        incident = _as_it_is(mission, identifier)
        return reviewing.dissent(mission, incident.id, state=state, by=by, words=words)


def _visible(site: Site, viewer: Viewer, identifier: str) -> None:
    """NotFound for an incident that this viewer may not know of, as for one that there is not."""
    if site.view(viewer).one("incident", identifier) is None:
        raise NotFound(f"no incident {identifier!r}")


def _as_it_is(mission: Mission, identifier: str) -> Incident:
    """The incident by its whole id; NotFound where it has become another since it was shown."""
    found = reviewing.incident_of(mission, identifier)
    if found.id != identifier:
        raise NotFound(f"no incident {identifier!r}")
    return found


def _known_party(mission: Mission, party: str) -> None:
    parties = sorted(one.id for one in mission.configuration().agreement.parties)
    if party not in parties:
        raise Refused(f"{party!r} is no party ({', '.join(parties)})")


@contextmanager
def writing(site: Site) -> Iterator[Mission]:
    """The mission, open for one act, after which the state follows.

    LogBusy where another process writes for too long: most are done in a moment.
    """
    with patiently(lambda: Mission.open(site.folder, now=site.now)) as mission:
        yield mission
    site.follow()
