"""A witness on the network: what it answers over HTTP, its limits, and what it survives."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import os
import queue
import signal
import threading
from datetime import UTC, datetime

import pytest
from tests.app.witnessing import processes

from trucewatch.app.witnessing import serving
from trucewatch.errors import EvidenceError, TrucewatchError, WriteFailed
from trucewatch.evidence.tlog.cosignatures import Cosigner
from trucewatch.evidence.tlog.merkle import leaf_hash, node_hash
from trucewatch.evidence.tlog.notes import Signer, split_note
from trucewatch.evidence.witness import LARGEST_REQUEST, Witness, make_witness, watch

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
LOG = Signer("example.org/log", bytes(32))
LEAVES = [leaf_hash(b"0"), leaf_hash(b"1")]
ONE = LOG.checkpoint(1, LEAVES[0]).note
TWO = LOG.checkpoint(2, node_hash(*LEAVES)).note
PATH = f"/{hashlib.sha256(b'example.org/log').hexdigest()}/checkpoint"


def first(note: str = ONE) -> bytes:
    return f"old 0\n\n{note}".encode()


class Caller:
    """Speaks ASGI with an application, without a network."""

    def __init__(self, folder) -> None:
        self.vkey = make_witness(folder, name="w.example.org")
        watch(folder, LOG.verifier.vkey())
        self.witness = Witness.open(folder)
        self.told: list[str] = []
        self.stopped: list[bool] = []
        self.application = serving.Application(
            self.witness,
            now=lambda: NOW,
            tell=self.told.append,
            stop=lambda: self.stopped.append(True),
        )

    def ask(self, method: str, path: str, *parts: bytes, receive=None):
        """Status, headers and body; the body of the request arrives in parts."""
        queue = [
            {"type": "http.request", "body": part, "more_body": place < len(parts) - 1}
            for place, part in enumerate(parts or (b"",))
        ]
        sent = []

        async def next_part():
            return queue.pop(0)

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path}
        asyncio.run(self.application(scope, receive or next_part, send))
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers, sent[1]["body"].decode()


@pytest.fixture
def caller(tmp_path):
    made = Caller(tmp_path / "w")
    yield made
    made.witness.close()


def test_a_checkpoint_is_cosigned_and_shown(caller):
    assert caller.ask("GET", PATH)[0] == 404
    body = first()
    status, headers, line = caller.ask("POST", "/add-checkpoint", body[:9], body[9:])
    assert status == 200
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["date"] == "Sun, 12 Apr 2026 06:00:00 GMT"
    found = Cosigner.parse(caller.vkey).verify(split_note(ONE)[0], line.rstrip("\n"))
    assert found.at == int(NOW.timestamp())
    assert caller.ask("GET", PATH)[2] == ONE + line
    assert caller.ask("HEAD", PATH)[2] == ""
    assert caller.ask("GET", "/")[2] == f"{caller.vkey}\n"
    status, headers, size = caller.ask("POST", "/add-checkpoint", first(TWO))
    assert (status, headers["content-type"], size) == (409, "text/x.tlog.size", "1\n")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("PUT", "/add-checkpoint", 405),
        ("POST", "/", 405),
        ("DELETE", PATH, 405),
        ("GET", "/add-checkpoint/", 404),
        ("GET", PATH.upper(), 404),
        ("GET", "/../key/cosigning", 404),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", "/key/cosigning", 404),
        ("POST", "/sign-subtree", 404),
    ],
)
def test_nothing_else_is_answered(caller, method, path, status):
    assert caller.ask(method, path)[0] == status


def test_a_body_without_end_is_not_taken(caller):
    parts = [b"x" * 1000] * (LARGEST_REQUEST // 1000 + 2)
    assert caller.ask("POST", "/add-checkpoint", *parts)[0] == 413


def test_who_dawdles_is_sent_away(caller, monkeypatch):
    monkeypatch.setattr(serving, "BODY_S", 0.05)

    async def never():
        await asyncio.sleep(60)

    assert caller.ask("POST", "/add-checkpoint", receive=never)[0] == 408


def test_who_hangs_up_is_not_missed(caller):
    async def gone():
        return {"type": "http.disconnect"}

    assert caller.ask("POST", "/add-checkpoint", receive=gone)[0] == 400


def test_the_operator_is_told_of_a_fork(caller):
    caller.ask("POST", "/add-checkpoint", first())
    assert caller.told == []
    caller.ask("POST", "/add-checkpoint", first(LOG.checkpoint(1, bytes(32)).note))
    assert len(caller.told) == 1
    assert "contradicts" in caller.told[0]


def test_a_witness_that_cannot_remember_stops(caller, monkeypatch):
    def fail(*_, **__):
        raise WriteFailed("no space")

    monkeypatch.setattr(Witness, "add_checkpoint", fail)
    assert caller.ask("POST", "/add-checkpoint", first())[0] == 503
    assert (caller.application.fault, caller.stopped) == ("no space", [True])
    monkeypatch.undo()
    # Not even when the fault is gone: the process has to end.
    assert caller.ask("POST", "/add-checkpoint", first())[0] == 503


def test_its_own_records_that_cannot_be_read_stop_it(caller, monkeypatch):
    def fail(*_):
        raise EvidenceError("gone")

    monkeypatch.setattr(Witness, "latest", fail)
    assert caller.ask("GET", PATH)[0] == 503
    assert caller.stopped


def test_a_witness_speaks_http_alone(caller):
    async def never(*_):
        pytest.fail("nothing is asked and nothing is answered")

    with pytest.raises(ValueError, match="a witness speaks HTTP alone"):
        asyncio.run(caller.application({"type": "websocket", "path": "/"}, never, never))


@pytest.mark.parametrize("fault", ["", "no space"])
def test_what_ended_a_witness_is_its_last_word(tmp_path, monkeypatch, fault):
    """It ends without a word where it was told to end, and with the fault where one ended it."""
    make_witness(tmp_path / "w", name="w.example.org")
    made, said, ended = [], queue.Queue(), []

    class Kept(serving.uvicorn.Server):
        def __init__(self, config):
            super().__init__(config)
            made.append(self)

    def fail(*_, **__):
        raise WriteFailed(fault)

    def run():
        try:
            serving.serve(tmp_path / "w", host="127.0.0.1", port=0, say=said.put, tell=said.put)
            ended.append("")
        except TrucewatchError as error:
            ended.append(str(error))

    monkeypatch.setattr(serving.uvicorn, "Server", Kept)
    if fault:
        monkeypatch.setattr(Witness, "add_checkpoint", fail)
    thread = threading.Thread(target=run)
    thread.start()
    welcome = said.get(timeout=10)
    assert "Cosigns no log yet: 'trucewatch witness watch' adds one." in welcome
    port = int(welcome[0].rpartition(":")[2])
    status = ask(port, "POST", "/add-checkpoint", first())[0]
    assert status == (503 if fault else 404)
    made[0].should_exit = made[0].should_exit or not fault
    thread.join(10)
    assert ended == [fault]


def ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=body or None)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def process(tmp_path):
    folder = tmp_path / "w"
    processes.make(folder, "w.example.org")
    watch(folder, LOG.verifier.vkey())
    made = processes.Process(folder)
    yield made
    made.kill()


@pytest.mark.server
def test_a_process_remembers_what_it_said_after_it_was_killed(process):
    assert ask(process.port, "POST", "/add-checkpoint", first())[0] == 200
    process.kill()
    process.start()
    assert ask(process.port, "POST", "/add-checkpoint", first(TWO)) == (409, "1\n")
    fork = LOG.checkpoint(1, bytes(32)).note
    body = f"old 1\n\n{fork}".encode()
    assert ask(process.port, "POST", "/add-checkpoint", body)[0] == 422
    _, complaints = process.close()
    assert "contradicts what was cosigned" in complaints


@pytest.mark.server
def test_one_folder_has_one_process(process):
    with pytest.raises(AssertionError, match="one process"):
        processes.Process(process.folder)


@pytest.mark.server
def test_a_connection_stays_and_many_may_come_at_once(process):
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=10)
    for _ in range(3):
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (200, True)
    connection.close()
    idle = []
    for _ in range(serving.AT_ONCE + 10):
        one = http.client.HTTPConnection("127.0.0.1", process.port, timeout=10)
        one.connect()
        idle.append(one)
    # All places are taken: it says so and does not fall.
    try:
        assert ask(process.port, "GET", "/")[0] == 503
    finally:
        for one in idle:
            one.close()
    for _ in range(200):
        if ask(process.port, "GET", "/")[0] == 200:
            break
    else:
        pytest.fail("the places are not free again")


@pytest.mark.server
def test_it_ends_when_it_is_told_to(process):
    os.kill(process.process.pid, signal.SIGINT)
    process.process.communicate(timeout=20)
    assert process.process.returncode in {0, 130, -signal.SIGINT}


def test_a_connection_has_an_end(monkeypatch):
    """A caller who says nothing, or a letter a minute, keeps a place for so long and no longer."""
    monkeypatch.setattr(serving, "CONNECTION_S", 0.05)
    ended = []

    async def answer(scope, receive, send):
        ended.append((scope, receive, send))

    async def trial() -> bytes:
        config = serving.uvicorn.Config(answer, http=serving.Impatient, log_level="error")
        config.load()
        state = serving.uvicorn.server.ServerState()

        def protocol():
            return serving.Impatient(config=config, server_state=state, app_state={})

        loop = asyncio.get_running_loop()
        server = await loop.create_server(protocol, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HT")
        data = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        server.close()
        return data

    assert asyncio.run(trial()) == b""
    assert not ended
