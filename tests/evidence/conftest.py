"""Hands the simulated disks of the tries to tests of the log."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.torture.disk import ForgetfulDisk, FullDisk, PowerCut, SimDisk


@dataclass(frozen=True)
class Disks:
    """The disks that tests hand to a log."""

    sim: type[SimDisk] = SimDisk
    forgetful: type[ForgetfulDisk] = ForgetfulDisk
    full: type[FullDisk] = FullDisk
    power_cut: type[PowerCut] = PowerCut


@pytest.fixture(scope="session")
def disks() -> Disks:
    return Disks()
