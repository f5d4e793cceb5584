"""Clocks of a mission with witnesses: they start when a quorum has cosigned, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.app.witnessing.servers import reply, say, section

from trucewatch.app import running
from trucewatch.app.federation.copies import TakenEntry
from trucewatch.app.federation.pulling import pull
from trucewatch.app.intake import ingest
from trucewatch.app.obligations import lines
from trucewatch.app.obligations.listing import stand
from trucewatch.app.replaying import replayed
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.witnessing.collecting import collect
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.model import Grade

HEAD = "call,when,lat,lon,how_close,what,wounded,who_called,words\n"
FISHERS = "4,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,fishers,Shots at the landing\n"
CLINIC = "5,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,clinic,Two people treated\n"
GUARD = "6,2025-11-11 06:41,35.02,-40.01,seen,gunfire,,North Guard,Shots near the ferry\n"
T1, T2, T3 = (datetime(2026, 5, day, 12, tzinfo=UTC) for day in (1, 2, 3))


def take(mission, name: str, row: str) -> None:
    path = mission.folder.parent / name
    path.write_text(HEAD + row, "utf-8")
    ingest(mission, [path], source="harbour-desk")


def cosigned(witnesses, at: datetime) -> None:
    for one in witnesses:
        one.at = int(at.timestamp())


def starts(derived):
    return [(one.step, one.opened) for one in derived.obligations]


def test_a_clock_starts_once_what_reached_the_standard_is_cosigned(island, open_island, witnesses):
    three = witnesses("one", "two", "three")
    say(island, section(three, 3))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS)
        cosigned(three, T1)
        collect(mission)
        assert bring_up_to_date(mission).obligations == ()
        take(mission, "b.csv", CLINIC)
        three[0].how = lambda _, request: reply(request, 503, "")
        collect(mission)
        # All that is known makes it a breach; what is finding-grade does not yet.
        assert bring_up_to_date(mission).obligations == ()
        data = stand(mission)
        (waits,) = data["awaiting"]
        assert "2 of 3 have cosigned the log's end, 3 are needed" in waits["why"]
        assert any("NOT OPEN  call" in line for line in lines.stand(data))
        three[0].how = type(three[0]).answer
        cosigned(three, T2)
        collect(mission)
        derived = bring_up_to_date(mission)
        assert starts(derived) == [("call", T2)]
        assert derived.obligations[0].due == T2 + timedelta(hours=48)
        assert "awaiting" not in stand(mission)
        size = mission.size
        # Another voice that is not cosigned yet, and cosigned later: the start stays.
        take(mission, "c.csv", GUARD)
        assert starts(bring_up_to_date(mission)) == [("call", T2)]
        cosigned(three, T3)
        collect(mission)
        assert starts(bring_up_to_date(mission)) == [("call", T2)]
        with replayed(mission, size) as (_, before):
            assert starts(before) == [("call", T2)]
            assert before.obligations == derived.obligations


def test_without_the_rule_the_clock_starts_from_one_keepers_word(
    island, open_island, witnesses, monkeypatch
):
    """The saboteur: no record is held against its grade."""
    monkeypatch.setattr(running, "records_of", lambda _: None)
    say(island, section(witnesses("one"), 1))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        assert bring_up_to_date(mission).obligations != ()


def test_without_a_word_on_witnesses_no_clock_starts_and_it_is_told(island, open_island):
    say(island, "")
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        assert bring_up_to_date(mission).obligations == ()
        (waits,) = stand(mission)["awaiting"]
        assert "mission.toml asks for none" in waits["why"]
    say(island, section([], "none"))
    with open_island() as mission:
        derived = bring_up_to_date(mission)
        assert [one.opened.date().isoformat() for one in derived.obligations] == ["2025-11-11"]


def test_the_evidence_root_counts_what_started_clocks_alone(island, open_island, witnesses):
    three = witnesses("one", "two", "three")
    say(island, section(three, 3))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        before = mission.in_force()
        collect(mission)
        after = mission.in_force()
        assert after.records == before.records + 1
        assert after.root != before.root
        # A sign of life is kept, and is not evidence of anything.
        kept = collect(mission, again=True).heartbeat
        assert kept == mission.size - 1
        assert mission.in_force().root == after.root
        assert len(mission.grades().beats) == 1


def test_what_another_log_reported_has_the_grade_of_the_entry_that_took_it_over(
    island, open_island, witnesses, tmp_path
):
    """Whoever cosigned the other log says nothing here: this log's witnesses do, of this log."""
    (one,) = witnesses("one")
    with Log.create(tmp_path / "south", origin="isle/south") as south:
        entry = NewEntry(
            kind=EntryKind.REPORT,
            source="harbour-desk",
            payload=(HEAD + FISHERS + CLINIC).encode(),
            name="south.csv",
        )
        south.append([entry], received=datetime(2026, 4, 1, tzinfo=UTC))
        south.publish()
    vkey = (tmp_path / "south" / "vkey").read_text("utf-8").strip()
    table = f'\n[[federated]]\norigin = "isle/south"\nvkey = "{vkey}"\nfolder = "../south"\n'
    say(island, table + section([one], 1))
    pull(island, now=lambda: T1)
    with open_island() as mission:
        taken = next(e for e in mission.entries() if isinstance(e, TakenEntry))
        assert mission.grades().of(taken.index).grade is Grade.RECORDED
        assert bring_up_to_date(mission).obligations == ()
        cosigned([one], T2)
        collect(mission)
        assert mission.grades().of(taken.index).grade is Grade.FINDING
        # From when this log's witnesses spoke, not from when the other log had it.
        assert starts(bring_up_to_date(mission)) == [("call", T2)]
