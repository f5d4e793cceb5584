"""Write the JSON Schemas of the files that people write into the package, as the forms have them.

Run it after a change of the forms or of the trees of kinds and weapons; `--check` only compares.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

from trucewatch import agreements, commitments

PUBLISHED = {
    ("trucewatch.agreements", agreements.SCHEMA_FILE): agreements.agreement_schema,
    ("trucewatch.commitments", commitments.SCHEMA_FILE): commitments.commitments_schema,
}


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` say whether they are current (0) or not (1)."""
    behind = 0
    for (package, name), schema in PUBLISHED.items():
        path = Path(str(files(package))) / name
        text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
        if "--check" not in arguments:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            behind = 1
    return behind


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
