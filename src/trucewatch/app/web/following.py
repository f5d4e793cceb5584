"""After a decision everything is derived anew: in a process of its own, one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trucewatch.app.identity import named_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

TRIES = 5
PATIENCE_S = 2.0
"""So long is waited where another command holds the log, and so often tried again."""
END_S = 5.0
LONGEST = 400
Doing = Literal["resting", "running", "failed"]


@dataclass(frozen=True, slots=True)
class Work:
    """What is being done: `since` is when that began; `words` tell those inside of a fault."""

    doing: Doing
    since: datetime
    words: str = ""


class Follower:
    """Runs `trucewatch run` for one mission whenever it is asked to.

    Asked while it runs it runs once more, so that what was entered meanwhile counts too. `work`
    may be read from any thread.
    """

    def __init__(
        self, folder: Path, *, now: Callable[[], datetime], command: Sequence[str] = ()
    ) -> None:
        self._now = now
        self._command = [*(command or (sys.executable, "-m", "trucewatch", "run")), "--mission"]
        self._command.append(os.path.realpath(folder))
        self._lock = threading.Lock()
        self._asked = self._ended = False
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._stop = threading.Event()
        self.work = Work("resting", now())

    def ask(self) -> None:
        """Have the state follow the log, now or as soon as the run that is under way is done."""
        with self._lock:
            self._asked = True
            if self._thread is not None or self._ended:
                return
            identity = named_identity()
            self._thread = threading.Thread(
                target=self._follow, args=(identity,), name="run", daemon=True
            )
            self.work = Work("running", self._now())
            self._thread.start()

    def close(self) -> None:
        """Start nothing more; a run under way is ended if it takes longer than a moment."""
        with self._lock:
            self._ended = True
            thread, process = self._thread, self._process
        self._stop.set()
        if thread is not None:
            thread.join(END_S)
            if thread.is_alive() and process is not None:
                # The log and the projection are whole at any moment: the next run does the rest.
                process.terminate()
                thread.join(END_S)

    def _follow(self, identity: Path | None) -> None:
        while True:
            with self._lock:
                if not self._asked or self._ended:
                    self._thread = None
                    return
                self._asked = False
            fault = self._run(identity)
            self.work = Work("failed" if fault else "resting", self._now(), fault)

    def _run(self, identity: Path | None) -> str:
        """Run once and tell what went wrong; nothing where nothing did."""
        environment = dict(os.environ)
        if identity is not None:
            environment["TRUCEWATCH_IDENTITY"] = str(identity)
        fault = ""
        for _ in range(TRIES):
            self.work = Work("running", self._now())
            with subprocess.Popen(  # noqa: S603 -- fixed arguments, no shell
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                env=environment,
            ) as self._process:
                told = self._process.communicate()[1].strip()
            if self._process.returncode == 0:
                return ""
            fault = told.splitlines()[-1][:LONGEST] if told else "the run was ended"
            if self._stop.wait(PATIENCE_S):
                break
        return fault
