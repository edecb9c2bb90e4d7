"""The notice: what it contains, what it leaves out, what it says is missing."""
