"""The page that checks proofs in a browser, with a mission's keys filled in."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = "verify.html"
_GIVEN = re.compile(r'\{"logs":[^<]*\}')
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
_NOTHING = '{"logs":[],"witnesses":[],"quorum":null}'


_TOP = "<body>\n"
_DRILL = '<p class="verdict bad" role="note">EXERCISE EXERCISE EXERCISE</p>\n'


def verify_page(
    *,
    logs: Sequence[str],
    witnesses: Sequence[str] = (),
    quorum: int | None = None,
    exercise: bool = False,
) -> bytes:
    """`verify.html` for these verifier keys, to lie beside what it is about.

    The page fetches nothing and runs only what it came with. Who is given it by the mission must
    still compare the keys with a copy from elsewhere; the page says so. That of a drill bears its
    mark, as everything does that goes out.
    """
    page = _blank()
    given = json.dumps({"logs": list(logs), "witnesses": list(witnesses), "quorum": quorum})
    # Within a page "<" could end the block; JSON knows another spelling for it.
    page = page.replace(_NOTHING, given.replace("<", "\\u003c"), 1)
    return (page.replace(_TOP, _TOP + _DRILL, 1) if exercise else page).encode()


def is_ours(page: bytes) -> bool:
    """Whether a page is this program's own, but for the keys that are filled in."""
    try:
        text = page.decode()
    except UnicodeDecodeError:
        return False
    plain = text.replace(_TOP + _DRILL, _TOP, 1)
    return _GIVEN.sub(lambda _: _NOTHING, plain, count=1) == _blank()


def policy() -> str:
    """The page's own Content-Security-Policy, by which it may run itself and nothing else."""
    found = _POLICY.search(_blank())
    return found[1] if found else "default-src 'none'"


def _blank() -> str:
    return (files("trucewatch.app") / "static" / PAGE).read_text("utf-8")


_SCRIPT = '<script type="module">\n'
_ALONE = "// What follows is of this page alone"
_EXPORTS = "export { able, BEHIND, check, GRADES };\n"


def checker() -> bytes:
    """What checks a proof in that page, as an ES module for other pages: one code, one place.

    It exports `check(proof, policy, payload)`, `able()` and the words for the grades.
    """
    _, _, script = _blank().partition(_SCRIPT)
    shared, _, _ = script.partition(_ALONE)
    return f"{shared}{_EXPORTS}".encode()
