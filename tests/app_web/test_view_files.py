"""A view is a file: what is written is read, in pages, filtered, counted, and nothing else."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.app.web.views import reading
from trucewatch.app.web.views.reading import Damaged, FileView
from trucewatch.app.web.views.view import Query, Unanswerable
from trucewatch.app.web.views.writing import write_view
from trucewatch.bulletins.views import Record
from trucewatch.errors import StoreUnavailable

AT = datetime(2031, 5, 1, 6, tzinfo=UTC)
STATES = ("reported", "alleged", "established")
FIELDS = ("id", "state", "kind", "first_day", "last_day", "place", "words", "tags", "order", "sure")


def about(*fields, sort="incident"):
    return {"fields": json.dumps([f"{sort}.{name}" for name in fields or FIELDS])}


def incident(number, *, day=1, state="reported", lat=49.0, lon=36.0, **more):
    told = date(2031, 4, day).isoformat()
    body = {
        "id": f"inc-{number:03}",
        "state": state,
        "kind": "shelling",
        "first_day": told,
        "last_day": told,
        "place": {"lat": lat, "lon": lon},
        **more,
    }
    return Record(sort="incident", id=body["id"], body=body)


@pytest.fixture
def write(tmp_path):
    folder = tmp_path / "views"
    folder.mkdir(mode=0o700)
    hours = count()

    def write(records, *, before=None, **more):
        at = AT + timedelta(hours=next(hours))
        return write_view(folder, "a", records, about={**about(), **more}, at=at, before=before)

    return write


def ids(page):
    return [body["id"] for body in page.bodies]


RECORDS = st.lists(
    st.builds(
        incident,
        st.integers(0, 60),
        day=st.integers(1, 9),
        state=st.sampled_from(STATES),
        lat=st.sampled_from([-10.0, 0.0, 49.0, 49.05]),
        lon=st.sampled_from([-179.5, 0.0, 36.0, 179.5]),
        tags=st.lists(st.sampled_from("abc"), max_size=3, unique=True),
    ),
    unique_by=lambda record: record.id,
    max_size=40,
)
QUERIES = st.builds(
    Query,
    bbox=st.none() | st.sampled_from([(35.0, 48.0, 37.0, 49.02), (179.0, -20.0, -179.0, 20.0)]),
    first=st.none() | st.dates(date(2031, 4, 1), date(2031, 4, 9)),
    last=st.none() | st.dates(date(2031, 4, 1), date(2031, 4, 9)),
    where=st.none()
    | st.fixed_dictionaries(
        {"state": st.sampled_from([("reported",), ("reported", "alleged"), ("nothing",)])},
        optional={"tags": st.sampled_from([("a",), ("b", "c")])},
    ),
    limit=st.integers(1, 50),
)


def lets_through(query, body):
    place, where = body["place"], query.where or {}
    if query.bbox is not None:
        west, south, east, north = query.bbox
        across = (
            west <= place["lon"] <= east
            if west <= east
            else place["lon"] >= west or place["lon"] <= east
        )
        if not (across and south <= place["lat"] <= north):
            return False
    if query.first is not None and body["last_day"] < query.first.isoformat():
        return False
    if query.last is not None and body["first_day"] > query.last.isoformat():
        return False
    if "tags" in where and not set(body["tags"]) & set(where["tags"]):
        return False
    return "state" not in where or body["state"] in where["state"]


@settings(max_examples=60)
@given(records=RECORDS, query=QUERIES, data=st.data())
def test_pages_hold_what_passes_once_each_and_in_order(tmp_path_factory, records, query, data):
    folder = tmp_path_factory.mktemp("law")
    path = write_view(folder, "a", data.draw(st.permutations(records)), about=about(), at=AT)
    view = FileView(path)
    wanted = sorted(
        (record.body for record in records if lets_through(query, record.body)),
        key=lambda body: (-date.fromisoformat(body["last_day"]).toordinal(), body["id"]),
    )
    found, after = [], None
    while True:
        page = view.page(
            "incident",
            Query(
                **{name: getattr(query, name) for name in ("bbox", "first", "last", "where")},
                limit=query.limit,
                after=after,
            ),
        )
        assert page.matched == len(wanted)
        assert len(page.bodies) <= query.limit
        found += page.bodies
        after = page.after
        if after is None:
            break
    assert found == wanted
    tally = view.tally("incident", "state", query)
    assert tally == {
        state: n
        for state in sorted(STATES)
        if (n := sum(body["state"] == state for body in wanted))
    }


def test_one_record_and_none(write):
    view = FileView(write([incident(1), Record(sort="region", id="r", body={"id": "r"})]))
    assert view.one("incident", "inc-001")["kind"] == "shelling"
    assert view.one("incident", "r") is None
    assert view.one("nothing", "r") is None
    assert view.page("nothing").matched == 0
    assert view.sorts() == {"incident": 1, "region": 1}
    # Before anything may be published a viewer has no incident at all, and a map all the same.
    assert view.names("nothing", []) == view.texts("nothing", []) == []


def test_whole_days_leave_out_what_may_lie_on_others(write):
    def on(at, first, last):
        body = {"id": f"inc-{at}", "first_day": first, "last_day": last}
        return Record(sort="incident", id=f"inc-{at}", body=body)

    records = [
        on(1, "2031-04-02", "2031-04-02"),
        on(2, "2031-04-01", "2031-04-02"),
        on(3, "2031-04-02", "2031-04-09"),
        Record(sort="incident", id="inc-4", body={"id": "inc-4"}),
    ]
    view = FileView(write(records))
    day = date(2031, 4, 2)
    may = Query(first=day, last=day)
    assert view.page("incident", may).matched == 3
    whole = replace(may, whole_days=True)
    assert [one["id"] for one in view.page("incident", whole).bodies] == ["inc-1"]
    assert view.page("incident", replace(whole, first=None)).matched == 2


def test_a_field_that_order_names_goes_before_the_day(write):
    view = FileView(
        write([incident(1, order=2, day=9), incident(2, order=1), incident(3, order=1)])
    )
    assert ids(view.page("incident")) == ["inc-002", "inc-003", "inc-001"]


def test_a_field_that_is_hidden_cannot_be_asked_and_is_told_as_one_that_is_not(write):
    view = FileView(write([incident(1)], fields=about("id", "state")["fields"]))
    told = []
    for name in ("kind", "no_such_thing", "place.lat"):
        for ask in (
            lambda name=name: view.page("incident", Query(where={name: ("shelling",)})),
            lambda name=name: view.tally("incident", name),
            lambda name=name: view.tally("incident", "state", Query(where={name: ("x",)})),
            lambda name=name: view.page("nothing", Query(where={name: ("x",)})),
        ):
            with pytest.raises(Unanswerable) as fault:
                ask()
            told.append(str(fault.value).replace(name, "it"))
    assert len(set(told)) == 1


def test_without_the_refusal_a_hidden_field_would_count(write, monkeypatch):
    # The columns are made of what is seen, so what is left out here must be in the body.
    monkeypatch.setattr(FileView, "_refuse_hidden", lambda *_: None)
    view = FileView(write([incident(1)], fields=about("id", "state")["fields"]))
    assert view.tally("incident", "kind") == {"shelling": 1}


def test_a_visible_field_that_no_record_has_lets_none_through(write):
    view = FileView(write([incident(1)]))
    assert view.page("incident", Query(where={"sure": ("true",)})).matched == 0
    assert view.tally("incident", "sure") == {}


def test_truth_numbers_and_none_are_asked_as_text(write):
    view = FileView(
        write([incident(1, sure=True), incident(2, sure=False), incident(3, sure=None)])
    )
    for value, number in (("true", 1), ("false", 2), ("", 3)):
        assert ids(view.page("incident", Query(where={"sure": (value,)}))) == [f"inc-00{number}"]


def test_the_digest_is_of_the_records_alone(write):
    records = [incident(1), incident(2, day=3)]
    first = FileView(write(records))
    other = FileView(write(records[::-1], basis="another", guard="another"))
    assert other.digest == first.digest
    assert FileView(write([incident(1), incident(2, day=4)])).digest != first.digest
    assert FileView(write([])).digest != first.digest


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10", "bnVsbA", "WyJpbmNpZGVudCIsIjEiLCJ4Il0", "é", "A" * 5000]
)
def test_a_cursor_that_is_none_is_refused(write, cursor):
    view = FileView(write([incident(1)]))
    with pytest.raises(Unanswerable):
        view.page("incident", Query(after=cursor))


def test_a_cursor_of_another_list_is_refused(write):
    more = [Record(sort="region", id=str(n), body={"id": str(n)}) for n in range(3)]
    view = FileView(write([incident(1), *more]))
    after = view.page("region", Query(limit=1)).after
    with pytest.raises(Unanswerable, match="another list"):
        view.page("incident", Query(after=after))


def test_a_cursor_holds_in_the_next_view(write):
    records = [incident(n) for n in range(9)]
    after = FileView(write(records)).page("incident", Query(limit=4)).after
    newer = [incident(90, day=9), incident(91, day=9)]
    view = FileView(write([*newer, *records]))
    assert ids(view.page("incident", Query(after=after)))[0] == "inc-004"
    # Its record is gone: it goes on where that stood.
    view = FileView(write([one for one in records if one.id != "inc-003"]))
    assert ids(view.page("incident", Query(after=after)))[0] == "inc-005"


def test_words_are_found_whole_or_by_their_beginning(write):
    view = FileView(
        write([incident(1, words="Shells near Tórshavn"), incident(2, words="Drones OR shells")])
    )

    def found(text):
        return ids(view.page("incident", Query(text=text)))

    assert found("torshavn") == ["inc-001"]
    assert found("shel drone") == ["inc-002"]
    assert found("SHELLS") == ["inc-001", "inc-002"]
    assert found('"') == found("   ") == found("nothing") == []
    # What is an operator elsewhere is a word here.
    assert found("near OR drones") == []
    assert found("NOT shells") == []
    assert found("words:shells") == []
    assert found('a"* NEAR(') == []


def test_a_damaged_file_is_none(write):
    path = write([incident(n) for n in range(50)])
    whole = path.read_bytes()
    at = whole.rindex(b"inc-031")
    damages = {
        "a record": whole[:at] + b"inc-0X1" + whole[at + 7 :],
        "cut": whole[: len(whole) // 2],
        "empty": b"",
        "foreign": b"not a database at all" * 400,
    }
    for body in damages.values():
        path.write_bytes(body)
        with pytest.raises(Damaged):
            FileView(path)
    path.write_bytes(damages["a record"])
    # This is what the check is for.
    assert FileView(path, checked=True).digest


def test_another_form_is_none(write):
    path = write([incident(1)])
    with sqlite3.connect(path) as file:
        file.execute("UPDATE meta SET value = '0' WHERE key = 'form'")
    file.close()
    with pytest.raises(Damaged, match="not what was written"):
        FileView(path)
    with pytest.raises(Damaged, match="form"):
        FileView(path, checked=True)


def test_a_file_that_others_may_read_or_that_is_a_link_is_none(write):
    path = write([incident(1)])
    assert path.stat().st_mode & 0o777 == 0o600
    link = path.with_name("link.db")
    link.symlink_to(path)
    with pytest.raises(Damaged, match="of this user alone"):
        FileView(link)
    path.chmod(0o644)
    with pytest.raises(Damaged, match="of this user alone"):
        FileView(path)
    with pytest.raises(Damaged, match="not there"):
        FileView(path.with_name("none.db"))


def test_a_read_that_fails_is_told_and_marks_the_view(write):
    view = FileView(write([incident(1)]))
    for _ in range(reading.CONNECTIONS):
        connection = view._pool.get()
        connection.close()
        view._pool.put(connection)
    with pytest.raises(StoreUnavailable):
        view.one("incident", "inc-001")
    assert view.damaged


def test_a_crash_while_it_is_written_leaves_the_old_file(write):
    path = write([incident(1)])
    before = path.read_bytes()

    def dies():
        yield incident(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(dies())
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_readers_keep_their_view_while_another_takes_its_place(write):
    path = write([incident(n) for n in range(200)])
    view, faults, stop = FileView(path), [], threading.Event()

    def read():
        while not stop.is_set():
            page = view.page("incident", Query(limit=150, where={"state": ("reported",)}))
            one = view.one("incident", "inc-007")
            if page.matched != 200 or len(page.bodies) != 150 or one["state"] != "reported":
                faults.append(page.matched)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    digests = set()
    for turn in range(5):
        digests.add(FileView(write([incident(n) for n in range(turn + 1)])).digest)
        path.unlink(missing_ok=True)
    stop.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert len(digests) == 5
    assert view.page("incident").matched == 200


def told(view, **how):
    return [(one.what, one.id, one.before, one.after) for one in view.changes(**how)]


def test_what_changed_is_told_by_what_these_viewers_saw(write):
    first = write([incident(1), incident(2), incident(3)])
    assert told(FileView(first)) == []
    second = write(
        [incident(1, state="alleged"), incident(2, words="more"), incident(4, day=2)], before=first
    )
    view = FileView(second)
    changes = told(view)
    assert changes == [
        ("new", "inc-004", None, "reported"),
        ("state", "inc-001", "reported", "alleged"),
        ("changed", "inc-002", "reported", "reported"),
        ("gone", "inc-003", "reported", None),
    ]
    assert told(view, since=view.at) == []
    third = FileView(
        write([incident(1), incident(2, words="more"), incident(4, day=2)], before=second)
    )
    assert told(third, since=view.at) == [("state", "inc-001", "alleged", "reported")]
    assert told(third)[1:] == changes
    assert told(third, limit=2) == told(third)[:2]


def test_no_more_changes_are_kept_than_is_said(write, monkeypatch):
    monkeypatch.setattr("trucewatch.app.web.views.comparing.MOST_CHANGES", 5)
    path = write([])
    for n in range(4):
        path = write([incident(10 * n + each) for each in range(3)], before=path)
    assert len(FileView(path).changes()) == 5


def test_what_is_kept_is_bounded_and_made_once(write):
    view, made = FileView(write([incident(1)])), []

    def make():
        made.append(1)
        return b"x" * 100

    assert view.kept("a", make) == view.kept("a", make)
    assert made == [1]
    for n in range(200):
        view.kept(f"big {n}", lambda: b"x" * 2**20)
    assert view._kept._answers._taken <= view._kept._answers._most
    view.kept("a", make)
    assert made == [1, 1]
    # A question may be much longer than its answer.
    for n in range(200):
        view.kept(f"{n} {'x' * 2**20}", lambda: b"")
    assert sum(len(key) for key in view._kept._answers) <= view._kept._answers._most
