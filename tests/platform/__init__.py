"""What every resource shares: lists, problems, revisions, two writers at once."""
