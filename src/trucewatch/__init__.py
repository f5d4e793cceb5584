"""Trucewatch watches a ceasefire and the promises made around it."""

from importlib.metadata import version as _version

__version__ = _version("trucewatch")
