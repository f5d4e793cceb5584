"""What a later issue of a bulletin says otherwise than the one before it.

It stands beside the bodies and not in them: which issue came before is a matter of the order in
which things arrived, and a body knows no order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.beside import ruled
from trucewatch.bulletins.html import environment
from trucewatch.bulletins.look import style
from trucewatch.bulletins.machine import plain_figure, to_json
from trucewatch.bulletins.page import only_published
from trucewatch.bulletins.wording import days, plural, probability
from trucewatch.model import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.bulletins.published import Item, Published
    from trucewatch.bulletins.situation import Evidence
    from trucewatch.model import Change

CORRECTION_SCHEMA = "trucewatch.correction/1"
_ELSEWHERE = "what this bulletin does not show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure that is not what it was."""

    name: str
    before: float | int | None
    after: float | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of some incidents; only those that the issue of that side shows are named.

    `told` says what each of them is, as the later issue that shows it says.
    """

    fate: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    told: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What two issues of one bulletin say otherwise, drawn from what the two publish.

    `issue` and `corrects` are the stems of their files. `as_sealed` is False where the earlier
    issue, computed anew for the comparison, is not to the byte what was sealed. `names_somebody` is
    True where either issue tells whom a body holds responsible. `erased` is True where something
    that the earlier issue rested on may have been erased since: what that was is not told, and the
    earlier issue cannot be computed anew.
    """

    mission: str
    number: str
    title: str
    exercise: bool
    audience: str
    issue: str
    corrects: str
    as_sealed: bool
    evidence_before: Evidence
    evidence: Evidence
    headline_before: str
    headline: str
    figures: tuple[Figure, ...]
    changes: tuple[Became, ...]
    names_somebody: bool = field(default=False, metadata={"if_any": True})
    erased: bool = field(default=False, metadata={"if_any": True})


def correct(
    before: Published,
    after: Published,
    changes: Iterable[Change],
    *,
    corrects: str,
    issue: str,
    as_sealed: bool,
) -> Correction:
    """What `after` says otherwise than `before`; refuses what did not go through `redact`.

    Of `changes` it takes only which incidents became which. Everything else is read off the two
    bulletins, so that nothing is told here that they do not tell.
    """
    only_published(before)
    only_published(after)
    old, new = _items(before), _items(after)
    became = [_became(change, old, new) for change in changes]
    names = sorted(before.figures.keys() | after.figures.keys())
    figures = [(name, before.figures.get(name), after.figures.get(name)) for name in names]
    return Correction(
        mission=after.mission,
        number=after.number,
        title=after.title,
        exercise=after.exercise or before.exercise,
        audience=after.audience,
        issue=issue,
        corrects=corrects,
        as_sealed=as_sealed,
        evidence_before=before.evidence,
        evidence=after.evidence,
        headline_before=before.headline,
        headline=after.headline,
        figures=tuple(Figure(name=n, before=b, after=a) for n, b, a in figures if b != a),
        changes=tuple(sorted((b for b in became if b), key=lambda b: (b.before, b.after))),
        names_somebody=any(
            item.heard is not None and item.heard.responsible
            for item in (*old.values(), *new.values())
        ),
    )


def correct_erased(
    earlier: Mapping[str, Any] | None,
    evidence: Evidence,
    after: Published,
    *,
    corrects: str,
    issue: str,
) -> Correction:
    """The same where an entry was erased since: `earlier` is the JSON that the seal names, or None.

    What was erased is gone, so the earlier issue cannot be made again; what it published stands.
    """
    only_published(after)
    body = earlier or {"headline": _NOT_AT_HAND, "figures": {}, **dict.fromkeys(_LISTS, ())}
    old = {item["id"] for name in _LISTS for item in body[name]}
    new = _items(after)
    was: Mapping[str, Any] = body["figures"]
    names = sorted(was.keys() & after.figures.keys())
    gone, come = sorted(old - new.keys()), sorted(new.keys() - old) if earlier else []
    changes = [
        *(_moved((name,), (), f"no longer in this bulletin: {name}") for name in gone),
        *(_moved((), (name,), f"not in it before: {name}") for name in come),
    ]
    return Correction(
        mission=after.mission,
        number=after.number,
        title=after.title,
        exercise=after.exercise,
        audience=after.audience,
        issue=issue,
        corrects=corrects,
        as_sealed=earlier is not None,
        evidence_before=evidence,
        evidence=after.evidence,
        headline_before=str(body["headline"]),
        headline=after.headline,
        figures=tuple(
            Figure(name=n, before=was[n], after=after.figures[n])
            for n in names
            if was[n] != plain_figure(after.figures[n])
        ),
        changes=tuple(changes),
        names_somebody=any(i.heard is not None and i.heard.responsible for i in new.values()),
        erased=True,
    )


_LISTS = ("incidents", "fires", "static_sources", "set_aside")
_NOT_AT_HAND = "the earlier issue is not at hand as it was sealed"


def _moved(before: tuple[str, ...], after: tuple[str, ...], words: str) -> Became:
    return Became(fate=Fate.REVISED.value, before=before, after=after, told=(), words=(words,))


def shown(published: Published) -> frozenset[str]:
    """The ids of all incidents that a bulletin shows."""
    return frozenset(_items(published))


def _items(p: Published) -> dict[str, Item]:
    return {i.id: i for i in (*p.incidents, *p.fires, *p.static_sources, *p.set_aside)}


def _became(change: Change, old: Mapping[str, Item], new: Mapping[str, Item]) -> Became | None:
    """What a reader may know of one change; None where neither issue shows anything of it."""
    before = tuple(name for name in change.before if name in old)
    after = tuple(name for name in change.after if name in new)
    if not before and not after:
        return None
    fate, words = change.fate, []
    was = _named(before, len(change.before))
    now = _named(after, len(change.after))
    if fate is Fate.NEW:
        words = [f"{now} is new"]
    elif fate is Fate.WITHDRAWN:
        words = [f"{was} is gone: no report that stands describes it"]
    elif not before or not after:
        # What the other issue does not show at all is not told by how many it was, or is.
        fate = Fate.REVISED
        words = [f"no longer in this bulletin: {was}" if before else f"not in it before: {now}"]
    elif len(change.before) == len(change.after) == 1:
        fate = Fate.RENAMED if change.before != change.after else Fate.REVISED
        if fate is Fate.RENAMED:
            words = [f"{was} is called {now} now"]
        words += _otherwise(old[before[0]], new[after[0]])
    elif fate is Fate.SPLIT:
        words = [f"{was} is more than one incident now: {now}"]
    elif fate is Fate.MERGED:
        words = [f"{was} are one incident now: {now}"]
    else:
        words = [f"{was} are grouped otherwise now: {now}"]
    if not words:
        return None
    shown_ones = [new[name] for name in after] or [old[name] for name in before]
    told = {f"{i.kind}, {i.region}, {days(i.first_day, i.last_day)}": None for i in shown_ones}
    return Became(fate=fate.value, before=before, after=after, told=tuple(told), words=tuple(words))


def _named(names: tuple[str, ...], count: int) -> str:
    """The incidents that are shown, and whether there are more: never how many."""
    return " and ".join([*names, *([_ELSEWHERE] if count > len(names) else [])])


def _otherwise(old: Item, new: Item) -> list[str]:
    """What one incident is told to be, where it is not what it was told to be."""
    pairs = (
        ("sort", old.nature, new.nature),
        ("kind", old.kind, new.kind),
        ("region", old.region, new.region),
        ("place", str(old.cell), str(new.cell)),
        ("days", days(old.first_day, old.last_day), days(new.first_day, new.last_day)),
        ("certainly in the period", _yes(old.certain), _yes(new.certain)),
        ("state", old.state, new.state),
        ("that it happened", probability(old.probability), probability(new.probability)),
        ("independent voices", str(old.origins), str(new.origins)),
        ("accounts", old.accounts, new.accounts),
        ("observations", str(old.observations), str(new.observations)),
        ("under the agreement", old.outcome, new.outcome),
        ("reviewed", _reviewed(old), _reviewed(new)),
        ("attribution", _attributed(old), _attributed(new)),
        ("said", str(old.heard and old.heard.beside), str(new.heard and new.heard.beside)),
    )
    return [
        _IN_A_WORD.get(name, f"{name}: {was}, now {now}") for name, was, now in pairs if was != now
    ]


# A cell has no name that a person could read, and what was said stands in the bulletin itself.
_IN_A_WORD = {
    "place": "place: another cell of the map",
    "said": "what parties, states and bodies said of it: not what it was; it stands beside it",
}


def _reviewed(item: Item) -> str:
    return ruled(item.heard).removeprefix("reviewed ") or "by nobody"


def _attributed(item: Item) -> str:
    heard = item.heard
    if heard is None or not heard.responsible:
        return "withheld"
    return f"{heard.responsible}, {item.attribution} by {heard.body} ({heard.standard})"


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def render_correction(c: Correction) -> dict[str, bytes]:
    """The correction as "html" and "json"; its links lead to files of the same folder."""
    page = environment().get_template("correction.html.j2")
    context = {"c": c, "style": style(), "much": plural(len(c.changes), "change")}
    return {
        "html": page.render(**context).encode("utf-8"),
        "json": to_json(CORRECTION_SCHEMA, c),
    }
