"""A fault in a settings file stops with its file, line and field."""

from __future__ import annotations

import pytest

from trucewatch.app.configuration import Configuration, settings_files
from trucewatch.app.settings import MissionFile, SourcesFile, read_settings
from trucewatch.errors import ConfigurationError, NotFound

MISSION = """\
# a comment
[mission]
id = "isle"
name = "Isle"
timezone = "UTC"

[judgement]
quorum = 2
"""
SOURCES = """\
[[source]]
id = "a"
name = "A"
kind = "press"

[[source]]
id = "b"
name = "B"
kind = "press"
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ('"UTC"', '"Mars/Olympus"', 5, "mission.timezone"),
        ("quorum = 2", "quorum = 0", 8, "judgement.quorum"),
        ("quorum = 2", "qourum = 2", 8, "judgement.qourum"),
        ('id = "isle"', "", 2, "mission.id"),
        ('id = "isle"', 'id = "Isle of Man"', 3, "mission.id"),
        ('name = "Isle"', 'name = "Isle', 4, ""),
        ("[judgement]", "[judgment]", 7, "judgment"),
    ],
)
def test_a_fault_in_mission_toml_is_named(old, new, line, field):
    with pytest.raises(ConfigurationError) as caught:
        read_settings(MissionFile, MISSION.replace(old, new), file="mission.toml")
    assert (caught.value.file, caught.value.line) == ("mission.toml", line)
    assert caught.value.field == field


def test_a_fault_in_the_second_source_is_named_there():
    text = SOURCES.replace('name = "B"\nkind = "press"', 'name = "B"\nkind = "rumour"')
    with pytest.raises(ConfigurationError, match=r"sources.toml:9: source\.1\.kind"):
        read_settings(SourcesFile, text, file="sources.toml")


@pytest.mark.parametrize("box", ["[40.0, 43.0, 20.0, 55.0]", "[20.0, 43.0, 43.0]", "[1, 2, 3, 99]"])
def test_an_impossible_extent_is_refused(box):
    text = MISSION.replace('"UTC"', f'"UTC"\nextent = {box}')
    with pytest.raises(ConfigurationError, match=r"mission.toml:6: mission\.extent"):
        read_settings(MissionFile, text, file="mission.toml")


@pytest.mark.parametrize("bomb", ["a = " + "9" * 5000, "a = " + "[" * 100_000])
def test_a_number_or_a_nesting_without_end_is_refused(bomb):
    with pytest.raises(ConfigurationError, match="without end"):
        read_settings(MissionFile, bomb, file="mission.toml")


def test_a_password_never_enters_the_log():
    text = MISSION + '[storage]\nurl = "postgresql://me:secret@localhost/db"\n'
    with pytest.raises(ConfigurationError, match="pgpass") as caught:
        read_settings(MissionFile, text, file="mission.toml")
    assert "secret" not in str(caught.value)


def edited(folder, name, old, new):
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return settings_files(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("sources.toml", 'party = "russia"', 'party = "atlantis"', "'atlantis' is no party"),
        ("sources.toml", 'id = "firms-viirs"', 'id = "ucdp-candidate"', "registered twice"),
        ("sources.toml", 'reader = "clouds"', 'reader = "generic"', "needs a mapping"),
        ("sources.toml", 'reader = "clouds"', 'mapping = "mappings/x.toml"', "is not in the"),
        ("agreement.yaml", "kinds: [hostile_act", "kinds: [hostile_fact", "agreement.yaml"),
    ],
)
def test_what_files_say_of_one_another_is_checked(empty_mission, name, old, new, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        Configuration.read(edited(empty_mission, name, old, new))
    assert caught.value.file == name
    assert caught.value.field


@pytest.mark.parametrize("name", ["mission.toml", "agreement.yaml", "sources.toml"])
def test_a_missing_or_undecodable_file_is_named(empty_mission, name):
    (empty_mission / name).write_bytes(b"one\ntwo \xff\n")
    with pytest.raises(ConfigurationError, match="not UTF-8") as caught:
        Configuration.read(settings_files(empty_mission))
    assert (caught.value.file, caught.value.line) == (name, 2)
    (empty_mission / name).unlink()
    with pytest.raises(ConfigurationError, match="missing"):
        Configuration.read(settings_files(empty_mission))


def test_a_file_name_decides_its_source(empty_mission):
    configuration = Configuration.read(settings_files(empty_mission))
    assert configuration.source_of("J1_VIIRS_C2_x.txt.csv").id == "firms-viirs"
    with pytest.raises(NotFound, match="matches no source"):
        configuration.source_of("holiday.jpg")
    with pytest.raises(NotFound, match="firms-viirs and cloud-cover"):
        configuration.source_of("cloud_cover_VIIRS.csv")


def test_the_public_is_always_an_audience():
    text = MISSION + "[audiences.capitals]\ngrid_km = 2\n"
    audiences = read_settings(MissionFile, text, file="mission.toml").audiences
    assert set(audiences) == {"public", "capitals"}
    assert audiences["public"].grid_km == 10
