"""What a source says may become a link only where it is a web address and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.app.web.pages.links import host_of, is_link


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        " https://a.example",
        "https://a.example\n",
        "https://",
        "https://[::1",
        "//a.example",
        "page 4",
        "",
        None,
        4,
    ],
)
def test_nothing_else_is_linked(text):
    assert not is_link(text)


@given(st.text())
def test_any_text_is_answered(text):
    if is_link(text):
        assert host_of(text)
        assert text.startswith(("http://", "https://"))


def test_a_link_is_called_by_its_host():
    assert host_of("https://www.a.example/b?c") == "a.example"
