"""Claims in, origins out: who copied, quoted or repeated whom."""

from trucewatch.origins.find import find_origins

__all__ = ["find_origins"]
