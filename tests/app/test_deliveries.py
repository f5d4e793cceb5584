"""Which files are taken in, and how many at a time."""

from __future__ import annotations

import errno
import os

import pytest

from trucewatch.app.intake import ingest
from trucewatch.errors import NotFound, SourceUnavailable


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: os.mkfifo(path), "is no plain file"),
        (lambda path: path.symlink_to("/dev/zero"), "is no plain file"),
        (lambda path: path.symlink_to("nowhere"), "no such file"),
    ],
)
def test_what_is_no_file_is_refused_before_anything_is_written(
    empty_mission, open_mission, tmp_path, data, make, why
):
    make(tmp_path / "VIIRS.csv")
    good = min(data.glob("*VIIRS*"))
    with open_mission(empty_mission) as mission:
        mission.sync_settings()
        size = mission.log.size
        with pytest.raises(NotFound, match=why):
            ingest(mission, [good, tmp_path / "VIIRS.csv"])
        assert mission.log.size == size


def test_a_link_and_an_empty_file_are_taken_in(empty_mission, open_mission, tmp_path, data):
    link, empty = tmp_path / "a_VIIRS_link.csv", tmp_path / "a_VIIRS_empty.csv"
    link.symlink_to(min(data.glob("*VIIRS*")))
    empty.touch()
    with open_mission(empty_mission) as mission:
        linked, nothing = ingest(mission, [link, empty])
        assert linked.count.accepted > 0
        assert nothing.reasons == (("the delivery is empty", 1),)


def test_files_are_appended_in_groups_that_memory_holds(
    empty_mission, open_mission, monkeypatch, data
):
    monkeypatch.setattr("trucewatch.app.intake.GROUP_BYTES", 10_000)
    monkeypatch.setattr("trucewatch.app.intake.GROUP_RECORDS", 7)
    with open_mission(empty_mission) as mission:
        sizes = []
        append = mission.log.append

        def watched(entries, **more):
            sizes.append([len(entry.payload) for entry in entries])
            return append(entries, **more)

        monkeypatch.setattr(mission.log, "append", watched)
        taken = ingest(mission, sorted(data.iterdir()))
        groups = sizes[1:]
        assert len(groups) > 3
        assert all(len(group) == 1 or sum(group) <= 10_000 for group in groups)
        assert sum(each.count.accepted for each in taken) == 683


def test_a_file_that_cannot_be_read_stops_and_the_rest_is_taken_in_later(
    empty_mission, open_mission, monkeypatch, data
):
    paths = sorted(data.iterdir())
    real = type(paths[0]).read_bytes

    def refuses(path):
        if path == paths[1]:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    with open_mission(empty_mission) as mission:
        with monkeypatch.context() as patch:
            patch.setattr("trucewatch.app.intake.GROUP_BYTES", 1)
            patch.setattr(type(paths[0]), "read_bytes", refuses)
            with pytest.raises(SourceUnavailable, match="Permission denied"):
                ingest(mission, paths)
        taken = ingest(mission, paths)
        assert sum(each.count.accepted for each in taken if not each.receipt.repeated) < 683
        assert sum(count.accepted for count in mission.store.intake()) == 683
