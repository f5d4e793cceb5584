"""The shell: what people and machines call, and the one place that knows the order."""
