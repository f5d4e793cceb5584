"""Small counts are hidden, and cannot be worked out from sums and the rest of the table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins.views import counts
from trucewatch.bulletins.views.counts import hidden

TABLES = st.integers(1, 4).flatmap(
    lambda height: st.integers(1, 4).flatmap(
        lambda width: st.fixed_dictionaries(
            {(f"r{r}", f"d{d}"): st.integers(0, 9) for r in range(height) for d in range(width)}
        )
    )
)


def lines(table):
    """The cells of each row and of each column."""
    for axis in (0, 1):
        for name in {cell[axis] for cell in table}:
            yield [cell for cell in table if cell[axis] == name]


def worked_out(table, gone, least):
    """Small counts that follow from one line: its sum less what is told leaves one value."""
    found = set()
    for cells in lines(table):
        mine = [cell for cell in cells if cell in gone]
        if len(mine) == 1:
            found |= {cell for cell in mine if 0 < table[cell] < least}
    return found


@given(TABLES, st.integers(2, 5))
def test_no_small_count_is_told_or_left_alone_in_a_line_with_others(table, least):
    gone = hidden(table, least)
    assert {cell for cell, count in table.items() if 0 < count < least} <= gone
    for cells in lines(table):
        mine = [cell for cell in cells if cell in gone]
        # Two with enough between them, or the whole line: its sum is then no more than is told.
        assert (
            not mine
            or len(mine) == len(cells)
            or (len(mine) > 1 and sum(table[cell] for cell in mine) >= 2 * least)
        )


@given(TABLES, st.integers(2, 5), st.randoms())
def test_the_order_of_the_table_changes_nothing(table, least, order):
    mixed = list(table.items())
    order.shuffle(mixed)
    assert hidden(dict(mixed), least) == hidden(table, least)


@given(TABLES, st.integers(0, 1))
def test_without_a_smallest_count_nothing_is_hidden(table, least):
    assert hidden(table, least) == frozenset()


def test_saboteur_hiding_small_counts_alone_leaves_them_to_be_worked_out():
    table = {("a", "1"): 1, ("a", "2"): 7, ("b", "1"): 5, ("b", "2"): 9}
    assert worked_out(table, hidden(table, 3), 3) == set()
    alone = {cell for cell, count in table.items() if 0 < count < 3}
    assert worked_out(table, alone, 3) == {("a", "1")}
    assert counts.hidden(table, 3) >= {("a", "1"), ("a", "2"), ("b", "1")}
