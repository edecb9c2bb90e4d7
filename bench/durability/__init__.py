"""Kills the server, and now and then the database, while many write; then looks whether anything is missing or half.

`python -m bench.durability` is the run; docs/durability.md says what it promises and what it found.
"""
