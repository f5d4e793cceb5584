"""The seal names its bodies; the cover page is made from seals alone."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785

from trucewatch.bulletins import Evidence, ParametersInForce, index_page, seal, seal_page
from trucewatch.model import Cosigned, Grade

CHECKPOINT = {"origin": "terno", "size": 1177, "root": "ab=", "note": "terno\n1177\nab=\n\n— k x\n"}
EVIDENCE = Evidence(
    origin="terno",
    size=12,
    root="5e" * 32,
    version="0.1.0",
    parameters=ParametersInForce(values="a7" * 32, how="defaults"),
)
ISSUED = datetime(2031, 5, 6, 19, 30, tzinfo=timezone(timedelta(hours=2)))


def made(**changes):
    whole = {
        "bodies": {"d.html": b"<p>", "d.json": b"{}"}, "issued": ISSUED,
        "checkpoint": CHECKPOINT, "evidence": EVIDENCE,
    }  # fmt: skip
    return seal(**{**whole, **changes})


def test_it_is_canonical_and_names_every_body():
    raw = made()
    assert raw == rfc8785.dumps(json.loads(raw))
    body = json.loads(raw)
    assert body["bodies"]["d.html"] == hashlib.sha256(b"<p>").hexdigest()
    assert body["issued"] == "2031-05-06T17:30:00Z"
    assert body["checkpoint"] == CHECKPOINT
    assert body["schema"] == "trucewatch.seal/1"
    assert raw == made(bodies={"d.json": b"{}", "d.html": b"<p>"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"bodies": {}},
        {"bodies": {"../up.html": b""}},
        {"bodies": {"a b.html": b""}},
        {"bodies": {'x"onload=.html': b""}},
        {"issued": datetime(2031, 5, 6)},  # noqa: DTZ001  # a naive time is what is refused
    ],
)
def test_what_it_refuses(wrong):
    with pytest.raises(ValueError, match=r"body|file name|offset"):
        made(**wrong)


def test_the_cover_page_lists_every_seal_in_order():
    entries = [("truce", made()), ("2031-05-04", made()), ("2031-05-04-issue-2", made())]
    page = index_page(entries)
    assert page == index_page(reversed(entries))
    text = page.decode()
    assert text.index("4\u00a0May 2031") < text.index("issue 2") < text.index("The whole truce")
    assert "1\u202f177 entries" in text
    assert 'href="2031-05-04.seal.json"' in text
    assert "2031-05-06 17:30:00 UTC" in text
    assert "<script" not in text


def test_the_cover_page_refuses_what_is_no_seal():
    with pytest.raises(ValueError, match="no-seal"):
        index_page([("no-seal", b'{"schema": "other"}')])
    assert b"No bulletin has been issued yet" in index_page([])


def corrects(**changes):
    files = {"d-issue-2.changes.html": "cd" * 32}
    return {"stem": "d", "seal": "ab" * 32, "record": "ef" * 32, "files": files, **changes}


def test_a_later_issue_names_what_it_corrects_and_the_cover_page_leads_there():
    assert "corrects" not in json.loads(made())
    later = made(corrects=corrects())
    assert json.loads(later)["corrects"] == corrects()
    first, second = (
        index_page([("d", made()), ("d-issue-2", later)]).decode().split("</article>")[:2]
    )
    assert 'Corrected: <a href="#d-issue-2">' in first
    assert 'href="d-issue-2.changes.html"' in first
    assert "Stands in place of" in second
    assert "Corrected: " not in second
    with pytest.raises(ValueError, match="file name"):
        made(corrects=corrects(files={"../x": "cd" * 32}))


def test_text_in_a_seal_stays_text():
    wild = made(checkpoint={**CHECKPOINT, "root": "<script>x</script>"})
    assert b"<script" not in index_page([("d", wild)])


def test_utc_is_utc():
    assert made(issued=ISSUED.astimezone(UTC)) == made()


AT = datetime(2031, 5, 6, 18, tzinfo=UTC)
WITNESSING = {
    "grade": Grade.APPEND_ONLY, "cosigned": (Cosigned(witness="<i>w</i>", at=AT),),
    "not_after": None, "quorum": 2, "witnesses": 3, "resists": False, "size": 1176,
    "note": "terno\n1176\nab=\n\n— k x\n— <b>w y\n",
}  # fmt: skip


LATER = WITNESSING | {
    "grade": Grade.FINDING, "cosigned": (Cosigned(witness="z", at=AT),), "not_after": AT,
    "quorum": 1, "witnesses": 1, "resists": True, "size": 1180, "note": "terno\n1180\ncd=\n",
}  # fmt: skip


def test_what_witnesses_said_stands_in_the_seal_of_a_mission_that_has_some():
    body = json.loads(made(witnessing=WITNESSING))
    assert body["witnessing"] == {
        "grade": "append-only",
        "cosigned": [{"witness": "<i>w</i>", "at": "2031-05-06T18:00:00Z"}],
        "quorum": 2,
        "witnesses": 3,
        "resists_split_view": False,
        "size": 1176,
        "note": WITNESSING["note"],
    }
    assert made() == made(witnessing=None)


@pytest.mark.parametrize(
    ("since", "word", "shape"),
    [
        (None, "append-only", "◐"),
        (WITNESSING | {"grade": Grade.RECORDED, "cosigned": ()}, "append-only", "◐"),
        (WITNESSING | {"grade": Grade.FINDING, "cosigned": ()}, "append-only", "◐"),
        (LATER, "finding-grade", "●"),
    ],
)
def test_the_higher_grade_is_shown_and_never_one_without_a_witness(since, word, shape):
    raw = made(witnessing=WITNESSING)
    page = seal_page("d", raw, since).decode()
    assert f'aria-hidden="true">{shape}</span> {word}' in page
    assert (
        f"</span> <b>{word}</b>" in index_page([("d", raw)], {"d": since} if since else {}).decode()
    )
    assert hashlib.sha256(raw).hexdigest() in page


@pytest.mark.parametrize("sealed", [WITNESSING, None])
def test_what_is_said_around_a_grade_is_said_of_the_checkpoint_that_gives_it(sealed):
    page = seal_page("d", made(witnessing=sealed), LATER).decode()
    assert "1 of 1 witness makes a quorum, which resists a split view" in page
    assert "has no witnesses" not in page
    assert "2 of 3" not in page
    assert "<code>terno\n1180\ncd=\n</code>" in page


@pytest.mark.parametrize(
    ("quorum", "words"),
    [("none", "the mission declares that its own log suffices"), (None, "no quorum is set")],
)
def test_a_mission_without_a_number_says_what_it_has_in_its_place(quorum, words):
    page = seal_page("d", made(witnessing=WITNESSING | {"quorum": quorum})).decode()
    assert f"3 witnesses, and {words}" in page


def test_the_page_of_a_seal_holds_no_markup_of_others():
    page = seal_page("d", made(witnessing=WITNESSING, exercise=True)).decode()
    assert "<i>w" not in page
    assert "<b>w" not in page
    assert "&lt;i&gt;w" in page
    assert "EXERCISE EXERCISE EXERCISE" in page
    assert "<script" not in page
    with pytest.raises(ValueError, match="not a seal"):
        seal_page("d", b'{"schema": "other"}')
