"""The peer: Django REST framework over the plain tables, with prefetch, as its own documentation advises."""
