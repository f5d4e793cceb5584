"""Which engine a target names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch.errors import ConfigurationError
from trucewatch.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from trucewatch.store.projection import Store


def open_store(target: str | Path, *, schema: str | None = None, readonly: bool = False) -> Store:
    """Open a projection, making it if there is none: a path is SQLite, a URL PostgreSQL.

    A URL is "postgresql://user@host/database?schema=easter_2026"; each mission has a schema of
    its own, "trucewatch" if neither the URL nor `schema` names one. `readonly` promises to write
    nothing, so that SQLite needs no right to write, makes no file and waits for nobody; NotFound
    where there is none then. Raises ConfigurationError for a target that cannot be,
    StoreUnavailable where it cannot be opened, and MissingExtra where the driver for PostgreSQL
    is not installed.
    """
    text = str(target)
    if isinstance(target, str) and text.startswith(("postgresql://", "postgres://")):
        # Imported only when chosen: SQLite needs no driver.
        from trucewatch.store.postgres import PostgresStore

        return PostgresStore(text, schema=schema)
    scheme, mark, _ = text.partition("://")
    if isinstance(target, str) and mark:
        raise ConfigurationError(
            f"{scheme}:// is not known: give a path for SQLite, or a URL postgresql://…",
            file="mission.toml",
            field="storage.url",
        )
    if not text or schema is not None:
        raise ConfigurationError(
            "give a path; only PostgreSQL has schemas", file="mission.toml", field="storage.url"
        )
    return SqliteStore(Path(text), readonly=readonly)
