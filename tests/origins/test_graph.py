"""The ties between claims and between sources."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.language import link
from trucewatch.model import (
    Attribution,
    Claim,
    Detection,
    Informant,
    Interval,
    Point,
    Source,
    SourceKind,
    Tie,
    content_id,
)
from trucewatch.origins import copies, effective, find_origins, graph
from trucewatch.origins.media import media
from trucewatch.origins.tellers import attributed

START = datetime(2026, 4, 10, tzinfo=UTC)
SOURCES = {
    s.id: s
    for s in (
        Source(id="desk", name="The Desk", kind=SourceKind.CODER, timezone="UTC"),
        Source(id="wire", name="Island Wire", kind=SourceKind.PRESS, timezone="UTC", owner="Ann"),
        Source(id="sun", name="Lorn Sun", kind=SourceKind.PRESS, timezone="UTC", owner="Ann"),
        Source(id="north", name="North Press", kind=SourceKind.PARTY, timezone="UTC", party="n"),
        Source(id="army", name="North Army", kind=SourceKind.PARTY, timezone="UTC", party="n"),
    )
}  # fmt: skip
INFORMANTS = (
    Informant(id="mayor", name="The mayor of Weir", words=("mayor of Weir",)),
    Informant(id="police", name="Police", words=("police",)),
)
MILL = "Three shells fell on the old mill near Weir before dawn and broke every window of it."
PORT = "Nine rockets struck the harbour of Lorn at noon and set two barges on fire there."
SAID = "Nobody slept that night because the walls kept shaking until the morning came"


def claim(n, *told, source="desk", text="", day=0.0, number=None, detection=None):
    at = START + timedelta(days=day)
    return Claim(
        id=content_id("clm", [str(n)]), report="r", source=source, kind="shelling",
        place=Point(1.0, 2.0, 500.0), when=Interval.instant(at), text=text, external_id=number,
        attributions=told, detection=detection,
    )  # fmt: skip


def told(outlet=None, informant=None, **rest):
    return Attribution(outlet=outlet, informant=informant, **rest)


def edges(*claims):
    return graph(claims, informants=INFORMANTS, sources=SOURCES)


def between(*claims):
    ids = {c.id for c in claims}
    return {e.tie: e for e in edges(*claims) if {e.one, e.other} <= ids}


def origins(*claims):
    return find_origins(claims, informants=INFORMANTS, sources=SOURCES)


def worth(*claims):
    return effective(origins(*claims), edges(*claims)).number


def labels(*claims):
    return sorted(o.label for o in origins(*claims))


def two(text, other, **rest):
    return claim(1, told("A"), text=text), claim(2, told("B"), text=other, **rest)


@pytest.mark.parametrize(
    "other",
    [
        "https://youtu.be/abcdefghijk?t=9",
        "https://m.youtube.com/watch?v=abcdefghijk&feature=share",
        "http://www.youtube.com/shorts/abcdefghijk",
    ],
)
def test_one_video_under_any_address_is_one_origin(other):
    pair = two("Seen: https://www.youtube.com/watch?v=abcdefghijk.", f"Look ({other})")
    assert between(*pair)[Tie.SAME_MEDIA].strength == 1.0
    assert labels(*pair) == ["A"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://x.com/u/status/12?s=20", "https://mobile.twitter.com/i/web/status/12"),
        ("https://t.me/s/channel/7", "https://t.me/channel/7?single"),
        ("https://a.example/p/x.JPG", "http://a.example/p/x.JPG"),
    ],
)
def test_media_addresses(one, other):
    assert media(link(one)) == media(link(other)) != "" or one.endswith("JPG")


@pytest.mark.parametrize(
    "no", ["", "https://t.me/channel", "https://a.example/story", "https://x.com/u", "a" * 9999]
)
def test_what_is_no_media(no):
    assert media(link(no)) == ""


def test_media_of_hostile_length_is_soon_read():
    assert media("vk.com/" + "?=" * 200) == ""
    assert media("facebook.com/" + "posts/" * 70) != "x"


def test_a_link_in_running_text_is_a_hint():
    pair = two("More: https://a.example/story/1", "From https://www.a.example/story/1?utm_id=3.")
    assert between(*pair)[Tie.SAME_LINK].strength == 0.5
    assert labels(*pair) == ["A", "B"]
    assert worth(*pair) == 1.333333


def test_a_shared_quotation_ties_two_outlets():
    pair = two(f"“{SAID}”, a miller told A.", f"The miller of Weir to us: «{SAID}».")
    assert between(*pair)[Tie.SHARED_QUOTATION].strength == 0.9
    assert worth(*pair) < 1.1
    apart = two(f"“{SAID}”", f"«{SAID}»", day=9.0)
    assert Tie.SHARED_QUOTATION not in between(*apart)


def test_a_rare_phrase_is_a_hint_and_a_common_one_is_none():
    rare = "the third pier of the bridge that nobody had repaired"
    pair = two(f"It hit {rare} yet.", f"Shells struck early on; {rare} was gone.")
    assert between(*pair)[Tie.RARE_PHRASE].strength == 0.5
    many = [claim(k, told(f"O{k}"), text=f"Number {k} of many: {rare} {k}.") for k in range(4)]
    assert Tie.RARE_PHRASE not in {e.tie for e in edges(*many)}


def test_a_flood_of_one_voice_makes_no_phrase_common():
    rare = "the third pier of the bridge that nobody had repaired"
    pair = two(f"It hit {rare} yet.", f"Shells struck early on; {rare} was gone.")
    flood = [
        claim(100 + k, told("A"), text=f"{k} {k + 1} {k + 2} {k + 3} {k + 4} {k + 5} {rare}")
        for k in range(20)
    ]
    assert worth(*pair, *flood) == worth(*pair) == 1.333333


def test_one_owner_is_a_hint():
    pair = claim(1, source="wire"), claim(2, source="sun")
    (owner,) = (e for e in edges(*pair) if e.tie is Tie.SAME_OWNER)
    assert (owner.one, owner.other, owner.reason) == ("sun", "wire", "both belong to Ann")
    assert worth(*pair) == 1.333333


def test_one_party_and_one_platform_are_certain():
    assert worth(claim(1, source="north"), claim(2, source="army")) == 1.0
    assert {e.one for e in edges() if e.tie is Tie.SAME_PARTY} == {"army"}
    seen = Detection(
        platform="p", instrument="i", at=START, footprint_m=(1.0, 1.0), power_mw=None,
        confidence="", daylight=None, declared_static=None,
    )  # fmt: skip
    pixels = claim(1, detection=seen), claim(2, detection=seen)
    assert set(between(*pixels)) == {Tie.SAME_PLATFORM}


def test_whom_the_text_names_is_the_origin():
    assert labels(claim(1, told("A"), text="According to the mayor of Weir, shells fell.")) == [
        "The mayor of Weir"
    ]
    assert labels(claim(1, told("A"), text="“Shells fell,” a Police spokesman told us.")) == [
        "Police"
    ]
    assert labels(claim(1, told("A"), text="Shells fell at noon (Island Wire).")) == ["Island Wire"]
    # Who is only written about is not who said it.
    assert labels(claim(1, told("A"), text="Shells fell on the house of the mayor of Weir.")) == [
        "A"
    ]
    # A name that nobody knows is no voice.
    assert labels(claim(1, told("A"), text="According to J. Doe, shells fell.")) == ["A"]


def test_attributing_words_are_found_by_whole_words():
    assert attributed("shells fell according to the mayor") == ["the mayor"]
    assert attributed("the mayor said so") == ["the mayor"]
    assert attributed("unsaid and resourceful") == []


def test_a_credit_ties_the_quoted_outlet():
    pair = claim(1, told("A", "Island Wire")), claim(2, source="wire")
    assert Tie.CREDIT in between(*pair)
    assert labels(*pair) == ["Island Wire"]


def test_one_text_with_two_named_informants_is_less_than_two():
    pair = (
        claim(1, told("A", "mayor of Weir"), text=MILL),
        claim(2, told("B", "police"), text=MILL),
    )
    assert between(*pair)[Tie.SAME_TEXT].strength == 0.5
    assert worth(*pair) == 1.333333


def test_a_near_copy_is_one_story():
    words = (MILL + " " + SAID).split()
    words[1] = words[-1] = "CHANGED"
    pair = two(MILL + " " + SAID, " ".join(words))
    assert "most of both texts" in between(*pair)[Tie.SAME_TEXT].reason
    assert labels(*pair) == ["A"]


def test_many_rewritings_are_one_story_though_no_run_is_rare():
    """Where each run stands in more than a hundred texts, only the hashes propose a pair."""
    words = " ".join((MILL, SAID, PORT)).split()

    def rewritten(k):
        mine = list(words)
        mine[k % len(words)] = f"w{k}"
        return claim(k, told(f"O{k:03}"), text=" ".join(mine))

    assert len(labels(*(rewritten(k) for k in range(150)))) == 1


def test_a_digest_rests_on_what_it_holds_and_makes_nothing_one():
    mill, port = claim(1, told("A"), text=MILL), claim(2, told("B"), text=PORT)
    digest = claim(3, told("C"), text=f"{MILL} {PORT}")
    assert labels(mill, port, digest) == labels(mill, port) == ["A", "B"]
    assert worth(mill, port, digest) == 2.0
    (origin,) = (o for o in origins(mill, port, digest) if o.label == "A")
    assert digest.id in origin.claims
    larger = claim(4, told("D"), text=f"In other news: {MILL} {PORT} That is all for today.")
    assert labels(mill, port, digest, larger) == ["A", "B"]


def test_without_the_guard_a_digest_makes_two_stories_one(monkeypatch):
    """Saboteur: whoever prints both could take the independence of two reports away."""
    monkeypatch.setattr(copies, "UNLIKE", -1.0)
    mill, port = claim(1, told("A"), text=MILL), claim(2, told("B"), text=PORT)
    assert labels(mill, port, claim(3, told("C"), text=f"{MILL} {PORT}")) == ["A"]


def test_every_edge_is_in_order_and_has_a_reason():
    found = edges(*two(MILL, MILL), claim(3, source="wire"), claim(4, source="sun"))
    assert all(e.one < e.other and e.reason and 0 < e.strength <= 1 for e in found)


texts = st.sampled_from(
    ["", MILL, PORT, f"{MILL} {PORT}", f"“{SAID}”", f"{SAID} https://t.me/c/1", f"{PORT} {SAID}"]
)
drawn_claims = st.lists(
    st.builds(
        lambda n, outlet, informant, **rest: claim(n, told(outlet, informant), **rest),
        st.integers(0, 30),
        st.sampled_from("ABC"),
        st.sampled_from([None, "mayor of Weir", "police"]),
        source=st.sampled_from(["desk", "wire", "sun"]),
        text=texts,
        day=st.sampled_from([0.0, 2.0, 9.0]),
        number=st.sampled_from([None, "1"]),
    ),
    max_size=8,
    unique_by=lambda c: c.id,
)


@given(drawn_claims, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(drawn, dice: random.Random):
    again = drawn + [c for c in drawn if dice.random() < 0.5]
    dice.shuffle(again)
    assert edges(*again) == edges(*drawn)
    assert origins(*again) == origins(*drawn)


@given(drawn_claims)
def test_the_number_is_never_above_the_origins(drawn):
    found = origins(*drawn)
    assert min(1, len(found)) <= effective(found, edges(*drawn)).number <= len(found)


def test_a_hostile_text_is_soon_read():
    long = "“" * 5000 + "according to " * 5000 + "(" * 5000 + "said " * 5000
    assert labels(claim(1, told("A"), text=long)) == ["A"]


@pytest.mark.parametrize(
    ("listed", "who"),
    [
        ("Police, the mayor of Weir", ["Police", "The mayor of Weir"]),
        ("police and the mayor of Weir", ["Police", "The mayor of Weir"]),
        ("police spokesman, J. Doe", ["Police"]),
        ("J. Doe, R. Roe", ["J. Doe, R. Roe"]),
        ("the mayor of Weir, denied by police", ["The mayor of Weir"]),
        ("police chief; police press office", ["Police"]),
    ],
)
def test_a_list_is_as_many_voices_as_are_known_in_it(listed, who):
    assert labels(claim(1, told("A", listed))) == who
