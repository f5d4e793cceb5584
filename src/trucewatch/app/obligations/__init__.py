"""What has fallen due, why, and what bodies decide on it."""
