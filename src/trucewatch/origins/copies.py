"""Which claims are copies of one story: ties that are certain."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.language import LEAST_WORDS, Unions, link, shingles, words
from trucewatch.model import Edge, Tie
from trucewatch.origins.media import media
from trucewatch.origins.near import near_copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.model import Claim

    Runs = frozenset[tuple[str, ...]]

CONTAINED = 0.9
# A headline such as "one resident killed in the region last day" returns every day.
APART = timedelta(days=3)
# A run of words in more texts than this is a phrase of the trade; it leads to no candidates.
COMMON = 100
# Two texts that have at most this share of the shorter in common are no copies of each other.
UNLIKE = 0.1

_TIES = {
    "external id in one source": Tie.SAME_RECORD,
    "text": Tie.SAME_TEXT,
    "headline": Tie.SAME_TEXT,
    "link": Tie.SAME_LINK,
    "video, picture or post": Tie.SAME_MEDIA,
}
_AROUND = ".,;:!?()[]{}<>«»“”„‘’\"'"
_HELD = "nine tenths or more of one text stand in the other"
_NEAR = "most of both texts are the same runs of words"


@dataclass(frozen=True, slots=True)
class Copies:
    """Claims that tell one story, as ties of a forest, and digests with the claims they hold.

    A digest prints several stories: it rests on all of them, and makes none of them one.
    """

    edges: tuple[Edge, ...]
    digests: Mapping[str, frozenset[str]]


def copies(claims: Sequence[Claim]) -> Copies:
    """Ties between claims that tell one story; `claims` are sorted by id and unique.

    Same link, same media, same headline, same text, nine tenths of one text in the other, half of
    the runs of words of both, or the same external id in one source. Claims of one source with
    different external ids are different events to that source and are never tied to each other.
    """
    found: dict[tuple[Tie, int, int], str] = {}
    by_key: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, claim in enumerate(claims):
        for key in sorted(set(_keys(claim))):
            by_key[key].append(i)
    for (what, *_), group in sorted(by_key.items()):
        # A chain in order of time: each is tied to the nearest before it that may be its copy.
        ordered = sorted(group, key=lambda i: (claims[i].when, claims[i].id))
        for at, i in enumerate(ordered):
            for j in reversed(ordered[max(0, at - COMMON) : at]):
                if may_be_copies(claims[i], claims[j]):
                    found.setdefault((_TIES[what], min(i, j), max(i, j)), f"the same {what}")
                    break
    first_of = _first_of(claims)
    held = [
        (i, j)
        for i, j in _contained(first_of)
        if may_be_copies(claims[i], claims[j])
    ]  # fmt: skip
    digests = _digests(held, {i: runs for runs, i in first_of.items()})
    for i, j in held:
        found.setdefault((Tie.SAME_TEXT, min(i, j), max(i, j)), _HELD)
    for i, j in near_copies({i: runs for runs, i in first_of.items()}):
        if may_be_copies(claims[i], claims[j]):
            found.setdefault((Tie.SAME_TEXT, min(i, j), max(i, j)), _NEAR)
    return Copies(
        tuple(
            Edge(tie=tie, one=claims[i].id, other=claims[j].id, reason=reason)
            for (tie, i, j), reason in sorted(found.items())
        ),
        {claims[i].id: frozenset(claims[j].id for j in parts) for i, parts in digests.items()},
    )


def _keys(claim: Claim) -> Iterator[tuple[str, ...]]:
    if claim.external_id is not None:
        yield "external id in one source", claim.source, claim.external_id
    text = words(claim.text)
    if len(text) >= LEAST_WORDS:
        yield "text", " ".join(text)
    for attribution in claim.attributions:
        if attribution.link and (address := link(attribution.link)):
            shown = media(address)
            yield ("video, picture or post", shown) if shown else ("link", address)
        headline = words(attribution.headline or "")
        if len(headline) >= LEAST_WORDS:
            yield "headline", " ".join(headline)
    for address in addresses(claim.text):
        if shown := media(link(address)):
            yield "video, picture or post", shown


def addresses(text: str) -> list[str]:
    """The links that stand in a running text, as printed."""
    bare = (word.strip(_AROUND) for word in text.split())
    return [word for word in bare if word.casefold().startswith(("http://", "https://"))]


def may_be_copies(a: Claim, b: Claim) -> bool:
    """Whether two claims may tell one story: near in time, and not two events of one source."""
    if a.source == b.source and None not in {a.external_id, b.external_id}:
        return a.external_id == b.external_id
    first, second = (a, b) if a.when <= b.when else (b, a)
    return second.when.earliest - first.when.latest <= APART


def _first_of(claims: Sequence[Claim]) -> dict[Runs, int]:
    """The runs of words of each text and its first claim: equal texts are already one story."""
    found: dict[Runs, int] = {}
    for i, claim in enumerate(claims):
        if runs := shingles(claim.text):
            found.setdefault(runs, i)
    return found


def _contained(first_of: Mapping[Runs, int]) -> Iterable[tuple[int, int]]:
    """Pairs of texts of which one holds nine tenths of the other's runs of five words."""
    runs_of = {i: runs for runs, i in first_of.items()}
    posts: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for runs, i in first_of.items():
        for run in runs:
            posts[run].append(i)
    for runs, i in first_of.items():
        shared: defaultdict[int, int] = defaultdict(int)
        for run in runs:
            if len(posts[run]) <= COMMON:
                for j in posts[run]:
                    if j > i:
                        shared[j] += 1
        for j in sorted(shared):
            both, least = runs & runs_of[j], min(len(runs), len(runs_of[j]))
            if len(both) >= CONTAINED * least:
                yield i, j


def _digests(held: Iterable[tuple[int, int]], runs: Mapping[int, Runs]) -> dict[int, set[int]]:
    """Texts that hold two or more others which are no copies of each other, and those others."""
    parts: defaultdict[int, set[int]] = defaultdict(set)
    for i, j in held:
        short, long = sorted((i, j), key=lambda k: (len(runs[k]), k))
        parts[long].add(short)
    found: dict[int, set[int]] = {}
    # The shorter first: what holds a digest is one too.
    for long in sorted(parts, key=lambda k: (len(runs[k]), k)):
        if parts[long] & found.keys() or _apart(parts[long], runs):
            found[long] = parts[long]
    return found


def _apart(inner: Iterable[int], runs: Mapping[int, Runs]) -> bool:
    """Whether one of the texts is no copy of the shortest of them.

    Where none is, each has most of the shortest, and with it they are copies of each other.
    """
    first, *others = (runs[k] for k in sorted(inner, key=lambda k: (len(runs[k]), k)))
    return any(len(first & other) <= UNLIKE * len(first) for other in others)


def digest_of(digests: Mapping[str, frozenset[str]], tied: Edge) -> tuple[str, ...]:
    """The digest and its part where an edge joins the two; () where it does not."""
    for digest, part in ((tied.one, tied.other), (tied.other, tied.one)):
        if part in digests.get(digest, ()):
            return digest, part
    return ()


def stories(found: Copies) -> list[tuple[tuple[str, ...], str]]:
    """Claims that tell one story with the reasons, and each digest; the rest are left out."""
    told = Unions()
    reasons: defaultdict[str, set[str]] = defaultdict(set)
    for tied in found.edges:
        for end in (tied.one, tied.other):
            told.find(end)
        if digest_of(found.digests, tied):
            continue
        for end in (tied.one, tied.other):
            reasons[end].add(tied.reason)
        told.join(tied.one, tied.other)
    groups = [sorted(group) for group in told.groups()]
    return [
        (tuple(group), ", ".join(sorted(set().union(*(reasons[claim] for claim in group)))))
        for group in groups
        if len(group) > 1 or group[0] in found.digests
    ]
