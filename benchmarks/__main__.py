"""Runs every benchmark that has a floor."""

from __future__ import annotations

import sys

from benchmarks.check_floors import main

if __name__ == "__main__":
    sys.exit(main())
