"""A process that sets off bombs, each in a fork of its own, and tells what it cost.

Every line that it reads is `{"number", "dice", "sabotage", "seconds"}`. Every line that it says is
what came of that bomb: "door", "bomb", "seconds", "bytes" (the most memory above the start),
"calls" (whatever went to the network or to another program), "leaked", and "fault" where it ended
badly.
"""

from __future__ import annotations

import json
import os
import re
import resource
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path
from unittest.mock import patch

from ruamel.yaml.nodes import Node
from tests.torture.bombs import DOORS, Aims, as_json, made

from trucewatch.documents import reading as documents
from trucewatch.errors import TrucewatchError
from trucewatch.reports.press import reading, warcs

PATIENCE = 60
"""Seconds by the clock after which a bomb that waits for something is ended."""
ADDRESS_SPACE = 3 << 30
WORD = "heliotrope7714"
WATCHED = re.compile(r"socket\.(?!__new__)|urllib\.|http\.|ftplib\.|subprocess\.|os\.(system|exec)")
calls: list[str] = []


def watch(event: str, _: object) -> None:
    """Note whatever asks for the network, or for another program."""
    if WATCHED.match(event):
        calls.append(event)


def memory(field: str) -> int:
    """Bytes of a line of the kernel's account of this process."""
    found = re.search(rf"^{field}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1]) << 10


def sabotage(name: str) -> None:
    """Take one guard away, in this fork only."""
    if name == "opens the links that it sees":
        real = reading.page_of_html

        def opening(text: str) -> object:
            for host, port in re.findall(r"http://([0-9.]+):(\d+)", text):
                socket.create_connection((host, int(port)), timeout=1).close()
            return real(text)

        patch.object(reading, "page_of_html", opening).start()
    elif name == "unpacks without limit":
        for module, limit in ((warcs, "WARC_RECORD_BYTES"), (warcs, "PAGE_BYTES")):
            patch.object(module, limit, 1 << 40).start()
        patch.object(reading, "PAGE_BYTES", 1 << 40).start()
    elif name == "unfolds aliases":
        real_value = documents._Walk.value

        def unfolding(self: documents._Walk, node: Node, path: documents.Path) -> object:
            self._seen.clear()
            return real_value(self, node, path)

        patch.object(documents._Walk, "value", unfolding).start()


def go_off(asked: dict[str, object], aims: Aims, listener: socket.socket) -> dict[str, object]:
    """Set one bomb off in this process."""
    door, name, raw = made(int(str(asked["number"])), str(asked["dice"]), aims)
    told: dict[str, object] = {"door": door, "bomb": name, "size": len(raw)}
    take, refusals = DOORS[door]
    sabotage(str(asked["sabotage"]))
    limit = memory("VmSize") + ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    seconds = int(str(asked["seconds"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    before = memory("VmRSS")
    sys.addaudithook(watch)
    start = time.perf_counter()
    fault, said = "", ""
    try:
        said = repr(take(raw))
    except (TrucewatchError, *refusals) as refused:
        said = str(refused)
    # Whatever else comes is what the row is about: it is told, and the test fails for it.
    except BaseException as other:  # noqa: BLE001
        fault = "".join(traceback.format_exception(other))[-1500:]
    told["seconds"] = time.perf_counter() - start
    told["bytes"] = memory("VmHWM") - before
    if select.select([listener], [], [], 0)[0]:
        calls.append("somebody connected")
    return {**told, "calls": calls, "leaked": WORD in said, "fault": fault}


def main() -> None:
    """Serve until the input ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryDirectory() as place:
        secret = Path(place) / "secret"
        secret.write_text(WORD)
        aims = Aims(f"http://127.0.0.1:{listener.getsockname()[1]}/", secret.as_uri())
        for line in sys.stdin:
            pid = os.fork()
            if not pid:
                signal.alarm(PATIENCE)
                os.write(1, as_json(go_off(json.loads(line), aims, listener)))
                os._exit(0)
            status = os.waitpid(pid, 0)[1]
            if status:
                os.write(1, as_json({"fault": f"it ended with {status}"}))
            if select.select([listener], [], [], 0)[0]:
                listener.accept()[0].close()


if __name__ == "__main__":
    main()
