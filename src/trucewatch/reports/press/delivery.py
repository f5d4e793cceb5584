"""Articles as reports of a mission: kept, counted and read by the desk; they claim no incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Report, content_id
from trucewatch.reports.fields import zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.reports.reader import Delivery, Reader


def report_id(source: str, article: str) -> str:
    """The id of the report that an article of a source is kept as."""
    return content_id("rep", [source, article])


class PressReader:
    """Reads saved pages, archives, feeds and flat text of one outlet.

    A source must name it: any text could be an article, so the bytes never decide for it.
    """

    name = "press"

    def recognises(self, head: bytes) -> bool:  # noqa: ARG002 -- the protocol's
        """Never: a list of records taken for an article would vanish without a word."""
        return False

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """Every article as a report without claims; its statements are the desk's affair."""
        # It takes half a second to load what reads pages, and most missions have none.
        from trucewatch.reports.press.reading import read_articles

        source = delivery.source
        zone = zone_of(source)
        for item in read_articles(delivery.raw, name=delivery.name, outlet=source.name, zone=zone):
            if isinstance(item, RecordRejected):
                yield item
            else:
                yield Report(
                    id=report_id(source.id, item.id),
                    source=source.id,
                    raw=item.raw,
                    published=item.published,
                    text=item.text,
                    article=item,
                )


READER: Reader = PressReader()
