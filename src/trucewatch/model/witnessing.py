"""How far a record of the log can be trusted without trusting who keeps the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Grade(StrEnum):
    """What stands behind a record: its keeper's word alone, a witness, or a quorum of witnesses."""

    RECORDED = "recorded"
    APPEND_ONLY = "append-only"
    FINDING = "finding-grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """One witness's signature on a checkpoint, and the time that it says it signed at."""

    witness: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time stamp on a checkpoint of `size` entries: by `not_after` they stood in the log.

    It is the word of an `authority` that saw a hash and is no witness: it raises no grade. `at` is
    what it says, to the second; `not_after` counts in how far it says that it may be off, where it
    says that at all.
    """

    size: int
    at: datetime
    not_after: datetime
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """The grade of a record, who cosigned it, and by when it certainly stood in the log.

    `by` is sorted by name. `not_after` is the (f+1)-th smallest time of the cosignatures, where f
    of the witnesses may lie; None below finding grade.
    """

    grade: Grade
    by: tuple[Cosigned, ...] = ()
    not_after: datetime | None = None
