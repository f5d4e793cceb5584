"""Claims as accounts: what one source tells of one happening, copies laid upon their original."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.incidents.ground import positions
from trucewatch.incidents.retellings import retold
from trucewatch.model import Claim, Interval, Point, content_id, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.incidents.fires import Fire
    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Source

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One node: claims of one source about one happening, and the copies of them.

    Place, time and kind are those of one claim, the original; copies locate nothing.
    `witnesses` are the source of each claim, with its platform where it has one: two accounts
    with a common witness are two happenings. `published` is None where nobody says. `notes` say
    what was made of the claims before anything was joined, in plain words. `region` is set where
    its place is known only as an area.
    """

    key: str
    claims: tuple[Claim, ...]
    source: str
    witnesses: frozenset[str]
    kind: str
    place: Point
    when: Interval
    origins: frozenset[str]
    published: float | None = None
    fires: int = 0
    notes: tuple[str, ...] = ()
    region: str | None = None

    @property
    def days(self) -> tuple[float, float]:
        """Middle and length of its interval, in days since 1970."""
        length = self.when.length.total_seconds() / DAY_S
        return self.when.earliest.timestamp() / DAY_S + length / 2, length


def witness(claim: Claim) -> str:
    """Who saw it: the source, and the platform where an instrument detected it."""
    if claim.detection is None:
        return claim.source
    return f"{claim.source}\x1f{claim.detection.platform}"


def of_fire(fire: Fire, origins: Mapping[str, frozenset[str]]) -> Account:
    """The account of one fire as one platform saw it in one overpass."""
    claims = tuple(p.claim for p in fire.pixels)
    return Account(
        key=content_id("acc", (c.id for c in claims)),
        claims=claims,
        source=claims[0].source,
        witnesses=frozenset({witness(claims[0])}),
        kind=claims[0].kind,
        place=fire.place,
        when=fire.when,
        origins=_origins(claims, origins),
        fires=1,
    )


def of_claims(
    claims: Iterable[Claim],
    origins: Mapping[str, frozenset[str]],
    sources: Mapping[str, Source],
    parameters: Parameters,
) -> list[Account]:
    """Accounts of claims that have a point as their place, sorted by key.

    Claims of one source with one external id are revisions of one event, and so are claims of
    one source with the same words about overlapping times where no id tells them apart: each
    such group is one account, and the claim first published stands for it.
    """
    groups: defaultdict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: c.id):
        words = " ".join(claim.text.casefold().split())
        if claim.external_id:
            groups[witness(claim), "number", claim.external_id].append(claim)
        elif words and claim.detection is None:
            groups[witness(claim), "words", words].append(claim)
        else:
            groups[witness(claim), "claim", claim.id].append(claim)
    accounts = [
        _account(part, origins)
        for key, group in groups.items()
        for part in (_overlapping(group) if key[1] == "words" else [group])
    ]
    return _without_copies(retold(accounts, sources, parameters), parameters)


def _overlapping(group: list[Claim]) -> list[list[Claim]]:
    runs: list[list[Claim]] = []
    end = None
    for claim in sorted(group, key=lambda c: (c.when, c.id)):
        if end is None or claim.when.earliest > end:
            runs.append([])
            end = claim.when.latest
        runs[-1].append(claim)
        end = max(end, claim.when.latest)
    return runs


def stand_in(
    claims: Iterable[Claim], place: Point, origins: Mapping[str, frozenset[str]]
) -> Account:
    """The account of claims that are joined to nothing, at a point that stands for their place."""
    return _account([replace(c, place=place) for c in claims], origins)


def _published(claim: Claim) -> float | None:
    times = [a.published.earliest.timestamp() for a in claim.attributions if a.published]
    return min(times, default=None)


def _point(claim: Claim) -> Point:
    if not isinstance(claim.place, Point):
        raise TypeError("an account needs a point; a claim of an area stands apart")
    return claim.place


def _seniority(claim: Claim) -> tuple[float, float, float, str]:
    """Who stands for copies of each other: the first published, else the vaguest.

    Where nobody says when each was published, an original cannot be told from its copy; the
    vaguer one stands, so that a copy cannot make anything look more exact than it was.
    """
    published = _published(claim)
    return (
        math.inf if published is None else published,
        -_point(claim).error_m,
        -claim.when.length.total_seconds(),
        claim.id,
    )


def _origins(claims: Iterable[Claim], origins: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(origins.get(c.id, frozenset()) for c in claims))


def _account(group: list[Claim], origins: Mapping[str, frozenset[str]]) -> Account:
    claims = tuple(sorted(group, key=lambda c: c.id))
    first = min(claims, key=_seniority)
    return Account(
        key=content_id("acc", (c.id for c in claims)),
        claims=claims,
        source=first.source,
        witnesses=frozenset(witness(c) for c in claims),
        kind=first.kind,
        place=_point(first),
        when=first.when,
        origins=_origins(claims, origins),
        published=_published(first),
    )


def _without_copies(accounts: list[Account], parameters: Parameters) -> list[Account]:
    """Lay accounts of different sources that stand on the same origins upon the first of them.

    Two outlets that quote one informant about one place and time are one account: same set of
    origins, overlapping times, kinds that agree, places within `copy_sigmas` of each other.
    """
    by_origins: defaultdict[frozenset[str], list[Account]] = defaultdict(list)
    for account in accounts:
        by_origins[account.origins].append(account)
    out: list[Account] = []
    for origins, group in by_origins.items():
        alone = len({w for a in group for w in a.witnesses}) == 1
        out += group if alone or not origins else _laid(group, parameters.copy_sigmas)
    return sorted(out, key=lambda a: a.key)


def _laid(group: Sequence[Account], sigmas: float) -> list[Account]:
    tree = kind_tree()
    ordered = sorted(
        group,
        key=lambda a: (
            math.inf if a.published is None else a.published,
            -a.place.error_m,
            -a.when.length.total_seconds(),
            a.key,
        ),
    )
    xyz = positions([a.place for a in ordered])
    error = np.array([a.place.error_m / 1000 for a in ordered])
    starts = np.array([a.when.earliest.timestamp() for a in ordered])
    ends = np.array([a.when.latest.timestamp() for a in ordered])
    heads: list[int] = []
    copies: dict[int, list[int]] = {}
    seen: dict[int, frozenset[str]] = {}
    for i, account in enumerate(ordered):
        old = np.array(heads, dtype=np.intp)
        near = (
            (np.linalg.norm(xyz[old] - xyz[i], axis=1) <= sigmas * np.hypot(error[old], error[i]))
            & (starts[old] <= ends[i])
            & (ends[old] >= starts[i])
        )
        for head in old[near].tolist():
            if not seen[head] & account.witnesses and tree.compatible(
                ordered[head].kind, account.kind
            ):
                copies[head].append(i)
                seen[head] |= account.witnesses
                break
        else:
            heads.append(i)
            copies[i] = []
            seen[i] = account.witnesses
    return [_with_copies(ordered[h], [ordered[c] for c in copies[h]]) for h in heads]


def _with_copies(first: Account, copies: list[Account]) -> Account:
    if not copies:
        return first
    claims = tuple(sorted((c for a in (first, *copies) for c in a.claims), key=lambda c: c.id))
    return replace(
        first,
        claims=claims,
        witnesses=first.witnesses.union(*(a.witnesses for a in copies)),
    )
