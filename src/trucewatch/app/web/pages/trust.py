"""Can I trust it? Answered in plain sentences made of what a viewer may see of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.pages.vocabulary import spoken
from trucewatch.app.web.speaking import (
    decimal_words,
    likelihood_words,
    mark,
    ngettext,
    percent_words,
    probability_words,
)
from trucewatch.app.web.speaking import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Body = Mapping[str, Any]

MEANS = {
    "allegation": mark("One party alone tells of it, or nobody who is counted as a voice."),
    "reported": mark("Somebody independent of the parties tells of it, and nobody else does yet."),
    "corroborated": mark("Independent origins tell of it: as many as the mission asks for."),
    "verified": mark("Named reviewers of the mission have confirmed that it happened."),
    "unverifiable": mark("Reviewers have looked, and could neither confirm nor refute it."),
    "refuted": mark("Reviewers have found that it did not happen as told."),
    "exempt": mark("It happened, and the agreement allows it."),
    "duplicate": mark("It is the same event as another incident, and is counted there."),
    "superseded": mark("Another finding has taken its place."),
}
"""What each state of the ladder means."""

OUTCOMES = {
    "breach": mark("Under the agreement, as its words are read here, it would be a breach."),
    "exempt": mark("An exemption of the agreement covers it."),
    "outside": mark("No provision of the agreement reaches it."),
    "undetermined": mark("Whether a provision reaches it cannot be told from what is known."),
    "not assessed": mark("It has not been held against the agreement."),
}


MOST_NAMED = 3
"""So many voices are named in the answer; all of them stand below it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of a reader, its answer, and the part of the page where the reasons stand.

    `firm` is False where the answer is that it is not known, or not enough.
    """

    question: str
    words: str
    where: str
    firm: bool = True


def answers(body: Body) -> list[Answer]:
    """The questions that every reader has, each answered from the record and from nothing else."""
    return [*_happened(body), *_voices(body), *_checked(body), *_seen(body), *_broken(body),
            *_who(body), *_unknown(body)]  # fmt: skip


def verdict(body: Body) -> str:
    """The answer in one sentence: how far to rely on it now."""
    state, origins = body.get("state"), body.get("origins") or 0
    if state == "verified" and not body.get("stale"):
        return _("Yes, as far as named reviewers have confirmed it.")
    if state == "verified":
        return _("Reviewers confirmed it; the evidence has changed since they looked.")
    if state == "refuted":
        return _("No: reviewers have found that it did not happen as told.")
    if state in {"duplicate", "superseded"}:
        return _("Look at the other incident: this one is not counted.")
    if state == "unverifiable":
        return _("Nobody can say: reviewers could neither confirm nor refute it.")
    if body.get("nature") in {"fire", "static_source"}:
        return _("That it was hot there, yes; that is no act, and nobody says here what burned.")
    if state == "allegation" and origins:
        return _("Not on its own: it is a party's word, and nobody independent tells of it.")
    if origins >= 2:
        return _("In good part: independent origins agree, and no person has confirmed it yet.")
    if origins == 1:
        return _("Not on its own: one origin alone tells of it, and no person has confirmed it.")
    return _("No: no independent origin stands behind it.")


def _happened(body: Body) -> Iterator[Answer]:
    p = body.get("probability")
    means = _(MEANS[body["state"]]) if body.get("state") in MEANS else ""
    if p is None:
        yield Answer(_("Did it happen?"), means, "history", firm=False)
        return
    words = _("%(likely)s (%(figure)s).") % {
        "likely": likelihood_words(p).capitalize(),
        "figure": probability_words(p),
    }
    yield Answer(_("Did it happen?"), f"{words} {means}", "probability", firm=p >= 0.5)


def _voices(body: Body) -> Iterator[Answer]:
    n, accounts = body.get("origins") or 0, body.get("accounts")
    words = voices(body)
    if accounts is not None:
        words += " " + ngettext(
            "%(num)s account in all: copies and quotations of one origin count once.",
            "%(num)s accounts in all: copies and quotations of one origin count once.",
            accounts,
        ) % {"num": accounts}
    if named := _named(body):
        words = f"{named} {words}"
    yield Answer(_("Who says so?"), words, "origins", firm=n > 1)


def voices(body: Body) -> str:
    """How many independent voices stand behind it: a party's word is none, however it is told."""
    n = body.get("origins") or 0
    if not n:
        return _("No origin that counts as an independent voice.")
    if body.get("state") == "allegation":
        return _("Nobody independent of the parties.")
    return ngettext("%(num)s independent origin.", "%(num)s independent origins.", n) % {"num": n}


def _named(body: Body) -> str:
    """Whose word it is, and where it was read; no sentence where the viewer may see no name."""
    voices, read_in = _some(body.get("origin_labels")), _some(body.get("sources"))
    if voices and read_in and voices != read_in:
        return _("%(voices)s, by way of %(sources)s.") % {"voices": voices, "sources": read_in}
    return f"{voices or read_in}." if voices or read_in else ""


def _some(names: list[str] | None) -> str:
    """The first of them, each kept apart from the direction of the words around it."""
    given = names or []
    shown = [f"\u2068{name}\u2069" for name in given[:MOST_NAMED]]
    return "; ".join(shown) + ("; …" if len(given) > MOST_NAMED else "")


def _checked(body: Body) -> Iterator[Answer]:
    if "provisional" not in body:
        return
    standard = body.get("standard")
    proof = (
        ""
        if standard in {None, "", "none"}
        else _("Standard of proof: %(standard)s.") % {"standard": spoken(standard)}
    )
    if body["provisional"]:
        words = _("No. What is told here was put together by rules, and is provisional.")
        if body.get("asked"):
            words += " " + _("A reviewer has asked for more.")
    elif by := body.get("reviewed_by"):
        words = _("Yes, by %(offices)s.") % {"offices": ", ".join(by)}
    else:
        words = _("Yes, by reviewers of the mission.")
    if body.get("stale"):
        words += " " + _("The evidence is no longer what they looked at.")
    yield Answer(
        _("Has a person checked it?"),
        f"{words} {proof}".strip(),
        "history",
        firm=not body["provisional"] and not body.get("stale"),
    )


def _seen(body: Body) -> Iterator[Answer]:
    if "seen_share" not in body:
        return
    share = body["seen_share"]
    if share is None:
        words = _("It is not known how much of that place anybody could see at that time.")
    else:
        words = _("Those who watch could see about %(share)s of that place at that time.") % {
            "share": percent_words(share)
        }
    if share is None or share < 0.5:
        words += " " + _("That nobody else reports it says little.")
    yield Answer(_("Could anybody else have seen it?"), words, "origins", firm=(share or 0) >= 0.5)


def _broken(body: Body) -> Iterator[Answer]:
    outcome = body.get("outcome")
    if outcome in OUTCOMES:
        yield Answer(
            _("Does it break the agreement?"),
            _(OUTCOMES[outcome]),
            "provisions",
            firm=outcome not in {"undetermined", "not assessed"},
        )


def _who(body: Body) -> Iterator[Answer]:
    attribution = body.get("attribution")
    if attribution is None:
        return
    if attribution == "withheld":
        words = _("Not said. Attribution is withheld until a named body decides on it.")
    else:
        words = _("%(party)s, %(how)s by %(body)s.") % {
            "party": body.get("responsible") or _("somebody"),
            "how": _("assessed") if attribution == "assessed" else _("determined"),
            "body": body.get("determined_by") or _("a named body"),
        }
    yield Answer(_("Who did it?"), words, "history", firm=attribution != "withheld")


def _unknown(body: Body) -> Iterator[Answer]:
    """What the record itself says that it does not know."""
    parts = []
    place = body.get("place") or {}
    if place.get("grid_m"):
        parts.append(
            _("The place is told as a cell of %(km)s km.")
            % {"km": decimal_words(place["grid_m"] / 1000, 0)}
        )
    elif error := place.get("error_m"):
        parts.append(
            _("The place is known to within about %(km)s km (one standard error).")
            % {"km": decimal_words(error / 1000, 1 if error < 10_000 else 0)}
        )
    if body.get("first_day") != body.get("last_day"):
        parts.append(_("The day is not known for certain."))
    # Where the viewer may not see counts, nothing is said of them.
    if "counts" in body and not body["counts"]:
        parts.append(_("No account gives a number of casualties."))
    if parts:
        yield Answer(_("What is not known?"), " ".join(parts), "where", firm=False)
