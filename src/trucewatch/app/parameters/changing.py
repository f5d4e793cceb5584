"""The parameters in force: shown, learnt from the log, or given by a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from trucewatch import __version__
from trucewatch.app.configuration import SOURCES
from trucewatch.app.in_force import OPERATOR
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.withdrawing import standing
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.incidents import (
    How,
    LearntFrom,
    Parameters,
    ParametersRecord,
    compare_parameters,
    encode_record,
    fingerprint,
    load_json,
    read_values,
    values_of,
)
from trucewatch.model import utc
from trucewatch.origins import find_origins

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from trucewatch.app.mission import Mission
    from trucewatch.incidents import Change

NAME = "parameters.json"
SHOWN = ("detection", "false_share", "place_scale", "tau_days", "coverage")
LONGEST_REASON = 1000


def in_force(mission: Mission, *, only: Collection[str] | None = None) -> dict[str, Any]:
    """The parameters in force by the log, and where those of each source came from."""
    record, entries = mission.parameters(), mission.in_force().parameters
    return {
        **_standing(record),
        "log_index": entries[-1].index if entries else None,
        "reason": record.reason,
        "learnt_from": None if record.learnt_from is None else asdict(record.learnt_from),
        "rate_per_km2_day": record.parameters.rate_per_km2_day,
        "rate_came": _came(record, "", "rate_per_km2_day"),
        "rate_peaks": len(record.parameters.rate_peaks),
        "sources": _sources(mission, record, only),
    }


def shown(mission: Mission) -> dict[str, Any]:
    """As `in_force`, with every value, in the form that `give` reads."""
    return {**in_force(mission), "values": values_of(mission.parameters().parameters)}


def _standing(record: ParametersRecord) -> dict[str, Any]:
    return {
        "fingerprint": fingerprint(record.parameters),
        "how": record.how.value,
        "since": None if record.at is None else f"{utc(record.at):%Y-%m-%dT%H:%M:%SZ}",
        "version": record.version,
    }


def _sources(
    mission: Mission, record: ParametersRecord, only: Collection[str] | None
) -> list[dict[str, Any]]:
    """The values of each registered source, by id."""
    rows = []
    own = dict(record.parameters.by_source)
    for name, source in sorted(mission.configuration().sources.items()):
        if only is not None and name not in only:
            continue
        values = record.parameters.of(source)
        rows.append(
            {
                "source": name,
                "kind": source.kind.value,
                **{field: getattr(values, field) for field in SHOWN},
                "came": {
                    field: _came(record, name, field)
                    if name in own
                    else f"stated for the kind {source.kind.value}"
                    for field in SHOWN
                },
            }
        )
    return rows


def _came(record: ParametersRecord, source: str, field: str) -> str:
    """Where one value came from, in a word or two."""
    if record.how is How.LEARNT and any(
        each.source == source and each.field == field for each in record.changes
    ):
        return "learnt"
    return "default" if record.how is How.DEFAULTS else "stated"


def learn_from_log(
    mission: Mission,
    *,
    dry_run: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """Learn from the reports in the log, and put what was learnt in force, unless `dry_run`.

    Learning starts from what people have stated. Where there is too little to learn from,
    `refused` says why and nothing is written; nor is anything where nothing would change.
    """
    # It brings compiled code with it, which no other command should wait for.
    from trucewatch.incidents.learn import learn

    bring_up_to_date(mission, progress=progress)
    configuration, in_force_now = mission.configuration(), mission.in_force()
    claims = tuple(claim for report in standing(mission) for claim in report.claims)
    if progress is not None:
        progress("learning", 0, 1)
    found = learn(
        claims,
        find_origins(claims, informants=configuration.informants, sources=configuration.sources),
        sources=configuration.sources,
        stated=mission.stated(),
    )
    if progress is not None:
        progress("learning", 1, 1)
    old = mission.parameters()
    changed = compare_parameters(old.parameters, found.parameters, configuration.sources)
    written = not (dry_run or found.refused) and bool(changed)
    if written:
        _put_in_force(
            mission,
            ParametersRecord(
                how=How.LEARNT,
                parameters=found.parameters,
                version=__version__,
                at=mission.now().replace(microsecond=0),
                learnt_from=LearntFrom(
                    entries=mission.size,
                    records=in_force_now.records,
                    root=in_force_now.root,
                    reports=found.reports,
                    joined=found.joined,
                ),
                changes=compare_parameters(
                    mission.stated(), found.parameters, configuration.sources
                ),
            ),
            progress,
        )
    return {
        "refused": found.refused,
        "written": written,
        "dry_run": dry_run,
        "reports": found.reports,
        "joined": found.joined,
        "changes": [] if found.refused else _changes(changed),
        "sources": [asdict(each) for each in found.sources],
        "rate_peaks": [asdict(peak) for peak in found.parameters.rate_peaks],
        "in_force": _standing(mission.parameters()),
    }


def give(
    mission: Mission,
    path: Path,
    *,
    reason: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> dict[str, Any]:
    """Put parameters in force that a person gives, as JSON in the form of `shown`, for a reason.

    Of the file only "values" is read, and all of them must be there. Raises ConfigurationError
    with the file and the field for a fault, before anything is written.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ConfigurationError(
            f"a reason is due, of at most {LONGEST_REASON} characters", file="--reason"
        )
    parameters = _read(path)
    mission.sync_settings()
    configuration = mission.configuration()
    for name, _ in parameters.by_source:
        if name not in configuration.sources:
            raise ConfigurationError(
                f"no such source in {SOURCES}", file=str(path), field=f"values.by_source.{name}"
            )
    changed = compare_parameters(mission.parameters().parameters, parameters, configuration.sources)
    _put_in_force(
        mission,
        ParametersRecord(
            how=How.GIVEN,
            parameters=parameters,
            version=__version__,
            at=mission.now().replace(microsecond=0),
            reason=reason,
            changes=changed,
        ),
        progress,
    )
    return {**shown(mission), "changes": _changes(changed)}


def _read(path: Path) -> Parameters:
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise NotFound(f"cannot read {path}: {fault.strerror}") from None
    data = load_json(raw, file=str(path))
    if not isinstance(data, dict) or "values" not in data:
        raise ConfigurationError(
            "is missing: give what 'trucewatch parameters --json' prints, changed",
            file=str(path),
            field="values",
        )
    return read_values(data["values"], file=str(path))


def _put_in_force(
    mission: Mission,
    record: ParametersRecord,
    progress: Callable[[str, int, int], None] | None,
) -> None:
    """Enter a record in the log, and derive everything anew, so that nothing old is shown."""
    entry = NewEntry(
        kind=EntryKind.PARAMETERS,
        source=OPERATOR,
        payload=encode_record(record),
        name=NAME,
        media="application/json",
    )
    mission.log.append([entry], received=mission.now())
    bring_up_to_date(mission, progress=progress)


def _changes(changed: tuple[Change, ...]) -> list[dict[str, Any]]:
    return [asdict(each) for each in changed]
