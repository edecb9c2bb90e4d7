"""Facts, questions and comparisons: what an auditor asks, with evidence."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.audit import ReadDep
from app.audit.opening import Router
from app.audit.reading import travel
from app.platform.database import ReadSession
from app.platform.http import problems
from app.platform.problems import Item, NotFound
from app.register.asking import completed
from app.register.comparing import CompareQuery, Comparison, compare, compare_parameters
from app.register.dimensions import dimensions_of
from app.register.facts import list_facts
from app.register.parameters import FactsQuery, asked_parameters, facts_parameters
from app.register.questions import QUESTIONS, Question, asker, beside_answer, described, table_asker
from app.register.responding import TABLES, respond
from app.register.schemas import (
    CollectionFact,
    FactsPage,
    MeasureFact,
    QuestionList,
    RetentionFact,
    RoleFact,
    TransferFact,
    UseFact,
    answer_model,
)

facts = Router(prefix="/facts", tags=["facts"])
questions = Router(prefix="/questions", tags=["questions"])
comparisons = Router(prefix="/compare", tags=["facts"])
ANSWERS = problems(422) | {200: {"content": TABLES}}


def _facts(request: Request, session: ReadSession, kind: str, query: FactsQuery) -> Response:
    travel(session, query.as_of)
    return respond(request, query, lambda asked: list_facts(session, kind, asked), kind=kind)


@facts.get("/collections", response_model=FactsPage[CollectionFact], responses=ANSWERS)
def list_collection_facts(
    request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(facts_parameters("collections"))]
) -> Response:
    """List what is collected about whom, how and from whom; with `group_by`, counts."""
    return _facts(request, session, "collections", query)


@facts.get("/uses", response_model=FactsPage[UseFact], responses=ANSWERS)
def list_use_facts(
    request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(facts_parameters("uses"))]
) -> Response:
    """List why data are processed: purposes and legal bases, and how they belong together; with `group_by`, counts."""
    return _facts(request, session, "uses", query)


@facts.get("/transfers", response_model=FactsPage[TransferFact], responses=ANSWERS)
def list_transfer_facts(
    request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(facts_parameters("transfers"))]
) -> Response:
    """List transfers, one row per statement, filtered by every dimension; with `group_by`, counts.

    Repeating a filter means *or*, different filters mean *and*; filters on data, `special` and data subjects
    must hold on one pair, and restrict the pairs shown. Groups count a statement once per member.
    """
    return _facts(request, session, "transfers", query)


@facts.get("/retentions", response_model=FactsPage[RetentionFact], responses=ANSWERS)
def list_retention_facts(
    request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(facts_parameters("retentions"))]
) -> Response:
    """List how long data are kept and what happens then; with `group_by`, counts."""
    return _facts(request, session, "retentions", query)


@facts.get("/measures", response_model=FactsPage[MeasureFact], responses=ANSWERS)
def list_measure_facts(
    request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(facts_parameters("measures"))]
) -> Response:
    """List the technical and administrative measures that are stated; with `group_by`, counts."""
    return _facts(request, session, "measures", query)


@facts.get("/roles", response_model=FactsPage[RoleFact], responses=ANSWERS)
def list_role_facts(
    request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(facts_parameters("roles"))]
) -> Response:
    """List who is controller, joint controller or processor, beside whom; with `group_by`, counts."""
    return _facts(request, session, "roles", query)


@questions.get("", response_model=QuestionList)
def list_questions() -> dict[str, Any]:
    """List the questions that can be asked by name, each with the article behind it and an example."""
    return {"items": [described(question) for question in QUESTIONS]}


def _asker(question: Question) -> Callable[..., Response]:
    accepted = set(question.accepts or dimensions_of(question.kind))
    parameters = asked_parameters(question.kind, question.example, accepted, can_group=question.can_group)

    def ask(request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(parameters)]) -> Response:
        travel(session, query.as_of)
        query = completed(question.ask, query)
        given = {name: request.query_params.getlist(name) for name in request.query_params}
        beside = beside_answer(session, question, query, given)
        pages = {"page": asker(question, session), "table_page": table_asker(question, session)}
        return respond(request, query, **pages, kind=question.kind, beside=beside)

    return ask


for _question in QUESTIONS:
    questions.add_api_route(
        f"/{_question.slug}",
        _asker(_question),
        name="ask_" + _question.slug.replace("-", "_"),
        summary=f"{_question.title['en']} · {_question.title['tr']}",
        description=f"{_question.explanation['en']}\n\n{_question.explanation['tr']}\n\n{_question.article}",
        response_model=answer_model(_question.rows_of),
        responses=ANSWERS,
    )


@questions.get("/{slug}", responses=problems(404), include_in_schema=False)
def get_unknown_question(slug: str) -> None:
    """Say which questions there are."""
    values = {"name": slug, "where": "question"}
    raise NotFound(Item("not_found", values, allowed=[question.slug for question in QUESTIONS]))


@comparisons.get("", responses=problems(422))
def compare_members(session: ReadDep, query: Annotated[CompareQuery, Depends(compare_parameters)]) -> Comparison:
    """Compare the members of one dimension across the values of another: shared by all, and only in one.

    For example the purposes of two controllers at the official level:
    `of=uses&by=purpose&controllers=pronet,intense&level=official`.
    """
    travel(session, query.as_of)
    return compare(session, query)
