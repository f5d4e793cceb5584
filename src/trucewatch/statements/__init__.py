"""Articles in, statements out: who says or does what, about what, when, on which words."""

from trucewatch.statements.find import find_statements, reads

__all__ = ["find_statements", "reads"]
