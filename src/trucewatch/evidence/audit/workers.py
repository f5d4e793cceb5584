"""Processes that share the audit's work; each is given tasks over a pipe and ends with it.

A worker is another Python of ours, not a copy of this process: nothing of the caller's is run or
inherited, whatever threads it has. It ends when its pipe does, so it cannot outlive the audit.
"""

from __future__ import annotations

import gc
import json
import os
import struct
import subprocess
import sys
from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, TypeVar

from trucewatch.evidence.audit.parts import Amiss, Part
from trucewatch.evidence.audit.published import WIDTH
from trucewatch.evidence.audit.quick import read_part
from trucewatch.evidence.audit.stored import StoredFile, hash_stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trucewatch.evidence.audit.published import TileFiles

MOST = 8
_SIZE = struct.Struct(">Q")
_SERVE = "from trucewatch.evidence.audit.workers import serve; serve()"

T = TypeVar("T")
Task = dict[str, Any]


class _Lost(Exception):
    """A worker has ended or cannot be understood."""


class Workers:
    """Some processes, or none: then every task is done here."""

    def __init__(self, processes: list[subprocess.Popen[bytes]]) -> None:
        self._free: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in processes:
            self._free.put(process)
        self._count = len(processes)

    def parts(self, tasks: Iterable[Task]) -> Iterator[Part]:
        """Read parts of a log, in the order of the tasks; Amiss for one that does not hold."""
        return self._map(tasks, _part_from)

    def folders(self, tasks: Iterable[Task]) -> Iterator[list[StoredFile]]:
        """Hash folders of payloads, in the order of the tasks."""
        return self._map(tasks, _folder_from)

    def _map(self, tasks: Iterable[Task], read: Callable[[list[bytes]], T]) -> Iterator[T]:
        """The answers in order; few are held at a time, so that memory stays bounded."""
        if not self._count:
            for task in tasks:
                yield read(_perform(task))
            return
        with ThreadPoolExecutor(self._count) as threads:
            waiting: deque[Future[list[bytes]]] = deque()
            try:
                for task in tasks:
                    waiting.append(threads.submit(self._ask, task))
                    if len(waiting) > 2 * self._count:
                        yield read(waiting.popleft().result())
                while waiting:
                    yield read(waiting.popleft().result())
            finally:
                for each in waiting:
                    each.cancel()

    def _ask(self, task: Task) -> list[bytes]:
        process = self._free.get()
        try:
            if process.stdin is None or process.stdout is None or process.poll() is not None:
                raise _Lost
            _write(process.stdin, [json.dumps(task).encode()])
            return _read(process.stdout)
        except (OSError, _Lost):
            # Whatever became of it, the answer must not depend on it.
            return _perform(task)
        finally:
            self._free.put(process)


@contextmanager
def started(count: int) -> Iterator[Workers]:
    """So many processes, for as long as they are needed; none where no Python can be started."""
    processes: list[subprocess.Popen[bytes]] = []
    try:
        processes.extend(_start() for _ in range(count if sys.executable else 0))
        yield Workers(processes)
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.communicate()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 -- our own interpreter and module
        [sys.executable, "-P", "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def useful() -> int:
    """How many processes this machine can run at a time; 0 where only one, as then none help."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(count or 1, MOST) if (count or 1) > 1 else 0


def part_tasks(
    folder: Path, segments: Sequence[int], size: int, tiles: TileFiles
) -> Iterator[Task]:
    """A part for each segment; all in one where a bundle could lie in more than two."""
    if not segments:
        return
    nexts: list[int | None] = [*segments[1:], None]
    runs = [[segment] for segment in segments]
    if any(b is not None and b - a < WIDTH for a, b in zip(segments, nexts, strict=True)):
        runs, nexts = [list(segments)], [None]
    for run, following in zip(runs, nexts, strict=True):
        begin = -(-run[0] // WIDTH)
        stop = tiles.count if following is None else -(-following // WIDTH)
        yield {
            "folder": str(folder),
            "segments": run,
            "following": following,
            "size": size,
            "widths": [
                (level, number, tiles.widths(level, number))
                for level in ("entries", "0")
                for number in range(begin, stop)
            ],
        }


def folder_tasks(folder: Path, names: Iterable[str]) -> Iterator[Task]:
    """The hashing of each of some folders or files of `payload/`."""
    return ({"folder": str(folder), "payloads": name} for name in names)


def serve() -> None:
    """Be a worker: perform tasks from the standard input until it ends."""
    # What is read holds no cycles, and looking for them costs a third of the time.
    gc.disable()
    while True:
        try:
            (task,) = _read(sys.stdin.buffer)
        except _Lost:
            return
        try:
            _write(sys.stdout.buffer, _perform(json.loads(task)))
        except OSError:
            return


def _perform(task: Task) -> list[bytes]:
    """The answer to a task, in pieces; the first is empty where the quick reading will not do."""
    folder = Path(task["folder"])
    if "payloads" in task:
        return [json.dumps(hash_stored(folder, task["payloads"])).encode()]
    widths = {(level, number): found for level, number, found in task["widths"]}
    try:
        part = read_part(folder, task["segments"], task["following"], task["size"], widths)
    except (Amiss, OSError):
        # The slow reading meets the same file again, and says what is wrong with it.
        return [b""]
    return _pieces(part)


def _pieces(part: Part) -> list[bytes]:
    fields = {
        "first": part.first,
        "count": part.count,
        "kinds": {kind.decode(): count for kind, count in part.kinds.items()},
        "times": [part.clock, part.received, part.last],
        "sources": [
            [source.decode(), number, previous.decode(), following, leaf.decode()]
            for source, (number, previous, following, leaf) in part.sources.items()
        ],
        "names": [[name.decode(), commitment.decode()] for name, commitment in part.names.items()],
        "lengths": list(part.lengths.values()),
        "marked": [
            [index, leaf.hex(), kind.decode(), payload.decode()]
            for index, leaf, kind, payload in part.marked
        ],
    }
    return [json.dumps(fields).encode(), part.hashes, part.roots, b"".join(part.lengths)]


def _part_from(pieces: list[bytes]) -> Part:
    """The part that was sent; Amiss where none could be."""
    if not pieces[0]:
        raise Amiss
    head, hashes, roots, names = pieces
    fields = json.loads(head)
    clock, received, last = fields["times"]
    payloads = (names[at : at + 64] for at in range(0, len(names), 64))
    return Part(
        first=fields["first"],
        count=fields["count"],
        hashes=hashes,
        roots=roots,
        kinds=Counter({kind.encode(): count for kind, count in fields["kinds"].items()}),
        clock=clock,
        received=received,
        last=last,
        sources={
            source.encode(): (number, previous.encode(), following, leaf.encode())
            for source, number, previous, following, leaf in fields["sources"]
        },
        names={name.encode(): commitment.encode() for name, commitment in fields["names"]},
        lengths=dict(zip(payloads, fields["lengths"], strict=True)),
        marked=[
            (index, bytes.fromhex(leaf), kind.encode(), payload.encode())
            for index, leaf, kind, payload in fields["marked"]
        ],
    )


def _folder_from(pieces: list[bytes]) -> list[StoredFile]:
    return [StoredFile(*each) for each in json.loads(pieces[0])]


def _write(pipe: IO[bytes], pieces: list[bytes]) -> None:
    """Send pieces: how many, then each with its length in front."""
    pipe.write(_SIZE.pack(len(pieces)))
    for piece in pieces:
        pipe.write(_SIZE.pack(len(piece)))
        pipe.write(piece)
    pipe.flush()


def _read(pipe: IO[bytes]) -> list[bytes]:
    """The pieces that were sent; _Lost where the pipe ends."""
    (count,) = _SIZE.unpack(_exactly(pipe, _SIZE.size))
    return [_exactly(pipe, *_SIZE.unpack(_exactly(pipe, _SIZE.size))) for _ in range(count)]


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise _Lost
    return data
