"""What every exported file says of itself: whose it is, for whom, made when, on what terms."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "EXERCISE EXERCISE EXERCISE"
"""What stands in every file of a drill, in words that nobody takes for the real thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of which mission, for which audience a file is, and whom to credit.

    `made` is when the file was made, ISO 8601 with an offset. `digest` is that of the view: two
    files of one digest and one choice hold the same incidents. `credits` are the sources that the
    audience may know, each with its licence; `more` says that there were further records beyond
    the limit.
    """

    mission: str
    audience: str
    zone: str
    made: str
    digest: str
    exercise: bool
    credits: tuple[str, ...]
    more: bool = False

    @property
    def credit(self) -> str:
        """Whom to credit, in one line."""
        return "; ".join(self.credits) or "none named for this audience"

    @property
    def facts(self) -> dict[str, str]:
        """The same as names and texts, in the order in which every format gives them."""
        found = {
            "mission": self.mission,
            "audience": self.audience,
            "made": self.made,
            "zone": self.zone,
            "digest": self.digest,
            "credit": self.credit,
        }
        if self.exercise:
            found = {"exercise": MARK} | found
        if self.more:
            found["more"] = "yes: the file ends at its limit of records"
        return found

    @property
    def line(self) -> str:
        """The same as one line of text."""
        return ". ".join(f"{name.replace('_', ' ')}: {text}" for name, text in self.facts.items())
