"""The nouns of Trucewatch: frozen, standard library only."""

from __future__ import annotations

from trucewatch.model.agreements import (
    Agreement,
    Assessment,
    Duty,
    Instrument,
    Outcome,
    Party,
    Provision,
    Trigger,
)
from trucewatch.model.articles import Article, Block, Dropped, Passage, Role
from trucewatch.model.changes import Change, Fate, Move
from trucewatch.model.commitments import Notice, Obligation, Pledge
from trucewatch.model.coverage import Coverage, Pass, RegionDay, Sight, SourceCoverage, Watch
from trucewatch.model.findings import (
    Compliance,
    DayCount,
    Finding,
    Rate,
    RateRatio,
    Responsibility,
    State,
)
from trucewatch.model.identity import content_id
from trucewatch.model.incidents import Incident, Independence, Nature, Origin, Term
from trucewatch.model.kinds import Kind, KindTree, kind_tree
from trucewatch.model.places import Area, Extent, Place, Point, distance_m
from trucewatch.model.reports import (
    Attribution,
    Claim,
    Count,
    Detection,
    Figure,
    IntakeCount,
    Quarantined,
    RawRef,
    Report,
)
from trucewatch.model.sources import Informant, Source, SourceKind
from trucewatch.model.statements import Bound, Quantity, Saying, Stance, Statement
from trucewatch.model.stories import Answer, Behind, Edge, Question, Story, Tie, Variant, Verdict
from trucewatch.model.times import Interval, Window, utc

__all__ = [
    "Agreement",
    "Answer",
    "Area",
    "Article",
    "Assessment",
    "Attribution",
    "Behind",
    "Block",
    "Bound",
    "Change",
    "Claim",
    "Compliance",
    "Count",
    "Coverage",
    "DayCount",
    "Detection",
    "Dropped",
    "Duty",
    "Edge",
    "Extent",
    "Fate",
    "Figure",
    "Finding",
    "Incident",
    "Independence",
    "Informant",
    "Instrument",
    "IntakeCount",
    "Interval",
    "Kind",
    "KindTree",
    "Move",
    "Nature",
    "Notice",
    "Obligation",
    "Origin",
    "Outcome",
    "Party",
    "Pass",
    "Passage",
    "Place",
    "Pledge",
    "Point",
    "Provision",
    "Quantity",
    "Quarantined",
    "Question",
    "Rate",
    "RateRatio",
    "RawRef",
    "RegionDay",
    "Report",
    "Responsibility",
    "Role",
    "Saying",
    "Sight",
    "Source",
    "SourceCoverage",
    "SourceKind",
    "Stance",
    "State",
    "Statement",
    "Story",
    "Term",
    "Tie",
    "Trigger",
    "Variant",
    "Verdict",
    "Watch",
    "Window",
    "content_id",
    "distance_m",
    "kind_tree",
    "utc",
]
