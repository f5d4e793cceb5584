"""What leaves the mission: bulletins, their corrections, alerts."""
