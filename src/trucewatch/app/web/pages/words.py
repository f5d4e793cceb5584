"""Words of closed lists that pages show, marked once so that every catalogue has them."""

from __future__ import annotations

from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import mark as N_  # noqa: N812 -- the usual name of a mark

STANDINGS = {
    "reported": N_("reported only"),
    "announced": N_("announced"),
    "signed": N_("signed"),
    "in_force": N_("in force"),
    "lapsed": N_("lapsed"),
}
EDITIONS = {
    "draft": N_("draft"),
    "published": N_("published text"),
    "amended": N_("amended text"),
}
DUTIES = {
    "forbid": N_("forbids"),
    "require": N_("requires"),
    "permit": N_("permits"),
}
OUTCOMES = {
    "breach": N_("breach"),
    "exempt": N_("exempt"),
    "outside": N_("outside"),
    "undetermined": N_("undetermined"),
}
STAGES = {
    "position": N_("a position, no promise"),
    "announced": N_("announced"),
    "committed": N_("committed"),
    "authorised": N_("authorised"),
    "allocated": N_("allocated"),
    "delivered": N_("delivered"),
    "deployed": N_("deployed"),
    "verified": N_("verified"),
    "suspended": N_("suspended"),
    "withdrawn": N_("withdrawn"),
}
PRIORITIES = {
    "framework": N_("Framework"),
    "monitoring": N_("Monitoring"),
    "armed-forces-support": N_("Support of armed forces"),
    "multinational-force": N_("Multinational force"),
    "response-to-aggression": N_("Response to aggression"),
    "long-term-defence-cooperation": N_("Long-term defence"),
}
DOMAINS = {"land": N_("land"), "sea": N_("sea"), "air": N_("air")}
AUTHORISED = {
    "granted": N_("approved"),
    "refused": N_("refused"),
    "outstanding": N_("approval outstanding"),
    "none on record": N_("no approval on record"),
}
CLOCKS = {
    "event": N_("from the event"),
    "determination": N_("from the determination"),
}
PROGRESS = {
    "open": N_("open"),
    "taken": N_("taken"),
    "declined": N_("declined"),
    "paused": N_("paused"),
    "disputed": N_("disputed"),
    "cancelled": N_("cancelled"),
    "done": N_("done"),
    "overdue": N_("overdue"),
    "waits": N_("waits for a determination"),
}
AWAITED = {
    "approval": N_("approval"),
    "delivery": N_("delivery"),
    "validity": N_("validity ends"),
}
VERDICTS = {
    "agreed": N_("agreed"),
    "compatible": N_("compatible"),
    "disputed": N_("disputed"),
    "single origin": N_("single origin"),
    "changed over time": N_("changed over time"),
}
GRADES = {
    "recorded": N_("recorded"),
    "append-only": N_("append-only"),
    "finding-grade": N_("finding-grade"),
}
KINDS = {
    "satellite": N_("satellite"),
    "sensor": N_("sensor"),
    "patrol": N_("patrol"),
    "official": N_("official"),
    "party": N_("party"),
    "press": N_("press"),
    "resident": N_("resident"),
    "coder": N_("coder of events"),
}
NOTICES = {
    "submitted": N_("submitted"),
    "acknowledged": N_("acknowledged"),
    "amended": N_("amended"),
    "cancelled": N_("cancelled"),
    "movement": N_("movement"),
    "site": N_("site"),
}
ACTS = {
    "opened": N_("opened by the evidence"),
    "determined": N_("determined to be a breach"),
    "ran out": N_("ran out"),
    "cancelled": N_("cancelled"),
    "take": N_("taken"),
    "decline": N_("declined"),
    "pause": N_("paused"),
    "resume": N_("resumed"),
    "dispute": N_("disputed"),
    "settle": N_("dispute settled"),
    "extend": N_("extended"),
    "escalate": N_("escalated"),
    "fulfil": N_("fulfilled"),
}
VIEWS = {
    "reports": N_("By the party that reports"),
    "accused": N_("By the party that a body has held responsible"),
    "side": N_("By the side of the line"),
}
DRAWN = {"polygon": N_("an area"), "line": N_("a line"), "corridor": N_("a corridor")}
SIGHTS = {
    "reported": N_("reported"),
    "quiet": N_("quiet"),
    "unobserved": N_("unobserved"),
}
DECISIONS = {
    "breach": N_("breaches"),
    "attribution": N_("who is responsible"),
    "obligation": N_("obligations"),
    "exemption": N_("exemptions"),
    "approval": N_("approvals"),
    "publish": N_("publish"),
    "open": N_("open a response"),
    "attribute": N_("attribute"),
}
_LISTS = {
    "view": VIEWS,
    "drawn": DRAWN,
    "sight": SIGHTS,
    "decision": DECISIONS,
    "standing": STANDINGS,
    "edition": EDITIONS,
    "duty": DUTIES,
    "outcome": OUTCOMES,
    "stage": STAGES,
    "priority": PRIORITIES,
    "domain": DOMAINS,
    "authorised": AUTHORISED,
    "clock": CLOCKS,
    "progress": PROGRESS,
    "awaited": AWAITED,
    "verdict": VERDICTS,
    "grade": GRADES,
    "kind": KINDS,
    "notice": NOTICES,
    "act": ACTS,
}


def word(code: str | None, of: str) -> str:
    """The word of a code in the language that is spoken; the code itself where none is known."""
    if code is None:
        return _("not known")
    known = _LISTS[of].get(code)
    return code.replace("_", " ") if known is None else _(known)


def hours_words(hours: float) -> str:
    """A span of time to the minute, "22 h 05 min"; over three days in days and hours."""
    minutes = round(abs(hours) * 60)
    if minutes >= 72 * 60:
        days, rest = divmod(minutes, 24 * 60)
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": rest // 60}
    return _("%(hours)s h %(minutes)s min") % {
        "hours": minutes // 60,
        "minutes": f"{minutes % 60:02}",
    }
