"""Why: from a figure that a bulletin prints down to the bytes it rests on."""
