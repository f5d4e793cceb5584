"""Five articles as a search brought them home: the frame gone, the article whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from trucewatch.model import Article, Role
from trucewatch.reports.press import read_articles

# By file: words of the frame that must be gone, and words of the article that must be there, from
# its first line to its last. Short markers only: the texts are not ours to copy.
GONE = {
    "000": ("Tue Jan 06", "Headline:", "Read More"),
    "001": (
        "Author", "My name is", "Daily Bruin", "reports on transportation", "Comments",
        "No comments yet", "start the discussion", "Leave a Reply", "Your email address",
        "Required fields", "\nukraine\n",
    ),
    "002": (),
    "003": ("NYC Wins", "Drucker", "No comments:", "Post a Comment"),
    "004": (
        "Search", "Shopping cart", "Saved articles", "bookmarks", "Browse articles", "Newsletter",
        "10k+", "spam", "GDPR", "cookies", "Privacy Policy", "Read more from", "Sky News",
        "says Trump", "Chagos", "in Lords", "Prev Article", "Retail Landscape", "Next Article",
        "Personal Assistants", "Related", "Comments", "Tnews", "Mins Read", "Email",
    ),
}  # fmt: skip
KEPT = {
    "000": (
        "Security in Limbo", "The Story:", "A critical meeting", "Jared Kushner.", "Key Points:",
        "35 participants", "27 heads of state", "Key priorities include", "coalition’s viability",
        "Critical Analysis:", "Key Takeaways:", "parliamentary approval", "Impact Analysis:",
        "beyond the borders",
    ),
    "001": (
        "Allies Meet in Paris", "At a Glance", "35 world leaders", "Why it matters:",
        "hangs in the balance", "The Paris Summit", "Monitor any ceasefire",
        "Delegation Downgrade", "scrapped his trip", "Greenland Spat", "Jens Frederiksen",
        "Not Everyone Ready", "not really a", "boots on the ground", "Technology transfers",
        "Key Takeaways", "firm troop pledges", "shifting global focus.",
    ),
    "002": (
        "What’s at Stake", "Key Security Talks", "In Paris, allies", "35 officials attending",
        "slated to lead", "five critical priorities", "Recent Developments", "In a tweet",
        "first line of defense", "Unresolved Details", "'not everyone is ready'",
        "offer support through sanctions", "truly a coalition of the willing.'",
    ),
    "003": (
        "The U.S. has Signalled", "January 6th, 2026", "35 Countries", "A Draft Summit Statement",
        "adoption of additional sanctions", "One-on-One Meeting", "Shift away from", "U.S.-led",
        "about 20%", "little willingness", "15,000 to 30,000", "Rules-of-Engagement",
        "Five Priorities", "Final Decisions in Paris.",
    ),
    "004": (
        "Greenland threat looms", "will meet later today", "more than 27 leaders",
        "five key priorities", "In an X post on 31 December", "ensure it does not restart.\"",
        "Over the weekend, Mr Zelenskyy", "weapons, technologies", "Ukraine 'essential'",
        "do provide support", "step up their presence", "If they are not ready at all",
        "'coalition of the willing'.\".",
    ),
}  # fmt: skip
DATED = {
    "000": (datetime(2026, 1, 6, 5, 51, 51, tzinfo=UTC), "dateline"),
    "004": (datetime(2026, 1, 6, tzinfo=UTC), "trailer"),
}
OUTLETS = {"001": "News of Los Angeles", "004": "Tnews"}


@pytest.fixture(params=sorted(KEPT))
def seed(request, shared) -> tuple[str, bytes, Article]:
    (path,) = (shared / "seeds").glob(f"{request.param}_*.txt")
    raw = path.read_bytes()
    (article,) = read_articles(raw, name=path.name)
    assert isinstance(article, Article)
    return request.param, raw, article


def test_all_of_the_frame_is_gone(seed):
    number, _, article = seed
    assert [words for words in GONE[number] if words in f"\n{article.text}\n"] == []


def test_none_of_the_article_is_lost(seed):
    number, _, article = seed
    assert [words for words in KEPT[number] if words not in article.text] == []


def test_what_is_gone_is_listed_with_a_reason(seed):
    number, raw, article = seed
    listed = "\n".join(part.text for part in article.dropped)
    assert [words for words in GONE[number] if words.strip() not in listed] == []
    assert all(part.reason for part in article.dropped)
    signs = sorted(article.text + listed)
    assert [s for s in signs if not s.isspace()] == sorted(re.sub(r"\s", "", raw.decode("utf-8")))


def test_what_the_frame_tells_is_read(seed):
    number, _, article = seed
    when = DATED.get(number)
    assert article.dated_by == (when[1] if when else "")
    assert (article.published.earliest if article.published else None) == (when and when[0])
    assert article.outlet == OUTLETS.get(number) or article.outlet.startswith(f"{number}_")
    assert article.credits == (("Sky News",) if number == "004" else ())
    assert article.language == "en"


def test_the_articles_own_structure_is_kept(seed):
    number, _, article = seed
    blocks = [(b.role, article.text[b.start : b.end]) for b in article.blocks]
    assert "\n".join(words for _, words in blocks) == article.text
    headings = [words.strip(":") for role, words in blocks if role is Role.HEADING]
    if number == "000":
        assert headings == [
            "The Story", "Key Points", "Critical Analysis", "Key Takeaways", "Impact Analysis",
        ]  # fmt: skip
        assert sum(role is Role.ITEM for role, _ in blocks) == 10
    if number == "001":
        assert headings == [
            "At a Glance", "The Paris Summit", "U.S. Delegation Downgrade",
            "Greenland Spat Overshadows Talks", "Zelenskyy: Not Everyone Ready", "Key Takeaways",
        ]  # fmt: skip
        assert sum(role is Role.QUOTE for role, _ in blocks) == 1
        assert sum(role is Role.ITEM for role, _ in blocks) == 4 + 5 + 3 + 4
