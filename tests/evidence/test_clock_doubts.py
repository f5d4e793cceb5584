"""A log that gives its entries times of its own making, against witnesses that know the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.audit import clocks
from trucewatch.evidence.tlog.cosignatures import CosignerKey
from trucewatch.evidence.tlog.notes import split_note

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEYS = [CosignerKey(f"w{number}.example.org", bytes([number]) * 32) for number in range(1, 5)]
VKEYS = [key.cosigner.vkey() for key in KEYS]


def lived(folder, *, clock, at, more=0):
    """A log by its own clock, whose checkpoint was cosigned at these times and kept in it."""
    with Log.create(folder, origin="example.org/island") as log:
        first = [
            NewEntry(kind=EntryKind.REPORT, source="s", payload=b"%d" % number)
            for number in range(more + 1)
        ]
        log.append(first, received=clock)
        text = split_note(log.publish().note)[0]
        lines = [
            key.cosign(text, int(time.timestamp())) for key, time in zip(KEYS, at, strict=False)
        ]
        beat = NewEntry(
            kind=EntryKind.HEARTBEAT,
            source="operator",
            payload=log.cosign(lines).note.encode(),
            name="checkpoint",
        )
        log.append([beat], received=clock + timedelta(seconds=5))
        log.publish()
    return fsck(folder, witnesses=VKEYS)


def test_clocks_that_agree(tmp_path):
    found = lived(tmp_path / "l", clock=NOW, at=[NOW + timedelta(seconds=s) for s in range(4)])
    assert (found.ok, found.clocks) == (True, ())


@pytest.mark.parametrize("more", [0, 255, 300])
def test_a_log_that_dates_back_is_told(tmp_path, more):
    """The operator has the machine's clock an hour behind: all seems to have come earlier."""
    found = lived(tmp_path / "l", clock=NOW - HOUR, at=[NOW] * 3, more=more)
    assert found.ok, found.problems
    (told,) = found.clocks
    assert told.startswith(f"entry {more + 1} bears the time 2026-04-12 05:00:05 UTC")
    assert "signed at 2026-04-12 06:00:00 UTC" in told
    assert "behind" in told


def test_a_log_that_dates_ahead_is_told(tmp_path):
    (told,) = lived(tmp_path / "l", clock=NOW + HOUR, at=[NOW] * 3, more=2).clocks
    assert told.startswith("entry 2 bears the time 2026-04-12 07:00:00 UTC")
    assert "ahead" in told


def test_one_witness_of_four_that_lies_makes_no_doubt_and_takes_none(tmp_path, monkeypatch):
    lies = [NOW + 9 * HOUR, NOW - 9 * HOUR]
    for number, lie in enumerate(lies):
        assert lived(tmp_path / f"a{number}", clock=NOW, at=[lie, NOW, NOW]).clocks == ()
        found = lived(tmp_path / f"b{number}", clock=NOW - HOUR, at=[NOW, NOW, lie])
        assert "behind" in found.clocks[0]
    # One alone may be the liar.
    assert lived(tmp_path / "c", clock=NOW - HOUR, at=[NOW]).clocks == ()
    # The saboteur that lets the log's clock be off by a day is told nothing.
    monkeypatch.setattr(clocks, "CLOCK_S", 86_400)
    assert lived(tmp_path / "d", clock=NOW - HOUR, at=[NOW] * 3).clocks == ()


def test_without_witnesses_and_with_rubbish_there_is_nothing_to_say(tmp_path):
    folder = tmp_path / "l"
    lived(folder, clock=NOW - HOUR, at=[NOW] * 3)
    assert fsck(folder).clocks == ()
    with Log.open(folder) as log:
        bad = NewEntry(kind=EntryKind.HEARTBEAT, source="s", payload=b"?", name="checkpoint")
        log.append([bad], received=NOW)
        log.publish()
    assert len(fsck(folder, witnesses=VKEYS).clocks) == 1
    for path in sorted((folder / "tile" / "entries").rglob("*")):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1])
    assert fsck(folder, witnesses=VKEYS).clocks == ()


def test_what_cannot_be_read_of_the_leaves_takes_no_doubt_from_the_rest(tmp_path):
    folder = tmp_path / "l"
    (told,) = lived(folder, clock=NOW - HOUR, at=[NOW] * 3, more=2).clocks
    bundle = folder / "tile/entries/000.p/4"
    good = bundle.read_bytes()
    # The second of the reports is a leaf of a version that nobody knows.
    at = good.index(b'"v":1', good.index(b'"v":1') + 1)
    bundle.write_bytes(good[:at] + b'"v":2' + good[at + 5 :])
    assert fsck(folder, witnesses=VKEYS).clocks == (told,)
    bundle.unlink()
    assert fsck(folder, witnesses=VKEYS).clocks == ()
