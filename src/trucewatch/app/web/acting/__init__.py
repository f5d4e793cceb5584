"""What people enter through the application: the same acts for pages and API."""
