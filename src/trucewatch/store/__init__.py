"""The projection: what the log says, in a form that can be asked. Rebuilt at any time."""

from __future__ import annotations

from trucewatch.store.codec import decode, encode
from trucewatch.store.opening import open_store
from trucewatch.store.projection import Derived, Found, Store, StoreState

__all__ = ["Derived", "Found", "Store", "StoreState", "decode", "encode", "open_store"]
