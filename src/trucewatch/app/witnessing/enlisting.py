"""Adding a witness to a mission: a table at the end of `mission.toml`, checked before it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.files import write_whole
from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import ConfigurationError, NotFound, Refused
from trucewatch.evidence.tlog.cosignatures import Cosigner
from trucewatch.evidence.tlog.notes import Verifier

if TYPE_CHECKING:
    from pathlib import Path

FILE = "mission.toml"


def add(
    folder: Path, *, name: str, vkey: str, url: str, title: str = "", state: str = ""
) -> dict[str, Any]:
    """Append a `[[witness]]` and tell what a quorum now takes; every other byte stays as it was.

    Raises Refused, with what is wrong and nothing written, where the file with it would not be
    valid or the key is that of the mission's own log; NotFound where there is no mission.
    """
    before = _text(folder)
    read_settings(MissionFile, before, file=FILE)
    fields = {"id": name, "name": title, "vkey": vkey, "url": url, "state": state}
    table = "".join(f"{key} = {_quoted(value)}\n" for key, value in fields.items() if value)
    after = f"{before.rstrip()}\n\n[[witness]]\n{table}"
    try:
        settings = read_settings(MissionFile, after, file=FILE)
    except ConfigurationError as fault:
        field = fault.field.split(".")[-1]
        raise Refused(f"not added: {field + ': ' if field else ''}{fault.message}") from None
    own = _own(folder)
    if own is not None and Verifier.parse(own).public == Cosigner.parse(vkey).public:
        raise Refused("not added: this is the key of the log itself; a log is not its own witness")
    write_whole(folder / FILE, after.encode())
    count = len(settings.witness)
    return {
        "witness": name,
        "witnesses": count,
        "quorum": settings.witnessing.quorum,
        "resists_split_view": 1 + 2 * count // 3,
        "log": own,
    }


def settings_now(folder: Path) -> MissionFile:
    """What `mission.toml` says at this moment, in the log or not; errors as `add`."""
    return read_settings(MissionFile, _text(folder), file=FILE)


def witness_keys(folder: Path) -> tuple[str, ...]:
    """The keys of the witnesses that `mission.toml` names now; none where there is no such file.

    A copy of a log that was handed on has none. ConfigurationError where it is there and wrong.
    """
    try:
        return tuple(one.vkey for one in settings_now(folder).witness)
    except NotFound:
        return ()


def _text(folder: Path) -> str:
    try:
        return (folder / FILE).read_bytes().decode()
    except FileNotFoundError:
        raise NotFound(f"no {FILE} in {folder}: name the mission's folder with --mission") from None
    except UnicodeDecodeError:
        raise ConfigurationError("not UTF-8", file=FILE) from None


def _own(folder: Path) -> str | None:
    """The public key of the mission's log; None before the log has begun."""
    path = folder / "evidence" / "vkey"
    return path.read_text("utf-8").strip() if path.is_file() else None


def _quoted(text: str) -> str:
    """A TOML basic string; what a terminal may have sent along is escaped, to be refused."""
    escaped = {"\\": "\\\\", '"': '\\"'}
    shown = (
        f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else escaped.get(c, c) for c in text
    )
    return f'"{"".join(shown)}"'


def lines(data: dict[str, Any]) -> list[str]:
    """What `add` did, for people."""
    count, least = data["witnesses"], data["resists_split_view"]
    noun = "witness" if count == 1 else "witnesses"
    out = [f"Added {data['witness']}: {count} {noun} in {FILE}."]
    if data["quorum"] is None:
        out.append("No quorum is set: write 'quorum = N' below [witnessing].")
    elif data["quorum"] == "none":
        out.append('The quorum is "none", so nobody is waited for: write a number in its place.')
    if data["quorum"] is None or (isinstance(data["quorum"], int) and data["quorum"] < least):
        out.append(f"A quorum of {least} of {count} resists a split view; a smaller one does not.")
    if data["log"]:
        out.append("The witness must know this log. Its operator enters, in one line:")
        out.append(f"  trucewatch witness watch DIR '{data['log']}'")
    return out
