"""Names the codes of a stored document, for words that say what changed in it."""

import copy
from typing import Any

from app.documents.queries import titles
from app.documents.service import RELATIONS
from app.history.wording import Named
from app.platform.database import ReadSession
from app.vocabularies.queries import named_terms


def spoken(session: ReadSession, document: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a stored document in which terms and documents are named."""
    said = copy.deepcopy(document)
    rights = (said["prints"]["rights"] or {}).get("members", [])
    names = {("data_subject_categories", code) for code in said["audience"]}
    names |= {(one["vocabulary"], one["term"]) for one in said["defines"]}
    names |= {("data_subject_rights", right["code"]) for right in rights}
    terms = named_terms(session, names)
    said["audience"] = [terms["data_subject_categories", code] for code in said["audience"]]
    for one in said["defines"]:
        one["term"] = terms[one["vocabulary"], one["term"]]
    for right in rights:
        right["code"] = terms["data_subject_rights", right["code"]]
    related = titles(session, {said[name] for name in RELATIONS if said[name]})
    for name in RELATIONS:
        if said[name]:
            title = related[said[name]]
            said[name] = Named(said[name], {"tr": title, "en": title})
    return said
