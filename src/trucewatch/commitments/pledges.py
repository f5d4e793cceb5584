"""`commitments.yaml`: one promise of one state an entry, and what the plan needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.commitments.forms import LedgerForm, NewsForm, PledgeForm
from trucewatch.documents import Document, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.commitments.ledger import News
    from trucewatch.model import Need, Pledge


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was promised and what the plan needs, each sorted by id."""

    pledges: tuple[Pledge, ...] = ()
    needs: tuple[Need, ...] = ()


def read_ledger(text: str, *, file: str) -> Ledger:
    """The pledges and needs that a YAML text lists, sorted by id.

    Raises ConfigurationError, naming file, line and field, for the first entry that is faulty, has
    no source, or uses an id for the second time.
    """
    document = read_document(text, file=file)
    form = document.fill(LedgerForm)
    _check_once(document, "needs", [one.id for one in form.needs])
    _check_once(document, "pledges", [one.id for one in form.pledges])
    needs = tuple(sorted((one.noun() for one in form.needs), key=lambda one: one.id))
    if not form.pledges:
        return Ledger(needs=needs)
    if form.timezone is None:
        raise document.refuse(("timezone",), "the days of `said` need a time zone")
    zone = ZoneInfo(form.timezone)
    pledges = sorted((one.noun(zone) for one in form.pledges), key=lambda one: one.id)
    return Ledger(pledges=tuple(pledges), needs=needs)


def read_pledge(keys: Mapping[str, object], *, file: str, zone: ZoneInfo) -> Pledge:
    """One statement from the keys of `commitments.yaml`; its days are local days of `zone`.

    Raises ConfigurationError with `file` and the field. Days are text, as they are in the file.
    """
    return Document(file, dict(keys), {}).fill(PledgeForm).noun(zone)


def read_news(keys: Mapping[str, object], *, file: str, zone: ZoneInfo) -> News:
    """What a source says of a statement that is known, from the keys that may change.

    Raises ConfigurationError with `file` and the field.
    """
    return Document(file, dict(keys), {}).fill(NewsForm).noun(zone)


def _check_once(document: Document, field: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for place, one in enumerate(ids):
        if one in seen:
            raise document.refuse((field, place, "id"), f"{one!r} stands here twice")
        seen.add(one)
