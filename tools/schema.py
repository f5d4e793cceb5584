"""Write the JSON Schema of `agreement.yaml` into the package, as the forms have it.

Run it after a change of the forms or of the trees of kinds and weapons; `--check` only compares.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

from trucewatch.agreements import SCHEMA_FILE, agreement_schema

PUBLISHED = Path(str(files("trucewatch.agreements"))) / SCHEMA_FILE


def text() -> str:
    """The schema as it is published."""
    return json.dumps(agreement_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` say whether it is current (0) or not (1)."""
    if "--check" in arguments:
        return int(not PUBLISHED.exists() or PUBLISHED.read_text("utf-8") != text())
    PUBLISHED.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
