"""The web application and the HTTP API: what each viewer may see of a mission, and may do."""
