"""Alerts as records: the messages that were sent to this viewer's audience, as they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.publishing.alerting import sent_before
from trucewatch.app.web.composing.issuing import PUBLIC
from trucewatch.bulletins.alerts import render_cap
from trucewatch.bulletins.views import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.web.composing.material import Material


def alerts(material: Material) -> Iterator[Draft]:
    """Each message of the log that this viewer may have got, the newest first.

    Whoever works inside reads all of them; anybody else their own audience's and the public ones.
    """
    mine = {PUBLIC, material.sight.audience.name}
    for one in sent_before(material.mission):
        if not material.sight.inside and one.audience not in mine:
            continue
        told = one.alert
        yield Draft(
            sort="alert",
            id=told.identifier,
            exact={
                "id": told.identifier,
                "order": -told.sent.timestamp(),
                "audience": one.audience,
                "subject": one.subject,
                "incidents": list(told.incidents),
                "sent": material.local(told.sent),
                "message": told.message.value,
                "status": told.status.value,
                "headline": None if told.info is None else told.info.headline,
                "certainty": None if told.info is None else told.info.certainty,
                "note": told.note,
                "corrects": [earlier.identifier for earlier in told.references],
                "cap": render_cap(told).decode("utf-8"),
            },
        )
