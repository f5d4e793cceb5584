"""The parameters in force: shown, learnt, or stated by a person."""
