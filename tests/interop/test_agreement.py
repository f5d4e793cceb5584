"""Ten thousand proofs and ten thousand mutants: the auditor, Go and the page say the same of each.

Nothing here says which mutants are to be refused: some are harmless, and must then hold for all.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.interop.conftest import SOURCES, go
from tests.interop.mutants import MUTANTS
from tests.interop.proofs import Case, parts
from tests.interop.published import proofs_of_a_log
from tests.interop.verdicts import Verdict, by_python, facts, question

from trucewatch.evidence.audit.notes import WITNESS, Key, Note

PROOFS = 10_000
MADE_BY_THE_AUDITOR = 500

# Kinds of which some leave the proof as good as it was; of all others none does.
HARMLESS = {
    "a bit anywhere in the file",
    "a bit of a cosignature",
    "a cosignature left out",
    "a cosignature of an odd time, signed",
    "a huge size, signed, with the path for it",
    "a leaf of another form, signed",
    "a line gone or doubled",
    "a name composed otherwise",
    "a repeated cosignature",
    "a repeated signature of the log",
    "another size, signed",
    "keys that are none",
    "lines that mean nothing, signed",
    "more than any log has",
    "several keys of a log",
    "signatures of keys that nobody asked about",
    "two lines swapped",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> list[Case]:
    """Proofs as the auditor writes them, and proofs of every shape."""
    random = Random(1)
    written = proofs_of_a_log(tmp_path_factory.mktemp("log"), MADE_BY_THE_AUDITOR)
    return [*written, *(parts(random).case() for _ in range(PROOFS - len(written)))]


@pytest.fixture(scope="module")
def mutants() -> list[Case]:
    random = Random(2)
    kinds = list(MUTANTS.values())
    return [kinds[number % len(kinds)](random) for number in range(PROOFS)]


@pytest.fixture(scope="module")
def answered(made, mutants, ask) -> list[tuple[Case, Verdict]]:
    """Every case, and what Go says of it."""
    cases = [*made, *mutants]
    answers = ask(map(question, cases))
    return [(case, facts(answer)) for case, answer in zip(cases, answers, strict=True)]


def test_python_and_go_agree_on_every_one(answered):
    assert len(answered) == 2 * PROOFS
    different = [
        (case.kind, case, here, there)
        for case, there in answered
        if (here := by_python(case)) != there
    ]
    assert not different, (Counter(kind for kind, *_ in different), different[:1])
    held = [there["ok"] for _, there in answered]
    assert all(held[:PROOFS])
    # Were none harmless or none refused, the mutants would not be what they are said to be.
    assert 0.8 < held[PROOFS:].count(False) / PROOFS < 0.95
    assert len({case.data for case, _ in answered}) > 1.9 * PROOFS


def test_each_kind_of_mutant_is_what_it_says(answered):
    refused: dict[str, list[bool]] = {}
    for case, there in answered[PROOFS:]:
        refused.setdefault(case.kind, []).append(not there["ok"])
    assert set(refused) == set(MUTANTS)
    harmless = {kind for kind, found in refused.items() if not all(found)}
    assert harmless == HARMLESS


class Everything:
    def __contains__(self, item: object) -> bool:
        return True


def any_time(note: Note, key: Key, signature: bytes) -> tuple[bytes, int]:
    """What a key signs, where no time is too early or too late."""
    time = int.from_bytes(signature[:8], "big") if key.type == WITNESS else 0
    head = b"cosignature/v1\ntime %d\n" % time if key.type == WITNESS else b""
    return head + note.text.encode(), min(time, 1)


# One respect each in which the auditor could be lax, and mutants that must then divide us.
LAX: dict[str, tuple[str, Any]] = {
    "base64 of another spelling in a hash": ("proofs.strict_base64", base64.b64decode),
    "base64 of another spelling in a signature": ("notes.strict_base64", base64.b64decode),
    "digits that look alike, signed": ("notes._NUMBER", re.compile(r"\d+")),
    "leading zeros and signs in the index": ("proofs.read_number", lambda text, _: int(text)),
    "a huge size, signed, with the path for it": (
        "notes.read_number",
        lambda text, _: int(text),
    ),
    "a bit of the log's signature": ("notes._verifies", lambda *_: True),
    "a bit of a cosignature": ("notes._verifies", lambda *_: True),
    "a signature that anybody can make": ("notes.small_order", lambda _: False),
    "lines that mean nothing, signed": ("notes._CONTROL", re.compile(r"(?!)")),
    "a quorum one short": ("policies.Policy.reached", lambda *_: True),
    "a bit of a hash": ("proofs._not_included", lambda _: ()),
    "another origin, signed by the log's key": ("proofs.not_of_log", lambda *_: ()),
    "a leaf of another form, signed": ("leaves.KINDS", Everything()),
    "a cosignature of an odd time, signed": ("notes._message", any_time),
    "more than any log has": ("notes.SIGNATURES", 1000),
}


@pytest.mark.parametrize("kind", LAX)
def test_a_lax_auditor_is_caught(kind, answered, monkeypatch):
    cases = [(case, there) for case, there in answered if case.kind == kind]
    assert [by_python(case) for case, _ in cases] == [there for _, there in cases]
    where, other = LAX[kind]
    monkeypatch.setattr(f"trucewatch.evidence.audit.{where}", other)
    assert [by_python(case) for case, _ in cases] != [there for _, there in cases]


# The same in Go: what is written there beyond the library, taken away.
STRICT = (
    "base64.StdEncoding.Strict().DecodeString(text)\n"
    "\tif err != nil || base64.StdEncoding.EncodeToString(data) != text {"
)
LAX_GO: dict[str, tuple[str, str, str]] = {
    "base64 of another spelling in a hash": (
        "formats.go",
        STRICT,
        "base64.StdEncoding.DecodeString(text)\n\tif err != nil {",
    ),
    "a repeated cosignature": ("formats.go", "if seen[one] && ", "if false && "),
    "a leaf of another form, signed": (
        "proof.go",
        "if fields == nil {",
        "if fields = append(fields, make([][]byte, 12)...); false {",
    ),
    "a signature that anybody can make": (
        "formats.go",
        "var smallOrder = func() map[string]bool {",
        "var smallOrder = func() map[string]bool {\n\tif true {\n\t\treturn nil\n\t}",
    ),
}


@pytest.mark.parametrize("kind", LAX_GO)
def test_a_lax_verifier_in_go_is_caught(kind, answered, build, tmp_path):
    folder = Path(shutil.copytree(SOURCES, tmp_path / "verifier"))
    file, old, new = LAX_GO[kind]
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))
    cases = [(case, there) for case, there in answered if case.kind == kind]
    said = build(folder)(question(case) for case, _ in cases)
    assert [facts(answer) for answer in said] != [there for _, there in cases]


def test_the_sources_are_as_their_language_has_them(go_cache):
    assert go("vet", ".", folder=SOURCES, cache=go_cache) == ""
    files = sorted(path.name for path in SOURCES.glob("*.go"))
    done = subprocess.run(
        ["gofmt", "-l", *files], cwd=SOURCES, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
