"""Data of other projects, read without a line of code."""

from __future__ import annotations

from pathlib import Path

import pytest

from trucewatch.errors import RecordRejected
from trucewatch.reports.generic import READER

EYES = """
[file]
missing = ["", "0"]
[id]
column = "entry"
[kind]
constant = "event"
[place]
latitude = "lat"
longitude = "lon"
error_m = 1000
region = "province"
[time]
start = "date"
[text]
columns = ["title", "brief description"]
[said]
link = "link"
"""
CRASH = """
[kind]
constant = "event"
[place]
latitude = "latitude"
longitude = "longitude"
error_m = 1000
[time]
start = "date"
end = "enddate"
"""


@pytest.mark.parametrize(
    ("path", "text", "received", "rejected"),
    [
        ("cir-eyes-on-russia/events.csv", EYES, 5131, None),
        ("meltt-crash/crash_data1.csv", CRASH, 71, 0),
        ("meltt-crash/crash_data2.csv", CRASH, 64, 0),
        ("meltt-crash/crash_data3.csv", CRASH, 60, 0),
    ],
)
def test_data_of_others(shared, deliver, path, text, received, rejected):
    file: Path = shared / "data" / path
    if not file.is_file():
        pytest.skip(f"needs {path}, which may not be copied into the project")
    items = list(READER.read(deliver(file.read_bytes(), text)))
    assert len(items) == received
    bad = [item for item in items if isinstance(item, RecordRejected)]
    if rejected is not None:
        assert len(bad) == rejected
    else:
        assert 0 < len(bad) < 100
