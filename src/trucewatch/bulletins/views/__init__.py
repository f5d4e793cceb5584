"""What one kind of viewer may see of a mission, record by record; `door.py` is the only way out."""

from __future__ import annotations

from trucewatch.bulletins.views.composing import drafts
from trucewatch.bulletins.views.door import Door, Draft, Record
from trucewatch.bulletins.views.material import Material, Outlook, last_release
from trucewatch.bulletins.views.sight import Rule, Sight

__all__ = [
    "Door",
    "Draft",
    "Material",
    "Outlook",
    "Record",
    "Rule",
    "Sight",
    "drafts",
    "last_release",
]
