"""Association as arrays: reports in, happenings and probabilities out, with no nouns."""

from trucewatch.incidents.engine.arrays import Reports, by_content
from trucewatch.incidents.engine.associate import Association, associate
from trucewatch.incidents.engine.live import Live
from trucewatch.incidents.engine.model import Parameters, Table
from trucewatch.incidents.engine.solve import Settings, Solved, solve

__all__ = [
    "Association",
    "Live",
    "Parameters",
    "Reports",
    "Settings",
    "Solved",
    "Table",
    "associate",
    "by_content",
    "solve",
]
