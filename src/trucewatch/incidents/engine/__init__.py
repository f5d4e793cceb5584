"""Association as arrays: reports in, happenings and probabilities out, with no nouns."""

from trucewatch.incidents.engine.arrays import Reports, by_content
from trucewatch.incidents.engine.associate import Association, Settings, associate
from trucewatch.incidents.engine.model import Parameters

__all__ = ["Association", "Parameters", "Reports", "Settings", "associate", "by_content"]
