"""Reads of what is sealed: noted before they are shown, or not shown."""

from __future__ import annotations

import pytest

from trucewatch.app.inside import inside
from trucewatch.app.web.accounts import noting
from trucewatch.app.web.accounts.noting import Access, Notes, accesses
from trucewatch.errors import EvidenceError, LogDamaged, NotAllowed, NotFound
from trucewatch.evidence import EntryKind, NewEntry


class Ticks:
    def __init__(self):
        self.time = 0.0

    def __call__(self):
        self.time += 0.001
        return self.time


@pytest.fixture
def ticks():
    return Ticks()


@pytest.fixture
def notes(accounts, folder, clock, ticks):
    return Notes(folder, accounts.settings, now=clock, ticks=ticks)


def access(**given):
    made = {"what": "identity", "by": "lead-1", "how": "password", "id": "src-1"}
    return Access(**{**made, "reason": "to warn them", **given})


def test_one_read_repeated_is_one_entry(notes, folder, ticks, clock):
    notes.read(access())
    notes.read(access())
    notes.read(access(by="analyst-1"))
    notes.read(access(reason="another"))
    ticks.time += noting.ONCE_S
    notes.read(access())
    found = accesses(folder)
    assert [one.by for one in found] == ["lead-1", "analyst-1", "lead-1", "lead-1"]
    assert found[0].reason == "to warn them"
    assert found[0].at == clock()


def test_a_sealed_identity_takes_a_reason_and_a_person(notes, folder):
    for given in ({"reason": " "}, {"by": ""}):
        with pytest.raises(NotAllowed):
            notes.read(access(**given))
    with pytest.raises(ValueError, match="no read"):
        notes.read(access(what="anything"))
    notes.read(access(what="bytes", reason=""))
    assert [one.what for one in accesses(folder)] == ["bytes"]


def test_what_cannot_be_noted_is_not_shown(notes, folder, accounts, monkeypatch):
    notes.read(access(id="src-0"))
    monkeypatch.setattr(noting, "_WAIT_S", 0.05)
    with (
        inside(folder, accounts.settings.now().mission.id, tuple),
        pytest.raises(EvidenceError),
    ):
        notes.read(access())
    notes.read(access())
    assert [one.id for one in accesses(folder)] == ["src-0", "src-1"]


def test_saboteur_who_shows_first_leaves_no_trace(notes, folder, monkeypatch):
    monkeypatch.setattr(Notes, "_write", lambda *_: None)
    notes.read(access())
    assert accesses(folder) == ()


def test_nothing_is_noted_of_a_mission_without_settings(tmp_path, clock):
    from trucewatch.app.web.accounts.people import Settings

    with pytest.raises(NotFound):
        Notes(tmp_path, Settings(tmp_path), now=clock).note(access())


def test_what_is_no_note_is_told(notes, folder, accounts, clock):
    notes.read(access())
    with inside(folder, accounts.settings.now().mission.id, tuple) as log:
        bad = NewEntry(kind=EntryKind.ROLE, source=noting.SOURCE, payload=b"[]", name="x")
        log.append([bad], received=clock())
        log.publish()
    with pytest.raises(LogDamaged, match="no note"):
        accesses(folder)


def test_the_memory_of_reads_is_bounded(notes, monkeypatch):
    monkeypatch.setattr(Notes, "_write", lambda *_: None)
    monkeypatch.setattr(noting, "_KEPT", 5)
    for number in range(30):
        notes.read(access(id=str(number)))
    assert len(notes._recent) <= 7
