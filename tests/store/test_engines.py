"""What is special to one engine, and what happens when processes meet or die."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trucewatch.errors import ConfigurationError, MissingExtra, StoreUnavailable
from trucewatch.store import open_store
from trucewatch.store.sqlite import APPLICATION_ID, SqliteStore
from trucewatch.store.statements import statements

# Dies by kill -9 before the statement of the given number. With "unguarded" the transactions are
# taken away, to show that it is they that protect.
WORKER = """
import contextlib, os, signal, sys
sys.path.insert(0, sys.argv[1])
from conftest import Make
from trucewatch.store import open_store

target, act, count, guard = sys.argv[2:]
store, make, left = open_store(target), Make(), int(count)

def dying(real):
    def run(*args):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args)
    return run

if guard == "unguarded":
    type(store).batch = lambda self: contextlib.nullcontext()
store._query, store._repeat = dying(store._query), dying(store._repeat)
if act == "add":
    store.add_reports(1, [make.report(n, payload="0") for n in (1, 2, 3)], [make.quarantined(2)])
else:
    store.replace_state(make.derived(make.incident(2), make.incident(3)))
"""


def die(target: str, act: str, count: int, guard: str = "guarded") -> bool:
    """Run until the kill; False if the work was over before."""
    script = textwrap.dedent(WORKER)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(Path(__file__).parent), target, act, str(count), guard],
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    ).returncode
    assert ended in {0, -signal.SIGKILL}
    return ended != 0


def seen(target: str) -> tuple[object, ...]:
    """Everything that can be asked."""
    with open_store(target) as store:
        reports = list(store.reports())
        for report in reports:
            assert store.find(report.claims[0].id) == report.claims[0]
        entries = [store.report_entries(report.id) for report in reports]
        near = store.incidents(near=(48.0, 37.0, 1000.0))
        assert near == store.incidents()
        return (reports, entries, store.intake(), store.quarantined(), store.derived(), near)


@pytest.fixture
def filled(lasting, make) -> str:
    with open_store(lasting) as store:
        store.add_reports(0, [make.report(1, payload="f")], [make.quarantined(1)])
        store.replace_state(make.derived(make.incident(1)))
    return lasting


@pytest.mark.parametrize("act", ["add", "replace"])
def test_a_killed_process_leaves_the_old_state(filled, act):
    before = seen(filled)
    # From the very first statement to the one that commits; every second, as each costs a process.
    count = 1
    while die(filled, act, count):
        assert seen(filled) == before, f"killed before statement {count}"
        count += 2
    assert count > 5
    assert seen(filled) != before


def test_without_transactions_a_kill_would_show(filled):
    before = seen(filled)
    assert die(filled, "replace", 6, "unguarded")
    with open_store(filled) as store:
        assert store.incidents() != before[5]
        # What the projection says of itself is no longer what is in it.
        assert store._get("derived") is not None


def test_processes_that_write_at_once(lasting, make):
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from conftest import Make
from trucewatch.store import open_store
first = int(sys.argv[2])
with open_store(sys.argv[1]) as store:
    for step in range(10):
        store.add_reports(first, [Make.report(first + step, payload=sys.argv[2])], [])
"""

    def work(first: int) -> int:
        command = [sys.executable, "-c", script, lasting, str(first)]
        return subprocess.run(command, check=False).returncode

    # The last two find no projection and race to make it, if it is a file.
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(work, (0, 5, 8))) == [0, 0, 0]
    with open_store(lasting) as store:
        found = list(store.reports())
        (count,) = store.intake()
    assert len(found) == 18
    assert (count.accepted, count.duplicate) == (18, 12)
    # Of two copies that race, the same one stays as if they had come one after another.
    with open_store(":memory:") as store:
        for first in (8, 0, 5):
            rows = [make.report(first + step, payload=str(first)) for step in range(10)]
            store.add_reports(first, rows, [])
        assert list(store.reports()) == found


def test_another_form_is_dropped_and_made_anew(lasting, make, monkeypatch):
    with open_store(lasting) as store:
        store.add_reports(0, [make.report(1)], [])
        store.replace_state(make.derived(make.incident(1)))
        store.mark_read(1, "1")
        store._query("CREATE TABLE of_another_time (a INTEGER)", {})
        monkeypatch.setattr(type(store), "form", lambda _: "other")
    with open_store(lasting) as store:
        assert store.state() is None
        assert list(store.reports()) == []
        with pytest.raises(StoreUnavailable):
            store._query("SELECT * FROM of_another_time", {})
        store.add_reports(0, [make.report(1)], [])
        store.mark_read(1, "1")
    with open_store(lasting) as store:
        assert store.state() is not None


def test_the_form_follows_the_tables(monkeypatch):
    before = SqliteStore.form()
    changed = {**statements("sqlite", "schema"), "make_more": "CREATE TABLE more (a)"}
    monkeypatch.setattr("trucewatch.store.sql_base.statements", lambda *_: changed)
    assert SqliteStore.form() != before


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_both_engines_have_the_same_statements(engine):
    for subject in ("reports", "derived"):
        names = set(statements(engine, subject)) | {"drop_incident_places"}
        assert names == set(statements("sqlite", subject)) | {"drop_incident_places"}


def test_two_statements_of_one_name_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "sql" / "engine"
    folder.mkdir(parents=True)
    (folder / "subject.sql").write_text("-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n")
    monkeypatch.setattr("trucewatch.store.statements.files", lambda _: tmp_path)
    with pytest.raises(ValueError, match="two statements named a"):
        statements.__wrapped__("engine", "subject")


# SQLite.


def test_sqlite_is_set_to_last(tmp_path):
    with SqliteStore(tmp_path / "state.db") as store:
        asked = {
            name: store._query(f"PRAGMA {name}", {})[0][0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
        full = 2
        assert asked == {
            "journal_mode": "wal",
            "synchronous": full,
            "foreign_keys": 1,
            "busy_timeout": 30_000,
        }
        # Strict tables refuse what is not of the column's type.
        with pytest.raises(StoreUnavailable, match="cannot store"):
            store._query("INSERT INTO standings VALUES ('r', 'x', 'p', 'b')", {})
        with pytest.raises(StoreUnavailable, match="FOREIGN KEY"):
            store._query("INSERT INTO standings VALUES ('r', 1, 'p', 'b')", {})


def test_only_its_owner_can_read_the_file(tmp_path):
    path = tmp_path / "state.db"
    old = os.umask(0)
    try:
        open_store(path).close()
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_database_of_somebody_else_is_left_alone(tmp_path):
    path = tmp_path / "theirs.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE precious (a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="no projection of Trucewatch"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Notes of a long day. " * 100)
    with pytest.raises(ConfigurationError, match="name another file"):
        open_store(path)
    assert path.read_text().startswith("Notes of a long day.")


def test_a_place_that_cannot_be_written(tmp_path):
    with pytest.raises(StoreUnavailable, match="No such file"):
        open_store(tmp_path / "nowhere" / "state.db")


def test_a_marked_file_without_facts_is_made_anew(tmp_path, make):
    path = tmp_path / "state.db"
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("CREATE TABLE reports (other)")
    connection.close()
    with open_store(path) as store:
        assert store.add_reports(0, [make.report(1)], []) == (1, 0)


@pytest.mark.parametrize("target", ["mysql://somewhere", ""])
def test_targets_that_cannot_be(target):
    with pytest.raises(ConfigurationError, match=r"storage\.url"):
        open_store(target)


def test_a_file_has_no_schema(tmp_path):
    with pytest.raises(ConfigurationError, match="only PostgreSQL"):
        open_store(tmp_path / "state.db", schema="one")


# PostgreSQL.


@pytest.mark.server
def test_each_mission_has_a_schema_of_its_own(postgres_server, make):
    with (
        open_store(f"{postgres_server}?schema=mission_a") as one,
        open_store(postgres_server, schema="mission_b") as two,
    ):
        one.clear()
        two.clear()
        one.add_reports(0, [make.report(1)], [])
        assert list(two.reports()) == []
        assert list(one.reports()) == [make.report(1)]


@pytest.mark.server
def test_a_schema_of_somebody_else_is_left_alone(postgres_server):
    with open_store(postgres_server) as store:
        store._query("CREATE SCHEMA IF NOT EXISTS theirs", {})
    with pytest.raises(ConfigurationError, match="no projection of Trucewatch"):
        open_store(postgres_server, schema="theirs")


@pytest.mark.server
def test_a_database_without_postgis_says_what_to_do(postgres_server):
    with open_store(postgres_server) as store:
        store._query("CREATE ROLE plain LOGIN", {})
        store._query("CREATE DATABASE bare OWNER plain", {})
    bare = postgres_server.replace("postgres@", "plain@").removesuffix("postgres") + "bare"
    with pytest.raises(StoreUnavailable, match="administrator run 'CREATE EXTENSION postgis'"):
        open_store(bare)


@pytest.mark.server
def test_the_index_is_used_for_places(postgres_server, make):
    with open_store(postgres_server) as store:
        store.replace_state(make.derived(*(make.incident(n, lon=n / 100) for n in range(2000))))
        store._query("ANALYZE incidents", {})
        plan = store._query(
            "EXPLAIN SELECT id FROM incidents WHERE st_dwithin(place, "
            "st_setsrid(st_makepoint(1, 48), 4326)::geography, 900, false)",
            {},
        )
        assert "incidents_by_place" in str(plan)
        store.clear()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@127.0.0.1:1/x?schema=public;drop",
        "postgresql://me:secret@127.0.0.1:1/x?schema=pg_catalog",
        "postgresql://me:secret@127.0.0.1:1/x?schema=a&schema=b",
        "postgresql://me:secret@127.0.0.1:1/x?schema",
        "postgresql://me:secret@[127.0.0.1:1/x",
    ],
)
def test_a_wrong_url_is_refused_without_quoting_it(url):
    with pytest.raises(ConfigurationError) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)


def test_two_names_for_one_schema():
    with pytest.raises(ConfigurationError, match="'a' in the URL and 'b' beside"):
        open_store("postgresql://127.0.0.1:1/x?schema=a", schema="b")


def test_a_server_that_is_not_there():
    with pytest.raises(StoreUnavailable, match="PostgreSQL, schema trucewatch") as caught:
        open_store("postgresql://me:secret@127.0.0.1:1/x")
    assert "secret" not in str(caught.value)


def test_the_driver_is_named_if_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "trucewatch.store.postgres", raising=False)
    with pytest.raises(MissingExtra, match=r"trucewatch\[server\]"):
        open_store("postgresql://127.0.0.1:1/x")
