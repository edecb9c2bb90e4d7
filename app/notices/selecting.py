"""Narrows a snapshot to an audience: the statements that concern it, and in them the data of its people. Pure."""

from collections import defaultdict

from app.notices.parts import NoticeData, Term, Terms
from app.notices.snapshot import Snapshot, Statement


def narrowed(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot with what concerns the audience; all of it where none is asked for."""
    if snapshot.audience is None:
        return snapshot
    wanted = snapshot.audience.matching
    addressed = {one.code for one in snapshot.documents if _addresses({term.code for term in one.audience}, wanted)}
    kept = [_part(one, wanted) for one in snapshot.statements if _concerns(one, wanted, addressed)]
    return snapshot.model_copy(update={"statements": tuple(kept)})


def spelled_out(snapshot: Snapshot) -> Snapshot:
    """Say what `all` means where several documents come together: all that the one document says, one by one."""
    if len({one.document for one in snapshot.statements}) <= 1:
        return snapshot
    purposes: dict[str, dict[str, Term]] = defaultdict(dict)
    for use in snapshot.of("uses", "does"):
        for term in use.purposes.stated:
            purposes[use.document].setdefault(term.code, term)
    statements = [_spelled(one, tuple(purposes[one.document].values())) for one in snapshot.statements]
    return snapshot.model_copy(update={"statements": tuple(statements)})


def _spelled(statement: Statement, purposes: tuple[Term, ...]) -> Statement:
    said = {"is_spelled_out": True}
    update: dict[str, object] = {}
    if statement.purposes.reach == "all":
        update["purposes"] = statement.purposes.model_copy(update={**said, "members": purposes})
    if statement.data.reach == "all":
        update["data"] = statement.data.model_copy(update=said)
    if statement.data_subjects.reach == "all":
        update["data_subjects"] = statement.data_subjects.model_copy(update=said)
    return statement.model_copy(update=update) if update else statement


def _addresses(audience: set[str], wanted: frozenset[str]) -> bool:
    """Tell whether a document is for some people; one that names nobody is for everybody."""
    return not audience or not audience.isdisjoint(wanted)


def _concerns(statement: Statement, wanted: frozenset[str], addressed: set[str]) -> bool:
    """Tell whether a statement concerns some people; one about nobody in particular concerns whom its document does."""
    people = {term.code for term in statement.data_subjects.members}
    people |= {term.code for datum in statement.data.members for term in datum.data_subjects}
    return not people.isdisjoint(wanted) if people else statement.document in addressed


def _part(statement: Statement, wanted: frozenset[str]) -> Statement:
    data, subjects = statement.data, statement.data_subjects
    update = {"data": _data(data, wanted), "data_subjects": _subjects(subjects, wanted)}
    return statement.model_copy(update=update)


def _data(data: NoticeData, wanted: frozenset[str]) -> NoticeData:
    kept = []
    for datum in data.members:
        people = tuple(term for term in datum.data_subjects if term.code in wanted)
        if people or not datum.data_subjects:
            kept.append(datum.model_copy(update={"data_subjects": people}))
    return data.model_copy(update={"members": tuple(kept)})


def _subjects(subjects: Terms, wanted: frozenset[str]) -> Terms:
    kept = tuple(term for term in subjects.members if term.code in wanted)
    return subjects.model_copy(update={"members": kept})
