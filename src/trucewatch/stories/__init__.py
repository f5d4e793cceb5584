"""Articles and statements in, stories out: what is agreed, what is disputed, who said it first."""

from __future__ import annotations

from trucewatch.stories.actions import same_event
from trucewatch.stories.aligning import align
from trucewatch.stories.events import Mention, one_event
from trucewatch.stories.grouping import group
from trucewatch.stories.settling import settle

__all__ = ["Mention", "align", "group", "one_event", "same_event", "settle"]
