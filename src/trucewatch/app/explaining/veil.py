"""What of an opened incident may be drawn: a picture travels further than a terminal."""

from __future__ import annotations

from typing import Any

Data = dict[str, Any]


def drawable(data: Data) -> Data:
    """The incident without the place and time of any source under seal, nor what tells of them.

    With one sealed account the joined place and time would give its own away, so would the parts
    of log W, which are distances, and the neighbours, which are seen from the joined place: all of
    these go. A neighbour with a sealed account goes by itself, and is counted.
    """
    told = data["opened"]
    veiled = any(each["sealed"] for each in told["accounts"])
    accounts = [
        {**each, "parts": []} if veiled else each
        for each in (_bare(each) if each["sealed"] else each for each in told["accounts"])
    ]
    near = [] if veiled else [each for each in told["near"] if not each["sealed"]]
    return {
        "incident": data["incident"],
        "kind": data["kind"],
        "probability": data["probability"],
        "when": None if veiled else data["when"],
        "place": None if veiled else data["place"],
        "region": None if veiled else data["region"],
        "opened": {**told, "accounts": accounts, "near": near},
        "veiled": veiled,
    }


def _bare(each: Data) -> Data:
    """A sealed account: only that it is there, and what it weighs."""
    return {**each, "when": None, "place": None, "kind": "", "claims": []}
