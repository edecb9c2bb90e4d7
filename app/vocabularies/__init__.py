"""Vocabularies: official lists, common terms and each controller's own wording."""
