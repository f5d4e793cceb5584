"""Collects the words of the pages into the catalogues: `python tools/messages.py [--check]`.

Every message of the templates and the code under app/web, and every kind of event, stands in each
.po file afterwards; a translation that is there is kept, and one whose message is gone is dropped.
With `--check` nothing is written, and the exit code is 1 where a file is not what it would be.
After a conflict between two branches: take either side, and run it again.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from trucewatch.model import kind_tree

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "src" / "trucewatch" / "app" / "web"
LOCALE = WEB / "speaking" / "locale"
WAYS = [("**.py", "python"), ("**.j2", "jinja2")]
TRIMMED = {"**.j2": {"trimmed": "true"}}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "mark": None,
    "N_": None,
    "ngettext": (1, 2),
}

HEAD = """\
# The words of the pages. Kept by tools/messages.py, which keeps the translations.
msgid ""
msgstr ""
"Project-Id-Version: Trucewatch\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def collected() -> dict[str | tuple[str, ...], None]:
    """Every message once, in the order of its words; a plural is a pair."""
    found: set[str | tuple[str, ...]] = {kind_tree()[kind].name for kind in kind_tree()}
    for _, _, message, *_ in extract_from_dir(
        WEB, WAYS, TRIMMED, keywords=KEYWORDS, strip_comment_tags=True
    ):
        found.add(message)
    return dict.fromkeys(sorted(found, key=str))


def updated(language: str, before: bytes) -> bytes:
    """One catalogue with all messages and the translations that it had."""
    known = read_po(BytesIO(before), locale=language)
    made = Catalog(locale=language, fuzzy=False)
    for message in collected():
        key = message if isinstance(message, str) else message[0]
        had = known.get(key)
        made.add(message, string=had.string if had is not None and had.id == message else "")
    out = BytesIO()
    write_po(out, made, no_location=True, omit_header=True, width=96, sort_output=True)
    # The usual head says when it was written, which would never be the same twice.
    head = HEAD.format(language=language, plural=made.plural_forms)
    return head.encode() + out.getvalue()


def main(arguments: list[str]) -> int:
    """Write the catalogues, or only say whether they are up to date."""
    stale = 0
    for folder in sorted(LOCALE.iterdir()):
        path = folder / "LC_MESSAGES" / "trucewatch.po"
        before = path.read_bytes()
        after = updated(folder.name, before)
        if after == before:
            continue
        stale += 1
        if "--check" in arguments:
            sys.stderr.write(f"{folder.name}: run python tools/messages.py\n")
        else:
            path.write_bytes(after)
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
