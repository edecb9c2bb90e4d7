"""What the assembled register answers, and that it is always true."""
