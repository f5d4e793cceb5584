"""The log itself: entries made durable, tiles built from them, checkpoints signed."""
