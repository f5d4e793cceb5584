"""The desk: articles read, stories told, pledges reported."""
