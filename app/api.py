"""Table of contents: one line per router."""

from fastapi import APIRouter

from app.activities.routes import router as activities
from app.controllers.routes import router as controllers
from app.documents.routes import router as documents
from app.exchange.routes import router as exchange
from app.keys.routes import router as keys
from app.notices.routes import router as notices
from app.recipients.routes import router as recipients
from app.register.routes import comparisons, facts, questions
from app.trail.routes import router as trail
from app.vocabularies import (
    collection_methods,
    data_categories,
    data_items,
    data_subject_categories,
    data_subject_rights,
    disposal_methods,
    legal_bases,
    measures,
    purposes,
    recipient_groups,
    retention_events,
    standard_contract_types,
    transfer_mechanisms,
)

v1 = APIRouter(prefix="/v1")
v1.include_router(questions)
v1.include_router(facts)
v1.include_router(comparisons)
v1.include_router(activities)
v1.include_router(controllers)
v1.include_router(notices)
v1.include_router(documents)
v1.include_router(recipients)
v1.include_router(data_categories.router)
v1.include_router(data_items.router)
v1.include_router(data_subject_categories.router)
v1.include_router(purposes.router)
v1.include_router(legal_bases.router)
v1.include_router(recipient_groups.router)
v1.include_router(transfer_mechanisms.router)
v1.include_router(measures.router)
v1.include_router(collection_methods.router)
v1.include_router(retention_events.router)
v1.include_router(disposal_methods.router)
v1.include_router(data_subject_rights.router)
v1.include_router(standard_contract_types.router)
v1.include_router(exchange)
v1.include_router(trail)
v1.include_router(keys)
