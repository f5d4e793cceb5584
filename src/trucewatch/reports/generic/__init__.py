"""Any CSV, GeoJSON or Parquet, read through a small mapping file: no code for a user's data."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.errors import ConfigurationError, RecordRejected
from trucewatch.reports.fields import zone_of
from trucewatch.reports.generic.claims import build_report
from trucewatch.reports.generic.formats import records
from trucewatch.reports.generic.mapping import load_mapping, shipped_mapping, shipped_mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.model import Report
    from trucewatch.reports.reader import Delivery, Reader

__all__ = ["READER", "GenericReader", "load_mapping", "shipped_mapping", "shipped_mappings"]


class GenericReader:
    """Reads a delivery as its mapping says; a source must name it, for no bytes show a mapping."""

    name = "generic"

    def recognises(self, head: bytes) -> bool:
        """Never: without a mapping nobody knows what the columns mean."""
        del head
        return False

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """Every record; ConfigurationError, before the first, where the mapping is wrong."""
        if delivery.mapping is None:
            raise ConfigurationError(
                f"source {delivery.source.id}: the generic reader needs a mapping file",
                file="sources.toml",
                field="mapping",
            )
        mapping = load_mapping(delivery.mapping, delivery.mapping_name)
        zone = (
            zone_of(delivery.source) if mapping.time.zone is None else ZoneInfo(mapping.time.zone)
        )
        for record in records(delivery.raw, mapping):
            if isinstance(record, RecordRejected):
                yield record
                continue
            try:
                yield build_report(record, mapping, delivery, zone)
            except ValueError as error:
                yield record.row.reject(str(error))


READER: Reader = GenericReader()
