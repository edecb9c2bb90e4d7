"""Promises of the pages, kept in a real browser."""
