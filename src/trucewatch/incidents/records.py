"""The record of parameters in force: the values, and how, when and from what they came."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, cast

import rfc8785

from trucewatch.incidents.parameters_json import Reader, load_json, values_of
from trucewatch.model import utc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trucewatch.incidents.parameters import Parameters
    from trucewatch.model import Source

FORM = 1
"""The form of a record; a field that is added, dropped or changes its meaning raises it."""


class How(StrEnum):
    """How parameters came into force."""

    DEFAULTS = "defaults"
    LEARNT = "learnt"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that differs; `source` is "" for what all sources share, None means none."""

    source: str
    field: str
    old: float | bool | None
    new: float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntFrom:
    """What a log held when parameters were learnt from it.

    `entries` is the log's size, which depends on how often things were delivered; `records` and
    `root` name the same evidence without regard to that. `reports` were learnt from, of which
    `joined` share a happening with another source.
    """

    entries: int
    records: int
    root: str
    reports: int
    joined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersRecord:
    """Parameters and how they came into force: what an entry of the log holds.

    `at` is when it was decided, by the decider's clock, and None for the defaults. `version` is
    of the code. `learnt_from` stands where they were learnt, `reason` where a person gave them.
    """

    how: How
    parameters: Parameters
    version: str
    at: datetime | None = None
    reason: str = ""
    learnt_from: LearntFrom | None = None
    changes: tuple[Change, ...] = ()


def compare_parameters(
    old: Parameters, new: Parameters, sources: Mapping[str, Source]
) -> tuple[Change, ...]:
    """What differs, sorted by source and field; of a source, what holds for it before and after.

    Whether a value is a source's own or that of its kind makes no difference here.
    """
    before, after = _flat(old, sources), _flat(new, sources)
    return tuple(
        Change(source=key[0], field=key[1], old=before.get(key), new=after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def encode_record(record: ParametersRecord) -> bytes:
    """The record as canonical JSON (RFC 8785). Raises ValueError for the defaults: no entry."""
    if record.at is None or record.how is How.DEFAULTS:
        raise ValueError("defaults are in force without an entry; an entry says when")
    return rfc8785.dumps(
        {
            "form": FORM,
            "how": record.how.value,
            "at": utc(record.at).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "version": record.version,
            "reason": record.reason,
            "learnt_from": None if record.learnt_from is None else asdict(record.learnt_from),
            "changes": [asdict(each) for each in record.changes],
            "values": values_of(record.parameters),
        }
    )


def decode_record(raw: bytes, *, file: str) -> ParametersRecord:
    """What `encode_record` wrote; ConfigurationError with file and field for anything else."""
    reader = Reader(file)
    data = reader.whole(
        load_json(raw, file=file),
        "",
        {"form", "how", "at", "version", "reason", "learnt_from", "changes", "values"},
    )
    if data["form"] != FORM:
        raise reader.fault("form", f"this version reads form {FORM} of parameters")
    how = reader.text(data["how"], "how")
    if how not in {How.LEARNT, How.GIVEN}:
        raise reader.fault("how", "'learnt' or 'given'")
    told = data["learnt_from"]
    if (told is None) is (how == How.LEARNT):
        raise reader.fault("learnt_from", "stands where they were learnt, and only there")
    if not isinstance(data["changes"], list):
        raise reader.fault("changes", "a list")
    return ParametersRecord(
        how=How(how),
        parameters=reader.parameters(data["values"], "values"),
        version=reader.text(data["version"], "version"),
        at=reader.moment(data["at"], "at"),
        reason=reader.text(data["reason"], "reason"),
        learnt_from=None if told is None else _learnt_from(reader, told, "learnt_from"),
        changes=tuple(
            _change(reader, each, f"changes.{n}") for n, each in enumerate(data["changes"])
        ),
    )


def _learnt_from(reader: Reader, data: object, at: str) -> LearntFrom:
    found = reader.whole(data, at, {each.name for each in fields(LearntFrom)})
    return LearntFrom(
        root=reader.text(found["root"], f"{at}.root"),
        **{
            name: reader.count(found[name], f"{at}.{name}")
            for name in ("entries", "records", "reports", "joined")
        },
    )


def _change(reader: Reader, data: object, at: str) -> Change:
    found = reader.whole(data, at, {each.name for each in fields(Change)})
    old, new = (
        found[name]
        if found[name] is None or isinstance(found[name], bool)
        else reader.number(found[name], f"{at}.{name}")
        for name in ("old", "new")
    )
    return Change(
        source=reader.text(found["source"], f"{at}.source"),
        field=reader.text(found["field"], f"{at}.field"),
        old=old,
        new=new,
    )


def _flat(
    parameters: Parameters, sources: Mapping[str, Source]
) -> dict[tuple[str, str], float | bool]:
    """Every value by source ("" for what all share) and the name of its field."""
    out: dict[tuple[str, str], float | bool] = {}

    def lay(source: str, field: str, value: object) -> None:
        if isinstance(value, (int, float)):
            out[source, field] = value
            return
        items = value.items() if isinstance(value, dict) else enumerate(cast("list[object]", value))
        for key, each in items:
            lay(source, f"{field}.{key}" if field else str(key), each)

    values = values_of(parameters)
    lay("", "", {name: value for name, value in values.items() if name != "by_source"})
    for name, own in values["by_source"].items():
        lay(name, "", own)
    for name, source in sources.items():
        lay(name, "", asdict(parameters.of(source)))
    return out
