"""The read side: facts, questions, comparisons, and what is derived for them."""
