"""What has changed between two views of the same viewers: both redacted, so it can tell no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime
    from pathlib import Path

MOST_CHANGES = 5_000
"""So many are remembered, the newest."""

_NEW = """
INSERT INTO change (at, sort, id, what, after)
SELECT ?, sort, id, 'new', state FROM record AS now
WHERE NOT EXISTS (SELECT 1 FROM old.record AS was WHERE was.sort = now.sort AND was.id = now.id)
ORDER BY n DESC
"""
_GONE = """
INSERT INTO change (at, sort, id, what, before)
SELECT ?, sort, id, 'gone', state FROM old.record AS was
WHERE NOT EXISTS (SELECT 1 FROM record AS now WHERE now.sort = was.sort AND now.id = was.id)
ORDER BY n DESC
"""
_OTHER = """
INSERT INTO change (at, sort, id, what, before, after)
SELECT ?, now.sort, now.id,
    CASE WHEN now.state IS was.state THEN 'changed' ELSE 'state' END, was.state, now.state
FROM record AS now JOIN old.record AS was ON was.sort = now.sort AND was.id = now.id
WHERE now.mark <> was.mark ORDER BY now.n DESC
"""


def tell_changes(file: sqlite3.Connection, before: Path | None, at: datetime) -> None:
    """Enter into a view what is other than in the file before it; the first has no changes."""
    if before is None:
        return
    file.execute("COMMIT")
    file.execute("ATTACH DATABASE ? AS old", (f"{before.resolve().as_uri()}?mode=ro&immutable=1",))
    file.execute("BEGIN")
    file.execute(
        "INSERT INTO change SELECT * FROM old.change ORDER BY n DESC LIMIT ?", (MOST_CHANGES,)
    )
    for sql in (_GONE, _OTHER, _NEW):
        file.execute(sql, (at.isoformat(),))
    file.execute("DELETE FROM change WHERE n <= (SELECT max(n) FROM change) - ?", (MOST_CHANGES,))
    file.execute("COMMIT")
    file.execute("DETACH DATABASE old")
    file.execute("BEGIN")
