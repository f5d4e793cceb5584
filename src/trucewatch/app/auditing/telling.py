"""What came of making bulletins anew, in words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What came of making a bulletin anew."""

    SAME = "same"
    DIFFERENT = "different"
    VERSION = "another version"
    ERASED = "erased"


def lines(data: dict[str, Any]) -> list[str]:
    """What came of it, for people."""
    out = []
    for one in data["bulletins"]:
        said = {
            Verdict.SAME: "the same, byte for byte",
            Verdict.DIFFERENT: "DIFFERENT",
            Verdict.VERSION: "not made anew",
            Verdict.ERASED: "not made anew",
        }[Verdict(one["verdict"])]
        out.append(f"{one['bulletin']}: {said} (made from {one['size']} entries)")
        out += [f"    PROBLEM: {words}" for words in one["problems"]]
        out += [f"    {one['words']}"] if one["words"] else []
        for row in one["files"]:
            out += _row(row)
    return out + [
        f"PROBLEM: {name} lies among the bulletins, and the log holds no seal of it"
        for name in data.get("unknown", ())
    ]


def _row(row: dict[str, Any]) -> list[str]:
    made = {True: "made anew as sealed", False: "MADE ANEW OTHERWISE", None: "not made anew"}
    held = {True: "at hand as sealed", False: "AT HAND OTHERWISE", None: "not at hand"}
    out = [f"    {row['name']}: {made[row['made_as_sealed']]}, {held[row['held_as_sealed']]}"]
    if "differs" in row:
        first = row["differs"]
        out += [
            f"        line {first['line']} at hand:   {first['at_hand']}",
            f"        line {first['line']} made anew: {first['made']}",
        ]
    return out
