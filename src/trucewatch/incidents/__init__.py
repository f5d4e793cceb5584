"""Claims in, incidents out: which claims describe one happening, and how sure we are of it."""

from trucewatch.incidents.changes import changes
from trucewatch.incidents.find import find_incidents, get_ready
from trucewatch.incidents.fires import find_fires, pixels
from trucewatch.incidents.identity_of import founded_by
from trucewatch.incidents.parameters import Parameters, SourceParameters
from trucewatch.incidents.probability import happened
from trucewatch.incidents.rates import RatePeak, learn_peaks
from trucewatch.incidents.static_sources import find_static

__all__ = [
    "Parameters",
    "RatePeak",
    "SourceParameters",
    "changes",
    "find_fires",
    "find_incidents",
    "find_static",
    "founded_by",
    "get_ready",
    "happened",
    "learn_peaks",
    "pixels",
]
