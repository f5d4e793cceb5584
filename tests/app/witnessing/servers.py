"""Witnesses on 127.0.0.1 that behave until a test has them do something else."""

from __future__ import annotations

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from trucewatch.evidence.tlog.cosignatures import CosignerKey
from trucewatch.evidence.tlog.merkle import verify_consistency
from trucewatch.evidence.tlog.notes import split_note, unbase64


class Witness:
    """A witness of the tests: `how` is what it does with a request, and may be changed."""

    def __init__(self, name: str) -> None:
        seed = hashlib.sha256(name.encode()).digest()
        self.id, self.key = name, CosignerKey(f"example.org/{name}", seed)
        self.size, self.root, self.at = 0, hashlib.sha256(b"").digest(), 1_800_000_000
        self.asked: list[bytes] = []
        self.how = type(self).answer
        self.note = ""
        self.shows = lambda: (200, self.note) if self.note else (404, "")
        self.over = threading.Event()
        made = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                made.asked.append(self.rfile.read(int(self.headers["content-length"])))
                made.path, made.headers = self.path, dict(self.headers)
                try:
                    made.how(made, self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def do_GET(self) -> None:
                reply(self, *made.shows())

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/w"

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def sign(self, note: str) -> str:
        return self.key.cosign(split_note(note)[0], self.at)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """What an honest witness answers."""
        head, note = self.asked[-1].decode().split("\n\n", 1)
        first, *proof = head.split("\n")
        old = int(first.removeprefix("old "))
        size, root = int(note.split("\n")[1]), unbase64(note.split("\n")[2])
        if old != self.size:
            reply(request, 409, f"{self.size}\n")
        elif not verify_consistency(old, size, self.root, root, [unbase64(p) for p in proof]):
            reply(request, 422, "the proof does not hold\n")
        else:
            self.size, self.root = size, root
            self.note = f"{note}{self.sign(note)}\n"
            reply(request, 200, f"{self.sign(note)}\n")


def reply(request: BaseHTTPRequestHandler, status: int, body: str, **headers: str) -> None:
    raw = body.encode()
    request.send_response(status)
    for name, value in {"content-length": str(len(raw)), **headers}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(raw)


def section(witnesses: list[Witness], quorum: object, wait_s: float = 5) -> str:
    """The settings that name these witnesses."""
    said = f'"{quorum}"' if isinstance(quorum, str) else quorum
    head = f"\n[witnessing]\nquorum = {said}\nwait_s = {wait_s}\n"
    return head + "".join(
        f'\n[[witness]]\nid = "{one.id}"\nvkey = "{one.key.cosigner.vkey()}"\nurl = "{one.url}"\n'
        for one in witnesses
    )


def say(folder, text: str) -> None:
    """Put a new end of mission.toml in the place of what it says of witnesses."""
    path = folder / "mission.toml"
    kept = re.split(r"\n\[witnessing\]", path.read_text("utf-8"))[0]
    path.write_text(kept + text, "utf-8")
