"""Runs migrations on the database of ENVANTER_DATABASE_URL in one transaction, with a lock timeout."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, create_engine, pool

import app.activities.tables
import app.audit
import app.auth.tables
import app.controllers.tables
import app.deriving.tables
import app.documents.tables
import app.recipients.tables
import app.vocabularies.tables  # noqa: F401 - all tables are known to the metadata
from app.platform.database import Base, Database
from app.platform.instants import UtcTime
from app.platform.settings import Settings

config = context.config


def render_item(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write the product's own types as what they are in the database."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is None:
    settings = config.attributes.get("settings") or Settings()
    engine = create_engine(Database(settings).url, poolclass=pool.NullPool)
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
elif isinstance(given, Connection):
    run(given)
else:
    with given.connect() as opened:
        run(opened)
