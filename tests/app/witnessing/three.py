"""Plays three witnesses and a mission in a network of their own; prints what was seen as JSON.

Run it in a new network namespace: `unshare --net python -m tests.app.witnessing.three FOLDER`. The
second witness lives in a namespace below that one, behind a pair of virtual cables, so that it can
be cut off for real. Nothing of this machine's own network is touched, or reached.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.app.witnessing.processes import Process, make
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.evidence.witness import watch

ROOT = Path(__file__).resolve().parents[3]
NEAR, FAR = "10.77.0.1", "10.77.0.2"
WAIT_S = 2
HEAD = "call,when,lat,lon,how_close,what,wounded,who_called,words\n"


def ip(*words: str, inside: tuple[str, ...] = ()) -> None:
    """One step of laying or cutting a cable."""
    subprocess.run([*inside, "ip", *words], check=True)


def command(*words: str) -> tuple[int, str]:
    """One command of the program, and its exit code."""
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def told(*words: str) -> dict:
    """What a command says as JSON, whatever it ends with."""
    return json.loads(command(*words, "--json")[1])


class Elsewhere:
    """A network namespace with one cable to this one."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        here = Path("/proc/self/ns/net").readlink()
        there = Path(f"/proc/{self._holder.pid}/ns/net")
        while there.readlink() == here:
            time.sleep(0.01)
        self.inside = ("nsenter", "--net", "--target", str(self._holder.pid))
        pid = str(self._holder.pid)
        ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", pid)
        ip("addr", "add", f"{NEAR}/24", "dev", "near")
        ip("addr", "add", f"{FAR}/24", "dev", "far", inside=self.inside)
        ip("link", "set", "lo", "up", inside=self.inside)
        self.join()
        ip("link", "set", "near", "up")

    def cut(self) -> None:
        """Cut the cable at the far end: what is sent is answered by nobody."""
        ip("link", "set", "far", "down", inside=self.inside)

    def join(self) -> None:
        """Mend it."""
        ip("link", "set", "far", "up", inside=self.inside)

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait()


class Trial:
    """The island's mission with a quorum of three witnesses out of three."""

    def __init__(self, folder: Path, elsewhere: Elsewhere) -> None:
        self.folder, self.calls = folder, 100
        self.mission = folder / "island"
        shutil.copytree(ROOT / "docs" / "island", self.mission)
        path = self.mission / "mission.toml"
        text = path.read_text("utf-8")
        path.write_text(text.replace('quorum = "none"', f"wait_s = {WAIT_S}"), "utf-8")
        command("ingest", "--mission", str(self.mission), str(self.mission / "reports.csv"))
        log = (self.mission / "evidence" / "vkey").read_text("utf-8").strip()
        self.witnesses = {}
        for name, inside, host in (
            ("one", (), "127.0.0.1"),
            ("two", elsewhere.inside, FAR),
            ("three", (), "127.0.0.1"),
        ):
            vkey = make(folder / name, f"{name}.example.org")
            watch(folder / name, log)
            process = Process(folder / name, host=host, inside=inside)
            self.witnesses[name] = process
            words = ("--vkey", vkey, "--url", process.url, "--mission", str(self.mission))
            assert command("witness", "add", name, *words)[0] == 0
        text = path.read_text("utf-8")
        path.write_text(text.replace("[witnessing]", "[witnessing]\nquorum = 3"), "utf-8")

    def report(self, mission: Path) -> None:
        """One more call comes in."""
        self.calls += 1
        path = self.folder / f"calls-{self.calls}.csv"
        row = f"{self.calls},2025-11-11 06:{self.calls % 60:02},35.02,-40.01,seen,mortar,,fishers,x"
        path.write_text(f"{HEAD}{row}\n", "utf-8")
        words = ("--source", "harbour-desk", "--mission", str(mission), str(path))
        code, out = command("ingest", *words)
        assert code == 0, out

    def stage(self, mission: Path | None = None) -> dict:
        """A call comes in, witnesses are asked, a bulletin is issued: what its seal says."""
        mission = mission or self.mission
        self.report(mission)
        begun = time.monotonic()
        run = told("run", "--mission", str(mission))
        took = time.monotonic() - begun
        code, out = command("bulletin", "--mission", str(mission), "--format", "json")
        assert code == 0, out
        seals = sorted((mission / "bulletins").glob("*.seal.json"), key=lambda p: p.stat().st_mtime)
        sealed = json.loads(seals[-1].read_bytes())["witnessing"]
        return {
            "issue": seals[-1].name,
            "grade": sealed["grade"],
            "by": [one["witness"] for one in sealed["cosigned"]],
            "quorum": [sealed["quorum"], sealed["witnesses"], sealed["resists_split_view"]],
            "answers": run["witnesses"]["answers"],
            "took": took,
        }


def play(folder: Path, elsewhere: Elsewhere) -> dict:
    """All of it, in order."""
    trial = Trial(folder, elsewhere)
    one, three = trial.witnesses["one"], trial.witnesses["three"]
    seen = {}
    try:
        seen["all there"] = trial.stage()
        one.kill()
        seen["one killed"] = trial.stage()
        one.start()
        seen["one back"] = trial.stage()
        elsewhere.cut()
        seen["two cut off"] = trial.stage()
        elsewhere.join()
        seen["two back"] = trial.stage()
        seen |= fork(trial, three)
    finally:
        for process in trial.witnesses.values():
            process.kill()
    return seen


def fork(trial: Trial, three: Process) -> dict:
    """The keeper of the log shows the third witness another history than the first two."""
    other = trial.folder / "other"
    shutil.copytree(trial.mission, other)
    path = other / "mission.toml"
    text = path.read_text("utf-8")
    for name in ("one", "two"):
        text = text.replace(trial.witnesses[name].url, "http://127.0.0.1:9")
    path.write_text(text, "utf-8")
    seen = {"the fork": trial.stage(other)}
    for _ in range(4):
        trial.report(trial.mission)
    seen["the log"] = trial.stage()
    code, _ = command("witness", "list", "--mission", str(trial.mission))
    stands = told("witness", "list", "--mission", str(trial.mission))
    (shown,) = [each for each in stands["witnesses"] if each["id"] == "three"]
    seen["list"] = [code, stands["contradictions"], shown["words"]]
    seen["show"] = told("witness", "show", str(three.folder))["logs"]
    # What the witness shows to anybody who asks, and what the mission publishes, prove it.
    note, proof = trial.folder / "three.checkpoint", trial.folder / "fork.tlog-fork"
    note.write_text(shown["contradiction"], "utf-8")
    words = ("audit", "compare", str(note), str(trial.mission), "--out", str(proof))
    seen["compare"] = [command(*words)[0], told(*words)]
    key = str(trial.mission / "evidence" / "vkey")
    seen["check"] = list(command("audit", "check", str(proof), "--vkey", key))
    seen["same"] = command("audit", "compare", str(trial.mission), str(trial.mission))[0]
    return seen


if __name__ == "__main__":
    # Nothing but this network's own end can be reached from here on.
    ip("link", "set", "lo", "up")
    away = Elsewhere()
    try:
        sys.stdout.write(json.dumps(play(Path(sys.argv[1]), away)))
    finally:
        away.close()
