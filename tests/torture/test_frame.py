"""The frame itself: every try is made once, a failure can be made again, every row is told of."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.torture import frame
from tests.torture.frame import ROWS, Part, Row, attempt_all, judge
from tests.torture.table import as_markdown, paste, summed

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/reliability.md"
PLAIN = Row("a promise", 10, "hold")


def part(saboteur="", share=0.0, count=10):
    return Part(PLAIN, saboteur, 0, count, share)


def odd_fails(_, number):
    assert number % 2 == 0


def test_the_parts_of_a_row_are_all_its_tries():
    for parts, traced in ((1, 0), (3, 0), (10, 0), (1, 2), (3, 2)):
        (mark,) = [PLAIN.tries(parts=parts, traced=traced).mark]
        found = [value.values[0] for value in mark.args[1]]
        numbers = [number for one in found for number in one.numbers()]
        assert len(found) == parts + bool(traced)
        assert not mark.args[1][0].marks
        assert all(one.marks for one in mark.args[1][1:])
        assert not traced or found[0].stop == traced
        assert numbers == list(range(10 * frame.FACTOR))


def test_the_same_number_has_the_same_dice_and_no_other():
    dice = [one.random(3).random() for one in (part(), part(), part("other"))]
    assert dice[0] == dice[1] != dice[2]
    assert part().random(4).random() != dice[0]


def test_a_failure_says_how_to_make_it_again(monkeypatch):
    seen, failed = attempt_all(part(), odd_fails)
    assert (seen.tries, seen.failures) == (10, 5)
    with pytest.raises(AssertionError, match=r"5 of 10 tries failed.*TRUCEWATCH_TORTURE_TRY=1"):
        judge(part(), seen, failed)
    monkeypatch.setattr(frame, "ONLY", "3")
    seen, failed = attempt_all(part(), odd_fails)
    assert (seen.tries, [number for number, _ in failed]) == (1, [3])


def test_a_fault_of_the_try_itself_is_no_failure_of_the_log():
    def broken(_, number):
        return {}[number]

    with pytest.raises(KeyError) as caught:
        attempt_all(part(), broken)
    assert "in try 0" in caught.value.__notes__[0]


@pytest.mark.parametrize(("share", "enough"), [(0.0, True), (0.4, True), (0.5, False)])
def test_a_saboteur_must_be_caught_in_more_than_its_share(share, enough):
    seen, failed = attempt_all(part("breaks", share), odd_fails)
    if enough:
        judge(part("breaks", share), seen, failed)
        return
    with pytest.raises(AssertionError, match="5 of 10 tries; 6 are needed"):
        judge(part("breaks", share), seen, failed)


def test_a_saboteur_that_nobody_catches_fails_the_test():
    seen, failed = attempt_all(part("breaks"), lambda *_: None)
    with pytest.raises(AssertionError, match="has no teeth"):
        judge(part("breaks"), seen, failed)


def test_the_table_sums_the_parts():
    name = next(iter(ROWS))
    one = {"row": name, "saboteur": "", "tries": 700, "failures": 0, "seconds": 1.25, "note": ""}
    bad = {**one, "saboteur": "lies", "tries": 9, "failures": 8, "seconds": 0.5, "note": "so"}
    text = as_markdown(summed([bad, one, one]))
    assert f"| {name} | 1,400 | 0 |  |  |  | 2.5 |\n|  |  |  | lies (so) | 8 | 9 | 0.5 |" in text
    page = paste("a\n<!-- figures: start -->\nold\n<!-- figures: end -->\nb\n", text)
    assert page.startswith("a\n")
    assert page.endswith("\nb\n")
    assert "old" not in page
    assert paste(page, text) == page


def uses():
    """The rows that test modules take, with how: {row: {"tries", "saboteur"}}."""
    found: dict[str, set[str]] = {}
    for path in HERE.glob("test_*.py"):
        names: dict[str, str] = {}
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Call)
                and getattr(node.value.func, "id", "") == "row"
            ):
                names[node.targets[0].id] = node.value.args[0].value
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") in names:
                found.setdefault(names[node.value.id], set()).add(node.attr)
    return found


def test_every_row_is_tried_and_has_a_saboteur():
    assert uses() == {name: {"tries", "saboteur"} for name in ROWS}


def test_the_page_tells_of_every_row_and_saboteur():
    text = PAGE.read_text("utf-8")
    for name in ROWS:
        assert f"\n### {name[0].upper()}{name[1:]}\n" in text
        assert f"\n| {name} " in text


def test_the_counts_are_no_fewer_than_what_was_asked_for(shared):
    """The table of the requirements, where it has a count for a row of ours."""
    table = (shared / "evidence.md").read_text("utf-8").partition("## Tries")[2]
    wanted = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        digits = cells[1].split(" ")[0].replace(",", "") if len(cells) > 1 else ""
        if digits.isdecimal():
            wanted[cells[0].partition(" (")[0]] = int(digits)
    assert len(wanted) > 5
    for name in ROWS.keys() & wanted.keys():
        assert ROWS[name].count >= wanted[name]
