"""Claims in, origins out: who copied, quoted or repeated whom."""

from trucewatch.origins.behind import behind
from trucewatch.origins.find import find_origins

__all__ = ["behind", "find_origins"]
