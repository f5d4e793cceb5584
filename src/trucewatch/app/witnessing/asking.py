"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness, as a client), all at once."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.witnessing.calling import TooLongError, UnreachableError, call, fetch, late
from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.notes import split_note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from httpx2 import AsyncClient

    from trucewatch.evidence import Checkpoint
    from trucewatch.evidence.tlog.policy import PolicyWitness

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one witness: `lines` are its verified signature lines, none if it gave none.

    `words` say it to people. They hold words of the witness's own: clean them before printing.
    """

    witness: str
    lines: tuple[str, ...] = ()
    words: str = ""


def ask(
    witnesses: Sequence[PolicyWitness],
    checkpoint: Checkpoint,
    *,
    known: Mapping[str, int],
    prove: Callable[[int], Sequence[bytes]],
    wait_s: float,
) -> tuple[Answer, ...]:
    """Have each witness asked for its cosignature, by name; `wait_s` seconds are for all of them.

    `known` is the size that each is thought to have cosigned last, `prove` gives the consistency
    proof from a size to the checkpoint's. Nothing is believed that does not verify. A witness that
    is slow, silent or endless costs no more than the time, and no other its cosignature.
    """
    question = _Question(checkpoint, prove)

    async def one(client: AsyncClient, witness: PolicyWitness) -> Answer:
        return await _one(client, witness, question, known.get(witness.name, 0))

    found = call(witnesses, one, wait_s=wait_s)
    return tuple(
        found.get(each.name, Answer(witness=each.name, words=late(wait_s)))
        for each in sorted(witnesses, key=lambda each: each.name)
    )


class _Question:
    """One checkpoint and the way to prove that it grew."""

    def __init__(self, checkpoint: Checkpoint, prove: Callable[[int], Sequence[bytes]]) -> None:
        self.checkpoint, self.prove = checkpoint, prove
        self.text = split_note(checkpoint.note)[0]

    def body(self, old: int) -> bytes:
        lines = [f"old {old}"]
        lines += [base64.b64encode(one).decode() for one in self.prove(old)]
        return ("\n".join(lines) + "\n\n" + self.checkpoint.note).encode()


async def _one(
    client: AsyncClient, witness: PolicyWitness, question: _Question, old: int
) -> Answer:
    def tell(words: str, lines: tuple[str, ...] = ()) -> Answer:
        return Answer(witness=witness.name, lines=lines, words=words)

    size = question.checkpoint.size
    address = f"{witness.url.rstrip('/')}/add-checkpoint"
    try:
        status, _, body = await fetch(client, address, post=question.body(min(old, size)))
        if status == 409:
            seen = _SIZE.fullmatch(body)
            if seen is None:
                return tell("refuses: 409, and does not say which size it has cosigned")
            if int(seen[1]) > size:
                return tell(
                    f"has cosigned {int(seen[1])} entries of this log, which now has {size}: "
                    "was the log put back from an older copy, or does somebody else write one?"
                )
            status, _, body = await fetch(client, address, post=question.body(int(seen[1])))
    except TooLongError as fault:
        return tell(f"{fault}: nothing of it was taken")
    except UnreachableError as fault:
        return tell(str(fault))
    if 300 <= status < 400:
        return tell(f"redirects ({status}): nobody is followed; write its own address")
    if status != 200:
        said = body.decode("utf-8", "replace").strip().split("\n")[0][:120]
        return tell(f"refuses: {status}{' ' + said if said else ''}")
    try:
        lines = _verified(witness, question.text, body)
    except (LogDamaged, UnicodeDecodeError):
        return tell("gave a cosignature that does not verify: it was not taken")
    if not lines:
        return tell("gave no cosignature of its key")
    return tell(f"cosigned at size {size}", lines)


def _verified(witness: PolicyWitness, text: str, body: bytes) -> tuple[str, ...]:
    """The lines of the witness's own key, each verified; those of other keys are passed over.

    LogDamaged where a line of its key does not verify.
    """
    lines = body.decode("utf-8").split("\n")
    return tuple(line for line in lines if line and witness.cosigner.verify(text, line))
