"""Every exception that may cross a package boundary.

TrucewatchError
├── RecordRejected       one record is unusable; quarantine it and carry on
├── SourceUnavailable    a whole source is unusable; try again later
├── ConfigurationError   a file a person wrote is wrong; names file, line and field
├── EvidenceError        the log cannot be trusted or written; stop
│   ├── LogBusy          another process writes it at this moment; try again
│   ├── LogDamaged       what is on disk contradicts itself
│   └── WriteFailed      a write or fsync failed; nothing was acknowledged
├── StoreUnavailable     the projection cannot be read or written; the log is untouched
├── NotFound             no such incident, report or bulletin
├── Erased               the bytes were erased for a reason that the log tells
├── Locked               the bytes are encrypted, and no identity at hand opens them
├── Refused              somebody may not enter this; says who may
├── Withheld             publication is not allowed for this audience or yet
├── NotAllowed           this person may not do it; the message says who may
└── MissingExtra         an optional part is not installed; names the extra
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


_LONGEST = 900


class TrucewatchError(Exception):
    """The base of every error that Trucewatch raises on purpose."""


class RecordRejected(TrucewatchError):
    """One record is unusable; quarantine it with this reason and carry on with the next.

    `reason` is for people and never quotes more than a few words of the record; `pointer` says
    where the record stands in its payload ("line 17", "/features/3", "the whole delivery");
    `start` and `length` are its byte span in the payload (0 and 0: the whole of it).
    """

    def __init__(self, reason: str, *, pointer: str, start: int = 0, length: int = 0) -> None:
        super().__init__(f"{pointer}: {reason}")
        self.reason = reason
        self.pointer = pointer
        self.start = start
        self.length = length


class SourceUnavailable(TrucewatchError):
    """A whole source is unusable at present; try again later."""


class ConfigurationError(TrucewatchError):
    """A file that a person wrote is wrong; the message names the file, line and field.

    Message and field are cut in the middle where they are longer than people read.
    """

    def __init__(
        self, message: str, *, file: str, line: int | None = None, field: str = ""
    ) -> None:
        # What is quoted of the file may be of any length.
        message, field = _shortened(message), _shortened(field)
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {field + ': ' if field else ''}{message}")
        self.message = message
        self.file = file
        self.line = line
        self.field = field


def _shortened(text: str) -> str:
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]} … {text[-half:]}"


class EvidenceError(TrucewatchError):
    """The evidence log cannot be trusted or written; stop."""


class LogBusy(EvidenceError):
    """Another process writes the log at this moment: a log has one writer at a time."""


class LogDamaged(EvidenceError):
    """What is on disk contradicts itself; nothing may be appended until a person has looked."""


class WriteFailed(EvidenceError):
    """A write or fsync failed: the entry was not acknowledged, and the process must stop."""


class StoreUnavailable(TrucewatchError):
    """The projection cannot be opened, read or written; it may be deleted, the log is the truth."""


class NotFound(TrucewatchError):
    """No such incident, report, finding or bulletin in this mission."""


class Erased(TrucewatchError):
    """The bytes were erased; `entry` (of the log), `at` and `reason` say by whose word and why.

    It is raised where they are asked for, and where the same bytes are to be taken in again, also
    while a copy that somebody put back lies in the folder.
    """

    def __init__(self, payload: str, *, entry: int, at: datetime, reason: str) -> None:
        super().__init__(
            f"payload {payload} was erased by log entry {entry} of "
            f"{at.isoformat(timespec='seconds')}: {reason}"
        )
        self.payload = payload
        self.entry = entry
        self.at = at
        self.reason = reason


class Locked(TrucewatchError):
    """The bytes are encrypted, and no identity at hand opens them; the message says what to do."""


class Refused(TrucewatchError):
    """Somebody may not enter this, or not in this form; nothing was written."""


class Withheld(TrucewatchError):
    """Publication is not allowed for this audience, or not yet."""


class NotAllowed(TrucewatchError):
    """This person may not do it; the message says who may, and how somebody comes to be one."""


class MissingExtra(TrucewatchError):
    """An optional part is not installed; the message names the extra to install."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part: pip install 'trucewatch[{extra}]'")
        self.extra = extra
