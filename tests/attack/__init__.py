"""Attacks: what a hostile or careless caller sends, generated."""
