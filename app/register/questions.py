"""The library of auditors' questions: each is one declaration over the facts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.platform.database import ReadSession
from app.platform.listing import instant
from app.register.facts import Answer, list_facts
from app.register.parameters import FactsQuery


@dataclass(frozen=True)
class Question:
    """A named question: which facts answer it, what is fixed, and how the answer is reached."""

    slug: str
    kind: str
    title: dict[str, str]
    article: str
    explanation: dict[str, str]
    fixed: dict[str, list[str]]
    example: str


QUESTIONS: Final = (
    Question(
        slug="abroad-under-explicit-consent",
        kind="transfers",
        title={
            "tr": "Hangi veriler açık rızaya dayanarak yurt dışına gidiyor?",
            "en": "Which data goes abroad under explicit consent?",
        },
        article="KVKK m.9/6-a; m.9/1 (7499 sayılı Kanun öncesi)",
        explanation={
            "tr": "Açık rızanın aktarım mekanizması olduğu, yurt dışına giden ya da gidebilen aktarımlar. Belge "
            "aktarım için rızayı hukuki sebep olarak anıp mekanizma anmıyorsa rıza mekanizması çıkarımla eklenir: "
            "eski m.9/1’in son geçerli gününe kadarki belgede eski rıza, sonrasında m.9/6-a. Her satırın durumu "
            "(standing), sorulan günün mevzuatına göre belirlenir; birden çok mekanizmada en kötüsü gösterilir. "
            "Belge veriyi adlandırmıyorsa aynı belgenin topladığı veriler çıkarım (inferred) olarak gösterilir.",
            "en": "Transfers that go abroad, or possibly do, with explicit consent as transfer mechanism. Where a "
            "document names consent as ground but no mechanism, a consent mechanism is inferred: the old m.9/1 up "
            "to its last valid day, m.9/6-a later. The standing of each row is judged by the law of the day asked "
            "about; of several mechanisms the worst is shown. Where a document names no data, the data that the "
            "same document collects are shown, marked inferred. Consent that is only the ground of a transfer with "
            "another mechanism is not in this answer: ask the transfers with legal_basis=explicit_consent.",
        },
        fixed={"present": ["standing"]},
        example="on=2026-11-22",
    ),
)


def answer(session: ReadSession, question: Question, query: FactsQuery, given: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a question with what was asked and how it was reached."""
    fixed = {name: [*getattr(query, name), *values] for name, values in question.fixed.items()}
    found: Answer = list_facts(session, question.kind, query.model_copy(update=fixed))
    return {
        "question": question.slug,
        "title": question.title,
        "article": question.article,
        "on": query.day.isoformat(),
        "as_of": instant(query.as_of or datetime.now(UTC)),
        "explanation": question.explanation,
        "parameters": given,
        "items": found.items,
        "next": found.next,
        "total": found.total,
    }


def described(question: Question) -> dict[str, Any]:
    """Return what the list of questions says of a question."""
    return {
        "slug": question.slug,
        "title": question.title,
        "article": question.article,
        "facts": question.kind,
        "explanation": question.explanation,
        "example": f"/v1/questions/{question.slug}?{question.example}",
    }
