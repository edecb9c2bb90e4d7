"""A register made through the API."""

from tests.register.conftest import acme

__all__ = ["acme"]
