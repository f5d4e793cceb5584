"""What each kind of viewer may see, as a file of its own: made at the door, asked by pages."""
