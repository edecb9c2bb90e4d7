"""The read side: facts, questions and comparisons."""
