"""What views let through: nothing without a rule, nothing hidden, and more to whoever may more."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch
from trucewatch.app.settings import AudienceSection
from trucewatch.app.web.policy import policy, read_policy
from trucewatch.app.web.viewer import Viewer
from trucewatch.bulletins.anchor import Anchors
from trucewatch.bulletins.veil import Veil
from trucewatch.bulletins.views import Door, Draft, Material, Outlook, Sight, drafts, last_release
from trucewatch.bulletins.wording import likelihood
from trucewatch.errors import ConfigurationError
from trucewatch.findings.holding import follow
from trucewatch.model import (
    Counted,
    Drawn,
    Effect,
    Interval,
    Point,
    RawRef,
    Responsibility,
    Said,
    Source,
    SourceKind,
    Term,
    Window,
    Zone,
)

PACKAGE = Path(trucewatch.__file__).parent
HOUR = timedelta(hours=1)
LATE = datetime(2031, 6, 1, tzinfo=UTC)
ROLES = sorted(policy().roles)
INSIDE = {"analyst", "reviewer", "desk", "lead"}
MINE = {
    "mission", "incident", "account", "region", "zone", "coverage", "trend", "holding", "source",
    "quarantined",
}  # fmt: skip
AUDIENCES = {
    "public": AudienceSection(grid_km=5, delay_hours=24, min_count=2),
    "member": AudienceSection(grid_km=1, delay_hours=0),
}
# What of the island nobody outside may see, and of sealed sources nobody at all.
PLACES = ("314159", "271828", "38.731", "27.227", "2.7 km")
SEALED = (
    "heron", "nest", "widow marsh", "mill's window", "quicksilver", "vespers", "keeper",
    "seven in one night", "kestrel", "cdcdcd",
)  # fmt: skip
OUTSIDE_ALONE = (*PLACES, *SEALED, "ababab", "line 9", "clm-", "rep-", "5e5e")


def sight_of(*roles: str, audiences=None) -> Sight:
    viewer = Viewer(roles=frozenset(roles), person="somebody" if roles else None)
    return policy().sight(viewer, audiences or AUDIENCES)


def view(situation, sight, at=LATE):
    """All records of a sight, by sort and id, as bodies."""
    outlook = Outlook(Material(situation=situation, entries={"rep-a1": (4,)}), sight, at=at)
    door = outlook.door(policy().known)
    passed = [door.let_through(draft) for draft in drafts(outlook)]
    return {(one.sort, one.id): one.body for one in passed if one is not None}


def text(records) -> str:
    return json.dumps([[*key, body] for key, body in records.items()], ensure_ascii=False).lower()


@pytest.fixture
def island(situation):
    """The island with a zone, a patrol that may be named, and words that people entered."""
    patrol = Source(id="nine", name="Patrol Nine", kind=SourceKind.PATROL, timezone="UTC")
    said = Said(
        index=31, at=datetime(2031, 5, 6, tzinfo=UTC), by="desk", what="review", word="confirm",
        words="the heron keeper saw it", effect=Effect.HOLDS,
    )  # fmt: skip
    days = tuple(
        replace(day, reporting=(*day.reporting, "nine")) for day in situation.coverage.region_days
    )
    start = datetime(2031, 5, 3, tzinfo=UTC)
    course = follow(
        [
            Counted(when=Interval(start + at * HOUR * 6, start + (at + 1) * HOUR * 6), count=9)
            for at in range(-8, 8)
        ],
        truce=Window(start, start + 48 * HOUR),
        before=Window(start - 48 * HOUR, start),
        source="ledger",
        what="shots heard",
    )
    area = situation.agreement.regions[0]
    zone = Zone(code="Z", name="The quay", drawn=Drawn.POLYGON, area=area)
    return replace(
        situation,
        sources=(*situation.sources, patrol),
        incidents=tuple(
            replace(
                i,
                sources=(*i.sources, "nine"),
                terms=(Term(name="x", nats=1.0, words="Heron's Nest saw it"),),
            )
            for i in situation.incidents
        ),
        findings=tuple(replace(f, said=(said,)) for f in situation.findings),
        coverage=replace(situation.coverage, region_days=days),
        compliance=replace(situation.compliance, courses=(course, replace(course, source="heron"))),
        agreement=replace(
            situation.agreement, zones=(zone, replace(zone, holds=Window(LATE, None)))
        ),
    )


def test_every_field_is_in_the_policy_and_every_field_of_the_policy_is_made(island):
    made = set()
    for sight in (sight_of(), sight_of("lead")):
        for draft in drafts(Outlook(Material(situation=island), sight, at=LATE)):
            made |= {f"{draft.sort}.{name}" for name in {**draft.exact, **draft.coarse}}
    named = {name for name in policy().known if name.split(".")[0] in MINE}
    assert named - made == set()
    assert made - policy().known == set()


def test_a_field_without_a_policy_stops(island):
    outlook = Outlook(Material(situation=island), sight_of(), at=LATE)
    door = outlook.door(frozenset({"incident.id"}))
    with pytest.raises(ValueError, match=r"nothing of incident\.place"):
        door.let_through(Draft(sort="incident", id="x", exact={"id": "x", "place": 1}))


def test_what_is_not_named_is_seen_by_nobody(island):
    """Default deny: a known field without a rule is left out, and a sort of such is not there."""
    veil = Veil(island.sources, island.claims, sight_of().audience)
    door = Door(
        Sight(name="x", audience=sight_of().audience, rules={}, inside=True),
        veil,
        at=LATE,
        known=policy().known,
    )
    for draft in drafts(Outlook(Material(situation=island), sight_of("lead"), at=LATE)):
        assert door.let_through(draft) is None


@pytest.mark.parametrize("secret", OUTSIDE_ALONE)
@pytest.mark.parametrize("role", sorted(set(ROLES) - INSIDE))
def test_no_secret_is_seen_from_outside(island, role, secret):
    coarse = {"public": AUDIENCES["public"]}
    assert secret not in text(view(island, sight_of(role, audiences=coarse)))


@pytest.mark.parametrize("secret", SEALED)
@pytest.mark.parametrize("role", sorted(INSIDE))
def test_whom_the_mission_sealed_stays_sealed_inside(island, role, secret):
    assert secret not in text(view(island, sight_of(role)))


def test_whom_a_sealed_source_alone_names_is_under_its_seal(island):
    """An informant is as endangered as who wrote them down; whom an open source names is not."""

    def labels(*claims):
        origins = tuple(
            replace(each, label="The ferryman", claims=claims) if each.id == "org-heron" else each
            for each in island.origins
        )
        told = view(replace(island, origins=origins), sight_of("analyst"))
        return {each for body in told.values() for each in body.get("origin_labels", ())}

    assert "The ferryman" not in labels("clm-b1")
    assert "The ferryman" in labels("clm-a1", "clm-b1")


def test_the_canaries_are_there_to_be_found(island):
    whole = (repr(island) + "clm- rep-").lower()
    assert [each for each in OUTSIDE_ALONE if each not in whole] == []
    inside = text(view(island, sight_of("lead")))
    assert [each for each in ("314159", "ababab", "line 9", "clm-") if each not in inside] == []


def test_saboteurs_of_single_guards_are_seen(island, monkeypatch):
    """Each guard taken away alone lets something through that the tests above look for."""

    def found():
        told = text(view(island, sight_of(audiences={"public": AUDIENCES["public"]})))
        return {secret for secret in OUTSIDE_ALONE if secret in told}

    assert found() == set()
    with monkeypatch.context() as m:
        m.setattr("trucewatch.bulletins.told.cell_centre", lambda lat, lon, _: (lat, lon))
        assert {"314159", "271828"} <= found()
    unsealed = replace(island, sources=tuple(replace(s, sealed=False) for s in island.sources))
    told = text(view(unsealed, sight_of("lead")))
    assert {"heron", "nest", "mill's window", "kestrel"} <= {
        each for each in SEALED if each in told
    }


def where_the_patrol_is_told(records):
    told = {key: body for key, body in records.items() if key[0] != "source"}
    return {key[0] for key, body in told.items() if "patrol nine" in text({key: body})}


def test_where_a_patrol_was_is_not_told(island, monkeypatch):
    """It is listed as a source; but beside a place and a day its name would be a position."""
    shy = sight_of(audiences={"public": AUDIENCES["public"]})
    assert where_the_patrol_is_told(view(island, shy)) == set()
    assert where_the_patrol_is_told(view(island, sight_of("desk"))) >= {"incident", "coverage"}
    monkeypatch.setattr("trucewatch.bulletins.veil._ON_THE_GROUND", frozenset())
    assert where_the_patrol_is_told(view(island, shy)) == {"incident", "coverage", "region"}


def test_the_door_itself_stops_a_record_that_would_break_a_seal(island):
    outlook = Outlook(Material(situation=island), sight_of(), at=LATE)
    door = outlook.door(policy().known)
    named = Draft(sort="zone", id="Z", exact={"id": "Z", "name": "where Heron's Nest stands"})
    assert door.let_through(named) is None
    assert door.let_through(replace(named, exact={"id": "Z", "name": "a quay"})) is not None


def test_a_party_sees_its_own_matter_and_no_other(island):
    one = Draft(sort="zone", id="Z", exact={"id": "Z"}, party="hill")

    def seen(sight):
        outlook = Outlook(Material(situation=island), sight, at=LATE)
        return outlook.door(policy().known).let_through(one) is not None

    def party(name):
        viewer = Viewer(roles=frozenset({"party"}), person="p", party=name)
        return policy().sight(viewer, AUDIENCES)

    assert (seen(party("hill")), seen(party("shore")), seen(sight_of())) == (True, False, False)
    assert seen(sight_of("desk"))


@given(st.sets(st.sampled_from(ROLES)), st.sets(st.sampled_from(ROLES)))
def test_more_roles_never_see_less(fewer, more):
    """Field by field, by the rule and by the audience; who is inside stays so."""
    order = {"hidden": 0, "coarse": 1, "exact": 2}
    one, two = sight_of(*fewer), sight_of(*fewer, *more)
    for field in policy().known:
        sort, name = field.split(".")
        assert order[one.rule(sort, name).value] <= order[two.rule(sort, name).value]
    assert two.audience.grid_m <= one.audience.grid_m
    assert two.inside or not one.inside


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"public"}))
def test_what_the_public_sees_everybody_sees(island, role):
    """No record of the public, and no field of one, is missing for a role."""
    public, other = view(island, sight_of()), view(island, sight_of(role))
    assert set(public) <= set(other)
    assert all(set(body) <= set(other[key]) for key, body in public.items())


def hidden_change(situation, draw):
    """The same world to the public: something changes that they may not see."""
    which = draw(st.sampled_from(sorted(CHANGES)))
    return which, CHANGES[which](situation, draw)


def _elsewhere_in_its_cell(situation, draw):
    east, north = draw(st.floats(-1e-3, 1e-3)), draw(st.floats(-1e-3, 1e-3))

    def moved(place):
        if not isinstance(place, Point) or place.lat != 38.68:
            return place
        return Point(place.lat + north, place.lon + east, place.error_m)

    return replace(
        situation,
        incidents=tuple(replace(i, place=moved(i.place)) for i in situation.incidents),
        claims=tuple(replace(c, place=moved(c.place)) for c in situation.claims),
    )


def _another_estimate(situation, draw):
    north = draw(st.floats(-0.5, 0.5))
    return replace(
        situation,
        incidents=tuple(
            replace(i, place=Point(i.place.lat + north, i.place.lon, i.place.error_m))
            if len(i.claims) > 1
            else i
            for i in situation.incidents
        ),
    )


def _other_hours(situation, draw):
    """Another hour of the same local day, for what is told to have happened on one day."""
    start = draw(st.integers(0, 20))

    def within(when):
        if when.length > 25 * HOUR:
            return when
        return Interval(when.earliest + start * HOUR, when.earliest + (start + 1) * HOUR)

    return replace(
        situation, incidents=tuple(replace(i, when=within(i.when)) for i in situation.incidents)
    )


def _another_sealed_source(situation, draw):
    name = draw(st.text("abcdefgh ", min_size=4, max_size=9).filter(str.strip))
    return replace(
        situation,
        sources=tuple(
            replace(s, name=f"Q{name}", owner=f"W{name}", citation=name) if s.sealed else s
            for s in situation.sources
        ),
        claims=tuple(
            replace(c, text=f"words {name} of nobody") if c.source == "heron" else c
            for c in situation.claims
        ),
        intake=tuple(
            replace(i, accepted=i.accepted + len(name)) if i.source == "heron" else i
            for i in situation.intake
        ),
        quarantined=tuple(q for q in situation.quarantined if q.source != "heron"),
    )


def _a_fresh_incident(situation, draw):
    """It happened on a day that these viewers are not told of yet."""
    like = situation.incidents[0]
    first = draw(st.integers(0, 5))
    when = Interval(LATE - first * 24 * HOUR, LATE + HOUR)
    new = replace(like, id="inc-fresh", when=when, claims=("clm-fresh",))
    claim = replace(situation.claims[0], id="clm-fresh", when=when)
    return replace(
        situation,
        incidents=(*situation.incidents, new),
        claims=(*situation.claims, claim),
        compliance=replace(
            situation.compliance,
            days=tuple(
                replace(
                    day,
                    expected=day.expected + when.share_within(Window(*_ends(situation, day.day))),
                )
                for day in situation.compliance.days
            ),
        ),
    )


def _ends(situation, day):
    span = Interval.days(day, day, Material(situation=situation).zone)
    return span.earliest, span.latest


def _the_evidence(situation, draw):
    size = draw(st.integers(1, 10**6))
    return replace(situation, evidence=replace(situation.evidence, size=size, root="ab" * 32))


def _what_stays_inside(situation, draw):
    word = draw(st.text("abcdefgh", min_size=1, max_size=9))
    void = Said(
        index=len(word), at=LATE, by="nobody", what="review", word="refute", words=word,
        effect=Effect.VOID,
    )  # fmt: skip
    return replace(
        situation,
        incidents=tuple(
            replace(i, reasons=(word,), terms=(Term(name=word, nats=0.1, words=word),))
            for i in situation.incidents
        ),
        findings=tuple(
            replace(f, said=(*f.said, void), seen_share=0.123) for f in situation.findings
        ),
        quarantined=tuple(
            replace(q, reason=word, raw=RawRef(payload=word, pointer=word, start=0, length=1))
            for q in situation.quarantined
        ),
    )


CHANGES = {
    "elsewhere in its cell": _elsewhere_in_its_cell,
    "another estimate": _another_estimate,
    "other hours": _other_hours,
    "another sealed source": _another_sealed_source,
    "a fresh incident": _a_fresh_incident,
    "the evidence": _the_evidence,
    "what stays inside": _what_stays_inside,
}


@given(st.data())
def test_two_worlds_that_differ_in_what_is_hidden_are_one_to_the_public(world, data):
    which, other = hidden_change(world, data.draw)
    assert view(other, SHY) == view(world, SHY), which


SHY = sight_of(audiences={"public": AudienceSection(grid_km=5, delay_hours=24, min_count=2)})


@pytest.fixture
def world(island):
    return island


@pytest.mark.parametrize("which", sorted(set(CHANGES) - {"another sealed source"}))
def test_those_inside_see_each_of_the_worlds(island, which):
    """Else the law above would say nothing. Who is sealed is told to nobody."""
    lead = sight_of("lead")
    assert view(CHANGES[which](island, _fixed), lead) != view(island, lead)


def _fixed(strategy):
    """One value of a strategy that changes something."""
    kind = repr(strategy)
    if "floats" in kind:
        return 7e-4
    if "integers" in kind:
        return 3
    return "badge"


def test_saboteur_without_the_anchor_the_estimate_is_seen(island, monkeypatch):
    monkeypatch.setattr(Anchors, "told", lambda _, incident: incident)
    other = CHANGES["another estimate"](island, lambda _: 0.4)
    assert view(other, SHY) != view(island, SHY)


def test_saboteur_without_the_delay_what_is_fresh_is_seen(island, monkeypatch):
    monkeypatch.setattr(Outlook, "may_know", lambda *_: True)
    other = CHANGES["a fresh incident"](island, lambda _: 0)
    # The door waits for the delay as well: it is the second lock.
    assert ("incident", "inc-fresh") not in view(other, SHY)
    monkeypatch.setattr(Sight, "live", True)
    assert ("incident", "inc-fresh") in view(other, SHY)


def test_what_ended_today_appears_at_a_fixed_hour_of_a_later_day(island):
    """Not when it ended: by then every hour of that day would have led to the same."""
    zone = Material(situation=island).zone
    start = datetime(2031, 5, 4, tzinfo=zone)
    seen = [
        start + at * HOUR
        for at in range(96)
        if ("incident", "inc-a1") in view(island, SHY, at=start + at * HOUR)
    ]
    assert seen[0] == datetime(2031, 5, 6, 6, tzinfo=zone)
    assert last_release(seen[0], zone) == seen[0]
    assert last_release(seen[0] - timedelta(seconds=1), zone) == seen[0] - 24 * HOUR


def test_an_audience_without_a_delay_is_told_at_once(island):
    sight = sight_of("member")
    assert sight.live
    assert ("incident", "inc-a1") in view(island, sight, at=datetime(2031, 5, 4, 1, tzinfo=UTC))


def test_attribution_is_told_with_its_body_or_not_at_all(island):
    held = replace(
        island,
        findings=tuple(
            replace(f, responsibility=Responsibility.DETERMINED, party="hill", body="shore")
            if f.incident == "inc-a1"
            else f
            for f in island.findings
        ),
    )
    one = view(held, SHY)["incident", "inc-a1"]
    assert (one["responsible"], one["determined_by"]) == ("Hill Council", "Shore Assembly")
    plain = view(island, SHY)["incident", "inc-a1"]
    assert (plain["attribution"], plain["responsible"]) == ("withheld", None)


def test_only_the_door_makes_records():
    guilty = set()
    for path in [*(PACKAGE / "bulletins").rglob("*.py"), *(PACKAGE / "app").rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "Record":
                guilty.add(path.relative_to(PACKAGE).as_posix())
    assert guilty == {"bulletins/views/door.py"}


def test_notices_and_the_review_queue_are_for_those_inside():
    for name, field in policy().fields.items():
        if name.split(".")[0] in {"notice", "match", "waiting"}:
            assert {*field.exact, *field.coarse} <= INSIDE, name


def test_the_policy_knows_its_roles():
    text = '[roles.public]\n[see.zone]\nid = ["stranger"]\n'
    with pytest.raises(ConfigurationError, match="no such role: stranger"):
        read_policy(text)


@pytest.mark.parametrize("p", [0.9499, 0.9451, 0.5449, 0.0449])
def test_the_word_and_the_figure_of_a_probability_agree(situation, p):
    first = situation.incidents[0]
    told = replace(situation, incidents=(replace(first, probability=p), *situation.incidents[1:]))
    (body,) = (
        body
        for (sort, name), body in view(told, sight_of()).items()
        if name == first.id and sort == "incident"
    )
    assert body["likelihood"] == likelihood(body["probability"])
