"""What people say of which claims are one incident: which of it counts, and what has come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.findings.hearing.authority import Regrouping, objection
from trucewatch.model import Effect, Regrouped, Separated, TakenBack, United

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.findings.hearing.homes import Homes
    from trucewatch.model import Agreement, Entered

NOTHING_LEFT = "no report stands any more on one side of it"
NO_SUCH = "it names no split and no merge of that person"


class Regroupings:
    """Splits and merges in the order of the log, with what was taken back since.

    An entry that takes another one back cannot be taken back itself: the decision is entered anew.
    """

    def __init__(self, decisions: Iterable[Entered], agreement: Agreement) -> None:
        self._entered = {
            one.index: one for one in decisions if isinstance(one.decision, Regrouping)
        }
        self._void = {index: self._against(one, agreement) for index, one in self._entered.items()}
        self._gone = {
            one.decision.entry
            for index, one in self._entered.items()
            if isinstance(one.decision, TakenBack) and not self._void[index]
        }

    def _against(self, one: Entered, agreement: Agreement) -> str:
        said = one.decision
        against = objection(said, one.person, agreement)
        if against is not None or not isinstance(said, TakenBack):
            return against or ""
        other = self._entered.get(said.entry)
        known = other is not None and isinstance(other.decision, Separated | United)
        if other is None or not known or other.by != said.whose or other.index > one.index:
            return NO_SUCH
        return ""

    def counting(self) -> tuple[Regrouped, ...]:
        """What the association is to go by, by log index."""
        return tuple(
            _regrouped(one, one.decision)
            for index, one in sorted(self._entered.items())
            if not self._void[index]
            and index not in self._gone
            and isinstance(one.decision, Separated | United)
        )

    def void(self, index: int) -> str:
        """Why an entry counts for nothing; "" where it counts."""
        return self._void[index]

    def effects(self, homes: Homes, needed: int) -> dict[int, Effect]:
        """What has come of each entry that counts, by what is one incident now.

        A merge of which nothing is apart, and a split of which nothing is together, holds. Else it
        waits for a second person, or a younger decision stands against it.
        """
        counting = {each.index: each for each in self.counting()}
        found: dict[int, Effect] = {}
        for index in self._entered:
            if self._void[index]:
                continue
            if index in self._gone:
                found[index] = Effect.TAKEN_BACK
            elif index not in counting:
                found[index] = Effect.RECORDED
            elif _is_so(counting[index], homes):
                found[index] = Effect.HOLDS
            elif _waits(counting[index], counting, homes, needed):
                found[index] = Effect.WAITS
            else:
                found[index] = Effect.SUPERSEDED
        return found


def regroupings(decisions: Iterable[Entered], *, agreement: Agreement) -> tuple[Regrouped, ...]:
    """The splits and merges that count, by log index: by who may, and not taken back since.

    Whether each of them holds is the association's to find, as the youngest goes first.
    """
    return Regroupings(decisions, agreement).counting()


def sides(decision: Regrouping) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The claims on both sides of a split or a merge; of what takes one back all, and none."""
    if isinstance(decision, Separated):
        part = set(decision.part)
        return decision.part, tuple(one for one in decision.claims if one not in part)
    if isinstance(decision, United):
        return decision.claims, decision.other_claims
    return decision.claims, ()


def _regrouped(entered: Entered, decision: Separated | United) -> Regrouped:
    one, other = sides(decision)
    return Regrouped(
        index=entered.index,
        by=entered.by,
        office=entered.by if entered.person is None else entered.person.name,
        apart=isinstance(decision, Separated),
        one=one,
        other=other,
    )


def _is_so(word: Regrouped, homes: Homes) -> bool:
    one, other = homes.holding(word.one), homes.holding(word.other)
    return one.isdisjoint(other) if word.apart else len(one | other) == 1


def _waits(word: Regrouped, counting: Mapping[int, Regrouped], homes: Homes, needed: int) -> bool:
    """Whether fewer people than needed have said so of any claims on its two sides."""
    if needed == 1:
        return False
    one, other = homes.standing(word.one), homes.standing(word.other)
    alike = {
        each.by
        for each in counting.values()
        if each.apart is word.apart
        and (
            (one & {*each.one} and other & {*each.other})
            or (one & {*each.other} and other & {*each.one})
        )
    }
    return len(alike) < needed
