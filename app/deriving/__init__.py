"""Derived rows: what follows from what is stated, written in the same change."""
