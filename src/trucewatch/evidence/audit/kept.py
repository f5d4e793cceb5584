"""The payloads of a log, held against what its entries say of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from trucewatch.evidence.audit.erased import erased_files
from trucewatch.evidence.audit.stored import stored_names
from trucewatch.evidence.audit.workers import folder_tasks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from trucewatch.evidence.audit.records import Chain, Problem
    from trucewatch.evidence.audit.workers import Workers

_PAYLOAD = re.compile("[0-9a-f]{2}/[0-9a-f]{62}")


class Kept(NamedTuple):
    """How many payloads that entries name are whole, their bytes, and how many are erased."""

    whole: int
    bytes: int
    erased: int


def check_payloads(
    folder: Path,
    chain: Chain,
    gone: Collection[str],
    shared: Workers,
    problem: Problem,
    progress: Callable[[int, int], None],
) -> Kept:
    """Hash every payload file, and report what is missing or not what the entries say.

    A file that no entry names may lie there, if it is whole: a crash leaves one. Those `gone` (hex)
    need not lie there.
    """
    erased = erased_files(folder, chain.erasing, problem)
    lengths = chain.lengths
    missing = set(lengths)
    count = total = 0
    for found in shared.folders(folder_tasks(folder, stored_names(folder))):
        for where, length, digest in found:
            if not _PAYLOAD.fullmatch(where):
                problem(f"payload/{where}: not the name of a payload")
                continue
            name = where.replace("/", "").encode()
            if name in erased:
                problem(f"payload/{where}: entry {erased[name]} erased it, and it lies there")
                continue
            if digest.encode() != name:
                problem(f"payload/{where}: its bytes are not those of its name")
            elif name in missing:
                if length != lengths[name]:
                    problem(f"payload/{where}: {length} bytes, the log says {lengths[name]}")
                count, total = count + 1, total + length
            missing.discard(name)
            progress(count, len(lengths))
    for name in sorted(missing - erased.keys() - {each.encode() for each in gone}):
        problem(f"payload {name.decode()}: missing")
    return Kept(count, total, len(erased))
