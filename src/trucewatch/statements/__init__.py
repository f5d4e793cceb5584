"""Articles in, statements out: who says or does what, about what, when, on which words."""
