"""The form by which notices are entered: one page without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from trucewatch.commitments.notices import DISCLAIMERS

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = "Deconfliction notices"
INPUTS: tuple[tuple[str, str, str, str | tuple[str, ...]], ...] = (
    ("organisation", "Organisation", "Who moves or works there.", "text"),
    ("contact", "Contact", "How they are reached at any hour.", "text"),
    ("sort", "Movement or site", "A movement has a way, a site a place.", ("movement", "site")),
    ("domain", "Sea, land or air", "Where it takes place.", ("land", "sea", "air")),
    ("place", "Place", "The place or the way in words.", "text"),
    (
        "route",
        "Route",
        "Longitude,latitude in degrees, such as 9.10,40.20; several with spaces between.",
        "text",
    ),
    ("width_m", "Width", "Metres to each side, 500 where nothing is said.", "text"),
    ("from", "From", "Day and hour, such as 2031-05-04T08:00.", "text"),
    ("to", "To", "A movement has an end; a site may go without.", "text"),
    ("emergency", "Emergency", "24 hours ahead are enough; otherwise 48 are asked for.", "flag"),
    ("note", "Note", "Anything else.", "text"),
)
"""Name, label, hint and kind of each field; a kind of several words is a choice."""


def page(
    *,
    person: str | None,
    fault: str = "",
    done: str = "",
    given: Mapping[str, str] | None = None,
    csrf: str = "",
    zone: str = "",
    exercise: bool = False,
    notices: list[dict[str, Any]] | None = None,
) -> bytes:
    """The page, in UTF-8; whoever is not signed in (`person` None) sees the way in alone."""
    environment = Environment(
        loader=PackageLoader("trucewatch.app.notices"), autoescape=True, undefined=StrictUndefined
    )
    filled = {name: (given or {}).get(name, "") for name, *_ in INPUTS}
    text = environment.get_template("notices.html.j2").render(
        title=TITLE,
        disclaimers=DISCLAIMERS,
        person=person,
        fault=fault,
        done=done,
        given=filled,
        csrf=csrf,
        zone=zone,
        exercise=exercise,
        notices=notices or [],
        inputs=INPUTS,
    )
    return text.encode("utf-8")


def fields_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form says, as the fields of a notice; what is left empty is not said.

    What cannot be a number stays text, so that reading refuses it and says why.
    """
    fields: dict[str, Any] = {name: value for name, value in form.items() if value.strip()}
    if "route" in fields:
        fields["route"] = [
            [_number(part) for part in place.split(",")] for place in fields["route"].split()
        ]
    if "width_m" in fields:
        fields["width_m"] = _number(fields["width_m"])
    fields["emergency"] = form.get("emergency") == "yes"
    return fields


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
