"""History: the revisions of every resource, what changed between them, how to bring one back, how to follow changes."""
