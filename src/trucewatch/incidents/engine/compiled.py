"""Compiling, with a cache that knows when any part of the engine has changed."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

# Numba makes its settings as it is imported, so nothing tells their types.
_SETTINGS: Any = numba.config


def version(folder: Path) -> str:
    """A hash of every source file in the folder, and of what compiles it.

    What is kept of one function holds parts of others from other files. Kept by the age of one
    file, as is usual, it would stay in use when another changes, and give wrong results unseen.
    """
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        whole.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    whole.update(f"{numba.__version__} {np.__version__} {platform.python_version()}".encode())
    return whole.hexdigest()[:16]


def cache_folder() -> Path:
    """Where compiled functions are kept, by version; NUMBA_CACHE_DIR chooses another place.

    Where the folder cannot be written, numba looks for a place of its own.
    """
    chosen = _SETTINGS.CACHE_DIR or Path.home() / ".cache"
    return Path(chosen) / "trucewatch" / f"engine-{version(Path(__file__).parent)}"


_FOLDER = str(cache_folder())


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:  # noqa: ANN401 - numba's own
    """Compile a function at its first call and keep what was compiled."""

    def keep(function: Callable[..., Any]) -> Any:  # noqa: ANN401 - numba's dispatcher
        # Numba takes the folder when it wraps a function; others' functions keep theirs.
        before = _SETTINGS.CACHE_DIR
        _SETTINGS.CACHE_DIR = _FOLDER
        try:
            return njit(cache=True, **options)(function)
        finally:
            _SETTINGS.CACHE_DIR = before

    return keep
