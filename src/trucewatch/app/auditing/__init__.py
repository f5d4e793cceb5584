"""What the auditor is asked from the command line."""
