"""What mission.toml says of the application: every fault is told by file, line and field."""

from __future__ import annotations

import pytest

from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.errors import ConfigurationError

MISSION = """\
[mission]
id = "isle"
name = "Isle"
timezone = "UTC"

[web]
base_url = "https://watch.example.org:8443"
hosts = ["watch.example.org"]
proxies = ["127.0.0.1", "::1"]

[oidc]
issuer = "https://login.example.org/realm"
client_id = "trucewatch"
secret_file = "secret"

[[people]]
id = "pam"
name = "Pam"
roles = ["party"]
party = "north"
oidc_subject = "sub-1"

[[people]]
id = "mem"
name = "Mem"
roles = ["member"]
state = "far"
oidc_subject = "sub-2"
"""


def read(old: str = "", new: str = "") -> MissionFile:
    assert old in MISSION
    return read_settings(MissionFile, MISSION.replace(old, new), file="mission.toml")


def test_what_is_right_is_read():
    web = read().web
    assert (web.https, web.proxies) == (True, ("127.0.0.1", "::1"))
    assert not read("https://watch.example.org:8443", "").web.https
    assert not read("https://watch", "http://watch").web.https
    assert read("https://login.example.org/realm", "http://127.0.0.1:8080").oidc is not None
    assert read('secret_file = "secret"', 'secret_variable = "SECRET_1"').oidc is not None


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says"),
    [
        ('hosts = ["w', 'hosts = ["W', 8, "web.hosts.0", "no host name in small letters"),
        ('.org"]', '.org:80"]', 8, "web.hosts.0", "without a port"),
        ('hosts = ["watch', f'hosts = ["{"a." * 200}', 8, "web.hosts.0", "no host name"),
        ('"::1"', '"near"', 9, "web.proxies.1", "no address such as 127.0.0.1"),
        ("https://watch", "ftp://watch", 7, "web.base_url", "write scheme and host alone"),
        (":8443", ":8443/path", 7, "web.base_url", "write scheme and host alone"),
        (":8443", ":port", 7, "web.base_url", "is no address"),
        ("https://watch.example.org:8443", "https://", 7, "web.base_url", "write scheme and host"),
        ("https://login", "http://login", 12, "oidc.issuer", "by http on this machine alone"),
        ("https://login", "https://me:word@login", 12, "oidc.issuer", "without a name"),
        ("/realm", "/realm?a=1", 12, "oidc.issuer", "query or fragment"),
        ("https://login.example.org/realm", "https://[", 12, "oidc.issuer", "is no address"),
        ('client_id = "trucewatch"', 'client_id = ""', 13, "oidc.client_id", "at least 1"),
        (
            'secret_file = "secret"',
            'secret_file = "secret"\nsecret_variable = "SECRET"',
            11,
            "oidc",
            "not both",
        ),
        ('party = "north"\n', "", 16, "people.0.party", "for whom?"),
        ('state = "far"\n', "", 23, "people.1.state", "for whom?"),
        ('"sub-2"', '"sub-1"', 21, "people.0.oidc_subject", "one subject is one person"),
    ],
)
def test_a_fault_is_told_by_file_line_and_field(old, new, line, field, says):
    with pytest.raises(ConfigurationError, match=says) as caught:
        read(old, new)
    told = caught.value
    assert (told.file, told.line, told.field) == ("mission.toml", line, field)


def test_a_subject_needs_a_provider():
    start, end = MISSION.index("[oidc]"), MISSION.index("[[people]]")
    with pytest.raises(ConfigurationError, match=r"there is no \[oidc\]") as caught:
        read(MISSION[start:end], "")
    assert caught.value.field == "people.0.oidc_subject"
