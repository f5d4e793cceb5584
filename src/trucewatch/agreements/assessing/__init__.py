"""One incident under one provision: what is meant, how far it reaches, and the rules in order."""
