"""Which documents a change concerns: their statements may be derived otherwise since."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlalchemy.orm import aliased

from app.activities.tables import Mechanism, StatementData, StatementLink, StatementRow, TransferDetail
from app.deriving.sides import later_versions
from app.deriving.tables import MechanismRow
from app.platform.database import Query, ReadSession
from app.platform.prepared import chunks, rows_of, within
from app.platform.revisions import alive
from app.recipients.tables import RecipientRevision
from app.vocabularies.tables import ItemCategory, Term, TermBroader


def affected(session: ReadSession, touched: Iterable[tuple[str, int]]) -> set[int]:
    """Name the documents whose derived rows a change may alter."""
    by_kind: dict[str, set[int]] = defaultdict(set)
    for resource, key in touched:
        by_kind[resource].add(key)
    documents = by_kind["document"] | later_versions(session, by_kind["document"])
    documents |= {row.document_id for row in rows_of(session, _documents_of_activities, by_kind["activity"])}
    row = StatementRow
    using = [*_using_terms(by_kind["term"]), *_using_recipients(_with_members(session, by_kind["recipient"]))]
    for statements in using:
        query = select(row.document_id).distinct().where(_in_activities_of(statements), alive(row, None))
        documents |= {found.document_id for found in session.all(query)}
    return documents


@cache
def _documents_of_activities(_: object) -> Query:
    row = StatementRow
    return select(row.document_id).distinct().where(within(row.activity_id), alive(row, None))


def _in_activities_of(statements: Query) -> ColumnElement[bool]:
    """Condition that a statement stands in an activity of these: its collections may serve every document there."""
    using = aliased(StatementRow)
    return StatementRow.activity_id.in_(select(using.activity_id).where(using.id.in_(statements), alive(using, None)))


def _using_terms(terms: set[int]) -> Iterable[Query]:
    for part in chunks(terms):
        below = select(TermBroader.term_id).where(TermBroader.broader_id.in_(part), alive(TermBroader, None))
        wanted = union(below, select(TermBroader.term_id).where(TermBroader.term_id.in_(part))).subquery()
        ids = select(wanted.c[0])
        homed = select(ItemCategory.item_id).where(ItemCategory.category_id.in_(ids), alive(ItemCategory, None))
        filed = select(TermBroader.term_id).where(TermBroader.broader_id.in_(homed), alive(TermBroader, None))
        yield select(StatementLink.statement_id).where(
            StatementLink.term_id.in_(ids),
            StatementLink.role.in_(["data_subject", "purpose", "legal_basis", "measure"]),
        )
        yield select(StatementData.statement_id).where(
            or_(
                StatementData.category_id.in_(ids),
                StatementData.item_id.in_(ids),
                StatementData.item_id.in_(filed),
            )
        )
        yield select(Mechanism.statement_id).where(Mechanism.term_id.in_(ids))
        is_mechanism = exists().where(Term.id.in_(part), Term.vocabulary == "transfer_mechanisms")
        yield select(MechanismRow.statement_id).where(
            MechanismRow.is_inferred.is_(True), alive(MechanismRow, None), is_mechanism
        )


def _with_members(session: ReadSession, recipients: set[int]) -> set[int]:
    """Return recipients and all that belong to them, all steps down."""
    found, wanted = set[int](), recipients
    while wanted:
        found = found | wanted
        below: set[int] = set()
        for part in chunks(wanted):
            query = select(RecipientRevision.owner_id).where(
                RecipientRevision.parent_id.in_(part), alive(RecipientRevision, None)
            )
            below |= {row.owner_id for row in session.all(query)}
        wanted = below - found
    return found


def _using_recipients(recipients: set[int]) -> Iterable[Query]:
    for part in chunks(recipients):
        yield select(TransferDetail.statement_id).where(TransferDetail.recipient_id.in_(part))
