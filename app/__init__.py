"""Envanter: a register of personal-data processing for Turkish law (KVKK, Law No. 6698)."""

__version__ = "0.1.0"
