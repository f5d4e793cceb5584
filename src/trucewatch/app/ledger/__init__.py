"""What states have promised: views of the ledger, and what people enter in it."""
