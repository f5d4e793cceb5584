"""Links to one video, picture or post, whatever address leads there."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_LONGEST = 500


def media(address: str) -> str:
    """The name of the video, picture or post at an address; "" where it leads to none.

    `address` is as `language.link` makes it. One post under two addresses has one name.
    """
    if not address or len(address) > _LONGEST:
        return ""
    for pattern, name in _patterns():
        match = pattern.fullmatch(address)
        if match:
            return name.format(*match.groups())
    return ""


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("trucewatch.origins").joinpath("media.toml").read_text("utf-8")
    return tuple(
        (re.compile(each["address"], re.ASCII), each["name"])
        for each in tomllib.loads(text)["media"]
    )
