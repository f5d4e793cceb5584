"""The situation and the list of incidents, as pages."""
