"""Promises of the register, kept on SQLite and on PostgreSQL."""
