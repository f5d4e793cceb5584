"""Time stamps of an authority on checkpoints: asked for, verified, kept, and told."""
