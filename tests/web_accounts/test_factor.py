"""The second factor: what a code counts for, how often, and who is asked for one."""

from __future__ import annotations

import sqlite3
from base64 import b32encode
from contextlib import closing
from dataclasses import replace

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.accounts import codes, second
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.factor_store import Factor, FactorStore
from trucewatch.app.web.accounts.file import FILE
from trucewatch.app.web.accounts.guesses import FREE, Guesses, TooMany
from trucewatch.app.web.accounts.knowing import NOBODY, Over, Wrong
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.accounts.second import CODE, RECOVERY, Half
from trucewatch.app.web.accounts.store import Store
from trucewatch.errors import ConfigurationError, Refused, StoreUnavailable

DEMANDED = '[web]\nsecond_factor = ["lead", "reviewer"]\n'


def code(secret, clock):
    """What the device shows now."""
    return pyotp.TOTP(secret).at(int(clock().timestamp()))


@pytest.fixture
def lead(swift):
    swift.set_password("lead-1", PASSWORD, how="command line")
    return swift


@pytest.fixture
def enrolled(lead, clock):
    """The accounts, where the lead has a device: its secret and the recovery codes."""
    secret = lead.second.propose("lead-1")
    recovery = lead.second.confirm("lead-1", code(secret, clock), how="password")
    clock.on(60)
    return lead, secret, recovery


def half(accounts, device=""):
    """The name of a sign-in that waits for its code."""
    begun = accounts.sign_in("lead-1", PASSWORD, device=device)
    assert isinstance(begun, Half)
    return accounts.halves.keep(begun, "/queue")


# RFC 6238, appendix B, for SHA-1: the last six of the eight digits that it shows.
@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at, shown):
    held = b32encode(b"12345678901234567890").decode()
    assert list(codes.steps(held, shown, at)) == [at // 30]
    assert list(codes.steps(held, f" {shown[:3]} {shown[3:]}", at)) == [at // 30]


@given(at=st.integers(0, 2**33), off=st.integers(-5, 5))
def test_a_code_counts_in_its_step_and_the_next(at, off):
    secret = codes.new_secret()
    step = max(at // 30 + off, 0)
    shown = pyotp.TOTP(secret).generate_otp(step)
    assert (step in codes.steps(secret, shown, at)) == (at // 30 - step in {0, 1})


@given(st.text(max_size=80))
def test_what_is_no_code_is_none(text):
    assert codes.recovery_code(text) is None or len(text) >= codes.RECOVERY_LETTERS
    if sum(sign in "0123456789" for sign in text) != codes.DIGITS:
        assert list(codes.steps(codes.new_secret(), text, 59)) == []


@given(st.lists(st.sampled_from(["", " ", "-", "  "]), min_size=24, max_size=24))
def test_a_recovery_code_is_the_same_however_it_is_typed(between):
    (made, *_) = codes.new_recovery_codes()
    typed = "".join(sign.upper() + gap for sign, gap in zip(made, between, strict=True))
    assert codes.recovery_code(typed) == made
    assert codes.recovery_code(codes.in_fours(made)) == made


def test_secrets_and_recovery_codes_have_the_bits_that_are_stated():
    assert len(codes.new_secret()) * 5 >= 160
    made = codes.new_recovery_codes()
    assert len(set(made)) == codes.RECOVERY_CODES
    assert codes.RECOVERY_LETTERS * 5 >= 112


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    tries=st.lists(
        st.tuples(st.integers(-90, 90), st.sampled_from([-2, -1, 0, 1])), min_size=2, max_size=12
    )
)
def test_no_code_counts_twice_whatever_the_clock_does(enrolled, clock, tries):
    accounts, secret, _ = enrolled
    taken = []
    for seconds, off in tries:
        clock.on(seconds)
        step = int(clock().timestamp()) // 30 + off
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Guesses, "count", lambda *_: "x")
            which = accounts.second.check("lead-1", pyotp.TOTP(secret).generate_otp(step))
        if which:
            taken.append(step)
            assert off in {0, -1}
    # The examples share one account: what an earlier one used is used for the later ones, too.
    assert len(taken) == len(set(taken))


def test_a_code_is_asked_for_after_the_password_and_counts_once(enrolled, clock, folder):
    accounts, secret, _ = enrolled
    shown = code(secret, clock)
    entered, to = accounts.finish(half(accounts), shown)
    known = accounts.by_session(entered.session)
    assert (known.viewer.person, known.how, to) == ("lead-1", "password and code", "/queue")
    with pytest.raises(Wrong, match="used before") as fault:
        accounts.finish(half(accounts), shown)
    fault.value.note()
    noted = accesses(folder)[-1]
    assert (noted.what, noted.by, noted.how) == ("failed", "lead-1", "password and code")
    clock.on(30)
    assert accounts.finish(half(accounts), code(secret, clock))


def test_saboteur_without_the_memory_of_codes_one_counts_twice(enrolled, clock, monkeypatch):
    accounts, secret, _ = enrolled
    monkeypatch.setattr(FactorStore, "use", lambda *_: True)
    shown = code(secret, clock)
    assert accounts.finish(half(accounts), shown)
    assert accounts.finish(half(accounts), shown)


def test_a_recovery_code_counts_once_and_tells_how_many_are_left(enrolled, folder):
    accounts, _, recovery = enrolled
    entered, _ = accounts.finish(half(accounts), codes.in_fours(recovery[3]).upper())
    assert accounts.by_session(entered.session).how == "password and recovery code"
    assert accesses(folder)[-1].reason == "9 recovery codes left"
    with pytest.raises(Wrong):
        accounts.finish(half(accounts), recovery[3])
    fresh = accounts.second.renew_recovery("lead-1", how="password")
    with pytest.raises(Wrong):
        accounts.finish(half(accounts), recovery[4])
    assert accounts.finish(half(accounts), fresh[0])


def test_recovery_codes_are_kept_as_hashes(enrolled, folder):
    raw = (folder / FILE).read_bytes()
    _, secret, recovery = enrolled
    assert not any(one.encode() in raw for one in recovery)
    assert secret not in repr(Store(folder).factor("lead-1"))


def test_wrong_codes_wait_as_wrong_passwords_do_and_a_known_device_apart(enrolled, clock):
    accounts, secret, recovery = enrolled
    device = accounts.finish(half(accounts), recovery[0])[0].device
    begun = half(accounts)
    for _ in range(FREE):
        with pytest.raises(Wrong):
            accounts.finish(begun, "no code")
    with pytest.raises(TooMany):
        accounts.finish(begun, code(secret, clock))
    entered, _ = accounts.finish(half(accounts, device), code(secret, clock))
    assert entered.device == ""
    for _ in range(12):
        clock.on(900)
        with pytest.raises(Wrong):
            accounts.finish(half(accounts), "no code")
        with pytest.raises(TooMany):
            accounts.finish(half(accounts), "no code")


def test_saboteur_without_the_count_codes_can_be_guessed(enrolled, monkeypatch):
    accounts, _, _ = enrolled
    monkeypatch.setattr(Store, "attempt", lambda *_, **__: 0)
    begun = half(accounts)
    for _ in range(30):
        with pytest.raises(Wrong):
            accounts.finish(begun, "no code")


def test_a_half_sign_in_ends_by_time_by_another_password_and_with_the_office(
    enrolled, clock, monkeypatch
):
    accounts, secret, _ = enrolled
    with pytest.raises(Over):
        accounts.finish("made up", code(secret, clock))
    begun = half(accounts)
    monkeypatch.setattr(second, "MOST_HALVES", 1)
    later = half(accounts)
    with pytest.raises(Over):
        accounts.finish(begun, code(secret, clock))
    accounts.set_password("lead-1", "nine storks on the chimney", how="command line")
    with pytest.raises(Over, match="changed"):
        accounts.finish(later, code(secret, clock))
    ticks = [0.0]
    halves = second.Halves(ticks=lambda: ticks[0])
    name = halves.keep(Half(person="lead-1", how="password"), "/")
    assert halves.find(name)
    ticks[0] = second.HALF_S
    assert halves.find(name) is None


def test_sessions_from_before_end_when_it_is_set_up(lead, clock):
    before = lead.sign_in("lead-1", PASSWORD).session
    secret = lead.second.propose("lead-1")
    assert lead.by_session(before).viewer.signed_in
    # One that was opened by the password while the code was on its way.
    assert lead.second.confirm("lead-1", code(secret, clock), how="password")
    assert lead.store.session(before) is None
    late = lead.enter("lead-1", "password").session
    assert lead.by_session(late) is NOBODY
    assert lead.store.session(late) is None


def test_saboteur_two_guards_hold_a_session_without_a_code(enrolled, monkeypatch):
    accounts, _, _ = enrolled
    monkeypatch.setattr(second.SecondFactor, "is_asked", lambda *_: False)
    entered = accounts.sign_in("lead-1", PASSWORD)
    assert accounts.by_session(entered.session) is NOBODY
    entered = accounts.sign_in("lead-1", PASSWORD)
    found = Store.session
    monkeypatch.setattr(Store, "session", lambda *of: replace(found(*of), asked=False))
    assert accounts.by_session(entered.session).viewer.person == "lead-1"


def test_a_role_that_must_have_it_can_do_nothing_without(lead, folder, clock, monkeypatch):
    before = lead.sign_in("lead-1", PASSWORD).session
    _, token = lead.give_token("lead-1", frozenset({"read"}), days=1, how="password")
    write(folder, DEMANDED)
    known = lead.by_session(before)
    assert known.owes
    assert not known.viewer.signed_in
    assert lead.by_session(lead.sign_in("lead-1", PASSWORD).session).owes
    assert lead.by_token(token).viewer.person == "lead-1"
    lead.set_password("analyst-1", PASSWORD, how="command line")
    assert not lead.by_session(lead.sign_in("analyst-1", PASSWORD).session).owes
    with monkeypatch.context() as patched:  # the saboteur
        patched.setattr(Accounts, "must_have_second", lambda *_: False)
        assert lead.by_session(before).viewer.person == "lead-1"
    secret = lead.second.propose("lead-1")
    assert lead.second.confirm("lead-1", code(secret, clock), how="password")
    clock.on(30)
    entered, _ = lead.finish(half(lead), code(secret, clock))
    assert lead.by_session(entered.session).viewer.person == "lead-1"


def test_a_secret_counts_only_after_its_first_code_and_for_ten_minutes(lead, clock):
    assert lead.second.confirm("lead-1", "123456", how="password") is None  # nothing proposed
    secret = lead.second.propose("lead-1")
    assert not lead.second.is_asked("lead-1")
    assert not lead.second.check("lead-1", code(secret, clock))
    assert lead.second.confirm("lead-1", "12345", how="password") is None
    clock.on(second.PROPOSED_S)
    assert lead.second.confirm("lead-1", code(secret, clock), how="password") is None
    other = lead.second.propose("lead-1")
    assert lead.second.confirm("lead-1", code(secret, clock), how="password") is None
    clock.on(1)
    assert lead.second.confirm("lead-1", code(other, clock), how="password")
    assert lead.second.confirm("lead-1", code(other, clock), how="password") is None
    assert lead.second.check("lead-1", code(other, clock)) == ""  # it confirmed, and is used up
    with pytest.raises(Refused, match="remove it first"):
        lead.second.propose("lead-1")
    gone = Factor(person="lead-1", secret=secret, made=0, confirmed=None)
    assert not lead.store.confirm(gone, [1], [], 1)


def test_it_is_taken_off_with_its_codes_and_sessions(enrolled, clock, folder):
    accounts, secret, recovery = enrolled
    session = accounts.finish(half(accounts), code(secret, clock))[0].session
    assert accounts.second.remove("lead-1", how="password")
    assert not accounts.second.remove("lead-1", how="password")
    assert accounts.by_session(session) is NOBODY
    assert accounts.store.recovery_left("lead-1") == 0
    assert accounts.second.check("lead-1", recovery[0]) == ""
    assert accounts.by_session(accounts.sign_in("lead-1", PASSWORD).session).viewer.signed_in
    told = [(one.reason, one.by) for one in accesses(folder) if one.what == "factor"]
    assert told == [("set up", "lead-1"), ("removed", "lead-1")]


def test_an_account_that_goes_takes_its_second_factor_along(enrolled):
    accounts, _, _ = enrolled
    assert accounts.remove("lead-1", how="command line")
    assert accounts.store.factor("lead-1") is None
    assert accounts.store.recovery_left("lead-1") == 0


def test_whom_a_provider_vouches_for_is_asked_unless_it_must_ask_itself(enrolled, clock):
    accounts, secret, _ = enrolled
    begun = accounts.vouched("lead-1", "provider", passed=False)
    assert isinstance(begun, Half)
    entered, _ = accounts.finish(accounts.halves.keep(begun, "/"), code(secret, clock))
    assert accounts.by_session(entered.session).how == "provider and code"
    entered = accounts.vouched("lead-1", "provider", passed=True)
    assert accounts.by_session(entered.session).viewer.person == "lead-1"


def test_which_code_it_was_is_told(enrolled, clock):
    accounts, secret, recovery = enrolled
    assert accounts.second.check("lead-1", code(secret, clock)) == CODE
    assert accounts.second.check("lead-1", recovery[0]) == RECOVERY


FIRST = """
CREATE TABLE account(person TEXT PRIMARY KEY, password TEXT NOT NULL, made INTEGER NOT NULL,
    changed INTEGER NOT NULL) STRICT;
CREATE TABLE session(digest TEXT PRIMARY KEY, person TEXT NOT NULL, how TEXT NOT NULL,
    made INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;
CREATE TABLE token(id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, person TEXT NOT NULL,
    scopes TEXT NOT NULL, made INTEGER NOT NULL, expires INTEGER, used INTEGER) STRICT;
CREATE TABLE device(digest TEXT PRIMARY KEY, person TEXT NOT NULL, made INTEGER NOT NULL) STRICT;
CREATE TABLE guess(who TEXT PRIMARY KEY, wrong INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
CREATE TABLE secret(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
INSERT INTO secret VALUES('forms', x'00');
INSERT INTO account VALUES('lead-1', 'hash', 1, 1);
INSERT INTO session VALUES('held', 'lead-1', 'password', 5, 6);
PRAGMA user_version = 1;
"""


@pytest.mark.parametrize("first", ["reading", "open"])
def test_a_file_from_before_there_was_one_is_brought_up(tmp_path, first):
    path = tmp_path / FILE
    path.touch(0o600)
    with closing(sqlite3.connect(path)) as link:
        link.executescript(FIRST)
    store = Store(tmp_path)
    if first == "open":
        store.seen("held", 6)
    (session,) = store.sessions("lead-1")
    assert (session.digest, session.seen, session.passed, session.asked) == ("held", 6, 0, 0)
    assert store.password("lead-1") == "hash"
    assert store.secret() == b"\0"
    assert store.factor("lead-1") is None
    with closing(sqlite3.connect(path)) as link:
        link.execute("PRAGMA user_version = 9")
    with pytest.raises(StoreUnavailable, match="version 9"):
        store.seen("held", 7)


def test_the_roles_that_must_have_it_are_roles(folder):
    with pytest.raises(ConfigurationError) as fault:
        write(folder, '[web]\nsecond_factor = ["leads"]\n')
    assert fault.value.field == "web.second_factor.0"
    assert fault.value.file == "mission.toml"
    text = (folder / "mission.toml").read_text().splitlines()
    assert text[fault.value.line - 1].startswith("second_factor")
