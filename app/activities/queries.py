"""The SELECTs over activities and statements."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, union

from app.activities.schemas import ActivityQuery
from app.activities.tables import (
    ACTIVITIES,
    Activity,
    ActivityRevision,
    CollectionSource,
    Mechanism,
    RoleDetail,
    StatementData,
    StatementLink,
    StatementRow,
    TransferDetail,
)
from app.audit import User
from app.controllers.queries import find_controller_ids
from app.documents.queries import find_document_ids
from app.platform.database import Query, ReadSession
from app.platform.revisions import State, alive, find, find_keys
from app.recipients.queries import find_recipient_ids


@dataclass(frozen=True)
class LiveStatement:
    """A live statement of an activity."""

    id: int
    document_id: int
    body: str


def find_activity(session: ReadSession, reference: str) -> State:
    """Return an activity by code or id, or raise NotFound."""
    return find(session, ACTIVITIES, reference)


def find_activity_ids(session: ReadSession, references: Iterable[str], parameter: str) -> list[int]:
    """Return the keys of activities that a filter names, or refuse the first unknown one."""
    return find_keys(session, ACTIVITIES, references, parameter, "activities")


def exists_activity(session: ReadSession, code: str) -> bool:
    """Tell whether a live activity has this code."""
    query = (
        select(Activity.id)
        .join(ActivityRevision, ActivityRevision.owner_id == Activity.id)
        .where(Activity.code == code, alive(ActivityRevision, session.at))
    )
    return session.first(query) is not None


def live_statements(session: ReadSession, activity_id: int) -> dict[tuple[str, str], LiveStatement]:
    """Return the live statements of an activity by (kind, key)."""
    row = StatementRow
    query = select(row.id, row.kind, row.key, row.document_id, row.body).where(
        row.activity_id == activity_id, alive(row, session.at)
    )
    return {(r.kind, r.key): LiveStatement(r.id, r.document_id, r.body) for r in session.all(query)}


def conditions(session: ReadSession, query: ActivityQuery) -> list[ColumnElement[bool]]:
    """Translate the filters of activities."""
    chosen: list[ColumnElement[bool]] = []
    if query.controller:
        chosen.append(Activity.controller_id.in_(find_controller_ids(session, query.controller, "controller")))
    if query.scope:
        chosen.append(ActivityRevision.scope.in_(query.scope))
    live = select(StatementRow.activity_id).where(alive(StatementRow, session.at))
    if query.document:
        ids = find_document_ids(session, query.document, "document")
        chosen.append(Activity.id.in_(live.where(StatementRow.document_id.in_(ids))))
    if query.recipient:
        ids = find_recipient_ids(session, query.recipient, "recipient")
        named = select(TransferDetail.statement_id).where(TransferDetail.recipient_id.in_(ids))
        chosen.append(Activity.id.in_(live.where(StatementRow.id.in_(named))))
    return chosen


def users_of_statements(session: ReadSession, resource: str, key: int) -> list[User]:
    """Return the statements that use a term, a recipient or a document, and a controller's activities."""
    if resource == "controller":
        query = (
            select(Activity.code)
            .join(ActivityRevision, ActivityRevision.owner_id == Activity.id)
            .where(Activity.controller_id == key, alive(ActivityRevision, session.at))
            .order_by(Activity.code)
        )
        return [User("activity", row.code) for row in session.all(query)]
    using = _statements_using(resource, key)
    if using is None:
        return []
    row = StatementRow
    users = (
        select(Activity.code, row.kind, row.key)
        .join(row, row.activity_id == Activity.id)
        .where(row.id.in_(using), alive(row, session.at))
        .order_by(Activity.code, row.kind, row.key)
    )
    return [User("activity", r.code, f"{r.kind}/{r.key}") for r in session.all(users)]


def _statements_using(resource: str, key: int) -> Query | None:
    if resource == "term":
        parts = [
            select(StatementLink.statement_id).where(StatementLink.term_id == key),
            select(StatementData.statement_id).where(
                or_(StatementData.category_id == key, StatementData.item_id == key)
            ),
            select(Mechanism.statement_id).where(or_(Mechanism.term_id == key, Mechanism.contract_type_id == key)),
        ]
    elif resource == "recipient":
        parts = [
            select(TransferDetail.statement_id).where(TransferDetail.recipient_id == key),
            select(CollectionSource.statement_id).where(CollectionSource.recipient_id == key),
            select(RoleDetail.statement_id).where(RoleDetail.counterpart_id == key),
        ]
    elif resource == "document":
        parts = [
            select(StatementRow.id).where(StatementRow.document_id == key),
            select(StatementLink.statement_id).where(StatementLink.document_id == key),
            select(Mechanism.statement_id).where(Mechanism.document_id == key),
        ]
    else:
        return None
    found = union(*parts).subquery()
    return select(found.c[0])
