"""Claims in, incidents out: which claims describe one happening, and how sure we are of it."""

from trucewatch.incidents.alternatives import Alternative
from trucewatch.incidents.changes import changes
from trucewatch.incidents.find import find_incidents, get_ready, inseparable
from trucewatch.incidents.fires import find_fires, pixels
from trucewatch.incidents.identity_of import founded_by
from trucewatch.incidents.opened import Contribution, Neighbour, Opened, open_incident
from trucewatch.incidents.parameters import Parameters, SourceParameters
from trucewatch.incidents.parameters_json import fingerprint, load_json, read_values, values_of
from trucewatch.incidents.probability import happened
from trucewatch.incidents.rates import RatePeak, learn_peaks
from trucewatch.incidents.records import (
    Change,
    How,
    LearntFrom,
    ParametersRecord,
    compare_parameters,
    decode_record,
    encode_record,
)
from trucewatch.incidents.static_sources import find_static

__all__ = [
    "Alternative",
    "Change",
    "Contribution",
    "How",
    "LearntFrom",
    "Neighbour",
    "Opened",
    "Parameters",
    "ParametersRecord",
    "RatePeak",
    "SourceParameters",
    "changes",
    "compare_parameters",
    "decode_record",
    "encode_record",
    "find_fires",
    "find_incidents",
    "find_static",
    "fingerprint",
    "founded_by",
    "get_ready",
    "happened",
    "inseparable",
    "learn_peaks",
    "load_json",
    "open_incident",
    "pixels",
    "read_values",
    "values_of",
]
