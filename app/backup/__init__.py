"""Backup, restore and check: whole copies of a register, made while it is written to, and proof of what came back."""
