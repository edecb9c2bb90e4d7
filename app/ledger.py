"""The ledger with what every change brings along from upper floors: who uses a thing, and what is derived from it."""

import gc

from app.activities.queries import users_of_statements
from app.audit import Hooks, Ledger
from app.deriving.derive import refresh
from app.documents.queries import users_of_document
from app.platform.database import Database
from app.platform.settings import Settings
from app.recipients.queries import users_of_recipient
from app.vocabularies.queries import users_of_term


def hooks() -> Hooks:
    """Return what upper floors add to every change."""
    users = (users_of_term, users_of_recipient, users_of_document, users_of_statements)
    return Hooks(user_queries=users, finishers=(refresh,))


def create_ledger(settings: Settings) -> Ledger:
    """Open the register's database."""
    gc.set_threshold(50_000, 20, 50)  # until now it rested: see app/__init__.py
    return Ledger(Database(settings), hooks())
