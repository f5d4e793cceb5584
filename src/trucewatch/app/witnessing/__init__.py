"""Witnesses of a mission: asking them, keeping what they said, and what it is worth."""
