"""Deconfliction: what was notified, what became of it, and which incidents may have touched it.

A notice is no permission and no guarantee, and nothing of it is ever published.
"""

from __future__ import annotations

from trucewatch.commitments.notices.hotline import contacts_at, read_contact
from trucewatch.commitments.notices.matching import match
from trucewatch.commitments.notices.moments import read_moment
from trucewatch.commitments.notices.reading import (
    NoticesRead,
    read_act,
    read_notice,
    read_notices,
    read_reason,
)
from trucewatch.commitments.notices.standing import (
    DISCLAIMERS,
    lead_needed,
    notices_at,
    stray_acts,
)

__all__ = [
    "DISCLAIMERS",
    "NoticesRead",
    "contacts_at",
    "lead_needed",
    "match",
    "notices_at",
    "read_act",
    "read_contact",
    "read_moment",
    "read_notice",
    "read_notices",
    "read_reason",
    "stray_acts",
]
