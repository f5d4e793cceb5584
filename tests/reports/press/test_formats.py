"""Every format of the press, from the samples beside the reader."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from trucewatch.errors import RecordRejected
from trucewatch.model import Article, Interval, Role
from trucewatch.reports.press import read_articles

TITLE = "Boats for the northern patrol reach Marlin"


def read(path: Path, **how: object) -> list[Article | RecordRejected]:
    return list(read_articles(path.read_bytes(), name=path.name, **how))


def only(raw: bytes, **how: object) -> Article:
    (found,) = read_articles(raw, name="folder/some-outlet.txt", **how)
    assert isinstance(found, Article), found
    return found


def dropped(article: Article) -> dict[str, str]:
    return {part.text: part.reason for part in article.dropped}


def test_a_page(samples):
    (article,) = read(samples / "page.html")
    assert article.title == TITLE
    assert article.text.startswith(TITLE + "\nMARLIN, March 4 (Reuters) - Twelve boats")
    assert article.text.endswith("a staff of about ten in Marlin.")
    assert [b.role for b in article.blocks] == [
        Role.TITLE, Role.PARAGRAPH, Role.PARAGRAPH, Role.HEADING, Role.ITEM, Role.ITEM,
        Role.PARAGRAPH,
    ]  # fmt: skip
    assert article.outlet == "Island Standard"
    assert article.published == Interval.instant(datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert article.dated_by == "meta article:published_time"
    assert article.byline == "Dora Kelm"
    assert article.link == "https://standard.example/marlin/boats"
    assert article.credits == ("Reuters",)
    assert article.language == "en"
    reasons = dropped(article)
    assert reasons["Home"] == "navigation"
    assert reasons["Advertisement"] == "advertisement"
    assert reasons["Most read"] == "popular"
    assert reasons["(Reporting by Dora Kelm; Editing by Rita Stone)"] == "credit"


def test_an_archive_packed_or_not(samples):
    for name in ("pages.warc", "pages.warc.gz"):
        path = samples / name
        one, two, gone = read(path)
        assert (one.title, two.title) == (TITLE, "Water returns to the valley")
        assert (one.raw.pointer, two.raw.pointer, gone.pointer) == (
            "record 1", "record 3", "record 4",
        )  # fmt: skip
        span = path.read_bytes()[two.raw.start : two.raw.start + two.raw.length]
        span = gzip.decompress(span) if name.endswith("gz") else span
        assert b"valley/water" in span
        assert b"marlin/boats" not in span
        assert "404" in gone.reason


def test_the_same_page_is_the_same_article_in_an_archive_and_alone(samples):
    (alone,) = read(samples / "page.html")
    assert read(samples / "pages.warc")[0].id == alone.id


def test_an_archive_that_breaks_off(samples):
    one, rest = read(samples / "broken" / "cut.warc.gz")
    assert one.title == TITLE
    assert isinstance(rest, RecordRejected)
    assert rest.pointer == "from record 3"


def test_a_feed(samples):
    one, two, empty = read(samples / "feed.xml")
    assert one.title == TITLE
    assert one.text.count(TITLE) == 1
    assert "Read more" not in one.text
    assert one.published == Interval.instant(datetime(2026, 3, 4, 8, tzinfo=UTC))
    assert (one.dated_by, one.outlet) == ("feed: published", "Island Standard")
    assert two.text.endswith("its council said on Tuesday evening.")
    assert two.link == "https://standard.example/valley/water"
    assert "neither content nor summary" in empty.reason


def test_atom():
    (article,) = read_articles(
        b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Quay</title><entry>
        <title>Water returns</title><updated>2026-03-03T17:30:00Z</updated>
        <link href="https://q.ex/1"/>
        <content type="html">&lt;p&gt;The valley has running water again after nine days, its
        council said.&lt;/p&gt;</content></entry></feed>""",
        name="x",
    )
    assert isinstance(article, Article)
    assert (article.outlet, article.link) == ("The Quay", "https://q.ex/1")
    assert article.text.startswith("Water returns\nThe valley has running water again")


def test_flat_text(samples):
    (article,) = read(samples / "flat.txt")
    assert (article.title, article.outlet, article.dated_by) == (TITLE, "Marnews", "trailer")
    assert article.credits == ("Valley Times",)
    assert article.text.endswith("At least 40 observers are to work from the old lighthouse.")
    assert "lighthouse for sale" not in article.text


def test_the_name_of_a_file_tells_the_outlet_at_last_and_the_format_never(samples):
    raw = (samples / "page.html").read_bytes()
    assert only(raw).outlet == "Island Standard"
    assert only(raw, outlet="Another").outlet == "Another"
    plain = b"The two councils of the island met on Tuesday to settle how the truce is watched."
    assert only(plain).outlet == "some-outlet"


def test_a_date_after_the_receipt_is_not_believed(samples):
    received = datetime(2026, 3, 1, tzinfo=UTC)
    (article,) = read(samples / "page.html", received=received)
    assert (article.published, article.dated_by) == (None, "")
    (article,) = read(samples / "page.html", received=received + timedelta(days=30))
    assert article.published is not None


def test_a_bare_day_is_one_of_the_zone_that_is_given(samples):
    zone = ZoneInfo("Europe/Athens")
    (article,) = read(samples / "flat.txt", zone=zone)
    assert article.published is not None
    assert article.published.earliest == datetime(2026, 3, 4, tzinfo=zone)


def test_the_title_is_not_given_where_the_page_gives_none():
    article = only(
        b"The two councils of the island met on Tuesday to settle how the truce is watched.\n"
        b"Both sides agreed to name twelve observers, who will work from the old lighthouse.\n"
    )
    assert article.title == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-u"])
def test_encodings(encoding):
    words = "Союзники зустрілися у вівторок, щоб домовитися про безпеку на острові та в порту."
    said = "" if encoding.startswith("utf") else f'<meta charset="{encoding}">'
    page = f"<html><head>{said}<title>Зустріч</title></head><p>{words}</p></html>"
    assert words in only(page.encode(encoding)).text
    assert only(page.encode(encoding)).language == "uk"


def test_an_encoding_that_nobody_declares():
    words = "Les conseils de l’île se sont réunis à Marlin pour régler la trêve, après l’été."
    assert words in only((words + "\n").encode("cp1252")).text


def test_mixed_encodings_lose_a_few_signs_and_nothing_else():
    good = "Çà et là, les conseils de l’île se sont réunis à Marlin pour régler la trêve.\n" * 3
    article = only(good.encode() + b"Les b\xe2teaux sont l\xe0, dit-on dans le port de la ville.\n")
    assert "réunis à Marlin" in article.text
    assert "les conseils" in article.text
    assert "teaux sont l" in article.text


def test_right_to_left():
    words = "قال المتحدث يوم الثلاثاء إن المحادثات في المدينة ستستمر حتى نهاية الشهر."
    page = f'<html dir="rtl"><nav>الرئيسية</nav><p>{words}</p><p>{words}</p></html>'
    article = only(page.encode())
    assert words in article.text
    assert article.language == "ar"


def test_a_line_that_dates_and_signs_is_never_the_title():
    raw = (
        b"Menu\n\nMarlin: boats for the patrol arrive\n\nPosted on March 4, 2026 by Dora Kelm\n\n"
        b"Twelve boats for the patrol reached Marlin on Tuesday, the harbour master said.\n\n"
        b"The boats are to watch the strait while the truce between the islands holds.\n\n"
        b"About the author: Dora Kelm is a freelance writer who covers the strait and its people.\n"
    )
    article = only(raw)
    assert article.title == "Marlin: boats for the patrol arrive"
    assert article.byline == "Dora Kelm"
    assert article.published == Interval.days(*[datetime(2026, 3, 4, tzinfo=UTC).date()] * 2, UTC)
    reasons = dropped(article)
    assert reasons["Posted on March 4, 2026 by Dora Kelm"] in {"byline", "date"}
    assert [why for words, why in reasons.items() if words.startswith("About the")] == ["author"]
