"""What states have promised, for readers: behind the same door as everything else."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.bulletins import published as pub
from trucewatch.bulletins.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.bulletins.situation import Commitment
    from trucewatch.bulletins.veil import Veil

_LONGEST = 300


def pledges_by_stage(pledges: Iterable[Commitment], veil: Veil) -> tuple[pub.Stage, ...]:
    """The statements by stage, then by state and priority.

    One that names a sealed source as its state is left out. Words that would give a source or a
    place away are left empty, and the statement stays.
    """
    stages: defaultdict[str, list[pub.Pledge]] = defaultdict(list)
    for one in pledges:
        if veil.gives_away(one.by) or veil.gives_away(one.id):
            continue
        stages[plain(one.stage)].append(
            pub.Pledge(
                id=plain(one.id),
                by=plain(one.by),
                priority=plain(one.priority),
                domains=tuple(plain(domain) for domain in one.domains),
                what=veil.words(one.what, longest=_LONGEST) or "",
                sure=one.sure,
                standing=plain(one.standing),
                authorised=plain(one.authorised),
                limits=veil.free(one.limits),
            )
        )
    return tuple(
        pub.Stage(
            stage=stage,
            pledges=len(stages[stage]),
            statements=tuple(
                sorted(stages[stage], key=lambda one: (one.by, one.priority, one.id, repr(one)))
            ),
        )
        for stage in sorted(stages)
    )
