"""Whom a checker believes: tlog-policy read strictly, quorums as they are defined."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.witnesses import WORTHLESS, Signer, vkey_of

from trucewatch.errors import ConfigurationError
from trucewatch.evidence.audit import policies, policy_of, read_policy
from trucewatch.evidence.audit.notes import LOG, WITNESS, read_key
from trucewatch.evidence.audit.policies import Group, Policy
from trucewatch.evidence.tlog import policy as writers

LOGS = [Signer(f"log-{n}.example", n, type=1) for n in range(1, 4)]
STATES = [Signer(f"state-{n}.example/w", n) for n in range(1, 8)]
LINES = [f"witness w{n} {state.vkey}" for n, state in enumerate(STATES)]


def policy(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_the_policy_with_groups_of_groups():
    found = read_policy(
        policy(
            "# a comment",
            f"log {LOGS[0].vkey}",
            " \t ",
            *LINES[:3],
            "group X-witnesses 2 w0 w1 w2",
            *[f"{line} https://state.example/" for line in LINES[3:6]],
            "group\tY any  w3 w4\tw5",
            "group both all X-witnesses Y",
            "  quorum both",
        ),
        file="policy",
    )
    assert [key.name for key in found.logs] == ["log-1.example"]
    assert found.reached(frozenset({"w0", "w2", "w5"}))
    assert not found.reached(frozenset({"w0", "w1", "w2"}))
    assert not found.reached(frozenset({"w0", "w4", "w5"}))
    assert read_policy(b"quorum none\n", file="policy").reached(frozenset())


@pytest.mark.parametrize(
    ("lines", "number", "words"),
    [
        (["quorum none", "quorum none"], 2, "second quorum"),
        (["quorum w0"], 1, "lines above"),
        ([LINES[0], "group w0 any w0"], 2, "taken"),
        ([LINES[0], LINES[0].replace("w0", "w9")], 2, "twice"),
        ([LINES[0], LINES[1].replace("w1", "w0")], 2, "taken"),
        ([LINES[1].replace("w1", "none")], 1, "taken"),
        ([LINES[0], "group g any w0 w0"], 2, "once"),
        ([LINES[0], "group g any w0", "group h any w0"], 3, "once"),
        ([LINES[0], "group g any g"], 2, "lines above"),
        ([LINES[0], "group g any none"], 2, "lines above"),
        ([LINES[0], "group g 0 w0"], 2, "from 1 to 1"),
        ([LINES[0], "group g 01 w0"], 2, "from 1 to 1"),
        ([LINES[0], "group g 2 w0"], 2, "from 1 to 1"),
        ([LINES[0], "group g some w0"], 2, "from 1 to 1"),
        ([LINES[0], "group g any"], 2, "not a line"),
        ([f"log {LOGS[0].vkey} a b"], 1, "not a line"),
        ([f"log {LOGS[0].vkey}", f"log {LOGS[0].vkey}"], 2, "twice"),
        ([f"log {STATES[0].vkey}"], 1, "not a log's key"),
        ([f"witness w {LOGS[0].vkey}"], 1, "not a witness's key"),
        (["witness w rubbish"], 1, "NAME"),
        ([f"log {vkey_of('log', bytes([1]) + bytes.fromhex(WORTHLESS))}"], 1, "anybody can sign"),
        (["Quorum none"], 1, "not a line"),
        (["quorum\r none"], 1, "control"),
        (["quorum none \x7f"], 1, "control"),
    ],
)
def test_a_fault_names_its_line(lines, number, words):
    with pytest.raises(ConfigurationError, match=words) as fault:
        read_policy(policy(*lines), file="states.policy")
    assert (fault.value.file, fault.value.line) == ("states.policy", number)


@pytest.mark.parametrize(
    "data", [b"", b"# nothing\n", b"quorum none", b"\n" * 5000, b"#" * 300_000 + b"\nquorum none\n"]
)
def test_a_policy_that_is_not_whole_is_refused(data):
    with pytest.raises(ConfigurationError):
        read_policy(data, file="policy")


def test_names_are_octets():
    kelvin, letter = "witness \u212a " + STATES[0].vkey, "witness K " + STATES[1].vkey
    found = read_policy(policy(kelvin, letter, "quorum K"), file="policy")
    assert found.reached(frozenset({"K"}))
    assert not found.reached(frozenset({"\u212a"}))
    odd = b"witness \xff " + STATES[0].vkey.encode() + b"\nquorum \xff\n"
    assert not read_policy(odd, file="policy").reached(frozenset())


def test_a_deep_policy_is_read_in_bounded_depth():
    chain = [LINES[0], "group g0 any w0", *[f"group g{n} all g{n - 1}" for n in range(1, 4000)]]
    found = read_policy(policy(*chain, "quorum g3999"), file="policy")
    assert found.reached(frozenset({"w0"}))
    assert found.resists


def satisfying(believed: Policy) -> list[frozenset[str]]:
    names = sorted(believed.witnesses)
    return [
        frozenset(some)
        for count in range(len(names) + 1)
        for some in combinations(names, count)
        if believed.reached(frozenset(some))
    ]


@st.composite
def trees(draw: st.DrawFn) -> Policy:
    """Seven witnesses, some of them in groups, some groups in groups, one thing the quorum."""
    free = [f"w{n}" for n in range(7)]
    groups = {}
    for number in range(draw(st.integers(1, 4))):
        members = draw(st.lists(st.sampled_from(free), min_size=1, unique=True))
        free = [name for name in free if name not in members] + [f"g{number}"]
        groups[f"g{number}"] = Group(draw(st.integers(1, len(members))), tuple(members))
    keys = {f"w{n}": read_key(state.vkey, WITNESS) for n, state in enumerate(STATES)}
    return Policy((), keys, groups, draw(st.sampled_from(sorted(groups))))


@settings(max_examples=60, deadline=None)
@given(trees())
def test_a_split_view_is_resisted_where_every_two_quorums_share_enough(believed):
    """Held against every two sets that satisfy the policy."""
    sets = satisfying(believed)
    shared = min(len(one & other) for one in sets for other in sets)
    assert believed.resists == (3 * shared > len(believed.witnesses))


@pytest.mark.parametrize("count", range(1, 8))
def test_a_plain_quorum_is_the_one_of_the_formula_and_of_the_writers_policy(count):
    """k of n resists from 1 + 2n // 3 on; the two implementations agree."""
    for quorum in range(1, count + 1):
        found = policy_of([], [state.vkey for state in STATES[:count]], quorum)
        assert found.resists == (quorum >= 1 + 2 * count // 3)
        group = f"group g {quorum} {' '.join(f'w{n}' for n in range(count))}"
        text = policy(*LINES[:count], group, "quorum g")
        theirs, _ = writers.read_policy(text)
        ours = read_policy(text, file="policy")
        assert (ours.resists, ours.liars) == (theirs.resists_split_view, theirs.liars)


@pytest.mark.parametrize(("witnesses", "quorum"), [((0, 0), None), ((0,), 2), ((0,), -1)])
def test_keys_of_the_command_line_are_held_to_the_same(witnesses, quorum):
    with pytest.raises(ValueError, match=r"twice|a quorum of"):
        policy_of([LOGS[0].vkey], [STATES[n].vkey for n in witnesses], quorum)


GOOD = LOGS[0].vkey
NAME, ID, REST = GOOD.split("+", 2)


@pytest.mark.parametrize(
    "bad",
    [
        f"{NAME}+{ID}",
        f"{NAME}+{ID.upper()}+{REST}" if ID.upper() != ID else f"{NAME}+0x{ID}+{REST}",
        f"{NAME}+00000000+{REST}",
        f"{NAME} +{ID}+{REST}",
        f"+{ID}+{REST}",
        f"other+{ID}+{REST}",
        f"{NAME}+{ID}+{REST}\n",
        f"{NAME}+{ID}+{REST}=",
        Signer(NAME, 1, type=6).vkey,
        vkey_of(NAME, b"\x01" + bytes(31)),
        vkey_of(NAME, b"\x01" + bytes(33)),
    ],
)
def test_a_key_has_one_spelling(bad):
    assert read_key(GOOD, LOG).name == NAME
    with pytest.raises(ValueError, match=r"key"):
        read_key(bad, LOG)


def test_without_the_count_of_members_a_name_would_count_twice(monkeypatch):
    """The saboteur: a reader that lets one witness stand in two groups."""
    twice = policy(*LINES[:2], "group a any w0", "group b any w0", "group c 2 a b", "quorum c")
    with pytest.raises(ConfigurationError):
        read_policy(twice, file="policy")
    monkeypatch.setattr(policies._Reader, "_known", lambda _, members: tuple(members))
    assert read_policy(twice, file="policy").reached(frozenset({"w0"}))
