"""Field teams report from the web: log first, a receipt, and pictures for those inside alone."""

from __future__ import annotations

import io
import json
import re

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from tests.app_web import photos
from tests.torture.island import CALLS, SOURCES, SetClock, lay, write

from trucewatch.app.erasing import steps
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.reporting import pictures, taking
from trucewatch.app.reporting.taking import receipt, submit
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.app.web.accounts.noting import accesses
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.viewer import Viewer
from trucewatch.errors import ConfigurationError, NotAllowed, NotFound, Refused
from trucewatch.evidence import fsck

PEOPLE = "".join(
    f'\n[[people]]\nid = "{one}"\nname = "{one}"\nroles = ["{role}"]\n'
    for one, role in (
        ("fay", "field"), ("guy", "field"), ("lee", "lead"), ("rod", "reviewer"),
        ("ana", "analyst"), ("dee", "desk"), ("obi", "observer"),
    )
)  # fmt: skip
TEAM = """
[[source]]
id = "team-east"
name = "Field team East"
kind = "patrol"
reader = "field"
timezone = "Atlantic/Azores"
people = ["fay"]
{more}
"""
FIELDS = {
    "kind": "small_arms",
    "lat": "35.02",
    "lon": "-40.01",
    "error_m": "30",
    "from": "2025-11-11T06:41",
    "zone": "Atlantic/Azores",
    "words": "Shots from the pier; we lay down.",
    "wounded": "1",
}


def made(folder, more=""):
    lay(folder, settings=PEOPLE, gazette=TEAM.format(more=more))
    with Mission.open(folder, now=SetClock()) as mission:
        ingest(
            mission,
            [write(folder.parent / "in", s, [c for o, c in CALLS if o == s]) for s in SOURCES],
        )
        bring_up_to_date(mission)
    return folder


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "m")


class Front:
    """The application, called with the token of whom the test says."""

    def __init__(self, folder):
        self.site = MissionSite(folder, now=SetClock())
        self.client = TestClient(make_app(self.site), base_url="http://127.0.0.1")
        self.tokens = {}

    def as_(self, person, *scopes):
        self.client.headers.pop("Authorization", None)
        if person is not None:
            key = person, scopes
            if key not in self.tokens:
                held = frozenset(scopes or ("read", "report"))
                self.tokens[key] = self.site.accounts.give_token(person, held, days=1, how="test")[
                    1
                ]
            self.client.headers["Authorization"] = f"Bearer {self.tokens[key]}"
        return self.client

    def sign_in(self, person):
        """A browser with a session; each is another one."""
        self.site.accounts.set_password(person, "seven long kestrels", how="test")
        browser = TestClient(self.client.app, base_url="http://127.0.0.1")
        page = browser.get("/sign-in").text
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        form = {"csrf": csrf, "person": person, "password": "seven long kestrels", "to": "/report"}
        answer = browser.post("/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return browser

    def look(self):
        with Mission.open(self.site.folder, now=SetClock()) as mission:
            bring_up_to_date(mission)
        self.site.views.look()


@pytest.fixture
def front(folder):
    return Front(folder)


def sent(*raws, **fields):
    files = [("pictures", (f"{n}.jpg", raw, "image/jpeg")) for n, raw in enumerate(raws)]
    return {"data": {**FIELDS, **fields}, "files": files or [("pictures", ("", b"", "text/plain"))]}


def test_a_report_is_in_the_log_first_and_counts_after_a_run(front, folder):
    raw = photos.jpeg()
    answer = front.as_("fay").post("/api/v1/reports", **sent(raw))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["outcome"], told["source"]) == ("accepted", "Field team East")
    assert told["pictures"] == [{"sha256": told["pictures"][0]["sha256"], "refused": ""}]
    with Mission.open(folder, now=SetClock()) as mission:
        (entry,) = mission.log.entries(told["log_index"], told["log_index"] + 1)
        assert entry.leaf_hash == told["leaf_hash"]
        assert json.loads(mission.log.payload(entry.payload))["fields"] == FIELDS
        assert mission.log.payload(told["pictures"][0]["sha256"]) == raw, "as it was sent"
        derived = bring_up_to_date(mission)
        (one,) = [i for i in derived.incidents if i.kind == "small_arms"]
        assert "team-east" in one.sources
        assert summary_of(mission, derived)["intake"]["team-east"] == {
            "received": 1, "accepted": 1, "duplicate": 0, "quarantined": 0,
        }  # fmt: skip
    assert fsck(folder / "evidence").ok


def test_the_same_report_again_gets_its_first_receipt(front):
    client = front.as_("fay")
    first = client.post("/api/v1/reports", **sent(photos.jpeg()))
    again = client.post("/api/v1/reports", **sent(photos.jpeg()))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "known_before": True}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"kind": "a whistle"}, "no kind is called"),
        ({"lat": "north"}, "lat is not a number"),
        ({"lat": "", "lon": ""}, "neither coordinates nor a region"),
        ({"from": "yesterday"}, "from is not a date"),
        ({"zone": "Nowhere/Land"}, "no time zone is called"),
        ({"until": "2025-11-10T00:00"}, "ends before it starts"),
        ({"until": "2026-11-10T00:00"}, "lasts over 31 days"),
        ({"wounded": "some"}, "wounded is not a whole number"),
        ({"lat": "80"}, "outside the area"),
    ],
)
def test_what_cannot_be_used_is_kept_and_quarantined_with_a_reason(front, folder, wrong, reason):
    path = folder / "mission.toml"
    path.write_text(re.sub(r"(?m)^extent = .*\n", "", path.read_text("utf-8")).replace(
        "[mission]\n", "[mission]\nextent = [-45.0, 30.0, -35.0, 40.0]\n", 1), "utf-8")  # fmt: skip
    answer = front.as_("fay").post("/api/v1/reports", **sent(**wrong))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["outcome"] == "quarantined"
    assert reason in told["reason"]
    with Mission.open(folder, now=SetClock()) as mission:
        counts = summary_of(mission, bring_up_to_date(mission))["intake"]["team-east"]
    assert counts == {"received": 1, "accepted": 0, "duplicate": 0, "quarantined": 1}


def test_a_region_stands_for_a_place(front, folder):
    with Mission.open(folder, readonly=True) as mission:
        area = mission.configuration().agreement.regions[0]
    told = front.as_("fay").post(
        "/api/v1/reports",
        **sent(lat="", lon="", region=area.code, **{"from": "2025-12-24T07:00"}),
    )  # fmt: skip
    assert told.json()["outcome"] == "accepted"
    with Mission.open(folder, now=SetClock()) as mission:
        derived = bring_up_to_date(mission)
        found = [i for i in derived.incidents if "team-east" in i.sources]
        assert [i.region for i in found] == [area.code]


def test_who_may_not_report_is_refused_and_nothing_is_written(front, folder):
    with Mission.open(folder, readonly=True) as mission:
        size = mission.log.size
    for who in ((None,), ("lee",), ("fay", "read")):
        client = front.as_(*who)
        answer = client.post("/api/v1/reports", **sent())
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert client.get("/report").status_code == 403
    unnamed = front.as_("guy").post("/api/v1/reports", **sent())
    assert unnamed.status_code == 400
    assert "no source reports by 'guy'" in unnamed.json()["detail"]
    client = front.as_("fay")
    five = [photos.png((k, 9)) for k in range(9, 14)]
    for wrong in ({}, {"data": {"words": " "}}, sent(colour="x"), sent(*five)):
        assert client.post("/api/v1/reports", **wrong).status_code == 400
    with Mission.open(folder, now=SetClock()) as mission:
        assert mission.log.size == size
        with pytest.raises(NotAllowed, match="it takes the role field"):
            submit(mission, FIELDS, by="lee")
        with pytest.raises(Refused, match="a picture is too large"):
            submit(mission, FIELDS, [bytes(pictures.LARGEST_PICTURE + 1)], by="fay")
        with pytest.raises(Refused, match=f"at most {taking.MOST_PICTURES} pictures go with"):
            submit(mission, FIELDS, [b"x"] * (taking.MOST_PICTURES + 1), by="fay")
        with pytest.raises(Refused, match="too long"):
            submit(mission, {"words": "x" * 300_000}, by="fay")
        assert mission.log.size == size


def told_of(path):
    return path.rsplit("/", 1)[-1].removesuffix(".jpg")


def test_the_form_and_its_receipt_work_without_a_script(front):
    client = front.sign_in("fay")
    page = client.get("/report").text
    assert "<script" not in page
    assert 'enctype="multipart/form-data"' in page
    assert page.index('name="csrf"') < page.index('name="kind"'), "the first field of a form"
    assert 'value="small_arms"' in page
    assert client.post("/report", **sent()).status_code == 403, "not from this form"
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]

    def post(**more):
        given = sent(photos.jpeg(), b"", **more)
        given["data"] = {"csrf": csrf, **given["data"]}
        return client.post("/report", follow_redirects=False, **given)

    answer = post()
    assert answer.status_code == 303, answer.text
    shown = client.get(answer.headers["location"]).text
    index = answer.headers["location"].rsplit("/", 1)[-1]
    assert f"harbour-truce {index}" in shown or f" {index}</code>" in shown
    assert "Shots from the pier" in shown
    assert client.get("/report/0").status_code == 404
    assert client.get("/report/99999").status_code == 404
    back = post(colour="1")
    assert back.status_code == 422
    assert "Shots from the pier" in back.text
    assert front.sign_in("guy").get(answer.headers["location"]).status_code == 404


def test_a_picture_is_shown_to_those_inside_alone_and_gives_nothing_away(front):
    raw = photos.jpeg((2000, 1000))
    told = front.as_("fay").post("/api/v1/reports", **sent(raw)).json()
    front.look()
    path = f"/attachments/{told['pictures'][0]['sha256']}.jpg"
    for person in ("lee", "rod", "ana", "dee"):
        shown = front.as_(person).get(path)
        assert shown.status_code == 200
        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert Image.open(io.BytesIO(shown.content)).size == (1600, 800)
        for canary in photos.CANARIES:
            assert canary.encode() not in shown.content
        tag = {"If-None-Match": shown.headers["etag"]}
        assert front.client.get(path, headers=tag).status_code == 304
    noted = [one.what for one in accesses(front.site.folder) if one.id == told_of(path)]
    assert noted == ["bytes"] * 4
    hidden = [front.as_(person).get(path) for person in ("fay", "obi", None)]
    other = front.client.get(f"/attachments/{'0' * 64}.jpg")
    assert {(one.status_code, one.text) for one in hidden} == {(404, other.text)}
    view = front.site.view(Viewer(person="x", roles=frozenset({"public", "lead"})))
    (body,) = view.page("attachment").bodies
    page = front.as_("lee").get(f"/incidents/{body['incident']}")
    assert f'src="{path}"' in page.text
    for person in ("obi", None):
        page = front.as_(person).get(f"/incidents/{body['incident']}")
        assert page.status_code in {200, 404}
        assert "/attachments/" not in page.text
    assert front.as_("lee").get("/attachments/..%2fx.jpg").status_code == 404


def test_nothing_of_a_picture_is_in_any_view_or_file_beside_the_log(front, folder):
    front.as_("fay").post("/api/v1/reports", **sent(photos.jpeg()))
    front.look()
    front.as_("lee").get("/")
    for path in folder.rglob("*"):
        if path.is_file() and "evidence" not in path.relative_to(folder).parts:
            raw = path.read_bytes()
            assert not any(canary.encode() in raw for canary in photos.CANARIES), path


def test_a_refused_picture_is_kept_told_and_counted(front):
    told = front.as_("fay").post(
        "/api/v1/reports", **sent(photos.jpeg() + b"<script>", photos.png())
    ).json()  # fmt: skip
    assert told["outcome"] == "accepted"
    assert [bool(one["refused"]) for one in told["pictures"]] == [True, False]
    assert told["pictures_refused"] == 1
    front.look()
    path = f"/attachments/{told['pictures'][0]['sha256']}.jpg"
    answer = front.as_("lee").get(path)
    assert answer.status_code == 404
    assert "something else lies behind" in answer.json()["detail"]


def test_a_picture_of_a_source_under_seal_is_shown_to_nobody(tmp_path):
    front = Front(made(tmp_path / "m", more="sealed = true"))
    told = front.as_("fay").post("/api/v1/reports", **sent(photos.jpeg())).json()
    front.look()
    path = f"/attachments/{told['pictures'][0]['sha256']}.jpg"
    assert front.as_("lee").get(path).status_code == 404


def test_a_picture_is_no_report_and_has_no_receipt_of_its_own(front, folder):
    told = front.as_("fay").post("/api/v1/reports", **sent(photos.jpeg())).json()
    with Mission.open(folder, now=SetClock()) as mission:
        entries = {e.payload: e.index for e in mission.entries()}
        index = entries[told["pictures"][0]["sha256"]]
        with pytest.raises(NotFound, match=f"no report of yours has the log index {index}"):
            receipt(mission, index, by="fay")
        assert receipt(mission, told["log_index"], by="fay")["outcome"] == "accepted"


def test_a_picture_that_was_erased_while_it_was_kept_is_refused_and_removed(front, folder):
    """The removal beside the log may be cut short: whoever asks for it then gets nothing."""
    told = front.as_("fay").post("/api/v1/reports", **sent(photos.jpeg())).json()
    digest = told["pictures"][0]["sha256"]
    with Mission.open(folder, now=SetClock()) as mission:
        assert pictures.picture(mission, digest).jpeg
        (kept,) = (folder / pictures.FOLDER).glob(f"{digest}*")
        held = steps.held_by(mission.log, digest)
        request = steps.ask(mission, mission.log, held, by="lee", reason="a face", replacement=None)
        body = kept.read_bytes()
        steps.approve(mission, mission.log, request, by="rod")
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(body)
        assert pictures.picture(mission, digest) == pictures.Shown(refused="it was erased")
        assert not kept.exists()
        kept.write_bytes(body)
        pictures.sweep(mission)
        assert not kept.exists()
        kept.parent.rmdir()
        pictures.sweep(mission)


def test_an_erased_picture_is_gone_with_what_was_kept_of_it(front, folder):
    told = front.as_("fay").post("/api/v1/reports", **sent(photos.jpeg())).json()
    digest = told["pictures"][0]["sha256"]
    front.look()
    path = f"/attachments/{digest}.jpg"
    assert front.as_("lee").get(path).status_code == 200
    assert list((folder / pictures.FOLDER).glob(f"{digest}*"))
    with Mission.open(folder, now=SetClock()) as mission:
        held = steps.held_by(mission.log, digest)
        steps.ask(mission, mission.log, held, by="lee", reason="a face", replacement=None)
        waiting = steps.waiting_for(mission.log, str(mission.log.size - 1))
        steps.approve(mission, mission.log, waiting, by="rod")
    front.look()
    assert front.as_("lee").get(path).status_code == 404
    assert not list((folder / pictures.FOLDER).glob(f"{digest}*"))


def test_the_settings_say_who_reports_for_whom(folder):
    path = folder / "sources.toml"
    text = path.read_text("utf-8")
    for more, words in (
        (TEAM.replace("team-east", "team-west").format(more=""), "reports for 'team-east' already"),
        ('\n[[source]]\nid = "x"\nname = "x"\nkind = "press"\npeople = ["fay"]\n', "alone"),
    ):
        path.write_text(text + more, "utf-8")
        with Mission.open(folder, readonly=True) as mission, pytest.raises(NotFound):
            receipt(mission, 10_000, by="fay")
        with pytest.raises(ConfigurationError, match=words), Mission.open(folder) as mission:
            mission.sync_settings()


def test_saboteur_without_the_check_of_roles_a_lead_reports(folder, monkeypatch):
    monkeypatch.setattr(taking, "allowed", lambda *_: None)
    monkeypatch.setattr(taking, "source_of", lambda *_: "team-east")
    with Mission.open(folder, now=SetClock()) as mission:
        assert submit(mission, FIELDS, by="lee")["outcome"] == "accepted"
