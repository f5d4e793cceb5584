"""`agreement.yaml` and its zone files: their form, their faults and doubts, and their nouns."""
