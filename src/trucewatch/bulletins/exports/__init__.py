"""Takes what a viewer may see of incidents; gives files that other programs open."""

from __future__ import annotations

from trucewatch.bulletins.exports.formats import FORMATS, Format
from trucewatch.bulletins.exports.geojson import dense, feature
from trucewatch.bulletins.exports.head import Head
from trucewatch.bulletins.exports.rows import COLUMNS, Column, Spot, row_of, spot

__all__ = [
    "COLUMNS",
    "FORMATS",
    "Column",
    "Format",
    "Head",
    "Spot",
    "dense",
    "feature",
    "row_of",
    "spot",
]
