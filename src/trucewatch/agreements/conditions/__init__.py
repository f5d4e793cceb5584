"""Conditions in CEL: their grammar, their check, and what is known of an incident for them."""
