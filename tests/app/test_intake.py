"""Log first, parse second; received is the sum; nothing vanishes."""

from __future__ import annotations

import hashlib

import pytest

from trucewatch.app.intake import ingest
from trucewatch.app.running import bring_up_to_date
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import EntryKind


@pytest.fixture
def ucdp(data):
    return data / "ucdp-candidate-26.0.4.csv"


@pytest.fixture
def cloud(data):
    return data / "cloud_cover_ukraine_2026_04.csv"


def test_bytes_are_in_the_log_as_received(empty_mission, open_mission, ucdp):
    with open_mission(empty_mission) as mission:
        (delivered,) = ingest(mission, [ucdp])
        assert mission.log.payload(delivered.receipt.payload) == ucdp.read_bytes()
        assert delivered.receipt.payload == hashlib.sha256(ucdp.read_bytes()).hexdigest()
        assert (delivered.count.received, delivered.count.accepted) == (215, 215)


def test_a_repeated_delivery_gets_its_first_receipt_and_adds_no_entry(
    empty_mission, open_mission, ucdp
):
    with open_mission(empty_mission) as mission:
        (first,) = ingest(mission, [ucdp])
        size = mission.log.size
        (again,) = ingest(mission, [ucdp])
        assert mission.log.size == size
        assert again.receipt.index == first.receipt.index
        assert (again.count.received, again.count.duplicate) == (215, 215)
        assert mission.store.intake()[0].accepted == 215


def test_the_same_file_twice_in_one_call_counts_once(empty_mission, open_mission, cloud):
    with open_mission(empty_mission) as mission:
        one, two = ingest(mission, [cloud, cloud])
        assert one.count.accepted == two.count.duplicate == 30


def test_a_fault_in_the_settings_leaves_the_log_as_it_was(empty_mission, open_mission, ucdp, cloud):
    with open_mission(empty_mission) as mission:
        ingest(mission, [cloud])
        size = mission.log.size
        path = empty_mission / "mission.toml"
        path.write_text(path.read_text("utf-8").replace("quorum = 2", "quorum = -1"), "utf-8")
        with pytest.raises(ConfigurationError):
            ingest(mission, [ucdp])
        assert mission.log.size == size


def test_unknown_files_and_sources_are_refused_before_anything_is_written(
    empty_mission, open_mission, cloud, data
):
    with open_mission(empty_mission) as mission:
        mission.sync_settings()
        size = mission.log.size
        for files, source in (
            ([data / "nothing.csv"], None),
            ([cloud], "nobody"),
            ([cloud, empty_mission / "mission.toml"], None),
        ):
            with pytest.raises(NotFound):
                ingest(mission, files, source=source)
        assert mission.log.size == size


def test_a_source_that_has_reported_stays_in_the_registry(empty_mission, open_mission, cloud):
    with open_mission(empty_mission) as mission:
        ingest(mission, [cloud])
        path = empty_mission / "sources.toml"
        text = path.read_text("utf-8").replace('id = "cloud-cover"', 'id = "clouds-two"')
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigurationError, match="keep every source"):
            mission.sync_settings()


def test_a_changed_setting_is_an_entry_and_an_unchanged_one_is_not(empty_mission, open_mission):
    with open_mission(empty_mission) as mission:
        assert mission.sync_settings() == 5
        assert mission.sync_settings() == 0
        path = empty_mission / "mission.toml"
        path.write_text(path.read_text("utf-8").replace("quorum = 2", "quorum = 3"), "utf-8")
        assert mission.sync_settings() == 1
        assert mission.configuration().mission.judgement.quorum == 3
        kinds = [entry.kind for entry in mission.log.entries()]
        assert kinds.count(EntryKind.AGREEMENT) == 4


def test_the_id_of_a_log_never_changes(empty_mission, open_mission):
    with open_mission(empty_mission) as mission:
        mission.sync_settings()
        path = empty_mission / "mission.toml"
        text = path.read_text("utf-8").replace('id = "easter-2026"', 'id = "other"')
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigurationError, match="never changed"):
            mission.sync_settings()


def test_a_lost_projection_is_rebuilt_from_the_log(empty_mission, open_mission, data):
    with open_mission(empty_mission) as mission:
        ingest(mission, sorted(data.iterdir()))
        before = bring_up_to_date(mission)
        counts = mission.store.intake()
    for path in empty_mission.glob("state.db*"):
        path.unlink()
    with open_mission(empty_mission) as mission:
        assert bring_up_to_date(mission) == before
        assert mission.store.intake() == counts


def test_a_crash_between_log_and_projection_loses_nothing(
    empty_mission, monkeypatch, open_mission, ucdp
):
    """The receipt is given by the log; the projection catches up at the next command."""
    with open_mission(empty_mission) as mission:
        mission.sync_settings()

        def dies(*_args, **_kwargs):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(type(mission.store), "add_reports", dies)
            with pytest.raises(KeyboardInterrupt):
                ingest(mission, [ucdp])
    with open_mission(empty_mission) as mission:
        bring_up_to_date(mission)
        assert mission.store.intake()[0].accepted == 215
