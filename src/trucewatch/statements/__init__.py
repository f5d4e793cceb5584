"""Articles in, statements out: who says or does what, about what, when, on which words."""

from trucewatch.statements.find import find_statements, reads
from trucewatch.statements.listings import priority
from trucewatch.statements.proposals import Accepted, Proposal, accept, is_proposed

__all__ = [
    "Accepted",
    "Proposal",
    "accept",
    "find_statements",
    "is_proposed",
    "priority",
    "reads",
]
