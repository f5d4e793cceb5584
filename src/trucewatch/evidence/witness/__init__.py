"""A participating state's cosigner: it signs only what has grown out of what it signed before."""
