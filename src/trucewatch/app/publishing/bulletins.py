"""Issuing bulletins: composed, redacted, rendered, sealed, and entered in the log."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from trucewatch.app.audiences import audience_from
from trucewatch.app.days import span
from trucewatch.app.federation.listing import federated_heads
from trucewatch.app.files import make_folder, write_whole
from trucewatch.app.in_force import OPERATOR
from trucewatch.app.publishing.correcting import Corrections
from trucewatch.app.publishing.covers import (
    SEAL,
    bring_covers_up_to_date,
    seals_of,
    witnessing_of,
)
from trucewatch.app.publishing.situations import situation_of
from trucewatch.bulletins import (
    Audience,
    Period,
    compose,
    redact,
    render_html,
    render_json,
    render_markdown,
    render_pdf,
    seal,
    sweep,
)
from trucewatch.commitments import until
from trucewatch.errors import NotFound, Withheld
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.model import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins import Bulletin, Published, Situation
    from trucewatch.store import Derived

FIRST_YEAR, LAST_YEAR = 1900, 2999
RENDERERS = {"html": render_html, "md": render_markdown, "json": render_json}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """One bulletin as it lies in the folder; `new` is False where it had been issued before.

    `changes` are the files that tell what a new issue corrects; a first one corrects nothing.
    """

    number: str
    headline: str
    stem: str
    files: tuple[Path, ...]
    seal: Path
    new: bool
    changes: tuple[Path, ...]


def publish(
    mission: Mission,
    derived: Derived,
    *,
    days: Sequence[date | None],
    formats: Sequence[str] = ("html", "md", "json"),
    audience: str = "public",
) -> tuple[Issued, ...]:
    """Issue the bulletins of these days (None: the whole truce) from one state of the log.

    A bulletin that would say what its last issue says is not issued again. One that says
    something else is a new issue beside the old, which stays; what changed between the two is
    entered in the log and told to readers in files beside them. Raises Withheld where the audience
    may not see the period yet, and NotFound for an unknown audience, before anything is written.
    """
    configuration = mission.configuration()
    seen_by = audience_of(configuration, audience)
    situation = situation_of(mission, configuration, derived)
    for day in days:
        period, _ = _period(situation, configuration, day)
        _check_delay(period, seen_by, configuration, mission.now())
    private = audience != "public"
    folder = mission.folder / f"for-{audience}" if private else mission.bulletins
    seals = seals_of(mission, folder.name)
    # All of it is made before any of it is written: what may not be published stops here.
    made = []
    corrections = Corrections(mission, derived)
    for day in days:
        bulletin = _composed(configuration, situation, day)
        published = redact(bulletin, seen_by)
        files_of = rendered(published, prints="pdf" in formats)
        bodies = {kind: files_of[kind] for kind in RENDERERS}
        before, stem = issue_of(seals, published.number.rsplit("/", 1)[-1], bodies)
        corrected = None
        if before is not None and before != stem:
            corrected = corrections.of(
                folder.name,
                (before, stem),
                seals[before],
                partial(as_it_was, day=day, audience=audience),
                published,
            )
            # A source that was named then may have been sealed since.
            sweep(bulletin, seen_by, corrected.told)
        made.append((published, files_of, stem, corrected))
    checkpoint, witnessing = mission.log.publish(), witnessing_of(mission)
    make_folder(folder, private=private)
    issued = []
    for published, files_of, stem, corrected in made:
        bodies = {kind: files_of[kind] for kind in RENDERERS}
        known = stem in seals
        if not known:
            # Before the seal that names them: who dies in between leaves files that nobody shows.
            for name, body in (corrected.files if corrected else {}).items():
                write_whole(folder / name, body, private=private)
            seals[stem] = seal(
                bodies={f"{stem}.{kind}": body for kind, body in bodies.items()},
                issued=mission.now(),
                checkpoint={
                    "origin": checkpoint.origin,
                    "size": checkpoint.size,
                    "root": checkpoint.root,
                    "note": checkpoint.note,
                },
                evidence=situation.evidence,
                corrects=corrected.corrects if corrected else None,
                exercise=published.exercise,
                witnessing=witnessing,
                federated=[
                    {"origin": origin, "size": size, "root": root}
                    for origin, size, root in federated_heads(mission)
                ],
            )
            name = f"{folder.name}/{stem}{SEAL}"
            entry = NewEntry(
                kind=EntryKind.BULLETIN,
                source=OPERATOR,
                payload=seals[stem],
                name=name,
                media="application/json",
            )
            mission.log.append(
                [*([corrected.entry(name)] if corrected else []), entry], received=mission.now()
            )
        files = {folder / f"{stem}.{kind}": files_of[kind] for kind in formats}
        for path, body in {**files, folder / f"{stem}{SEAL}": seals[stem]}.items():
            write_whole(path, body, private=private)
        issued.append(
            Issued(
                number=published.number,
                headline=published.headline,
                stem=stem,
                files=tuple(files),
                seal=folder / f"{stem}{SEAL}",
                new=not known,
                changes=tuple(folder / name for name in (corrected.files if corrected else ())),
            )
        )
    mission.log.publish()
    bring_covers_up_to_date(mission)
    return tuple(issued)


def _composed(configuration: Configuration, situation: Situation, day: date | None) -> Bulletin:
    period, previous = _period(situation, configuration, day)
    end = Interval.days(period.first, period.last, configuration.zone).latest
    # What people decided later belongs to a later bulletin; what the evidence took away does not.
    then = replace(situation, obligations=until(situation.obligations, end))
    return compose(then, period, previous)


def as_it_was(
    configuration: Configuration, situation: Situation, *, day: date | None, audience: str
) -> Published:
    """The bulletin of a day from an earlier state, as its audience could read it then."""
    return redact(_composed(configuration, situation, day), audience_of(configuration, audience))


def rendered(published: Published, *, prints: bool) -> dict[str, bytes]:
    """Every body of one bulletin, and its print where one is wanted."""
    made = {kind: render(published) for kind, render in RENDERERS.items()}
    if prints:
        # A print is made on demand: its foot names the JSON that the seal names.
        made["pdf"] = render_pdf(published, hashlib.sha256(made["json"]).hexdigest())
    return made


def _period(
    situation: Situation, configuration: Configuration, day: date | None
) -> tuple[Period, Period | None]:
    """The period of a bulletin, and the one of equal length before it."""
    if day is not None:
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise NotFound(f"no bulletin is made for {day}: years {FIRST_YEAR} to {LAST_YEAR}")
        first = last = day
        title, number = f"{day:%-d %B %Y}", day.isoformat()
    else:
        truce = configuration.agreement.truce
        if truce.empty:
            raise NotFound("the truce does not hold yet: name a day with --date")
        told = _told(situation)
        if truce.start is None and not told:
            raise NotFound("no day is known of the truce yet: name one with --date")
        touched = span(truce, told, configuration.zone, baseline_days=0).truce
        first, last = touched[0], touched[-1]
        title, number = "The whole truce", "truce"
    length = (last - first) + timedelta(days=1)
    earlier = Period(
        first=first - length,
        last=first - timedelta(days=1),
        title="the period before",
        number="",
    )
    origin = situation.evidence.origin
    return Period(first=first, last=last, title=title, number=f"{origin}/{number}"), earlier


def _told(situation: Situation) -> list[Interval]:
    """When what was claimed happened, and the periods of which a source gave a count."""
    courses = situation.compliance.courses
    return [claim.when for claim in situation.claims] + [
        Interval.instant(one.when.latest)
        for course in courses
        for one in course.series
        if one.stated
    ]


def audience_of(configuration: Configuration, name: str) -> Audience:
    """How much is held back from an audience of mission.toml; NotFound for one it lacks."""
    sections = configuration.mission.audiences
    if name not in sections:
        known = ", ".join(sorted(sections))
        raise NotFound(f"mission.toml has no [audiences.{name}] (it has: {known})")
    return audience_from(name, sections)


def _check_delay(
    period: Period, audience: Audience, configuration: Configuration, now: datetime
) -> None:
    """Refuse to publish what is too fresh for its readers."""
    end = datetime.combine(period.last + timedelta(days=1), time.min, tzinfo=configuration.zone)
    if now < end + audience.delay:
        raise Withheld(
            f"{period.title} may be published to {audience.name!r} from "
            f"{end + audience.delay:%Y-%m-%d %H:%M %Z} on, not before; the clock of this computer "
            f"says {now:%Y-%m-%d %H:%M %Z}"
        )


def issue_of(
    seals: dict[str, bytes], name: str, bodies: dict[str, bytes]
) -> tuple[str | None, str]:
    """The stem of the last issue, None before the first, and that of the issue to be made now.

    The two are the same where it would say the same.
    """
    stem, following, number = name, name, 1
    while following in seals:
        stem, number = following, number + 1
        following = f"{name}-issue-{number}"
    digests = {f"{stem}.{kind}": hashlib.sha256(body).hexdigest() for kind, body in bodies.items()}
    if stem in seals and json.loads(seals[stem])["bodies"] == digests:
        return stem, stem
    return (stem if stem in seals else None), following


def issued_data(issued: Sequence[Issued]) -> dict[str, Any]:
    """What was issued, for people and for JSON."""
    return {
        "bulletins": [
            {
                "number": each.number,
                "headline": each.headline,
                "files": [str(path) for path in each.files],
                "seal": str(each.seal),
                "new": each.new,
                "changes": [str(path) for path in each.changes],
            }
            for each in issued
        ]
    }
