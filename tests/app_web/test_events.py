"""Live updates over a real line, from a real server in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest
from tests.app.test_erasing import ISLAND, PEOPLE

from trucewatch.app.findings import reviewing
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web import events
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.model import Ruling

PASSWORD = "eleven larks above the mill"  # noqa: S105 -- of a made-up person
SERVES = """
import sys
from trucewatch.app import cli
from trucewatch.app.web import events
events.EVERY_S, events.HEARTBEAT_S = 0.1, 0.5
sys.argv = ["trucewatch", "serve", "--port", "0", "--mission", sys.argv[1]]
cli.main()
"""
"""The command as it is; only its clock ticks faster."""
WAIT_S = 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = shutil.copytree(ISLAND, tmp_path_factory.mktemp("events") / "mission")
    settings = folder / "mission.toml"
    settings.write_text(settings.read_text() + PEOPLE)
    delivered = (folder / "reports.csv").rename(folder.parent / "reports.csv")
    with Mission.open(folder) as mission:
        ingest(mission, [delivered])
        bring_up_to_date(mission)
    return folder


@pytest.fixture(scope="module")
def cookies(folder):
    """Those of a reviewer who signed in."""
    accounts = Accounts(folder)
    accounts.set_password("reviewer-1", PASSWORD, how="command line")
    return {accounts.cookie: accounts.sign_in("reviewer-1", PASSWORD).session}


@pytest.fixture(scope="module")
def address(folder):
    with subprocess.Popen(
        [sys.executable, "-c", SERVES, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            yield re.search(r"http://\S+?(?=/ )", process.stdout.readline())[0]
        finally:
            process.terminate()


@contextmanager
def listening(address, cookies=None):
    with (
        httpx.Client(cookies=cookies, timeout=WAIT_S) as client,
        client.stream("GET", f"{address}/events") as answer,
    ):
        yield answer.status_code, answer.iter_lines()


def following(lines, start):
    """The next line that begins so."""
    until = time.monotonic() + WAIT_S
    for line in lines:
        if line.startswith(start):
            return line
        assert time.monotonic() < until
    raise AssertionError(f"the stream ended without {start!r}")


def test_a_run_in_another_process_is_told_to_who_works_inside(folder, address, cookies):
    with listening(address, cookies) as (status, lines):
        assert status == 200
        assert json.loads(following(lines, "data:")[5:])["doing"] == "resting"
        following(lines, ": still here")
        with Mission.open(folder) as mission:
            incident = mission.store.derived().incidents[0].id
            reviewing.review(mission, incident, Ruling.CONFIRM, by="reviewer-1", reason="seen")
        run = [sys.executable, "-m", "trucewatch", "run", "--mission", str(folder)]
        subprocess.run(run, check=True, capture_output=True)
        following(lines, "event: view")
        assert json.loads(following(lines, "data:")[5:])["changes"] > 0
        following(lines, ": still here")


def test_the_public_hears_that_the_line_is_open_and_nothing_else(address):
    with listening(address) as (_, lines):
        told = [next(lines) for _ in range(6)]
    assert {line for line in told if line} == {"retry: 5000", ": still here"}


def test_who_never_reads_holds_up_nobody(address):
    host, port = address.removeprefix("http://").split(":")
    with ExitStack() as stack:
        for path in ("/events", "/events", "/incidents", "/"):
            idle = stack.enter_context(socket.socket())
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            idle.connect((host, int(port)))
            idle.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        with listening(address) as (_, lines):
            following(lines, ": still here")
        assert httpx.get(f"{address}/", timeout=WAIT_S).status_code == 200


def test_so_many_windows_listen_and_a_place_is_given_back(address, cookies):
    with ExitStack() as stack:
        # Kept, as a stream that nobody holds is closed.
        held = [stack.enter_context(listening(address, cookies)) for _ in range(events.MOST_EACH)]
        for status, lines in held:
            assert status == 200
            following(lines, "retry")
        with listening(address, cookies) as (status, _):
            assert status == 429
        with listening(address) as (status, _):
            assert status == 200
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        with suppress(httpx.ReadError), listening(address, cookies) as (status, lines):
            if status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("no place was given back")
