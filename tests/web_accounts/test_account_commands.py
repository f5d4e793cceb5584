"""Accounts from the command line: the first is made there, and secrets are shown once."""

from __future__ import annotations

import json

import pytest
from tests.web_accounts.conftest import PASSWORD
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.web.accounts.entering import Accounts
from trucewatch.app.web.accounts.noting import Access
from trucewatch.errors import NotFound, Refused


@pytest.fixture
def run(folder):
    def run(*words, given=None):
        return CliRunner().invoke(app, [*words, "--mission", str(folder)], input=given)

    return run


def test_the_first_account_is_made_here_and_none_is_there_before(run, folder):
    assert "cannot sign in" in run("account", "list").output
    done = run("account", "add", "lead-1", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert Accounts(folder).is_password("lead-1", PASSWORD)
    assert isinstance(run("account", "add", "lead-1", "--generate").exception, Refused)
    assert isinstance(run("account", "add", "nobody-1", "--generate").exception, NotFound)
    made = json.loads(run("account", "password", "lead-1", "--generate", "--json").output)
    assert Accounts(folder).is_password("lead-1", made["password"])
    assert isinstance(run("account", "password", "analyst-1", "--generate").exception, NotFound)


def test_a_password_from_a_file_or_standard_input(run, folder, tmp_path):
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\r\nmore\n")
    assert run("account", "add", "lead-1", "--password-file", str(path)).exit_code == 0
    assert Accounts(folder).is_password("lead-1", PASSWORD)
    done = run("account", "password", "lead-1", "--password-file", "-", given="short\n")
    assert isinstance(done.exception, Refused)
    both = run("account", "password", "lead-1", "--password-file", str(path), "--generate")
    assert both.exit_code == 2


def test_tokens_and_sessions_from_here(run, folder):
    accounts = Accounts(folder)
    accounts.enter("lead-1", "password")
    made = json.loads(
        run("account", "token", "lead-1", "--scopes", "read, report", "--json").output
    )
    assert accounts.by_token(made["token"]).viewer.scopes == {"read", "report"}
    assert made["token"] not in run("account", "list").output
    assert f"{made['id']}: read, report" in run("account", "list").output
    assert run("account", "token", "lead-1", "--scopes", "all").exit_code == 2
    assert run("account", "token", "lead-1", "--scopes", "read", "--days", "9999").exit_code == 2
    assert run("account", "token", "lead-1", "--scopes", "read", "--forever").exit_code == 0
    assert "revoked" in run("account", "revoke", made["id"]).output
    assert isinstance(run("account", "revoke", made["id"]).exception, NotFound)
    assert "lead-1, by password" in run("account", "sessions").output
    assert run("account", "sessions", "--end").exit_code == 2
    assert "1 ended" in run("account", "sessions", "lead-1", "--end").output
    assert "removed" in run("account", "remove", "lead-1").output
    assert isinstance(run("account", "remove", "lead-1").exception, NotFound)


def test_reads_are_listed_for_the_lead(run, folder):
    accounts = Accounts(folder)
    accounts.notes.read(
        Access(what="identity", by="lead-1", how="password", id="src-1", reason="to warn them")
    )
    accounts.notes.read(Access(what="bytes", by="analyst-1", how="password", id="12"))
    shown = run("reads").output
    assert "identity: lead-1, by password, src-1: to warn them" in shown
    rows = json.loads(run("reads", "--what", "bytes", "--json").output)["reads"]
    assert [(row["by"], row["id"]) for row in rows] == [("analyst-1", "12")]
    assert json.loads(run("reads", "--by", "nobody-1", "--json").output)["reads"] == []
    assert "Nothing" in run("reads", "--since", "2100-01-01").output
