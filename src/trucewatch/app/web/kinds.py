"""A kind of event as pages, the API and the map are asked for it: with all that are kinds of it."""

from __future__ import annotations

from trucewatch.model import kind_tree


def below(kind: str) -> tuple[str, ...]:
    """A kind and every kind that it is an ancestor of; one that the tree lacks alone."""
    tree = kind_tree()
    return tuple(one for one in tree if tree.is_a(one, kind)) if kind in tree else (kind,)
