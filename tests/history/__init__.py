"""History: words, differences, restoring, following, and the past to the letter."""
