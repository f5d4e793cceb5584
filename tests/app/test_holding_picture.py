"""The picture of a course: what was not counted never looks like a count of nought."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from trucewatch.app.findings.holding_picture import picture

BOX = "{http://www.w3.org/2000/svg}rect"


def data(*days, stated=True, levels=()):
    """The course of a truce of five days of which these were counted: (day, how many)."""
    series = [
        {
            "from": f"2031-05-0{day}T00:00+00:00",
            "to": f"2031-05-0{day + 1}T00:00+00:00",
            "count": count,
            "seen": None,
            "stated": stated,
        }
        for day, count in days
    ]
    course = {
        "source": "patrols",
        "what": "<shots> heard",
        "verdict": "unobserved",
        "reasons": ["little is known"],
        "from": "2031-05-01T00:00+00:00",
        "to": "2031-05-06T00:00+00:00",
        "before": None,
        "levels": list(levels),
        "changes": [],
        "series": series,
    }
    return {"mission": "m", "zone": "UTC", "courses": [course]}


def boxes(drawn):
    return [
        (float(box.get("x")), float(box.get("height")), box.get("fill"))
        for box in ElementTree.fromstring(drawn).iter(BOX)  # noqa: S314  our own output
        if box.get("x") is not None
    ]


def test_a_count_of_nought_is_marked_and_a_day_without_a_count_is_not():
    counted = boxes(picture(data((1, 3), (2, 0), (4, 1))))
    nought = boxes(picture(data((1, 3), (4, 1))))
    assert len(counted) - len(nought) == 2
    assert [height for _, height, _ in counted].count(4.0) == 3


def test_silence_is_marked_otherwise_than_a_stated_count():
    stated = {fill for _, height, fill in boxes(picture(data((1, 0), (2, 2)))) if height == 4.0}
    silent = picture(data((1, 0), (2, 2), stated=False))
    assert stated.isdisjoint({fill for _, height, fill in boxes(silent) if height == 4.0})


def test_words_from_outside_are_text():
    assert "&lt;shots&gt; heard" in picture(data((1, 3)))


def test_a_course_without_any_period_says_so():
    assert "there is nothing to draw" in picture(data())


def test_no_rate_is_drawn_past_the_last_counted_day_and_the_words_fit():
    level = {"from": "2031-05-01T00:00+00:00", "to": "2031-05-06T00:00+00:00",
             "per_day": 2.0, "interval_95": [1.0, 4.0]}  # fmt: skip
    drawn = picture(data((1, 2), (2, 2), levels=[level]))
    root = ElementTree.fromstring(drawn)  # noqa: S314  our own output
    ends = {box.get("fill"): float(box.get("x")) + float(box.get("width"))
            for box in root.iter(BOX) if box.get("x")}  # fmt: skip
    assert ends["#0072b2"] == pytest.approx(ends["#8aa5bd"], abs=0.2)
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"2031-05-01T00:00", "2031-05-06T00:00"} <= set(words)
    assert max(map(len, words)) <= 128
