"""Signing in: who proves to be whom, how long it counts, and what guesses cost."""

from __future__ import annotations

import stat

import pytest
from tests.web_accounts.conftest import PASSWORD, write

from trucewatch.app.web.accounts.entering import NOBODY, Wrong
from trucewatch.app.web.accounts.store import FILE, Store, digest
from trucewatch.errors import ConfigurationError


@pytest.fixture
def lead(accounts):
    accounts.set_password("lead-1", PASSWORD, how="command line")
    return accounts


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


def test_nothing_that_opens_anything_is_kept_in_the_clear(lead, folder):
    entered = lead.sign_in("lead-1", PASSWORD)
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
