"""Who says nothing, or takes nothing, is not waited for: a real server, and slow callers of it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response, StreamingResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

from trucewatch.app.web import patience, serving
from trucewatch.app.web.patience import Patient
from trucewatch.app.web.settings import WebSection

CALL = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"


def application():
    made = FastAPI()

    @made.get("/short")
    def short():
        return Response(b"x" * 10)

    @made.get("/long")
    def long():
        return Response(b"x" * 20_000_000)

    @made.get("/slow")
    def slow():
        return StreamingResponse(iter(lambda: time.sleep(0.2) or b"x", None))

    return made


@contextmanager
def listening(web=WebSection, **changes):
    config = serving.configured(application(), web)
    for name, value in changes.items():
        setattr(config, name, value)
    held = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server, held.getsockname()
    finally:
        server.force_exit = server.should_exit = True
        thread.join()
        held.close()


def ends(caller: socket.socket, within: float) -> bool:
    """Whether the other side hangs up in that time; what it says meanwhile is thrown away."""
    until = time.monotonic() + within
    try:
        while (left := until - time.monotonic()) > 0:
            caller.settimeout(left)
            if not caller.recv(65536):
                return True
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return False


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    monkeypatch.setattr(patience, "STALLED_S", 0.4)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: loc",
        CALL % b"short" + b"G",
        CALL % b"short" + CALL % b"short" + b"GET /",
    ],
    ids=["nothing", "half a head", "half a second head", "half a third head"],
)
def test_who_never_says_what_they_want_is_hung_up_on(said):
    with listening() as (_, address), socket.create_connection(address) as caller:
        caller.sendall(said)
        assert ends(caller, 3)


def test_the_bound_is_on_the_whole_head_and_not_on_each_piece_of_it():
    with listening() as (_, address), socket.create_connection(address) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(60):
            if ends(caller, 0.05):
                return
            with suppress(ConnectionError):
                caller.sendall(b"X-A: b\r\n")
        pytest.fail("it is waited for as long as anything comes")


def test_who_takes_nothing_of_an_answer_is_hung_up_on():
    with listening() as (server, address), socket.create_connection(address) as caller:
        caller.sendall(CALL % b"long")
        time.sleep(0.2)
        assert len(server.server_state.connections) == 1
        time.sleep(1.2)
        assert not server.server_state.connections


def test_an_answer_under_way_is_not_cut_short():
    with listening() as (_, address), socket.create_connection(address) as caller:
        caller.sendall(CALL % b"slow")
        assert not ends(caller, 1.2)


def test_more_than_can_be_told_to_come_later_are_not_listened_to(monkeypatch):
    monkeypatch.setattr(patience, "SPARE", 2)
    with listening(limit_concurrency=3) as (_, address):
        held = [socket.create_connection(address) for _ in range(5)]
        try:
            time.sleep(0.1)
            with socket.create_connection(address) as caller:
                assert ends(caller, 2)
            held[0].sendall(CALL % b"short")
            assert b" 503 " in held[0].recv(200)
        finally:
            for one in held:
                one.close()


def few(**more):
    """The application, where one network may hold eight connections."""
    return lambda: WebSection(connections_per_network=8, **more)


@contextmanager
def callers(address, count, source="127.0.0.1"):
    held = [socket.create_connection(address, source_address=(source, 0)) for _ in range(count)]
    try:
        time.sleep(0.1)
        yield held
    finally:
        for one in held:
            one.close()


def answered(caller):
    caller.settimeout(2)
    try:
        caller.sendall(CALL % b"short")
        return b" 200 " in caller.recv(200)
    except ConnectionError:
        return False


@pytest.fixture
def slow_heads(monkeypatch):
    monkeypatch.setattr(patience, "HEAD_S", 30)


@pytest.mark.usefixtures("slow_heads")
def test_one_network_holds_so_many_connections_and_others_come_in():
    with listening(few()) as (server, address), callers(address, 8) as held:
        with callers(address, 3) as more:
            assert all(ends(one, 2) for one in more)
        assert len(server.server_state.connections) == 8
        with callers(address, 2, source="127.0.1.1") as others:
            assert all(answered(one) for one in others)
        held[0].close()
        time.sleep(0.1)
        with callers(address, 1) as (again,):
            assert answered(again)
        assert all(answered(one) for one in held[1:])


@pytest.mark.usefixtures("slow_heads")
def test_a_proxy_of_ones_own_speaks_for_many():
    proxies = few(proxies=("127.0.0.1",))
    with listening(proxies) as (_, address), callers(address, 12) as held:
        assert all(answered(one) for one in held)


@pytest.mark.usefixtures("slow_heads")
def test_saboteur_without_the_bound_one_network_fills_the_server(monkeypatch):
    monkeypatch.setattr(Patient, "_is_one_too_many", lambda _: False)
    with listening(few()) as (_, address), callers(address, 12) as held:
        assert all(answered(one) for one in held)


def test_saboteur_without_the_bounds_callers_stay(monkeypatch):
    monkeypatch.setattr(serving, "patient", lambda _: H11Protocol)
    with listening() as (_, address), socket.create_connection(address) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert not ends(caller, 1.5)
