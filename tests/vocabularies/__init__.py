"""Vocabularies: official, common and controllers' own terms."""
