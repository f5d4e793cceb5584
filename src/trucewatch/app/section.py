"""What every table of a settings file has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]

Role = Literal["lead", "reviewer", "analyst", "desk", "observer", "party", "member", "field"]


class Section(BaseModel):
    """A table of a settings file; an unknown key is an error, so that a typing slip is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SettingsWhole(Section):
    """A settings file whole; its tables may contradict one another where each alone is right."""

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Where the file contradicts itself, and how."""
        yield from ()
