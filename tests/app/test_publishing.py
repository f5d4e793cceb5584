"""What may not be published stops everything before anything is written."""

from __future__ import annotations

from datetime import date

import pytest

from trucewatch.app.intake import ingest
from trucewatch.app.publishing import bulletins as publishing
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import Withheld


def test_a_refusal_for_the_second_day_leaves_the_first_unwritten(
    empty_mission, data, open_mission, monkeypatch
):
    real = publishing.redact

    def refuses(bulletin, audience):
        if bulletin.period.first == date(2026, 4, 12):
            raise Withheld("a sealed name was found")
        return real(bulletin, audience)

    monkeypatch.setattr(publishing, "redact", refuses)
    with open_mission(empty_mission) as mission:
        ingest(mission, sorted(data.iterdir()))
        derived = bring_up_to_date(mission)
        size = mission.log.size
        with pytest.raises(Withheld):
            publishing.publish(mission, derived, days=[date(2026, 4, 11), date(2026, 4, 12)])
        assert mission.log.size == size
        assert not mission.bulletins.exists()
