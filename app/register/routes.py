"""Facts and questions: what an auditor asks, with evidence."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.audit import ReadDep, travel
from app.platform.http import many, problems
from app.platform.problems import Item, NotFound
from app.register.facts import list_facts
from app.register.parameters import FactsQuery, facts_parameters
from app.register.questions import QUESTIONS, Question, answer, described
from app.register.schemas import FactsPage, QuestionAnswer, QuestionList, TransferFact

facts = APIRouter(prefix="/facts", tags=["facts"])
questions = APIRouter(prefix="/questions", tags=["questions"])
FIELDS = list(TransferFact.model_fields)

TransfersQuery = Annotated[FactsQuery, Depends(facts_parameters("transfers"))]


@facts.get("/transfers", response_model=FactsPage, responses=problems(422))
def list_transfer_facts(request: Request, session: ReadDep, query: TransfersQuery) -> Response:
    """List transfers, one row per statement, filtered by every dimension; with `group_by`, counts.

    Repeating a filter means *or*, different filters mean *and*; filters on data, `special` and data subjects
    must hold on one pair, and restrict the pairs shown. Groups count a statement once per member.
    """
    travel(session, query.as_of)
    found = list_facts(session, "transfers", query)
    known = FIELDS if not query.names("group_by") else _group_fields(query)
    return many(request, found.items, known, query, next_cursor=found.next, total=found.total)


def _group_fields(query: FactsQuery) -> list[str]:
    return [*query.names("group_by"), "statements", "stated", "inferred", "unknown", "distinct"]


@questions.get("", response_model=QuestionList)
def list_questions() -> dict[str, Any]:
    """List the questions that can be asked by name, each with the article behind it and an example."""
    return {"items": [described(question) for question in QUESTIONS]}


def _asker(question: Question) -> Callable[..., Response]:
    parameters = facts_parameters(question.kind)

    def ask(request: Request, session: ReadDep, query: Annotated[FactsQuery, Depends(parameters)]) -> Response:
        travel(session, query.as_of)
        given = {name: request.query_params.getlist(name) for name in request.query_params}
        content = answer(session, question, query, given)
        items = content.pop("items")
        beside = {name: value for name, value in content.items() if name not in {"next", "total"}}
        known = FIELDS if not query.names("group_by") else _group_fields(query)
        return many(request, items, known, query, next_cursor=content["next"], total=content["total"], **beside)

    return ask


for _question in QUESTIONS:
    _name = "ask_" + _question.slug.replace("-", "_")
    questions.add_api_route(
        f"/{_question.slug}",
        _asker(_question),
        name=_name,
        summary=_question.title["en"],
        description=f"{_question.title['tr']}\n\n{_question.explanation['en']}\n\n{_question.article}",
        response_model=QuestionAnswer,
        responses=problems(422),
    )


@questions.get("/{slug}", responses=problems(404), include_in_schema=False)
def get_unknown_question(slug: str) -> None:
    """Say which questions there are."""
    values = {"name": slug, "where": "question"}
    raise NotFound(Item("not_found", values, allowed=[question.slug for question in QUESTIONS]))
