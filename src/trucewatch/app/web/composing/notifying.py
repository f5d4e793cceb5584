"""Deconfliction as records, for those who keep it: notices, and incidents that touched them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.notices.keeping import listing, matches
from trucewatch.bulletins.views import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.web.composing.material import Material


def notices(material: Material) -> Iterator[Draft]:
    """Every notice as it stands, and each incident that touched one or nearly did.

    Made for nobody but who works inside: the policy names the desk and the lead, and for any other
    sight there is nothing to hide, as nothing is read.
    """
    if not material.sight.inside:
        return
    for order, row in enumerate(listing(material.mission)["notices"]):
        yield Draft(sort="notice", id=row["id"], exact={**row, "order": order})
    found = matches(material.mission)
    for row in (*found["matches"], *found["near_misses"]):
        name = f"{row['notice']}.{row['version']}.{row['incident']}"
        yield Draft(sort="match", id=name, exact={"id": name, **row})
