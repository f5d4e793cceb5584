"""Drills: a script of made-up events, played on a mission of its own by the script's clock."""
