"""What a form alone cannot say: names that must exist, times, spans. Every fault is noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.agreements.conditions.compiling import check_condition
from trucewatch.agreements.moments import has_offset, read_moment, read_span, read_zone
from trucewatch.model import ALWAYS, NEVER, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from trucewatch.agreements.conditions.expressions import Fact
    from trucewatch.agreements.reading.forms import HoldsForm, WindowForm
    from trucewatch.documents import Document, Path
    from trucewatch.errors import ConfigurationError

OPEN = "open"
NOT_YET = "not yet"


@dataclass(slots=True)
class Checks:
    """The checks of one file: a fault is noted and reading goes on, so that all are found.

    What is read after a fault is of no use but to find more of them.
    """

    document: Document
    zone: ZoneInfo | None = None
    regions: frozenset[str] = frozenset()
    faults: list[ConfigurationError] = field(default_factory=list)

    def note(self, path: Path, message: str) -> None:
        """Note a fault of the value at `path`."""
        self.faults.append(self.document.refuse(path, message))

    def unique(self, names: Sequence[str], path: Path, *, key: str | None = "id") -> frozenset[str]:
        """The names as a set; a fault where one stands twice."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name in seen:
                here = (*path, place) if key is None else (*path, place, key)
                self.note(here, f"{name!r} stands here twice")
            seen.add(name)
        return frozenset(seen)

    def known(
        self, names: Iterable[str], among: Collection[str], path: Path, what: str, hint: str = ""
    ) -> None:
        """Note each name that nothing in the file defines, and each that is given twice."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name not in among:
                self._unknown(name, among, (*path, place), what, hint)
            elif name in seen:
                self.note((*path, place), f"{name!r} stands here twice")
            seen.add(name)

    def one_of(self, name: str | None, among: Collection[str], path: Path, what: str) -> None:
        """Note a single name that nothing in the file defines; None is no name."""
        if name is not None and name not in among:
            self._unknown(name, among, path, what, "")

    def _unknown(self, name: str, among: Collection[str], path: Path, what: str, hint: str) -> None:
        choice = ", ".join(sorted(among)) or "none are defined"
        self.note(path, f"{name!r} is no known {what}{hint} ({choice})")

    def read_zone(self, name: str | None, path: Path) -> ZoneInfo | None:
        """The time zone of that name; that of the whole file where none is given."""
        if name is None:
            return self.zone
        try:
            return read_zone(name)
        except ValueError as fault:
            self.note(path, str(fault))
            return None

    def window(self, form: WindowForm, path: Path) -> Window:
        """The span in UTC; NEVER where it says "not yet"."""
        return self._span(form, path, ("start", "end"))

    def holds(self, form: HoldsForm | None, path: Path) -> Window:
        """When something holds, in UTC; ALWAYS where nothing is said."""
        return ALWAYS if form is None else self._span(form, path, ("from", "until"))

    def _span(self, form: WindowForm | HoldsForm, path: Path, fields: tuple[str, str]) -> Window:
        before = len(self.faults)
        zone = self.read_zone(form.timezone, (*path, "timezone"))
        if form.start == NOT_YET:
            if form.end != OPEN:
                self.note((*path, fields[1]), f"must be {OPEN!r} where it does not hold yet")
            return NEVER
        own = form.timezone is not None
        start, end = (
            self._moment(text, zone if own or not has_offset(text) else None, (*path, key), before)
            for text, key in zip((form.start, form.end), fields, strict=True)
        )
        if start is not None and end is not None and end <= start:
            self.note((*path, fields[1]), "does not lie after the start")
            return ALWAYS
        return Window(start, end)

    def _moment(self, text: str, zone: ZoneInfo | None, path: Path, before: int) -> datetime | None:
        if text == OPEN:
            return None
        try:
            return read_moment(text, zone)
        except ValueError as fault:
            # Without its time zone a time cannot be read: that is one fault, and noted.
            if len(self.faults) == before or zone is not None:
                self.note(path, str(fault))
            return None

    def length(self, text: str, path: Path) -> timedelta:
        """A length of time; none at all after a fault."""
        try:
            return read_span(text)
        except ValueError as fault:
            self.note(path, str(fault))
            return timedelta(0)

    def condition(self, text: str | None, facts: Mapping[str, Fact], path: Path) -> None:
        """Note a condition that cannot be asked of these facts."""
        try:
            if text is not None:
                check_condition(text, facts, regions=self.regions)
        except ValueError as fault:
            self.note(path, str(fault))
