"""Asking witnesses to cosign a checkpoint (C2SP tlog-witness, as a client), all at once."""

from __future__ import annotations

import asyncio
import base64
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

from trucewatch.errors import LogDamaged, TrucewatchError
from trucewatch.evidence.tlog.notes import split_note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trucewatch.evidence import Checkpoint
    from trucewatch.evidence.tlog.policy import PolicyWitness

ANSWER_LIMIT = 16 * 1024
"""How many bytes of an answer are read; a cosignature is one line of some 200."""

_GRACE_S = 0.5
"""How long after the deadline the thread that asks may take to tell what it has."""

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
    told: dict[str, Answer] = {}

    failed: list[TrucewatchError] = []

    def work() -> None:
        try:
            asyncio.run(_all(witnesses, _Question(checkpoint, prove), known, told, wait_s))
        except TrucewatchError as fault:
            # The log that is to prove its growth cannot be read: no fault of any witness.
            failed.append(fault)

    # A look-up of a name cannot be broken off, so the thread may outlive the deadline.
    thread = threading.Thread(target=work, name="witnesses", daemon=True)
    thread.start()
    thread.join(wait_s + _GRACE_S)
    late = f"gave no whole answer within {wait_s:g} s"
    if failed:
        raise failed[0]
    found = dict(told)
    return tuple(
        found.get(one.name, Answer(witness=one.name, words=late))
        for one in sorted(witnesses, key=lambda each: each.name)
    )


class _TooLongError(Exception):
    """An answer that nobody needs so much of."""


class _Question:
    """One checkpoint and the way to prove that it grew."""

    def __init__(self, checkpoint: Checkpoint, prove: Callable[[int], Sequence[bytes]]) -> None:
        self.checkpoint, self.prove = checkpoint, prove
        self.text = split_note(checkpoint.note)[0]

    def body(self, old: int) -> bytes:
        lines = [f"old {old}"]
        lines += [base64.b64encode(one).decode() for one in self.prove(old)]
        return ("\n".join(lines) + "\n\n" + self.checkpoint.note).encode()


async def _all(
    witnesses: Sequence[PolicyWitness],
    question: _Question,
    known: Mapping[str, int],
    told: dict[str, Answer],
    wait_s: float,
) -> None:
    async def one(client: httpx2.AsyncClient, witness: PolicyWitness) -> None:
        told[witness.name] = await _one(client, witness, question, known.get(witness.name, 0))

    try:
        async with (
            asyncio.timeout(wait_s),
            # Neither the surroundings' proxies nor their passwords have a say in this.
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=httpx2.Timeout(wait_s)
            ) as client,
        ):
            await asyncio.gather(*(one(client, witness) for witness in witnesses))
    except TimeoutError:
        return


async def _one(
    client: httpx2.AsyncClient, witness: PolicyWitness, question: _Question, old: int
) -> Answer:
    def tell(words: str, lines: tuple[str, ...] = ()) -> Answer:
        return Answer(witness=witness.name, lines=lines, words=words)

    size = question.checkpoint.size
    try:
        status, body = await _post(client, witness.url, question.body(min(old, size)))
        if status == 409:
            seen = _SIZE.fullmatch(body)
            if seen is None:
                return tell("refuses: 409, and does not say which size it has cosigned")
            if int(seen[1]) > size:
                return tell(
                    f"has cosigned {int(seen[1])} entries of this log, which now has {size}: "
                    "was the log put back from an older copy, or does somebody else write one?"
                )
            status, body = await _post(client, witness.url, question.body(int(seen[1])))
    except _TooLongError:
        return tell(f"gave an answer of more than {ANSWER_LIMIT} bytes: nothing of it was taken")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as fault:
        return tell(f"is not reachable: {type(fault).__name__}")
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


async def _post(client: httpx2.AsyncClient, url: str, body: bytes) -> tuple[int, bytes]:
    """The status and the raw body; _TooLongError for a body that is."""
    address = f"{url.rstrip('/')}/add-checkpoint"
    # Compressed, a small answer could become a large one.
    headers = {"content-type": "text/plain; charset=utf-8", "accept-encoding": "identity"}
    async with client.stream("POST", address, content=body, headers=headers) as response:
        taken = bytearray()
        async for chunk in response.aiter_raw():
            taken += chunk
            if len(taken) > ANSWER_LIMIT:
                raise _TooLongError
        return response.status_code, bytes(taken)


def _verified(witness: PolicyWitness, text: str, body: bytes) -> tuple[str, ...]:
    """The lines of the witness's own key, each verified; those of other keys are passed over.

    LogDamaged where a line of its key does not verify.
    """
    lines = body.decode("utf-8").split("\n")
    return tuple(line for line in lines if line and witness.cosigner.verify(text, line))
