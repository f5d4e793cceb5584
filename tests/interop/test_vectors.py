"""Every file of the public vectors is run by a test that is named here, or the reason is given."""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from trucewatch.evidence.tlog.merkle import EMPTY_ROOT, verify_consistency, verify_inclusion

ROOT = Path(__file__).resolve().parents[2]
HERE = "tests/interop/test_vectors.py::"
FORMATS = "tests/evidence/test_formats.py::"
MERKLE = "tests/evidence/test_merkle.py::"
DECOY = f"{HERE}test_decoys_are_refused"
WITNESSED = f"{HERE}test_cosignatures_of_others_hold"

# Pattern, how many files, and the test that runs them or why none does. Each file has one row.
TABLE: tuple[tuple[str, int, str], ...] = (
    ("SOURCE.md", 1, "says where the others are from"),
    ("ed25519/cctv-ed25519vectors.json", 1, f"{HERE}test_ed25519_edge_cases"),
    ("ed25519/wycheproof-ed25519.json", 1, f"{HERE}test_ed25519_edge_cases"),
    ("jcs/*/*", 18, f"{FORMATS}test_jcs_vectors"),
    ("merkle/inclusion/*", 98, f"{HERE}test_inclusion_in_both_languages"),
    ("merkle/consistency/*", 98, f"{HERE}test_consistency_in_both_languages"),
    ("merkle/subtreeinclusion/*", 204, f"{HERE}test_inclusion_in_both_languages"),
    ("merkle/subtreeconsistency/*", 118, f"{HERE}test_consistency_in_both_languages"),
    ("tessera-log/checkpoint*", 17, f"{HERE}test_a_whole_log_of_others_is_read_in_go"),
    ("tessera-log/tile/*", 30, f"{FORMATS}test_a_whole_log_of_others_is_read"),
    ("tessera-log/.state/*", 4, "what that log's writer keeps for itself; no format says how"),
    ("sunlight/skylight.yaml", 1, "settings of a server that is not ours"),
    ("sunlight/tree/log.v3.json", 1, "describes a certificate log, whose key is ECDSA"),
    ("sunlight/tree/issuer/*", 1, "stands for a certificate, of which our entries have none"),
    ("sunlight/tree/tile/names/*", 1, "a level that certificate logs alone have, compressed"),
    ("sunlight/tree/tile/data/*", 2, "entries of a certificate log, compressed; decoys besides"),
    ("sunlight/tree/tile/[01]/*", 3, DECOY),
    ("sunlight/tree/checkpoint", 1, f"{HERE}test_a_checkpoint_under_keys_unknown_to_us"),
    ("sunlight/witness/checkpoint", 1, DECOY),
    ("sunlight/witness/mirror/checkpoint", 1, DECOY),
    ("sunlight/witness*/witness.v0.json", 2, WITNESSED),
    ("sunlight/witness/mirror/mirror.v0.json", 1, WITNESSED),
    ("sunlight/witness/000de*/checkpoint", 1, WITNESSED),
    ("sunlight/witness/mirror/000de*/checkpoint", 1, WITNESSED),
    ("sunlight/witness2/88ad*/checkpoint", 1, WITNESSED),
    (
        "sunlight/witness/mirror/000de*/tile/[01]/*",
        3,
        f"{FORMATS}test_a_mirrored_tree_of_two_tiles_is_read",
    ),
    ("sunlight/witness/mirror/000de*/tile/entries/*", 2, DECOY),
)

# What the vectors' authors accept and we do not, each by its words.
STRICTER = {
    "sizes are equal (one) and proof is empty": "its hashes are not 32 bytes long",
    "subtree is empty sizes are equal (zero) subtree root valid tree root random proof is empty": (
        "the tree of no leaves has one root, and this is another"
    ),
}


def rows(name: str) -> list[tuple[str, int, str]]:
    return [row for row in TABLE if fnmatchcase(name, row[0])]


def listed(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_every_file_is_accounted_for(shared):
    names = listed(shared / "vectors")
    assert {name: len(rows(name)) for name in names if len(rows(name)) != 1} == {}
    counted = Counter(rows(name)[0][0] for name in names)
    assert counted == {pattern: count for pattern, count, _ in TABLE}
    for _, _, what in TABLE:
        if "::" in what:
            file, name = what.split("::")
            assert re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE), what
        else:
            assert len(what.split()) > 3, what


def test_a_file_that_nobody_accounts_for_is_seen():
    assert rows("merkle/other/1.json") == []
    assert rows("sunlight/witness/other.json") == []


def test_the_page_has_the_table():
    """What is not run stands in the documentation, with the same reason."""
    page = (ROOT / "docs" / "vectors.md").read_text()
    for pattern, count, what in TABLE:
        said = what.split("::")[-1]
        assert f"| `{pattern}` | {count} | {f'`{said}`' if '::' in what else said} |" in page


def read(folder: Path) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))]


def bytes_of(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def is_subtree(start: int, end: int) -> bool:
    """Merkle Tree Certificates, 4.1: it begins at a multiple of a power of two that spans it."""
    count = end - start
    return count > 0 and start % (1 << (count - 1).bit_length()) == 0


def refusal(case: dict) -> bool:
    return case["wantErr"] or case["desc"] in STRICTER


def test_inclusion_in_both_languages(shared, ask):
    """A proof within a subtree is a proof in a tree of its own."""
    cases = read(shared / "vectors/merkle/inclusion")
    for case in cases:
        case |= {"start": 0, "end": case["treeSize"]}
    within = read(shared / "vectors/merkle/subtreeinclusion")
    assert (len(cases), len(within)) == (98, 204)
    questions = []
    for case in [*cases, *within]:
        start, end = case["start"], case["end"]
        size = end - start if start == 0 or is_subtree(start, end) else 0
        leaf, root = case["leafHash"] or "", case["root"] or ""
        proof = case["proof"] or []
        index = case["leafIdx"] - start
        held = verify_inclusion(
            index, size, bytes_of(leaf), [bytes_of(one) for one in proof], bytes_of(root)
        )
        assert held is not refusal(case), case["desc"]
        whole = {
            "index": str(index),
            "size": str(size),
            "leaf": leaf,
            "root": root,
            "hashes": proof,
        }
        questions.append({"op": "inclusion", **whole})
    answers = ask(questions)
    for case, answer in zip([*cases, *within], answers, strict=True):
        assert answer["ok"] is not refusal(case), (case, answer)


def test_consistency_in_both_languages(shared, ask):
    """Of the proofs about subtrees, those that begin with the log are ordinary ones.

    The others are for witnesses that sign subtrees (ML-DSA), which is not built.
    """
    cases = read(shared / "vectors/merkle/consistency")
    for case in cases:
        case |= {"end": case["size1"], "size": case["size2"]}
    within = read(shared / "vectors/merkle/subtreeconsistency")
    ordinary = [case for case in within if case["start"] == 0]
    assert (len(cases), len(within), len(ordinary)) == (98, 118, 102)
    assert sum(not case["wantErr"] for case in within if case["start"]) == 4
    questions = []
    for case in [*cases, *ordinary]:
        before, root, proof = case["root1"] or "", case["root2"] or "", case["proof"] or []
        held = verify_consistency(
            case["end"],
            case["size"],
            bytes_of(before),
            bytes_of(root),
            [bytes_of(one) for one in proof],
        )
        assert held is not refusal(case), case
        sizes = {"old": str(case["end"]), "size": str(case["size"])}
        questions.append(
            {"op": "consistency", **sizes, "before": before, "root": root, "hashes": proof}
        )
    answers = ask(questions)
    for case, answer in zip([*cases, *ordinary], answers, strict=True):
        assert answer["ok"] is not refusal(case), (case, answer)


TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def test_a_whole_log_of_others_is_read_in_go(shared, ask):
    folder = shared / "vectors/tessera-log"
    names = ["checkpoint", *(f"checkpoint.{size}" for size in range(16))]
    questions = [
        {
            "op": "checkpoint",
            "logs": [TESSERA],
            "data": base64.b64encode((folder / name).read_bytes()).decode(),
        }
        for name in names
    ]
    answers = ask([*questions, {"op": "folder", "logs": [TESSERA], "where": str(folder)}])
    assert all(answer["ok"] for answer in answers), answers
    assert [answer["size"] for answer in answers] == ["15", *map(str, range(16)), "15"]
    assert answers[1]["root"] == EMPTY_ROOT.hex()
    assert answers[-1]["root"] == answers[0]["root"]


def witnessed(shared: Path) -> list[tuple[bytes, str]]:
    """Cosigned checkpoints of others, each with the key of who cosigned."""
    found = []
    for file in ("witness/witness.v0.json", "witness2/witness.v0.json"):
        path = shared / "vectors/sunlight" / file
        (key,) = json.loads(path.read_text())["verifier_keys"]
        (checkpoint,) = path.parent.glob("[0-9a-f]*/checkpoint")
        found.append((checkpoint.read_bytes(), key))
    mirror = shared / "vectors/sunlight/witness/mirror"
    (key,) = json.loads((mirror / "mirror.v0.json").read_text())["verifier_keys"]
    (checkpoint,) = mirror.glob("[0-9a-f]*/checkpoint")
    return [*found, (checkpoint.read_bytes(), key)]


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_cosignatures_of_others_hold(shared, ask):
    """The logs' own signatures are ECDSA or absent: only the witnesses' are looked at."""
    from trucewatch.evidence.audit.notes import WITNESS, read_head, read_key, read_note, signed_by

    cases = witnessed(shared)
    for data, vkey in cases:
        note = read_note(data)
        assert read_head(note).size == 300
        (time,) = signed_by(note, read_key(vkey, WITNESS))
        assert 1_700_000_000 < time < 1_800_000_000
        with pytest.raises(ValueError, match="wrong"):
            signed_by(read_note(data.replace(b"\n300\n", b"\n301\n")), read_key(vkey, WITNESS))
    answers = ask(
        {"op": "checkpoint", "witnesses": [vkey], "data": encoded(changed)}
        for data, vkey in cases
        for changed in (data, data.replace(b"\n300\n", b"\n301\n"))
    )
    assert [answer["ok"] for answer in answers] == [True, False] * 3
    for answer, (_, vkey) in zip(answers[::2], cases, strict=True):
        ((name, _),) = answer["cosigned"]
        assert vkey.startswith(f"{name}+")


def test_a_checkpoint_under_keys_unknown_to_us(shared, ask):
    """It is read, and not believed."""
    from trucewatch.evidence.audit.notes import LOG, read_head, read_key, read_note, signed_by

    data = (shared / "vectors/sunlight/tree/checkpoint").read_bytes()
    note = read_note(data)
    assert read_head(note).origin == "rome2026h1.example.org"
    assert signed_by(note, read_key(TESSERA, LOG)) == ()
    (answer,) = ask([{"op": "checkpoint", "logs": [TESSERA], "data": encoded(data)}])
    assert not answer["ok"]


def test_decoys_are_refused(shared, ask):
    from trucewatch.evidence.audit.notes import read_note
    from trucewatch.evidence.audit.published import split_bundle

    folder = shared / "vectors/sunlight"
    for file in ("witness/checkpoint", "witness/mirror/checkpoint"):
        data = (folder / file).read_bytes()
        with pytest.raises(ValueError, match="note"):
            read_note(data)
        (answer,) = ask([{"op": "checkpoint", "data": encoded(data)}])
        assert not answer["ok"]
    for path in (folder / "tree/tile").glob("[01]/**/*"):
        assert path.is_dir() or len(path.read_bytes()) % 32, "a tile of hashes is whole hashes"
    (mirror,) = (folder / "witness/mirror").glob("[0-9a-f]*/")
    for path in (mirror / "tile/entries").rglob("*"):
        if path.is_file():
            with pytest.raises(ValueError, match="bundle"):
                split_bundle(path.read_bytes())


def edge_cases(shared: Path) -> tuple[list[tuple[bytes, bytes, bytes]], list[bool | None]]:
    """Key, signature and message of every case, and what is expected where that is written."""
    folder = shared / "vectors/ed25519"
    cctv = json.loads((folder / "cctv-ed25519vectors.json").read_text())
    cases = [(bytes.fromhex(c["key"]), bytes.fromhex(c["sig"]), c["msg"].encode()) for c in cctv]
    expected: list[bool | None] = [None] * len(cases)
    groups = json.loads((folder / "wycheproof-ed25519.json").read_text())["testGroups"]
    for group in groups:
        for case in group["tests"]:
            key, signature = group["publicKey"]["pk"], case["sig"]
            parts = (bytes.fromhex(text) for text in (key, signature, case["msg"]))
            cases.append(tuple(parts))
            expected.append(case["result"] == "valid")
    return cases, expected


IN_THE_BROWSER = """async (cases) => {
  const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const found = [];
  for (const [key, signature, message] of cases) {
    try {
      const held = await crypto.subtle.importKey("raw", bytes(key), "Ed25519", false, ["verify"]);
      found.push(await crypto.subtle.verify("Ed25519", held, bytes(signature), bytes(message)));
    } catch (error) { found.push(false); }
  }
  return found;
}"""


def test_ed25519_edge_cases(shared, ask, browser, tmp_path):
    """Three libraries accept the same; all our verifiers refuse points of small order besides."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    def python(key: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    cases, expected = edge_cases(shared)
    assert len(cases) == 914 + 151
    here = [python(*case) for case in cases]
    assert [one for one in here[:914] if one] == [True] * 208
    assert here[914:] == expected[914:]

    questions = [
        {"key": encoded(k), "signature": encoded(s), "message": encoded(m)} for k, s, m in cases
    ]
    answers = ask(
        {"op": op, **question} for op in ("ed25519", "signature") for question in questions
    )
    assert [answer["ok"] for answer in answers[: len(cases)]] == here

    page = browser.new_page()
    empty = tmp_path / "empty.html"
    empty.write_text("<!doctype html><title>Nothing</title>")
    page.goto(empty.as_uri())
    assert page.evaluate(IN_THE_BROWSER, [list(map(encoded, case)) for case in cases]) == here
    page.close()

    # What the verifiers believe is less: nothing under a key, or with an R, of small order.
    cctv = json.loads((shared / "vectors/ed25519/cctv-ed25519vectors.json").read_text())
    small = [{"low_order_A", "low_order_R"} & {*(case["flags"] or ())} for case in cctv]
    believed = [answer["ok"] for answer in answers[len(cases) :]]
    assert believed[:914] == [one and not low for one, low in zip(here, small, strict=False)]
    assert believed[914:] == here[914:]
    assert 0 < sum(believed[:914]) < 208
