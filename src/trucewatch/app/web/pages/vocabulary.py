"""Short words and sentences that other packages say in English, marked so that they are translated.

Whoever adds one there adds it here; a test holds the lists that are whole against their homes.
"""

from __future__ import annotations

from trucewatch.app.web.speaking import gettext
from trucewatch.app.web.speaking import mark as N_  # noqa: N812  # the usual name of a mark

GRAVITY = (
    N_("outside the agreement, or exempt"),
    N_("may be a breach"),
    N_("held to be a breach"),
    N_("somebody is said to be hurt"),
    N_("somebody is said to be killed"),
)
EFFECTS = (
    N_("holds"),
    N_("waits for a second"),
    N_("superseded"),
    N_("taken back"),
    N_("recorded"),
    N_("counts for nothing"),
)
ENTERED = (
    N_("review"),
    N_("determination"),
    N_("attribution"),
    N_("notified"),
    N_("reply"),
    N_("dissent"),
    N_("ask"),
    N_("release"),
    N_("split"),
    N_("merge"),
)
NATURES = (N_("fire"), N_("static source"))
TERMS = (N_("place"), N_("time"), N_("kind"), N_("rate"), N_("detection"))
PARAMETERS = (N_("defaults"), N_("learnt"), N_("given"))
COUNTED = (
    N_("killed"),
    N_("wounded"),
    N_("injured"),
    N_("civilians killed"),
    N_("side a killed"),
    N_("side b killed"),
    N_("killed, side unknown"),
    N_("attacks"),
    N_("drones"),
    N_("missiles"),
)
PROOF = (
    N_("none"),
    N_("reasonable suspicion"),
    N_("reasonable grounds to believe"),
    N_("balance of probabilities"),
    N_("clear and convincing"),
    N_("beyond reasonable doubt"),
)
MEASURES = (
    N_("at least reported"),
    N_("at least corroborated"),
    N_("at least verified"),
    N_("refuted"),
    N_("event to receipt"),
    N_("receipt to ruling"),
    N_("event to ruling"),
    N_("events per watched ground"),
)
ROLES = (
    N_("public"),
    N_("lead"),
    N_("reviewer"),
    N_("analyst"),
    N_("desk"),
    N_("observer"),
    N_("party"),
    N_("member"),
    N_("field"),
)
SCOPES = {
    "read": N_("see what you see"),
    "report": N_("send reports from the field"),
    "review": N_("rule on findings"),
    "reply": N_("reply for a party"),
    "notice": N_("enter notices"),
}
FAULTS = (
    N_("a password has 12 characters or more: three words will do"),
    N_("the password repeats itself: choose another"),
    N_("the password is one that is guessed first: choose another"),
    N_("the password is little more than a name that lies close: choose another"),
    N_("the password was breached elsewhere: choose another"),
    N_("a report says something: this one is empty"),
    N_("choose what you rule"),
    N_("tick the accounts that tell of something else"),
    N_("say why you must know it"),
    N_("say what you saw: load the page anew"),
)
REGIONS = (N_("no region can be told"), N_("outside the mission's regions"))
FIELDS = {
    "kind": N_("What happened"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "error_m": N_("How exact"),
    "region": N_("Region"),
    "place": N_("Name of the place"),
    "from": N_("From"),
    "until": N_("Until, if it lasted"),
    "zone": N_("Time zone of your clock"),
    "words": N_("What you saw and heard, and what you were told by whom"),
    "killed": N_("Killed"),
    "wounded": N_("Wounded"),
}


NOTED = {
    "identity": N_("identity behind a seal"),
    "bytes": N_("bytes of a record, or a picture"),
    "joined": N_("why accounts were joined"),
    "notices": N_("deconfliction notices"),
    "contacts": N_("contacts over the hotline"),
    "reads": N_("who looked at what"),
    "sign-in": N_("signed in"),
    "failed": N_("sign-in failed"),
    "sign-out": N_("signed out everywhere"),
    "password": N_("password set"),
    "token": N_("token made"),
    "revoke": N_("token revoked"),
    "remove": N_("account removed"),
    "factor": N_("second factor changed"),
    "refused": N_("refused"),
}
ENTRANCES = {
    "password": N_("by password"),
    "provider": N_("by the provider"),
    "password and code": N_("by password and code"),
    "password and recovery code": N_("by password and recovery code"),
    "provider and code": N_("by the provider and a code"),
    "provider and recovery code": N_("by the provider and a recovery code"),
    "token": N_("by a token"),
    "command line": N_("by the command line"),
}


def noted_word(what: str) -> str:
    """What was noted of somebody, in words."""
    return gettext(NOTED.get(what, what))


def entrance_word(how: str) -> str:
    """By what somebody had got in, in words."""
    sort = "token" if how.startswith("token ") else how
    return gettext(ENTRANCES.get(sort, how))


def spoken(words: str | None) -> str:
    """English words of another package in the language that is spoken; themselves if unknown."""
    return gettext(words) if words else ""


def field_word(name: str) -> str:
    """What a field of a report is called on its form."""
    return gettext(FIELDS.get(name, name))


def scope_words(scope: str) -> str:
    """What a token with a scope may do."""
    return gettext(SCOPES.get(scope, scope))
