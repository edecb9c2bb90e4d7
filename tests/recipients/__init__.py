"""Recipients: named ones and classes, shared and a controller's own."""
