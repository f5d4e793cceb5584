"""Articles as reports of a mission's source: into the log, through the store, and back."""

from __future__ import annotations

import dataclasses

from trucewatch.errors import RecordRejected
from trucewatch.model import Report
from trucewatch.reports.registry import read_delivery
from trucewatch.store.codec import from_text, to_text


def test_the_reader_has_to_be_named(deliver, samples):
    for name in ("page.html", "feed.xml", "pages.warc", "pages.warc.gz", "flat.txt"):
        raw = (samples / name).read_bytes()
        (nobody,) = read_delivery(deliver(raw))
        assert isinstance(nobody, RecordRejected)
        assert any(isinstance(i, Report) for i in read_delivery(deliver(raw, reader="press")))


def test_a_report_is_its_article(deliver, samples):
    (report,) = read_delivery(deliver((samples / "page.html").read_bytes(), reader="press"))
    assert report.article is not None
    assert report.article.outlet == "A source"
    assert report.text == report.article.text
    assert report.published == report.article.published
    assert report.raw == report.article.raw
    assert (report.claims, report.figures) == ((), ())


def test_one_article_is_one_record_and_the_sums_hold(deliver, samples):
    items = list(read_delivery(deliver((samples / "pages.warc").read_bytes(), reader="press")))
    assert [type(item) for item in items] == [Report, Report, RecordRejected]


def test_the_same_article_twice_is_the_same_report(deliver, samples):
    (page,) = read_delivery(deliver((samples / "page.html").read_bytes(), reader="press"))
    first, *_ = read_delivery(deliver((samples / "pages.warc.gz").read_bytes(), reader="press"))
    assert page.id == first.id


def test_the_store_carries_the_article(deliver, samples):
    for item in read_delivery(deliver((samples / "feed.xml").read_bytes(), reader="press")):
        if isinstance(item, Report):
            assert from_text(Report, to_text(item)) == item
            bare = dataclasses.replace(item, article=None)
            assert from_text(Report, to_text(bare)) == bare
