"""The policy of who may see what, read once from the file beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from trucewatch.app.audiences import audience_from
from trucewatch.app.web.viewer import PUBLIC
from trucewatch.bulletins.views import Rule, Sight
from trucewatch.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.app.settings import AudienceSection
    from trucewatch.app.web.viewer import Viewer

FILE = "policy.toml"
EVERYBODY = "*"
Roles = tuple[str, ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Role(_Part):
    audience: str = PUBLIC
    inside: bool = False


class _Field(_Part):
    exact: Roles = ()
    coarse: Roles = ()


class _File(_Part):
    roles: dict[str, _Role]
    see: dict[str, dict[str, Annotated[_Field | Roles, Field()]]]


@dataclass(frozen=True, slots=True)
class Policy:
    """Roles, and for each "sort.field" which roles see it exactly and which coarsely."""

    roles: Mapping[str, _Role]
    fields: Mapping[str, _Field]

    @property
    def known(self) -> frozenset[str]:
        """Every "sort.field" that the policy names."""
        return frozenset(self.fields)

    def sight(self, viewer: Viewer, audiences: Mapping[str, AudienceSection]) -> Sight:
        """What a viewer may see; two viewers of one name see the same.

        Of several roles each field has the widest rule, and the audience is that of the finest
        grid. A role that the policy does not know sees what the public sees.
        """
        roles = (viewer.roles & self.roles.keys()) | {PUBLIC}
        rules = {name: self._rule(field, roles) for name, field in self.fields.items()}
        inside = any(self.roles[role].inside for role in roles)
        named = {self.roles[role].audience for role in roles} & audiences.keys() | {PUBLIC}
        chosen = min(named, key=lambda name: (audiences[name].grid_km, name))
        party = viewer.party if "party" in roles else None
        shown = sorted(roles - {PUBLIC}) or [PUBLIC]
        return Sight(
            name="+".join(shown) + (f":{party}" if party else ""),
            audience=audience_from(chosen, audiences),
            rules={name: rule for name, rule in rules.items() if rule is not Rule.HIDDEN},
            inside=inside,
            party=party,
        )

    def inside(self, viewer: Viewer) -> bool:
        """Whether a viewer works in the mission."""
        return any(self.roles[role].inside for role in viewer.roles & self.roles.keys())

    def sees(self, viewer: Viewer, sort: str) -> bool:
        """Whether a viewer may see anything of a sort of record; not whether there is any."""
        roles = (viewer.roles & self.roles.keys()) | {PUBLIC}
        return any(
            self._rule(field, roles) is not Rule.HIDDEN
            for name, field in self.fields.items()
            if name.startswith(f"{sort}.")
        )

    def _rule(self, field: _Field, roles: frozenset[str]) -> Rule:
        if EVERYBODY in field.exact or roles & {*field.exact}:
            return Rule.EXACT
        if EVERYBODY in field.coarse or roles & {*field.coarse}:
            return Rule.COARSE
        return Rule.HIDDEN


@cache
def policy() -> Policy:
    """The policy of this version; ConfigurationError where the file is not one."""
    return read_policy(files("trucewatch.app.web").joinpath(FILE).read_text("utf-8"))


def read_policy(text: str) -> Policy:
    """A policy from its text; ConfigurationError for an unknown role or key."""
    try:
        whole = _File.model_validate(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationError(str(fault), file=FILE) from None
    found = {}
    for sort, fields in whole.see.items():
        for name, given in fields.items():
            field = given if isinstance(given, _Field) else _Field(exact=given)
            if strange := {*field.exact, *field.coarse} - whole.roles.keys() - {EVERYBODY}:
                raise ConfigurationError(
                    f"no such role: {', '.join(sorted(strange))}", file=FILE, field=f"{sort}.{name}"
                )
            found[f"{sort}.{name}"] = field
    return Policy(roles=whole.roles, fields=found)
