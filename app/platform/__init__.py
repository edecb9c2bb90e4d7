"""Settings, database, errors, listing: nothing in here knows about data protection."""
