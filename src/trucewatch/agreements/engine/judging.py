"""One term against all incidents at once: the rules of `bench`, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.agreements.assessing.bench import Bench
from trucewatch.agreements.assessing.covering import Covering
from trucewatch.agreements.assessing.reaching import CERTAIN, EXCLUDED, PLACES, Reach
from trucewatch.agreements.assessing.wording import NEAR
from trucewatch.agreements.engine.columns import ends
from trucewatch.agreements.engine.meaning import Meaning
from trucewatch.agreements.engine.slices import Survey
from trucewatch.agreements.kinds import Cover
from trucewatch.model import Duty, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from trucewatch.agreements.assessing.bench import Grants
    from trucewatch.agreements.engine.columns import Bools, Columns, Floats, Ints
    from trucewatch.agreements.engine.meaning import Covers
    from trucewatch.agreements.holding import Term

    Codes = NDArray[np.int8]

CODES = tuple(Outcome)
_BREACH, _EXEMPT, _OUTSIDE, _OPEN = (
    CODES.index(one)
    for one in (Outcome.BREACH, Outcome.EXEMPT, Outcome.OUTSIDE, Outcome.UNDETERMINED)
)
_TICKS = NEAR // timedelta(microseconds=1)
_HAIR = 2e-6
"""So near to a limit the sixth decimal decides, and whole numbers must be summed to have it."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The rows that are kept of one term; `doubt` marks those too near a limit."""

    rows: NDArray[np.int32]
    outcomes: Codes
    shares: NDArray[np.float32]
    doubt: Bools


class Judge:
    """All incidents, ready to be judged term by term: permissions first."""

    def __init__(self, bench: Bench, columns: Columns, settled: Collection[int]) -> None:
        self._bench = bench
        self._columns = columns
        self._survey = Survey(bench.zones, columns)
        self._meaning = Meaning(columns)
        self._parties = frozenset(party.id for party in bench.agreement.parties)
        self._free = ~columns.static
        self._free[list(settled)] = False
        self._permitted = np.zeros(len(columns), dtype=np.bool_)
        self._perhaps = np.zeros(len(columns), dtype=np.bool_)

    def permit(self, judged: Judged) -> None:
        """Remember what a permission makes of each act, for all that is forbidden."""
        acts = ~self._columns.sign[judged.rows]
        self._permitted[judged.rows[acts & (judged.outcomes == _EXEMPT)]] = True
        self._perhaps[judged.rows[acts & (judged.outcomes == _OPEN)]] = True

    def by_the_rules(self, pairs: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, float]]:
        """Outcome and share of pairs of a row and a term (first and second), as `Bench` has them.

        Pairs of one row should follow one another.
        """
        bench = Bench(self._bench.agreement)
        found: list[tuple[int, float]] = []
        for row, place, *_ in pairs:
            incident, finding = self._columns.incidents[row], self._columns.findings[row]
            term = bench.terms[place]
            reach = Reach(incident, term, bench.zones)
            covering = Covering(incident, finding, term.provision)
            outcome, _ = bench.outcome(reach, covering, self._grants(row))
            found.append((CODES.index(outcome), reach.share))
        return found

    def _grants(self, row: int) -> Grants:
        """What `permit` remembers of a row, as `Bench` asks for it."""
        if self._permitted[row]:
            return [("a permission", (Outcome.EXEMPT, ""))]
        return [("a permission", (Outcome.UNDETERMINED, ""))] if self._perhaps[row] else []

    def term(self, term: Term) -> Judged:
        """One term against all incidents that are free to be judged."""
        rows, cover, missed = self._looked_at(term)
        share, error, near = self._survey.shares(rows, self._survey.slices(term, ()))
        rows, cover, share, error = rows[near], cover[near], share[near], error[near]
        doubt = _close(share, EXCLUDED, error)
        inside = np.flatnonzero((share > EXCLUDED) | doubt)
        outcomes = np.full(len(rows), _OUTSIDE, dtype=np.int8)
        # Where it lies outside by its condition, the share no longer matters.
        settled = np.zeros(len(rows), dtype=np.bool_)
        outcomes[inside], unsure, settled[inside] = self._ruled(
            term, rows[inside], cover[inside], share[inside], error[inside]
        )
        unclear = doubt.copy()
        outcomes[doubt & (share <= EXCLUDED) & ~settled] = _OUTSIDE
        unclear[inside] |= unsure
        unclear &= ~settled
        return Judged(
            np.concatenate([rows, missed]).astype(np.int32),
            np.concatenate([outcomes, np.full(len(missed), _OUTSIDE, dtype=np.int8)]),
            np.concatenate([share, np.zeros(len(missed))]).astype(np.float32),
            np.concatenate([unclear, np.zeros(len(missed), dtype=np.bool_)]),
        )

    def _looked_at(self, term: Term) -> tuple[Ints, Covers, Ints]:
        """The rows whose time may lie in the term, how it means their acts, and those of another
        time that miss it by little."""
        columns, provision = self._columns, term.provision
        acts = self._meaning.acts(provision)[columns.kind]
        signs = self._meaning.signs(provision)[columns.kind]
        start, end = ends(term.holds)
        rows = np.flatnonzero(
            np.where(columns.sign, signs, acts > 0)
            & self._free
            & (columns.earliest <= end + _TICKS)
            & (columns.latest >= start - _TICKS)
        )
        cover = acts[rows]
        if provision.weapons:
            cover = np.minimum(cover, self._meaning.arms(provision, rows))
        meant = columns.sign[rows] | (cover > 0)
        rows, cover = rows[meant], cover[meant]
        now = self._survey.times(rows, start, end) > 0
        missed = rows[~now]
        missed = missed[self._survey.near(missed, self._survey.anywhen(term))]
        return rows[now], cover[now], missed

    def _ruled(
        self, term: Term, rows: Ints, cover: Covers, share: Floats, error: Floats
    ) -> tuple[Codes, Bools, Bools]:
        """Outcomes of what lies in the term, which are in doubt, and which are out by condition."""
        provision = term.provision
        sign = self._columns.sign[rows]
        cover = cover.copy()
        acts = np.flatnonzero(~sign)
        cover[acts] = np.minimum(
            cover[acts], self._meaning.conditions(provision.condition, rows[acts])
        )
        out = ~sign & (cover == Cover.NOT)
        outcomes = np.full(len(rows), _OPEN, dtype=np.int8)
        doubt = np.zeros(len(rows), dtype=np.bool_)
        outcomes[out] = _OUTSIDE
        if provision.duty is Duty.REQUIRE:
            return outcomes, doubt, out
        at = np.flatnonzero(~sign & ~out)
        exempt, certain, one, two = self._left(term, rows[at], share[at], error[at])
        if provision.duty is Duty.FORBID:
            permitted, perhaps = self._permitted[rows[at]], self._perhaps[rows[at]]
        else:
            permitted = perhaps = np.zeros(len(at), dtype=np.bool_)
        may = (cover[at] == Cover.NAMED) & ~perhaps & (self._parties <= set(provision.parties))
        whole, spared = (_BREACH, _EXEMPT) if provision.duty is Duty.FORBID else (_EXEMPT, _OUTSIDE)
        outcomes[at] = np.where(
            exempt, spared, np.where(permitted, _EXEMPT, np.where(certain & may, whole, _OPEN))
        )
        doubt[at] = (one & ~permitted) | (two & may & ~permitted)
        return outcomes, doubt, out

    def _left(
        self, term: Term, rows: Ints, share: Floats, error: Floats
    ) -> tuple[Bools, Bools, Bools, Bools]:
        """Whether exceptions take it all, whether enough is left, and which of both is in doubt."""
        exempt = np.zeros(len(rows), dtype=np.bool_)
        unsure = np.zeros(len(rows), dtype=np.bool_)
        left, doubt = share.copy(), error.copy()
        exceptions = term.provision.exceptions
        if exceptions and len(rows):
            covers = self._meaning.exceptions(exceptions, rows)
            patterns, which = np.unique(covers, axis=0, return_inverse=True)
            for number, pattern in enumerate(patterns):
                at = np.flatnonzero(which.reshape(-1) == number)
                surely = [one for one, c in zip(exceptions, pattern, strict=True) if c == 2]
                perhaps = [one for one, c in zip(exceptions, pattern, strict=True) if c]
                if surely:
                    slices = self._survey.slices(term, surely)
                    rest, off, _ = self._survey.shares(rows[at], slices)
                    limit = np.round(EXCLUDED * share[at], PLACES)
                    exempt[at] = rest <= limit
                    unsure[at] = _close(rest, limit, off + EXCLUDED * error[at])
                    left[at], doubt[at] = rest, off
                if len(perhaps) > len(surely):
                    slices = self._survey.slices(term, perhaps)
                    left[at], doubt[at], _ = self._survey.shares(rows[at], slices)
        return exempt, left >= CERTAIN, unsure, _close(left, CERTAIN, doubt)


def _close(value: Floats, limit: Floats | float, error: Floats) -> Bools:
    """Whether a value may lie on the other side of a limit than it seems to."""
    near: Bools = np.abs(value - limit) <= error + _HAIR
    return near
