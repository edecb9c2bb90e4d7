"""Commands for work on the product's own files; the service does not need them."""
