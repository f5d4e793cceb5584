"""Where somebody may go who is signed in but still owes the second factor."""

from __future__ import annotations

FACTOR = "/account/factor"
"""The page to set it up."""

OPEN = frozenset({FACTOR, f"{FACTOR}/confirm", "/sign-out"})
"""That page, its form, and the way out: anything else sends back to it."""
