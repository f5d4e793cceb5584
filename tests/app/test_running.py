"""The first run says why it takes long; every later one says nothing."""

from __future__ import annotations

import time

import pytest

from trucewatch.app import running


@pytest.mark.parametrize("slow", [False, True])
def test_compiling_is_said_where_it_takes_long(monkeypatch, slow):
    monkeypatch.setattr(running, "PATIENCE_S", 0.02)
    monkeypatch.setattr(running, "get_ready", lambda: time.sleep(0.5) if slow else None)
    told = []
    running.make_ready(lambda *what: told.append(what))
    said = [(running.COMPILING, 0, 1), (running.COMPILING, 1, 1)]
    assert told == (said if slow else [])


def test_what_fails_while_making_ready_is_not_hidden(monkeypatch):
    def fail():
        raise OSError("no compiler")

    monkeypatch.setattr(running, "get_ready", fail)
    with pytest.raises(OSError, match="no compiler"):
        running.make_ready(lambda *_: None)
