"""The audit trail: what it says of every change, and that nothing of the past changes unnoticed."""
