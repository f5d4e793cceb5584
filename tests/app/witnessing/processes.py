"""Witnesses as processes of their own, started by the command that a state would use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = (sys.executable, "-m", "trucewatch", "witness")


class Process:
    """One `trucewatch witness serve`; `inside` is what starts it elsewhere (a namespace)."""

    def __init__(
        self, folder: Path, *, port: int = 0, host: str = "127.0.0.1", inside: tuple[str, ...] = ()
    ) -> None:
        self.folder = folder
        self._arguments = [*inside, *COMMAND, "serve", str(folder), "--host", host]
        self.port = port
        self.start()

    def start(self) -> None:
        """Start it, or start it again on the port that it had; its first line says where it is."""
        self.process = subprocess.Popen(
            [*self._arguments, "--port", str(self.port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        self.welcome = [self.process.stdout.readline().rstrip("\n")]
        if " at http" not in self.welcome[0]:
            self.process.kill()
            raise AssertionError(self.process.communicate())
        self.url = self.welcome[0].rpartition(" ")[2]
        self.port = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """End it as a power cut would: nothing is tidied up."""
        self.process.kill()
        self.process.communicate()

    def close(self) -> tuple[str, str]:
        """End it as its operator would, and give what it printed meanwhile."""
        self.process.terminate()
        return self.process.communicate(timeout=20)


def make(folder: Path, name: str) -> str:
    """Make a witness; its public key."""
    done = subprocess.run(
        [*COMMAND, "init", str(folder), "--name", name, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split('"vkey": "')[1].split('"')[0]
