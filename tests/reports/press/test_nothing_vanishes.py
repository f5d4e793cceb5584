"""Kept and dropped together are the page: no sign of it is lost, and none is added."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.reports.press.flat import page_of_text

FRAGMENTS = st.sampled_from(
    [
        "Comments", "Leave a Reply", "Read more:", "Read more from The Example:", "Related",
        "• an item of the list", "> “We stay,” she said.", "By Jane Roe", "6 January 2026",
        "Tue Jan 06 05:51:51 UTC 2026: Headline:", "Key Points:", "Email : 0", "***", "© 2026 X",
        "The two councils met on Tuesday to settle how the truce is watched.", "PARIS (Reuters) -",
        "Subscribe to our newsletter!", "Home | World | Sport", "SeaHarbour", "\u200f", "：", "。",
    ]
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(FRAGMENTS, st.text(max_size=40), st.sampled_from([" ", "\n", "\n\n", "\t"])),
    max_size=40,
).map("".join)


def signs(text: str) -> str:
    return "".join(text.split())


@given(TEXTS)
def test_every_sign_is_kept_or_dropped_in_order(text):
    page = page_of_text(text)
    assert signs("".join(piece.text for piece in page.pieces)) == signs(text)
    assert all(bool(piece.role) != bool(piece.reason) for piece in page.pieces)


@given(TEXTS)
def test_the_same_text_gives_the_same_page(text):
    assert page_of_text(text) == page_of_text(text)
