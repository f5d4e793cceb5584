"""Who looks: an office of the mission that proved itself, or the public."""

from __future__ import annotations

from dataclasses import dataclass

PUBLIC = "public"
"""The role of whoever has not signed in; nobody is given it, everybody has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """One caller of the application; `person` is the id in [[people]], None for the public.

    `roles` are those of mission.toml as it is in force now, asked for on each call and kept in no
    session. `scopes` narrow what a token may do ("read", "report", "review", ...); None is a
    session of a person, who may do all that the roles allow.
    """

    roles: frozenset[str] = frozenset({PUBLIC})
    person: str | None = None
    party: str | None = None
    state: str | None = None
    body: str | None = None
    scopes: frozenset[str] | None = None

    @property
    def signed_in(self) -> bool:
        """Whether anybody is known to look."""
        return self.person is not None

    def may(self, scope: str) -> bool:
        """Whether this way in allows a scope at all; the roles are asked apart."""
        return self.signed_in and (self.scopes is None or scope in self.scopes)
