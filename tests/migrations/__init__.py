"""The schema: built, taken down and built again, and the rules that it holds by itself."""
