"""What is derived follows from what is stated, whatever is written."""
