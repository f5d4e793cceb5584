"""Scored sets with committed floors: `python -m benchmarks`, or `make bench`."""
