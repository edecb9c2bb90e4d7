"""Measures every hot request of the register against a floor and a peer that do the same work."""
