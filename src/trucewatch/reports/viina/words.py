"""What VIINA's stems, codes and marks mean, read from `words.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from trucewatch.model import Attribution, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One medium of the provider's list, and the hosts of its own pages."""

    name: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The tables of `words.toml`; errors are in metres."""

    weapons: Mapping[str, tuple[str, ...]]
    acts: Mapping[str, str]
    named_m: float
    unnamed_m: float
    doubtful_m: float
    triage: Mapping[str, str]
    marks: Mapping[str, tuple[str, ...]]
    outlets: Mapping[str, Outlet]


@cache
def words() -> Words:
    """The tables as they ship."""
    tree = tomllib.loads(
        files("trucewatch.reports.viina").joinpath("words.toml").read_text("utf-8")
    )
    return Words(
        weapons={stem: tuple(kinds) for stem, kinds in tree["kinds"]["weapon"].items()},
        acts=tree["kinds"]["act"],
        named_m=float(tree["place"]["named_m"]),
        unnamed_m=float(tree["place"]["unnamed_m"]),
        doubtful_m=float(tree["place"]["doubtful_m"]),
        triage=tree["triage"],
        marks={name: tuple(marks) for name, marks in tree["marks"].items()},
        outlets={
            code: Outlet(name=outlet["name"], hosts=tuple(outlet["hosts"]))
            for code, outlet in tree["outlets"].items()
        },
    )


def kind_of(terms: Iterable[str]) -> str:
    """The exactest kind that all the attack terms of a record allow; "hostile_act" at the least.

    Several weapons give their nearest common ancestor. A weapon without a word for a strike is
    left out: it may be the thing that was destroyed.
    """
    table = words()
    lower = [term.casefold() for term in terms]
    acts = {k for stem, k in table.acts.items() if any(t.startswith(stem) for t in lower)}
    weapons = {
        kind
        for stem, kinds in table.weapons.items()
        if any(term.startswith(stem) for term in lower)
        for kind in kinds
    }
    if not acts:
        return "hostile_act"
    if not weapons:
        return "explosion" if "explosion" in acts else "hostile_act"
    tree = kind_tree()
    first, *others = sorted(weapons)
    return next(
        kind for kind in tree.lineage(first) if all(tree.is_a(other, kind) for other in others)
    )


def attributions(
    codes: list[str], links: list[str], headline: str | None
) -> tuple[Attribution, ...]:
    """One attribution for each outlet and each link, in the order of the alphabet.

    The provider's two lists do not run side by side. A link belongs to the outlet on whose pages
    it is, or to the only outlet there is; another stands alone, as nobody can say whose it is.
    """
    left = set(links)
    host_of = {link: _host(link) for link in left}
    alone = len(set(codes)) == 1
    found: list[tuple[str, str]] = []
    for code in sorted(set(codes)):
        outlet = words().outlets.get(code)
        if outlet is None:
            # An outlet that the table does not know has no pages of its own to look for.
            outlet = Outlet(name=code, hosts=())
            own = sorted(host_of) if alone else []
        else:
            own = sorted(link for link in host_of if alone or _on(host_of[link], outlet.hosts))
        found += [(outlet.name, link) for link in own] or [(outlet.name, "")]
        left -= set(own)
    found += [("", link) for link in left]
    return tuple(
        Attribution(outlet=outlet or None, link=link or None, headline=headline)
        for outlet, link in sorted(set(found))
    )


def _host(link: str) -> str:
    """The host of a link, blank where it is none."""
    try:
        return urlsplit(link).hostname or ""
    except ValueError:
        return ""


def _on(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in hosts)


def marked(mark: str, *texts: str) -> bool:
    """Whether any of the texts has a word of that mark, such as "round_up"."""
    folded = [text.casefold() for text in texts]
    return any(word in text for word in words().marks[mark] for text in folded)
