"""Small counts that are not told, and the further ones without which they could be worked out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Cell = tuple[str, str]


def hidden(table: Mapping[Cell, int], least: int) -> frozenset[Cell]:
    """The cells of a table that may not be told to readers who know the sum of each row and column.

    A count from 1 up to `least` is small. In each row and column that hides one, so many more are
    hidden, the smallest first, that two or more are, with at least twice `least` between them:
    then the sum less what is told fits many values of each. A row that has no more to hide is
    hidden whole. Nothing is hidden where `least` is 0 or 1.
    """
    out = {cell for cell, count in table.items() if 0 < count < least}
    lines: defaultdict[tuple[int, str], list[Cell]] = defaultdict(list)
    for cell in table:
        for axis in (0, 1):
            lines[axis, cell[axis]].append(cell)
    for cells in lines.values():
        # By count, then by name: the same for the same table, whatever its order.
        cells.sort(key=lambda cell: (table[cell], cell))
    waiting = sorted(lines)
    while waiting:
        line = waiting.pop()
        cells = lines[line]
        mine = [cell for cell in cells if cell in out]
        for cell in cells:
            if not mine or (len(mine) > 1 and sum(table[one] for one in mine) >= 2 * least):
                break
            if cell in out or not table[cell]:
                continue
            out.add(cell)
            mine.append(cell)
            # The line that crosses here hides one more, which it may have to cover in its turn.
            waiting.append((1 - line[0], cell[1 - line[0]]))
        if mine and (len(mine) < 2 or sum(table[one] for one in mine) < 2 * least):
            for cell in cells:
                if cell not in out:
                    out.add(cell)
                    waiting.append((1 - line[0], cell[1 - line[0]]))
    return frozenset(out)
