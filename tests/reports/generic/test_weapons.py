"""Weapons through a mapping: known words become weapons, others are kept out and told."""

from __future__ import annotations

import pytest

from trucewatch.errors import ConfigurationError
from trucewatch.reports.generic import READER
from trucewatch.reports.generic.mapping import load_mapping

MAPPING = """
[kind]
constant = "shelling"
[place.where]
latitude = 35.0
longitude = -40.0
error_m = 500
[time]
start = "date"
[weapons]
column = ["arm", "calibre"]
separator = "+"
[weapons.values]
"mortars" = "mortar"
"152 mm" = "artillery_100mm"
"""
CSV = """date,arm,calibre
2031-05-08,mortars,
2031-05-08,mortars + trebuchet,152 mm
2031-05-08,,
2031-05-08,Mortars,NA
"""


def test_words_become_weapons_or_notes(deliver):
    said = [
        (one.claims[0].weapons, one.claims[0].notes)
        for one in READER.read(deliver(CSV.encode(), MAPPING))
    ]
    assert said == [
        (("mortar",), ()),
        (("artillery_100mm", "mortar"), ("the weapon “trebuchet” is not in the mapping",)),
        ((), ()),
        ((), ("the weapon “Mortars” is not in the mapping",)),
    ]


def test_a_weapon_outside_the_tree_stops_the_run():
    with pytest.raises(ConfigurationError, match="is no weapon of the tree"):
        load_mapping(MAPPING.replace('"mortar"', '"catapult"'), "x.toml")
