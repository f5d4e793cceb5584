"""The HTTP API: what programs read and send."""
