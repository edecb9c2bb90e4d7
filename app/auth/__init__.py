"""Who calls, and what they may do."""

from app.auth.callers import Caller, CallerDep, current_caller

__all__ = ["Caller", "CallerDep", "current_caller"]
