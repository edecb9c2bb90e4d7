"""Names the codes of a stored activity, for words that say what changed in it."""

import copy
from typing import Any, Final

from app.activities.rendering import MEMBERS, links_of, names_of, recipients_of
from app.activities.schemas import KINDS
from app.history.wording import Named
from app.platform.database import ReadSession
from app.recipients.queries import named_recipients
from app.vocabularies.queries import TermName, named_terms

CONTRACTS: Final = "standard_contract_types"
Document = dict[str, Any]


def spoken(session: ReadSession, document: Document) -> Document:
    """Return a copy of a stored activity in which terms and recipients are named."""
    said = copy.deepcopy(document)
    statements = [statement for kind in KINDS for statement in said[kind]]
    contracts = [link for one in statements for link in one.get("mechanisms", []) if link["contract_type"]]
    names = {name for statement in statements for name in names_of(statement)}
    terms = named_terms(session, names | {(CONTRACTS, link["contract_type"]) for link in contracts})
    for link in contracts:
        link["contract_type"] = terms[CONTRACTS, link["contract_type"]]
    _name_recipients(session, statements)
    for statement in statements:
        _name_terms(statement, terms)
    return said


def _name_terms(statement: Document, terms: dict[TermName, Named]) -> None:
    for vocabulary, link in links_of(statement):
        link["code"] = terms[vocabulary, link["code"]]
    for member in statement.get("data", {}).get("members", []):
        for name, vocabulary in MEMBERS.items():
            if member[name] is not None:
                member[name] = terms[vocabulary, member[name]]


def _name_recipients(session: ReadSession, statements: list[Document]) -> None:
    links = [link for statement in statements for link in recipients_of(statement)]
    sources = [one for statement in statements for one in statement.get("sources", []) if one["recipient"]]
    codes = {link["code"] for link in links} | {source["recipient"] for source in sources}
    recipients = named_recipients(session, codes)
    for link in links:
        link["code"] = recipients[link["code"]]
    for source in sources:
        source["recipient"] = recipients[source["recipient"]]
