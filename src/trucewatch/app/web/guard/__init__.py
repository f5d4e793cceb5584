"""What stands before every page and call: hosts, rates, sizes, forms; and the heads of answers."""

from __future__ import annotations

from trucewatch.app.web.guard.forms import FIELD, HEADER, csrf_token
from trucewatch.app.web.guard.guarding import Guard, install

__all__ = ["FIELD", "HEADER", "Guard", "csrf_token", "install"]
