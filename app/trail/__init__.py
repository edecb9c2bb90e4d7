"""The audit trail as it is read: events, their export, and the proof that nothing of the past was changed."""
