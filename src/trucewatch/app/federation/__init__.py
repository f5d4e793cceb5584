"""Another site of the mission: its log is taken over, audited first, and its reports count here."""
