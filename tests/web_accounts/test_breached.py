"""Breached passwords: found in a file of any size without reading it, and in no other place."""

from __future__ import annotations

import hashlib

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web import serving
from trucewatch.app.web.accounts import breached
from trucewatch.app.web.accounts.breached import NoList, check, is_breached, stands
from trucewatch.app.web.accounts.people import Settings
from trucewatch.errors import ConfigurationError, Refused

hashes = st.binary(min_size=20, max_size=20).map(lambda raw: raw.hex().upper().encode())
near = st.integers(0, 40).map(lambda n: b"%040X" % n)
many = st.lists(st.tuples(hashes | near, st.integers(1, 10**9)), max_size=60)


def sha1(text):
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper().encode()


def listed(path, lines, *, end=b"\r\n", last=True):
    """A file as it is published, of hashes and counts."""
    text = end.join(b"%s:%d" % line for line in sorted(dict(lines).items()))
    path.write_bytes(text + (end if last else b""))
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=many, others=st.lists(hashes | near, max_size=10), data=st.data())
def test_what_stands_in_the_file_is_found_and_nothing_else(tmp_path, lines, others, data):
    if not lines:
        return
    end, last = data.draw(st.sampled_from([b"\r\n", b"\n"])), data.draw(st.booleans())
    path = listed(tmp_path / "list", lines, end=end, last=last)
    there = dict(lines)
    for wanted in [*there, *others]:
        assert stands(path, wanted) == (wanted in there)
    check(path)
    path.write_bytes(path.read_bytes().lower())
    assert all(stands(path, wanted) for wanted in there)


def test_a_large_file_is_not_read(tmp_path, monkeypatch):
    path = listed(tmp_path / "list", [(sha1(str(n)), n + 1) for n in range(20_000)])
    read = []
    found = breached._line
    monkeypatch.setattr(breached, "_line", lambda *of: read.append(of) or found(*of))
    assert is_breached(path, "12345")
    assert not is_breached(path, "twenty thousand and one")
    assert len(read) < 80


def test_the_same_letters_by_another_keyboard_are_found(tmp_path):
    path = listed(tmp_path / "list", [(sha1("caf\u00e9 au bord du lac"), 3)])
    assert is_breached(path, "cafe\u0301 au bord du lac")
    assert not is_breached(path, "cafe au bord du lac")


BAD = {
    "it is empty": b"",
    "NTLM": b"0CB6948805F797BF2A82807973B89537:3\r\n" * 9,
    "HASH:COUNT": b"password\n" * 9,
    "none of": b"x" * 5_000,
    "with a SHA-1": b"A" * 40 + b"\n" + b"B" * 40 + b"\n",
    "not sorted": b"".join(b"%040X:1\n" % (2**150 - n * 2**140) for n in range(9)),
}


@pytest.mark.parametrize("reason", BAD)
def test_what_is_no_list_is_told(tmp_path, reason):
    path = tmp_path / "list"
    path.write_bytes(BAD[reason])
    with pytest.raises(NoList, match=reason):
        check(path)


def test_a_breached_password_is_refused_and_the_list_is_looked_at_each_time(swift, folder):
    swift.set_password("lead-1", PASSWORD, how="command line")
    write(folder, '[web]\nbreached_passwords = "breached.txt"\n')
    path = listed(folder / "breached.txt", [(sha1(PASSWORD), 7)])
    with pytest.raises(Refused, match="breached elsewhere") as fault:
        swift.set_password("analyst-1", PASSWORD, how="command line")
    assert PASSWORD not in str(fault.value)
    swift.set_password("analyst-1", "nine storks on the chimney", how="command line")
    # Whoever had it before still comes in: it is asked of new ones.
    assert swift.sign_in("lead-1", PASSWORD)
    listed(path, [(sha1("nine storks on the chimney"), 1)])
    with pytest.raises(Refused):
        swift.set_password("lead-1", "nine storks on the chimney", how="command line")


def test_saboteur_without_the_look_it_is_taken(swift, folder, monkeypatch):
    write(folder, '[web]\nbreached_passwords = "breached.txt"\n')
    listed(folder / "breached.txt", [(sha1(PASSWORD), 7)])
    monkeypatch.setattr(Settings, "is_breached", lambda *_: False)
    swift.set_password("lead-1", PASSWORD, how="command line")


@pytest.mark.parametrize("there", [False, True])
def test_a_bad_list_stops_with_file_line_and_field(swift, folder, there):
    write(folder, '[web]\nbreached_passwords = "breached.txt"\n')
    if there:
        (folder / "breached.txt").write_bytes(b"password\n")
    for act in (
        lambda: swift.set_password("lead-1", PASSWORD, how="command line"),
        swift.settings.check_breached,
        lambda: serving.serve(folder, port=0, say=print),
    ):
        with pytest.raises(ConfigurationError) as fault:
            act()
        assert fault.value.file == "mission.toml"
        assert fault.value.field == "web.breached_passwords"
        text = (folder / "mission.toml").read_text().splitlines()
        assert text[fault.value.line - 1].startswith("breached_passwords")
    assert swift.store.password("lead-1") is None


def test_a_list_that_is_one_lets_the_server_start(swift, folder, monkeypatch):
    write(folder, '[web]\nbreached_passwords = "breached.txt"\nconnections_per_network = 9\n')
    listed(folder / "breached.txt", [(sha1(PASSWORD), 7)])
    swift.settings.check_breached()
    assert swift.settings.is_breached("nine storks on the chimney") is False
    held = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, **_: held.append(self.config.http))
    serving.serve(folder, port=0, say=lambda _: None)
    # What the mission sets of connections reaches whoever counts them.
    assert held[0].web().connections_per_network == 9
