"""Import and export of register bundles."""
