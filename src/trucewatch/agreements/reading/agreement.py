"""`agreement.yaml` and its zone files, read into the nouns or refused with file, line and field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.agreements.conditions.compiling import EVENTS
from trucewatch.agreements.kinds import SIGN
from trucewatch.agreements.reading.checks import Checks
from trucewatch.agreements.reading.doubting import doubts
from trucewatch.agreements.reading.drawing import read_regions, read_zones
from trucewatch.agreements.reading.forms import AgreementForm, NeededForm
from trucewatch.agreements.reading.naming import Names, check_zones
from trucewatch.agreements.reading.responding import read_bodies, read_trigger
from trucewatch.agreements.reading.versions import read_instruments
from trucewatch.documents import Document, Path, read_document
from trucewatch.errors import ConfigurationError
from trucewatch.model import (
    ALWAYS,
    PROOF,
    Agreement,
    Duty,
    Exemption,
    Party,
    Provision,
    Window,
    kind_tree,
    weapon_tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.agreements.reading.forms import ExemptionForm, ProvisionForm, StandardsForm


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a file: the agreement, or None and its faults; and doubts about it.

    Faults and doubts have file, line, field and message, in the order of the file; a doubt keeps
    nothing from being used.
    """

    agreement: Agreement | None
    faults: tuple[ConfigurationError, ...]
    doubts: tuple[ConfigurationError, ...]


def read_agreement(text: str, *, file: str, zone_files: Mapping[str, str]) -> Agreement:
    """The agreement that a YAML text describes.

    `zone_files` maps the names that the text uses ("zones/regions.geojson") to the files' text.
    Raises ConfigurationError, naming file, line and field, for anything that is unknown, missing,
    doubled or contradictory: a provision that is read wrongly accuses somebody wrongly.
    """
    _, read = _try(text, file, zone_files)
    if isinstance(read, list):
        raise read[0]
    return read


def examine(text: str, *, file: str, zone_files: Mapping[str, str]) -> Examined:
    """All the faults of a text that can be found, or all doubts about one without any.

    Names and times are looked at once the keys are right, so that a fault may still wait behind
    those that are told.
    """
    document, read = _try(text, file, zone_files)
    if document is None or isinstance(read, list):
        return Examined(None, tuple(read) if isinstance(read, list) else (), ())
    found = [document.refuse(one.path, one.words) for one in doubts(read)]
    return Examined(read, (), tuple(sorted(found, key=lambda one: (one.line or 0, one.field))))


def _try(
    text: str, file: str, zone_files: Mapping[str, str]
) -> tuple[Document | None, Agreement | list[ConfigurationError]]:
    try:
        document = read_document(text, file=file)
    except ConfigurationError as fault:
        return None, [fault]
    form = document.try_fill(AgreementForm)
    if isinstance(form, list):
        return document, form
    check = Checks(document)
    agreement = _read(form, check, zone_files)
    if check.faults:
        return document, sorted(
            check.faults, key=lambda one: (one.file != file, one.file, one.line or 0, one.field)
        )
    return document, agreement


def _read(form: AgreementForm, check: Checks, zone_files: Mapping[str, str]) -> Agreement:
    check.zone = check.read_zone(form.timezone, ("timezone",))
    parties = check.unique([party.id for party in form.parties], ("parties",))
    guarantors = check.unique(form.guarantors, ("guarantors",), key=None)
    states = check.unique(form.states, ("states",), key=None)
    for place, state in enumerate(form.states):
        if state in parties | guarantors:
            check.note(("states", place), f"{state!r} is a party or a guarantor already")
    sides = parties | guarantors | states
    check.unique([one.id for one in form.bodies], ("bodies",))
    check.unique([one.id for one in form.provisions], ("provisions",))
    check.unique([one.id for one in form.triggers], ("triggers",))
    regions = read_regions(form.regions, zone_files, check)
    check.regions = frozenset(one.code for one in regions)
    before = len(check.faults)
    zones = read_zones(form.zones, zone_files, check, parties)
    names = Names(
        parties=parties,
        guarantors=guarantors,
        states=states,
        instruments=check.unique([one.id for one in form.instruments], ("instruments",)),
        terms=tuple(one.id for one in form.provisions),
        zones=frozenset(one.code for one in zones) if len(check.faults) == before else None,
        regions=frozenset(one.code for one in regions),
        bodies={one.id: tuple(one.decides) for one in form.bodies},
    )
    check.one_of(form.lead, names.doers, ("lead",), "party, guarantor, state or body")
    truce = check.window(form.truce, ("truce",))
    return Agreement(
        id=form.id,
        name=form.name,
        parties=tuple(Party(id=one.id, name=one.name) for one in form.parties),
        guarantors=tuple(form.guarantors),
        instruments=read_instruments(form.instruments, check, sides),
        provisions=tuple(
            _provision(one, ("provisions", place), truce, check, names)
            for place, one in enumerate(form.provisions)
        ),
        regions=regions,
        zones=zones,
        truce=truce,
        standards=_standards(form.standards, "standards", check),
        triggers=tuple(
            read_trigger(one, ("triggers", place), check, names)
            for place, one in enumerate(form.triggers)
        ),
        bodies=read_bodies(form.bodies, check, sides),
        lead=form.lead,
        needed=() if form.needed is None else _standards(form.needed, "needed", check),
        states=tuple(form.states),
    )


def _provision(
    form: ProvisionForm, path: Path, truce: Window, check: Checks, names: Names
) -> Provision:
    check.one_of(form.instrument, names.instruments, (*path, "instrument"), "instrument")
    check.known(form.parties, names.parties, (*path, "parties"), "party")
    _kinds(form.kinds, (*path, "kinds"), check)
    check.known(form.weapons, frozenset(weapon_tree()), (*path, "weapons"), "weapon")
    check_zones(form.zones, (*path, "zones"), check, names)
    check.condition(form.condition, EVENTS, (*path, "condition"))
    return Provision(
        id=form.id,
        instrument=form.instrument,
        duty=Duty(form.duty),
        kinds=tuple(form.kinds),
        parties=tuple(form.parties),
        zones=tuple(form.zones),
        window=truce if form.window is None else check.window(form.window, (*path, "window")),
        exceptions=tuple(
            _exemption(one, (*path, "exceptions", place), check, names)
            for place, one in enumerate(form.exceptions)
        ),
        words=form.words,
        source=form.source,
        weapons=tuple(form.weapons),
        condition=form.condition,
    )


def _exemption(form: ExemptionForm, path: Path, check: Checks, names: Names) -> Exemption:
    if isinstance(check.document.at(path), str):
        check.one_of(form.kinds[0], frozenset(kind_tree()), path, "kind")
    else:
        check.known(form.kinds, frozenset(kind_tree()), (*path, "kinds"), "kind")
    check.known(form.weapons, frozenset(weapon_tree()), (*path, "weapons"), "weapon")
    check_zones(form.zones, (*path, "zones"), check, names)
    check.condition(form.condition, EVENTS, (*path, "condition"))
    if not (form.kinds or form.weapons or form.zones or form.window or form.condition):
        check.note(path, "says nothing that must hold, and would except everything")
    return Exemption(
        kinds=tuple(form.kinds),
        weapons=tuple(form.weapons),
        zones=tuple(form.zones),
        window=ALWAYS if form.window is None else check.window(form.window, (*path, "window")),
        condition=form.condition,
        words=form.words,
    )


def _kinds(kinds: list[str], path: Path, check: Checks) -> None:
    tree = kind_tree()
    check.known(kinds, frozenset(tree), path, "kind")
    for place, kind in enumerate(kinds):
        if kind in tree and tree.is_a(kind, SIGN):
            check.note(
                (*path, place), f"{kind!r} is a sign that something may have happened, and no act"
            )


def _standards(
    form: StandardsForm | NeededForm, field: str, check: Checks
) -> tuple[tuple[str, str], ...]:
    """The standards by state or by what is decided, never falling from one to the next."""
    chosen = [(key, str(getattr(form, key))) for key in type(form).model_fields]
    floor = 0
    for key, standard in chosen:
        if PROOF.index(standard) < floor:
            check.note((field, key), "is lower than the standard before it")
        floor = PROOF.index(standard)
    return tuple(chosen)
