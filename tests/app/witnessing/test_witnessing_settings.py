"""What mission.toml says of witnesses: every fault is told by file, line and field."""

from __future__ import annotations

import base64
import hashlib

import pytest

from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import ConfigurationError


def vkey(name: str, public: bytes, sort: bytes = b"\x04") -> str:
    material = sort + public
    stated = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex()
    return f"{name}+{stated}+{base64.b64encode(material).decode()}"


# 0xfb and 0xef put plus signs into the base64: a key is not cut at them.
A, B = vkey("example.org/a", b"\xfb\xef" * 16), vkey("example.org/b", b"\xfb\xee" * 16)
MISSION = f"""\
[mission]
id = "isle"
name = "Isle"
timezone = "UTC"

[witnessing]
quorum = 2

[[witness]]
id = "a"
vkey = "{A}"
url = "http://127.0.0.1:7001"
state = "anchorage"

[[witness]]
id = "b"
vkey = "{B}"
url = "https://witness.example/b"
"""


def read(old: str = "", new: str = "") -> MissionFile:
    assert old in MISSION
    return read_settings(MissionFile, MISSION.replace(old, new), file="mission.toml")


def test_what_is_right_is_read():
    found = read()
    assert (found.witnessing.quorum, found.witnessing.wait_s) == (2, 5)
    assert [(one.id, one.state) for one in found.witness] == [("a", "anchorage"), ("b", None)]
    assert read("quorum = 2", 'quorum = "none"').witnessing.quorum == "none"
    assert read("[witnessing]\nquorum = 2\n", "").witnessing.quorum is None


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says"),
    [
        ("quorum = 2", "quorum = 3", 7, "witnessing.quorum", "there are 2"),
        ("quorum = 2", "quorum = 0", 7, "witnessing.quorum", "whole number"),
        ("quorum = 2", "quorum = true", 7, "witnessing.quorum", "whole number"),
        ("quorum = 2", "quorum = 2.0", 7, "witnessing.quorum", "whole number"),
        ("quorum = 2", 'quorum = "all"', 7, "witnessing.quorum", "whole number"),
        ("quorum = 2", "wait_s = 0", 7, "witnessing.wait_s", "greater than 0"),
        ('id = "b"', 'id = "a"', 16, "witness.1.id", "stands twice"),
        ('id = "b"', 'id = "none"', 16, "witness.1.id", "is the word for no witness at all"),
        (B, vkey("example.org/b", b"\xfb\xef" * 16), 17, "witness.1.vkey", "one key, one voice"),
        (B, vkey("example.org/b", b"b" * 32, b"\x01"), 17, "witness.1.vkey", "type is 04"),
        (B, vkey("example.org/b", b"b" * 31), 17, "witness.1.vkey", "type is 04"),
        (B, "example.org/b", 17, "witness.1.vkey", "type is 04"),
        (B, B[:-1], 17, "witness.1.vkey", "name+hash+key"),
        (B, B.replace("org/b", "org/c"), 17, "witness.1.vkey", "its own hash"),
        (B, vkey("two words", b"b" * 32), 17, "witness.1.vkey", "name+hash+key"),
        (B, vkey("example.org/b", b"\1" + bytes(31)), 17, "witness.1.vkey", "anybody can sign"),
        ("https://witness", "ftp://witness", 18, "witness.1.url", "http:// or https://"),
        ("https://witness.example/b", "https://", 18, "witness.1.url", "http:// or https://"),
        ("https://witness", "https://[witness", 18, "witness.1.url", "http:// or https://"),
        ("example/b", "example:99999/b", 18, "witness.1.url", "http:// or https://"),
        ("example/b", "example/b?x=1", 18, "witness.1.url", "http:// or https://"),
        ("https://witness", "https://me:secret@witness", 18, "witness.1.url", "no password"),
        ("https://witness", "https://secret@witness", 18, "witness.1.url", "no password"),
    ],
)
def test_a_fault_is_named(old, new, line, field, says):
    with pytest.raises(ConfigurationError, match=r"mission\.toml") as caught:
        read(old, new)
    assert (caught.value.line, caught.value.field) == (line, field)
    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
