"""Zones on the ground: areas and buffers in metres, and the share of an uncertain place in them."""
