"""The tools on real data: what they read, what they never see, and that verdicts hold together."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from benchmarks.heat import score
from benchmarks.judged import JUDGED, Judgement, draw, near_pairs, read, scores
from benchmarks.pairs import (
    DRAWN_AS,
    Truth,
    plain,
    precision,
    read_truth,
    recall,
    recall_of_left,
    sample,
)
from benchmarks.pairs import JUDGED as JUDGED_PAIRS
from benchmarks.real import ReadIn, civharm, eyes_on_russia
from benchmarks.september import names, september

from trucewatch.incidents import Parameters


@pytest.fixture(scope="module")
def left(data: Path) -> ReadIn:
    return civharm(data / "bellingcat-civilian-harm" / "civharm.json")


@pytest.fixture(scope="module")
def right(data: Path) -> ReadIn:
    return eyes_on_russia(data / "cir-eyes-on-russia" / "events.csv")


def test_every_record_is_read_or_rejected(data: Path, left: ReadIn, right: ReadIn):
    with (data / "cir-eyes-on-russia" / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dated = [row for row in rows if row["date"]]
    assert len(right.claims) + right.rejected <= len(rows)
    assert len({c.external_id for c in right.claims}) == len({row["entry"] for row in dated})
    assert len(left.claims) == 1144


def test_no_link_reaches_a_claim(left: ReadIn, right: ReadIn):
    for read_in in (left, right):
        assert not any(c.attributions for c in read_in.claims)
        assert not any("http" in part for c in read_in.claims for part in (c.region or "", c.kind))


def test_links_change_nothing(tmp_path: Path):
    row = {
        "id": "A1", "date": "03/05/2022", "latitude": "50.1", "longitude": "36.2", "location": "",
        "description": "A shop.", "sources": [], "filters": [],
    }  # fmt: skip
    plain_file, linked = tmp_path / "a.json", tmp_path / "b.json"
    plain_file.write_text(json.dumps([row]), "utf-8")
    linked.write_text(json.dumps([row | {"sources": [{"path": "https://x.test/1"}]}]), "utf-8")
    assert civharm(plain_file).claims == civharm(linked).claims


def test_the_plain_join_is_as_the_data_folder_measured_it(data: Path, left: ReadIn, right: ReadIn):
    truth = read_truth(data / "match-truth-shared-url" / "pairs.csv")
    assert truth.hard < truth.strict
    found = plain(left, right, 0.3, 1)
    assert recall(found, truth.strict) == pytest.approx(0.915, abs=0.002)
    assert recall(found, truth.hard) < recall(found, truth.strict)
    assert recall_of_left(found, truth.strict) > recall(found, truth.strict)
    to_judge = sample(found, truth, 20)
    assert to_judge == sample(found, truth, 20)
    assert not set(to_judge) & truth.strict


def test_precision_counts_listed_pairs_and_what_is_still_joined(tmp_path: Path):
    head = "left_source,left_id,right_source,right_id,drawn_as,stands_for,verdict,reason\n"
    path = tmp_path / "judged.csv"
    rows = ["A,same", "B,different", "C,cannot tell", "D,different"]
    path.write_text(
        head
        + "".join(f"civharm,{r[0]},eyes-on-russia,{r[0]},told again,1,{r[2:]},why\n" for r in rows),
        "utf-8",
    )
    listed = frozenset({("L", "L")})
    found = {("L", "L"), ("A", "A"), ("B", "B"), ("C", "C"), ("E", "E")}
    right, *verdicts = precision(found, Truth(listed, listed), path)
    assert verdicts == [1, 1, 1]
    assert right == pytest.approx((1 + 0.5 * 4) / 5)


def test_judged_pairs_are_none_of_the_truth(data: Path):
    truth = read_truth(data / "match-truth-shared-url" / "pairs.csv")
    judged = read(JUDGED_PAIRS)
    assert [sum(j.drawn_as == how for j in judged) for how in ("unlisted", DRAWN_AS)] == [49, 50]
    assert not {tuple(p.split(":")[1] for p in j.pair) for j in judged} & truth.strict


def test_every_verdict_is_of_records_that_exist(data: Path):
    judged = read(JUDGED)
    month = september(data)
    known = set(names(month.claims).values())
    missing = [part for j in judged for part in j.pair if part not in known]
    assert not missing
    assert sum(j.drawn_as == "joined" for j in judged) == 100
    assert sum(j.drawn_as == "near" for j in judged) == 100


def test_the_nearest_that_were_not_joined_are_of_two_sources(data: Path):
    month = september(data)
    name = names(month.claims)
    near = near_pairs(month, set(), name)
    assert near
    assert all(a.split(":")[0] != b.split(":")[0] for a, b in near)
    one = min(near)
    assert one not in near_pairs(month, {one}, name)


def test_scores_of_verdicts():
    judged = [
        Judgement(("a:1", "b:1"), "joined", 2.0, "same"),
        Judgement(("a:2", "b:2"), "joined", 2.0, "different"),
        Judgement(("a:3", "b:3"), "near", 10.0, "same"),
        Judgement(("a:4", "b:4"), "near", 10.0, "cannot tell"),
    ]
    joined = {judged[0].pair, judged[1].pair, judged[3].pair}
    found = scores(judged, joined)
    assert found["precision"] == found["recall"] == 0.5
    assert found["weighted recall"] == pytest.approx(2 / 12)


def test_an_unknown_verdict_or_a_pair_twice_is_refused(tmp_path: Path):
    head = "left_source,left_id,right_source,right_id,drawn_as,stands_for,verdict,reason\n"
    path = tmp_path / "judged.csv"
    path.write_text(head + "a,1,b,2,joined,1,perhaps,why\n", "utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read(path)
    path.write_text(head + "a,1,b,2,joined,1,same,why\nb,2,a,1,near,1,same,why\n", "utf-8")
    with pytest.raises(ValueError, match="line 3"):
        read(path)


def test_a_draw_is_the_same_every_time_and_stands_for_all():
    pairs = {(f"ucdp:{i}", f"viina:{i}") for i in range(500)}
    pairs |= {(f"modis:{i}", f"viirs:{i}") for i in range(300)}
    drawn = draw(pairs, 100)
    assert drawn == draw(set(pairs), 100)
    assert sum(weight for _, weight in drawn) == pytest.approx(800)


def test_static_places_are_those_that_the_provider_marks(data: Path):
    """The rule of before, hot on more than half of all dates, found none of them."""
    year = score(data / "firms-ukraine-2021-2022" / "modis_2021_baseline.csv", Parameters())
    assert year.marked == 1169
    assert year.right / year.found >= 0.9
    assert year.right / year.marked >= 0.8
