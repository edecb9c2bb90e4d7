"""The assembled read side: facts, questions and comparisons over what is derived. It never changes anything."""
