"""The agreement in force: checked, shown and drawn."""
