"""The stories that a mission's articles tell, as records: what is agreed, disputed, said first."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from trucewatch.app.press.articles import ingested
from trucewatch.bulletins.brief import AtHand, render_brief_json
from trucewatch.bulletins.views import Draft
from trucewatch.commitments import ledger_at
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.press.desk import Delivered
    from trucewatch.app.web.composing.material import Material
    from trucewatch.model import Informant, Source


def stories(material: Material) -> Iterator[Draft]:
    """A record for each story of the press articles that the mission holds; none without articles.

    Articles of sources under seal are not read at all, so that nothing of them is in any story.
    Quotations are as short as in a brief, whose own check every sentence has passed.
    """
    configuration = material.configuration
    held = [
        each
        for source, each in ingested(material.mission, configuration)
        if not configuration.sources[source].sealed
    ]
    if not held:
        return
    at_hand = AtHand(
        name=configuration.mission.mission.name,
        agreement=configuration.agreement,
        pledges=tuple(
            one
            for one in ledger_at(configuration.pledges, material.mission.decisions())
            if not material.veil.gives_away(one.source)
        ),
    )
    told = _told(
        tuple(held),
        configuration.informants,
        tuple(one for one in configuration.sources.values() if not one.sealed),
        at_hand,
    )
    for brief in told:
        yield _story(brief)


@lru_cache(maxsize=4)
def _told(
    held: tuple[Delivered, ...],
    informants: tuple[Informant, ...],
    sources: tuple[Source, ...],
    at_hand: AtHand,
) -> tuple[dict[str, Any], ...]:
    """The briefs of some deliveries, kept: it takes seconds, and most views share them."""
    # The desk takes half a second to load, and most missions have no articles.
    from trucewatch.app.press import desk

    at_desk = desk.read(held)
    if not at_desk.articles:
        return ()
    found = desk.tell(
        at_desk,
        informants=informants,
        sources={one.id: one for one in sources},
        at_hand=at_hand,
    )
    return tuple(json.loads(render_brief_json(one.brief)) for one in found)


def _story(brief: dict[str, Any]) -> Draft:
    tables = brief["tables"]
    verdicts = {
        one.value: sum(table["verdict"] == one.value for table in tables) for one in Verdict
    }
    articles = brief["articles"]
    return Draft(
        sort="story",
        id=brief["id"],
        exact={
            "id": brief["id"],
            "headline": brief["headline"]["text"],
            "glance": brief["glance"],
            "story": brief["story"],
            "points": brief["points"],
            "unsure": brief["unsure"],
            "matters": brief["matters"],
            "takeaways": brief["takeaways"],
            "tables": tables,
            "verdicts": verdicts,
            "articles": articles,
            "outlets": sorted({one["outlet"] for one in articles}),
            "languages": sorted({one["language"] for one in articles if one["language"]}),
            "citations": brief["citations"],
            "left_out": brief["left_out"],
            "reasons": brief["reasons"],
            "order": brief["number"],
            "number": brief["number"],
            "of": brief["of"],
        },
    )
