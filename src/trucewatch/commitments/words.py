"""The closed lists of the ledger: stages, priorities, domains, approvals and limits."""

from __future__ import annotations

STAGES = (
    "announced",
    "committed",
    "authorised",
    "allocated",
    "delivered",
    "deployed",
    "verified",
    "suspended",
    "withdrawn",
)
"""How far a promise has come; the last two are exits. Stages are never added together."""

EXITS = frozenset({"suspended", "withdrawn"})
"""The stages at which a promise counts no longer, for now or for good."""

KEPT = frozenset({"delivered", "deployed", "verified"})
"""The stages at which what was promised is there."""

POSITION = "position"
"""The stage of what somebody says of a promise who makes none by it."""

STANDINGS = ("reported", "announced", "signed", "in_force", "lapsed")
"""How firm the text is that a statement stands in, rising; "lapsed" is no longer in force."""

PRIORITIES = (
    "framework",
    "monitoring",
    "armed-forces-support",
    "multinational-force",
    "response-to-aggression",
    "long-term-defence-cooperation",
)
"""What a promise serves: the five priorities of the Paris framework, or the framework itself."""

DOMAINS = ("land", "sea", "air")
"""Where a contribution would serve."""

APPROVAL_KINDS = ("parliament", "government", "head-of-state", "court", "other")
"""What sort of body approves."""

APPROVAL_STATES = ("needed", "promised", "consultation", "unclear", "granted", "refused")
"""How far a national approval has come; only "granted" and "refused" are decisions."""

LIMITS = {
    "after-ceasefire": "only once a ceasefire holds",
    "at-request": "only at the request of the state that is helped",
    "away-from-line": "not near the line of contact",
    "commission-open": "the body that it rests on is still to be set up",
    "consent-of-a-party": "only if a party to the conflict consents",
    "day-unknown": "the day is not on record",
    "disputed-by-source": "the figure does not stand in the report that is credited",
    "draft": "from a draft; the published text may differ",
    "intent-only": "an intent, no obligation",
    "mandate-open": "mandate, rules of engagement or legal basis are not settled",
    "national-command": "under national command",
    "national-procedure": "each state by its own laws and constitution",
    "neighbouring-territory-only": "not in the country itself, but in a neighbouring one",
    "no-alliance-troops": "no troops of the alliance",
    "no-troops": "no troops in the country",
    "not-binding": "not binding, or not yet",
    "not-participating": "takes no part",
    "number-open": "no number is fixed",
    "one-account": "as one outlet tells it",
    "party-position": "the position of a party to the conflict",
    "proposed": "what it contributes to is itself only proposed",
    "timing-open": "no hour or day is given",
    "treaty": "within the limits of a treaty",
    "unverified": "another newsroom could not verify it",
}
"""Caveats as codes, each with its words: a code is never made up, so that all can be compared."""
