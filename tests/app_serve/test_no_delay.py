"""A short answer leaves at once: head and body are two writes, and the second must not wait."""

from __future__ import annotations

import socket

from trucewatch.app.web.serving import _listening


def test_each_connection_sends_at_once():
    with _listening("127.0.0.1", 0) as opened, socket.create_connection(opened.getsockname()):
        taken, _ = opened.accept()
        with taken:
            assert taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
