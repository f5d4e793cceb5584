"""The readers there are, and which of them reads a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import ConfigurationError, RecordRejected
from trucewatch.model import Point
from trucewatch.reports import clouds, field, firms, generic, press, sirens, smm, ucdp, viina
from trucewatch.reports.reader import HEAD_BYTES, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.model import Extent, Report
    from trucewatch.reports.reader import Delivery, Reader

# Each reader's folder exports its reader as READER; the order here means nothing.
READERS: tuple[Reader, ...] = (
    clouds.READER,
    field.READER,
    firms.READER,
    generic.READER,
    press.READER,
    sirens.READER,
    smm.READER,
    ucdp.READER,
    viina.READER,
)


def read_delivery(delivery: Delivery) -> Iterator[Report | RecordRejected]:
    """Every record of a delivery, as a report or as a rejection with a reason.

    The reader is the one that the source names, else the only one that recognises the bytes.
    Duplicates are yielded as they come. Bytes never raise; a source that names a reader that
    does not exist, or a bad mapping file, is a ConfigurationError.
    """
    reader = _reader(delivery)
    if isinstance(reader, RecordRejected):
        yield reader
        return
    for item in reader.read(delivery):
        if isinstance(item, RecordRejected) or delivery.extent is None:
            yield item
        else:
            yield _within(item, delivery.extent)


def _reader(delivery: Delivery) -> Reader | RecordRejected:
    wanted = delivery.source.reader
    if wanted is not None:
        for reader in READERS:
            if reader.name == wanted:
                return reader
        raise ConfigurationError(
            f"source {delivery.source.id}: no reader is called {wanted!r}; "
            f"there are {', '.join(sorted(r.name for r in READERS))}",
            file="sources.toml",
            field="reader",
        )
    head = delivery.raw[:HEAD_BYTES]
    known = [reader for reader in READERS if reader.recognises(head)]
    if len(known) == 1:
        return known[0]
    if known:
        names = ", ".join(sorted(reader.name for reader in known))
        return RecordRejected(f"several readers recognise it: {names}", pointer=WHOLE)
    return RecordRejected(
        "no reader recognises it: give its source a mapping for the generic reader", pointer=WHOLE
    )


def _within(report: Report, extent: Extent) -> Report | RecordRejected:
    for claim in report.claims:
        place = claim.place
        if isinstance(place, Point) and not (
            extent.south <= place.lat <= extent.north and extent.west <= place.lon <= extent.east
        ):
            return RecordRejected(
                "the place lies outside the area that the mission looks at",
                pointer=report.raw.pointer,
                start=report.raw.start,
                length=report.raw.length,
            )
    return report
