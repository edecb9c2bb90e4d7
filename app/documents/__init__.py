"""Documents: what a controller published or declared, with what it prints."""
