"""A disk in memory that forgets, at a crash, what was not synced; and two that misbehave."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Self


class PowerCut(BaseException):
    """The machine is gone; nothing may catch this and carry on."""


class File:
    def __init__(self) -> None:
        self.now = bytearray()
        self.safe = bytearray()
        self.pending: list[tuple[int, bytes] | int] = []

    def write_out(self) -> None:
        """Write what is thought not to be written yet, and only that."""
        for change in self.pending:
            if isinstance(change, int):
                del self.safe[change:]
                continue
            start, piece = change
            if len(self.safe) < start:
                self.safe.extend(bytes(start - len(self.safe)))
            self.safe[start : start + len(piece)] = piece
        self.pending = []

    def clone(self) -> File:
        found = File()
        found.now, found.safe = bytearray(self.now), bytearray(self.safe)
        found.pending = list(self.pending)
        return found


class SimDisk:
    """Bytes and names are apart: a file synced in a folder that was not may lose its name.

    At a power cut each un-synced write is kept, torn or dropped by itself, in any combination,
    and so is each un-synced name. Un-synced growth may leave zeros.
    """

    def __init__(self) -> None:
        self.folders: dict[str, dict[str, File | None]] = {"": {}}
        self.safe: dict[str, dict[str, File | None]] = {"": {}}
        self.cut_at: int | None = None
        self.operations = 0

    def _step(self) -> None:
        self.operations += 1
        if self.cut_at is not None and self.operations >= self.cut_at:
            raise PowerCut

    def _file(self, path: str) -> File:
        folder, _, name = path.rpartition("/")
        file = self.folders.get(folder, {}).get(name)
        if file is None:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        return file

    def read(self, path: str, start: int = 0, length: int | None = None) -> bytes:
        data = self._file(path).now
        return bytes(data[start:] if length is None else data[start : start + length])

    def size(self, path: str) -> int:
        return len(self._file(path).now)

    def names(self, folder: str) -> list[str]:
        return sorted(self.folders.get(folder, {}))

    def make_folder(self, path: str, *, private: bool) -> None:
        del private
        self._step()
        if path not in self.folders:
            folder, _, name = path.rpartition("/")
            self.folders[folder][name] = None
            self.folders[path] = {}
            self.safe.setdefault(path, {})

    def write_new(self, path: str, data: bytes, *, private: bool) -> None:
        del private
        self._step()
        folder, _, name = path.rpartition("/")
        if name in self.folders[folder]:
            raise FileExistsError(errno.EEXIST, "file exists", path)
        self.folders[folder][name] = File()
        self._write(path, 0, data)

    def write_many(self, files: Iterable[tuple[str, bytes]], *, private: bool) -> None:
        for path, data in files:
            self.write_new(path, data, private=private)

    def append(self, path: str, data: bytes) -> None:
        self._step()
        self._write(path, len(self._file(path).now), data)

    def overwrite(self, path: str, start: int, data: bytes) -> None:
        self._step()
        self._write(path, start, data)

    def _write(self, path: str, start: int, data: bytes) -> None:
        file = self._file(path)
        file.now[start : start + len(data)] = data
        # A disk writes sectors, not calls: each piece may be kept or lost by itself.
        for at in range(0, len(data), 512):
            file.pending.append((start + at, data[at : at + 512]))

    def truncate(self, path: str, size: int) -> None:
        self._step()
        file = self._file(path)
        del file.now[size:]
        file.pending.append(size)

    def rename(self, old: str, new: str) -> None:
        self._step()
        file = self._file(old)
        folder, _, name = old.rpartition("/")
        del self.folders[folder][name]
        folder, _, name = new.rpartition("/")
        self.folders[folder][name] = file

    def remove(self, path: str) -> None:
        self._step()
        self._file(path)
        folder, _, name = path.rpartition("/")
        del self.folders[folder][name]

    def sync_file(self, path: str) -> None:
        self._step()
        file = self._file(path)
        file.safe, file.pending = bytearray(file.now), []

    def sync_folder(self, path: str) -> None:
        self._step()
        self.safe[path] = dict(self.folders[path])

    def sync_all(self) -> None:
        self._step()
        self.settle()

    def settle(self) -> None:
        """Make everything durable as it stands."""
        for folder, names in self.folders.items():
            self.safe[folder] = dict(names)
            for file in names.values():
                if file is not None and file.pending:
                    file.safe, file.pending = bytearray(file.now), []

    def lock(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def after_power_cut(self, random: Random) -> Self:
        """The disk as the next start finds it: of the same kind."""
        found = type(self)()
        found.folders = {"": {}}
        self._survive("", found, random, {})
        found.safe = {folder: dict(names) for folder, names in found.folders.items()}
        return found

    def _survive(self, folder: str, found: SimDisk, random: Random, files: dict[int, File]) -> None:
        now, safe = self.folders.get(folder, {}), self.safe.get(folder, {})
        for name in sorted({*now, *safe}):
            if name in now and name in safe and now[name] is safe[name]:
                kept = now[name]
            else:
                versions = [names.get(name, "none") for names in (now, safe)]
                kept = random.choice(versions)
                if kept == "none":
                    continue
            path = f"{folder}/{name}" if folder else name
            if kept is None:
                found.folders[folder][name] = None
                found.folders[path] = {}
                self._survive(path, found, random, files)
            else:
                if id(kept) not in files:
                    files[id(kept)] = _torn(kept, random)
                found.folders[folder][name] = files[id(kept)]

    def copy_to(self, folder: Path) -> Path:
        """Lay the disk out as files, for the auditor."""
        for name, files in self.folders.items():
            (folder / name).mkdir(parents=True, exist_ok=True)
            for file, content in files.items():
                if content is not None:
                    (folder / name / file).write_bytes(content.now)
        return folder

    def clone(self) -> Self:
        """Another disk of the same kind with the same files; neither sees what the other does."""
        found = type(self)()
        copies: dict[int, File | None] = {id(None): None}
        for kept, names in ((self.folders, found.folders), (self.safe, found.safe)):
            for folder, files in kept.items():
                for file in files.values():
                    if file is not None and id(file) not in copies:
                        copies[id(file)] = file.clone()
                names[folder] = {name: copies[id(file)] for name, file in files.items()}
        return found


def _torn(file: File, random: Random) -> File:
    data = bytearray(file.safe)
    for change in file.pending:
        fate = random.random()
        if isinstance(change, int):
            if fate < 0.5:
                del data[change:]
            continue
        start, piece = change
        if fate < 0.4:
            continue
        kept = piece if fate < 0.8 else piece[: random.randrange(len(piece) + 1)]
        if len(data) < start + len(kept):
            data.extend(bytes(start + len(kept) - len(data)))
        data[start : start + len(kept)] = kept
    survivor = File()
    survivor.now, survivor.safe = bytearray(data), bytearray(data)
    return survivor


class ForgetfulDisk(SimDisk):
    """The saboteur: it says that it has synced and has not."""

    def sync_file(self, path: str) -> None:
        self._step()
        self._file(path)

    def sync_folder(self, path: str) -> None:
        del path
        self._step()

    def sync_all(self) -> None:
        self._step()


class FullDisk(SimDisk):
    """Writes a part of the `full_at`-th write and then has no space left, until `full_at` is None.

    `fails` chooses what fails: "write" (ENOSPC) or "sync" (EIO).
    """

    full_at: int | None = None
    fails = "write"
    tries = 0

    def _try(self, what: str) -> bool:
        if what != self.fails or self.full_at is None:
            return True
        self.tries += 1
        return self.tries < self.full_at

    def _write(self, path: str, start: int, data: bytes) -> None:
        if not self._try("write"):
            super()._write(path, start, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "no space left on device", path)
        super()._write(path, start, data)

    def sync_file(self, path: str) -> None:
        if not self._try("sync"):
            raise OSError(errno.EIO, "input/output error", path)
        super().sync_file(path)

    def sync_folder(self, path: str) -> None:
        if not self._try("sync"):
            raise OSError(errno.EIO, "input/output error", path)
        super().sync_folder(path)

    def sync_all(self) -> None:
        if not self._try("sync"):
            raise OSError(errno.EIO, "input/output error")
        super().sync_all()


class GateDisk(SimDisk):
    """Fails the `fail_at`-th sync with EIO, as Linux does: it throws the bytes away, once.

    What a failed sync was to write stays visible and is thought to be written: the next sync says
    that all is well. `syncs` counts those of all kinds; `after` the changes made after the failure.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fail_at: int | None = None
        self.syncs = self.after = 0
        self.failed = False

    def _step(self) -> None:
        super()._step()
        self.after += self.failed

    def _fails(self) -> bool:
        self.syncs += 1
        if self.syncs != self.fail_at:
            return False
        self.failed = True
        return True

    def sync_file(self, path: str) -> None:
        self._step()
        file = self._file(path)
        if self._fails():
            file.pending = []
            raise OSError(errno.EIO, "input/output error", path)
        file.write_out()

    def sync_folder(self, path: str) -> None:
        if self._fails():
            self._step()
            raise OSError(errno.EIO, "input/output error", path)
        super().sync_folder(path)

    def sync_all(self) -> None:
        self._step()
        files = [file for names in self.folders.values() for file in names.values() if file]
        if self._fails():
            for file in files:
                file.pending = []
            raise OSError(errno.EIO, "input/output error")
        for file in files:
            file.write_out()
        for folder, names in self.folders.items():
            self.safe[folder] = dict(names)
