"""Claims in, origins out: who copied, quoted or repeated whom."""

from trucewatch.origins.behind import behind
from trucewatch.origins.dependence import learn_dependence
from trucewatch.origins.descent import descent
from trucewatch.origins.find import find_origins
from trucewatch.origins.graph import graph
from trucewatch.origins.independence import Ties, effective, source_origin

__all__ = [
    "Ties",
    "behind",
    "descent",
    "effective",
    "find_origins",
    "graph",
    "learn_dependence",
    "source_origin",
]
