"""`agreement.yaml` and its zone files, read into the nouns or refused with file, line and field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.agreements.areas import read_areas
from trucewatch.agreements.forms import AgreementForm
from trucewatch.agreements.kinds import SIGN
from trucewatch.agreements.moments import read_moment, read_span, read_zone
from trucewatch.documents import Document, Path, read_document
from trucewatch.model import (
    PROOF,
    Agreement,
    Area,
    Clock,
    Drawn,
    Duty,
    Exemption,
    Instrument,
    Party,
    Provision,
    Step,
    Trigger,
    Window,
    Zone,
    kind_tree,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from trucewatch.agreements.forms import (
        AreasForm,
        ProvisionForm,
        StandardsForm,
        TriggerForm,
        WindowForm,
    )


def read_agreement(text: str, *, file: str, zone_files: Mapping[str, str]) -> Agreement:
    """The agreement that a YAML text describes.

    `zone_files` maps the names that the text uses ("zones/regions.geojson") to the files' text.
    Raises ConfigurationError, naming file, line and field, for anything that is unknown, missing,
    doubled or contradictory: a provision that is read wrongly accuses somebody wrongly.
    """
    document = read_document(text, file=file)
    form = document.fill(AgreementForm)
    check = _Checks(document)
    parties = check.unique("parties", [party.id for party in form.parties])
    guarantors = check.unique("guarantors", form.guarantors, ids=False)
    instruments = check.unique("instruments", [one.id for one in form.instruments])
    provisions = check.unique("provisions", [one.id for one in form.provisions])
    check.unique("triggers", [one.id for one in form.triggers])
    bodies = parties | guarantors
    for place, one in enumerate(form.instruments):
        check.known(one.announced_by, bodies, ("instruments", place, "announced_by"), "party")
        check.known(one.accepted_by, bodies, ("instruments", place, "accepted_by"), "party")
    regions = check.areas(form.regions, zone_files, "regions")
    zones = tuple(
        Zone(code=area.code, name=area.name, drawn=Drawn.POLYGON, area=area)
        for area in check.areas(form.zones, zone_files, "zones")
    )
    truce = check.window(form.truce, ("truce",))
    return Agreement(
        id=form.id,
        name=form.name,
        parties=tuple(Party(id=one.id, name=one.name) for one in form.parties),
        guarantors=tuple(form.guarantors),
        instruments=tuple(
            Instrument(
                id=one.id,
                title=one.title,
                standing=one.standing,
                version=one.version,
                source=one.source,
                accepted_by=tuple(one.accepted_by),
                announced_by=tuple(one.announced_by),
            )
            for one in form.instruments
        ),
        provisions=tuple(
            check.provision(one, ("provisions", place), truce, parties, instruments, zones, regions)
            for place, one in enumerate(form.provisions)
        ),
        regions=regions,
        zones=zones,
        truce=truce,
        standards=check.standards(form.standards),
        triggers=tuple(
            check.trigger(one, ("triggers", place), provisions, bodies)
            for place, one in enumerate(form.triggers)
        ),
    )


class _Checks:
    """What a form alone cannot say: names that must exist, times, and areas."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def unique(self, field: str, names: Sequence[str], *, ids: bool = True) -> frozenset[str]:
        """The names as a set; refused where one stands twice."""
        for place, name in enumerate(names):
            if name in names[:place]:
                path: Path = (field, place, "id") if ids else (field, place)
                raise self.document.refuse(path, f"{name!r} stands here twice")
        return frozenset(names)

    def known(
        self, names: Iterable[str], among: Collection[str], path: Path, what: str, hint: str = ""
    ) -> None:
        """Refuse a name that nothing in the file defines, and one given twice."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name not in among:
                choice = ", ".join(sorted(among)) or "none are defined"
                raise self.document.refuse(
                    (*path, place), f"{name!r} is no known {what}{hint} ({choice})"
                )
            if name in seen:
                raise self.document.refuse((*path, place), f"{name!r} stands here twice")
            seen.add(name)

    def window(self, form: WindowForm, path: Path) -> Window:
        """The span in UTC."""
        zone = None
        if form.timezone is not None:
            try:
                zone = read_zone(form.timezone)
            except ValueError as fault:
                raise self.document.refuse((*path, "timezone"), str(fault)) from None
        ends: list[datetime | None] = []
        for field, text in (("start", form.start), ("end", form.end)):
            try:
                ends.append(None if text == "open" else read_moment(text, zone))
            except ValueError as fault:
                raise self.document.refuse((*path, field), str(fault)) from None
        start, end = ends
        if start is not None and end is not None and end <= start:
            raise self.document.refuse((*path, "end"), "does not lie after the start")
        return Window(start, end)

    def areas(
        self, forms: Sequence[AreasForm], files: Mapping[str, str], field: str
    ) -> tuple[Area, ...]:
        """The areas of all files named, sorted by code."""
        found: dict[str, Area] = {}
        for place, form in enumerate(forms):
            if form.file not in files:
                raise self.document.refuse(
                    (field, place, "file"), f"{form.file!r} is not in the mission's folder"
                )
            for area in read_areas(
                files[form.file], file=form.file, code=form.code, name=form.name
            ):
                if area.code in found:
                    raise self.document.refuse(
                        (field, place, "file"), f"the code {area.code!r} stands in two files"
                    )
                found[area.code] = area
        return tuple(found[code] for code in sorted(found))

    def provision(
        self,
        form: ProvisionForm,
        path: Path,
        truce: Window,
        parties: Collection[str],
        instruments: Collection[str],
        zones: Sequence[Zone],
        regions: Sequence[Area],
    ) -> Provision:
        """One provision whose every name is known."""
        tree = kind_tree()
        kinds = frozenset(tree)
        if form.instrument not in instruments:
            choice = ", ".join(sorted(instruments))
            raise self.document.refuse(
                (*path, "instrument"), f"{form.instrument!r} is no instrument here ({choice})"
            )
        self.known(form.kinds, kinds, (*path, "kinds"), "kind")
        self.known(form.exceptions, kinds, (*path, "exceptions"), "kind")
        self.known(form.parties, parties, (*path, "parties"), "party")
        codes = {area.code for area in zones}
        only_region = any(code in {area.code for area in regions} for code in form.zones)
        hint = "; regions are for reporting alone: list its file under zones" if only_region else ""
        self.known(form.zones, codes, (*path, "zones"), "zone", hint)
        for place, kind in enumerate(form.kinds):
            if tree.is_a(kind, SIGN):
                raise self.document.refuse(
                    (*path, "kinds", place),
                    f"{kind!r} is a sign that something may have happened, and no act",
                )
        return Provision(
            id=form.id,
            instrument=form.instrument,
            duty=Duty(form.duty),
            kinds=tuple(form.kinds),
            parties=tuple(form.parties),
            zones=tuple(form.zones),
            window=truce if form.window is None else self.window(form.window, (*path, "window")),
            exceptions=tuple(Exemption(kinds=(kind,)) for kind in form.exceptions),
            words=form.words,
            source=form.source,
        )

    def standards(self, form: StandardsForm) -> tuple[tuple[str, str], ...]:
        """The standards by state, never falling from one rung to the next."""
        chosen = [(state, str(getattr(form, state))) for state in type(form).model_fields]
        floor = 0
        for state, standard in chosen:
            if standard not in PROOF:
                raise self.document.refuse(
                    ("standards", state), f"{standard!r} is none of: {', '.join(PROOF)}"
                )
            if PROOF.index(standard) < floor:
                raise self.document.refuse(
                    ("standards", state), "is lower than the standard of the state before it"
                )
            floor = PROOF.index(standard)
        return tuple(chosen)

    def trigger(
        self, form: TriggerForm, path: Path, provisions: Collection[str], bodies: Collection[str]
    ) -> Trigger:
        """One trigger whose every name is known."""
        self.known(form.provisions, provisions, (*path, "provisions"), "provision")
        self.known(form.duty_of, bodies, (*path, "duty_of"), "party or guarantor")
        return Trigger(
            id=form.id,
            provisions=tuple(form.provisions),
            count=form.count,
            within=self.span(form.within, (*path, "within")),
            steps=(
                Step(
                    id=form.id,
                    duty=form.duty,
                    duty_of=tuple(form.duty_of),
                    decided_by=form.decided_by,
                    clock=Clock.EVENT,
                    after=self.span(form.deadline, (*path, "deadline")),
                    standard="reasonable grounds to believe",
                    standing="in_force",
                    source=form.source,
                ),
            ),
            source=form.source,
        )

    def span(self, text: str, path: Path) -> timedelta:
        """A length of time."""
        try:
            return read_span(text)
        except ValueError as fault:
            raise self.document.refuse(path, str(fault)) from None
