"""Documents: what a controller published, and what it prints."""
