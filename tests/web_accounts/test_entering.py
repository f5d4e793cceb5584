"""Signing in: who proves to be whom, how long it counts, and what guesses cost."""

from __future__ import annotations

import stat

import pytest
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.accounts import entering, passwords
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.file import FILE
from trucewatch.app.web.accounts.guesses import FREE, LONGEST_WAIT_S, TooMany
from trucewatch.app.web.accounts.hashing import digest
from trucewatch.app.web.accounts.knowing import NOBODY, Wrong
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.accounts.people import Settings
from trucewatch.app.web.accounts.store import Store
from trucewatch.errors import ConfigurationError, NotFound, Refused


@pytest.fixture
def lead(swift):
    swift.set_password("lead-1", PASSWORD, how="command line")
    return swift


def test_a_password_opens_a_session_and_roles_are_those_in_force(lead, folder):
    entered = lead.sign_in("lead-1", PASSWORD)
    known = lead.by_session(entered.session)
    assert (known.viewer.person, known.how) == ("lead-1", "password")
    assert known.viewer.roles == {"public", "lead"}
    text = (folder / "mission.toml").read_text()
    (folder / "mission.toml").write_text(text.replace('roles = ["lead"]', 'roles = ["observer"]'))
    write(folder, "")
    assert lead.by_session(entered.session).viewer.roles == {"public", "observer"}
    (folder / "mission.toml").write_text(text.replace('id = "lead-1"', 'id = "lead-2"'))
    write(folder, "")
    assert lead.by_session(entered.session) == NOBODY
    with pytest.raises(Wrong):
        lead.sign_in("lead-1", PASSWORD)


def test_nothing_that_opens_anything_is_kept_in_the_clear(accounts, folder):
    accounts.set_password("lead-1", PASSWORD, how="command line")
    lead, entered = accounts, accounts.sign_in("lead-1", PASSWORD)
    _, secret = lead.give_token("lead-1", frozenset({"read"}), days=1, how="command line")
    raw = (folder / FILE).read_bytes()
    for text in (PASSWORD, entered.session, entered.device, secret):
        assert text.encode() not in raw
    assert digest(secret).encode() in raw
    assert b"$argon2id$v=19$m=65536,t=3,p=1$" in raw
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
    (folder / FILE).chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        Store(folder).accounts()


def wrong(accounts, person="lead-1", device=""):
    """One wrong guess: how long it is to wait, 0 where it was looked at."""
    try:
        accounts.sign_in(person, "not the password at all", device=device)
    except TooMany as fault:
        return fault.wait
    except Wrong:
        return 0
    raise AssertionError("a wrong password was right")


def test_guesses_wait_longer_each_time_and_nobody_for_ever(lead, clock):
    assert [wrong(lead) for _ in range(FREE)] == [0] * FREE
    assert wrong(lead) == 1
    with pytest.raises(TooMany):
        lead.sign_in("lead-1", PASSWORD)
    waits = []
    for _ in range(14):
        waits.append(wrong(lead))
        clock.on(waits[-1])
        assert wrong(lead) == 0
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == LONGEST_WAIT_S
    clock.on(LONGEST_WAIT_S)
    assert lead.sign_in("lead-1", PASSWORD).person == "lead-1"
    assert wrong(lead) == 0


def test_unknown_names_wait_alike(lead):
    known = [wrong(lead) for _ in range(8)]
    assert [wrong(lead, "nobody-1") for _ in range(8)] == known


def test_a_known_device_is_not_kept_waiting_by_guesses_from_elsewhere(lead):
    device = lead.sign_in("lead-1", PASSWORD).device
    for _ in range(12):
        wrong(lead)
    assert lead.sign_in("lead-1", PASSWORD, device=device).person == "lead-1"
    assert wrong(lead, device="made up") > 0


def test_saboteur_without_the_count_guesses_are_free(lead, monkeypatch):
    monkeypatch.setattr(Store, "attempt", lambda *_, **__: 0)
    assert {wrong(lead) for _ in range(20)} == {0}


def test_all_names_together_wait_too(lead, monkeypatch):
    monkeypatch.setattr(entering, "GUESSES_PER_MINUTE", 3)
    assert [wrong(lead, f"name-{n}") > 0 for n in range(5)] == [False, False, False, True, True]


def test_an_unknown_person_costs_the_same_work(accounts, monkeypatch):
    """Counted, not timed: one argon2 of the same parameters for either."""
    accounts.set_password("lead-1", PASSWORD, how="command line")
    seen = []
    real = passwords.HASHER.verify
    passwords._nobodys()

    class Counting:
        def verify(self, kept, password):
            seen.append(kept.rsplit("$", 2)[0])
            return real(kept, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    wrong(accounts)
    wrong(accounts, "nobody-1")
    assert seen == ["$argon2id$v=19$m=65536,t=3,p=1"] * 2


def test_a_session_ends_by_time_and_by_idleness(lead, clock):
    name = lead.sign_in("lead-1", PASSWORD).session
    for _ in range(13):
        clock.on(55 * 60)
        assert lead.by_session(name).viewer.signed_in
    clock.on(6 * 60)
    assert lead.by_session(name) == NOBODY  # twelve hours, though never idle
    name = lead.sign_in("lead-1", PASSWORD).session
    clock.on(60 * 60)
    assert lead.by_session(name) == NOBODY
    assert lead.store.session(name) is None


def test_sessions_live_on_after_a_restart(lead, folder, clock):
    name = lead.sign_in("lead-1", PASSWORD).session
    assert Accounts(folder, now=clock).by_session(name).viewer.person == "lead-1"


def test_parameters_that_rise_are_taken_over_at_sign_in(lead):
    assert "m=8," in lead.store.password("lead-1")
    stronger = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", stronger)
        lead.sign_in("lead-1", PASSWORD)
        assert "m=16,t=2," in lead.store.password("lead-1")
        assert lead.sign_in("lead-1", PASSWORD).person == "lead-1"


def test_the_parameters_are_those_that_are_stated():
    assert passwords.HASHER.memory_cost >= 64 * 1024
    assert passwords.HASHER.time_cost >= 3
    assert passwords.hashed(PASSWORD).startswith("$argon2id$")


@pytest.mark.parametrize(
    "poor",
    [
        "",
        "short",
        "elevenchars",
        "a" * 300,
        "aaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "password1234",
        "Administrator2026!",
        "qwertyuiop[]",
        "abcdefghijklmnop",
        "0987654321098",
        "lead-1 lead-1!",
        "Easter-2026!!",
        "trucewatch-2026",
    ],
)
def test_poor_passwords_are_refused(accounts, poor):
    with pytest.raises(Refused) as fault:
        accounts.set_password("lead-1", poor, how="command line")
    assert not poor or len(poor) < 5 or poor not in str(fault.value)


@pytest.mark.parametrize(
    "good",
    [
        PASSWORD,
        "x7#Lq0-vB2mZ",
        "пароль дуже довгий тут",
        "a b c d e f g h i",
        "w" + "é" * 3 + "oirtzuqpa",
    ],
)
def test_good_passwords_of_any_signs_are_taken_whole(swift, good):
    swift.set_password("lead-1", good, how="command line")
    assert swift.is_password("lead-1", good)
    assert not swift.is_password("lead-1", good[:-1])
    assert not swift.is_password("lead-1", good.upper())


def test_the_same_letters_by_another_keyboard_are_the_same_password(swift):
    swift.set_password("lead-1", "caf\u00e9 au bord du lac", how="command line")
    assert swift.is_password("lead-1", "cafe\u0301 au bord du lac")


def test_without_a_person_there_is_no_account(accounts):
    with pytest.raises(NotFound, match="names no person"):
        accounts.set_password("nobody-1", PASSWORD, how="command line")


def test_a_token_narrows_what_its_person_may(accounts, clock):
    name, reads = accounts.give_token("lead-1", frozenset({"read"}), days=1, how="x")
    _, reports = accounts.give_token("lead-1", frozenset({"report"}), days=None, how="x")
    viewer = accounts.by_token(reads).viewer
    assert viewer.may("read")
    assert not viewer.may("review")
    assert "lead" in viewer.roles
    assert accounts.by_token(reports).viewer.roles == {"public"}
    assert accounts.store.tokens("lead-1")[0].used is not None
    clock.on(86_400)
    assert accounts.by_token(reads) == NOBODY
    assert accounts.by_token(reports).viewer.person == "lead-1"
    assert accounts.revoke(name, how="x") == "lead-1"
    for scopes, days in ((frozenset(), 1), (frozenset({"all"}), 1), (frozenset({"read"}), 0)):
        with pytest.raises(ValueError, match=r"scopes|days"):
            accounts.give_token("lead-1", scopes, days=days, how="x")


def test_who_is_removed_is_gone_everywhere(lead):
    name = lead.sign_in("lead-1", PASSWORD).session
    _, token = lead.give_token("lead-1", frozenset({"read"}), days=1, how="x")
    assert lead.remove("lead-1", how="command line")
    assert lead.by_session(name) == lead.by_token(token) == NOBODY
    assert not lead.remove("lead-1", how="command line")


def test_sign_ins_and_failures_are_noted_inside_alone(lead, folder):
    before = (folder / "evidence" / "checkpoint").read_bytes()
    for person in ("lead-1", "a password typed here"):
        with pytest.raises(Wrong) as fault:
            lead.sign_in(person, "not the password at all")
        fault.value.note()
    lead.sign_in("lead-1", PASSWORD)
    noted = [(one.what, one.by, one.reason) for one in accesses(folder)]
    assert noted == [
        ("password", "lead-1", ""),
        ("failed", "lead-1", ""),
        ("failed", "", ""),
        ("sign-in", "lead-1", "after 1 wrong"),
    ]
    assert (folder / "evidence" / "checkpoint").read_bytes() == before


def test_a_stream_is_asked_anew_and_keeps_nobody_signed_in(lead, clock):
    from starlette.requests import Request

    name = lead.sign_in("lead-1", PASSWORD).session

    def call(path):
        head = [(b"host", b"localhost"), (b"cookie", f"trucewatch={name}".encode())]
        return Request({"type": "http", "path": path, "headers": head, "query_string": b""})

    stream = call("/events")
    assert lead.known(stream).viewer.signed_in
    clock.on(50 * 60)
    assert lead.viewer(stream).signed_in
    clock.on(11 * 60)
    assert not lead.viewer(stream).signed_in  # idle for an hour, though the stream was open
    name = lead.sign_in("lead-1", PASSWORD).session
    clock.on(50 * 60)
    assert lead.viewer(call("/incidents")).signed_in
    clock.on(11 * 60)
    assert lead.viewer(call("/incidents")).signed_in


def test_a_clock_set_back_keeps_no_session_alive_and_nobody_out(lead, clock):
    day = 86_400
    clock.on(300 * day)
    ahead = lead.sign_in("lead-1", PASSWORD).session
    for _ in range(12):
        with pytest.raises(Refused):
            lead.sign_in("lead-1", "not this one, surely")
        clock.on(3600)
    with pytest.raises(Refused):
        lead.sign_in("lead-1", "not this one, surely")
    clock.on(-300 * day)
    assert lead.by_session(ahead) is NOBODY
    with pytest.raises(TooMany) as fault:
        lead.sign_in("lead-1", PASSWORD)
    assert fault.value.wait <= LONGEST_WAIT_S
    clock.on(LONGEST_WAIT_S)
    held = lead.sign_in("lead-1", PASSWORD).session
    clock.on(-60)
    assert lead.by_session(held) is not NOBODY


def test_what_the_server_asks_of_each_connection_is_at_hand(accounts, folder, monkeypatch):
    write(folder, "[web]\nconnections_per_network = 9\n")
    assert accounts.settings.web_at_hand().connections_per_network == 200
    accounts.settings.now()
    monkeypatch.setattr(Settings, "_read", None)  # it does not look at the disk
    assert accounts.settings.web_at_hand().connections_per_network == 9
