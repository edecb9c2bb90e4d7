"""create_app(): the one place where things are wired."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi_offline import FastAPIOffline
from sqlalchemy import func, select

from app import __version__
from app.activities.queries import users_of_statements
from app.api import v1
from app.audit import Change, Hooks, Ledger, ReadDep
from app.documents.queries import users_of_document
from app.platform.database import Database
from app.platform.documenting import complete_openapi
from app.platform.guide import read_guide
from app.platform.http import (
    BodyLimit,
    install_problem_handlers,
    problems,
    refuse_unknown_parameters,
)
from app.platform.settings import Settings
from app.recipients.queries import users_of_recipient
from app.register.derive import refresh
from app.vocabularies.queries import users_of_term

GUIDE = Path(__file__).with_name("guide.yaml")
IMPORT_TYPES = frozenset({"application/yaml", "application/x-yaml", "text/yaml"})
SWAGGER = {
    "docExpansion": "none",
    "tryItOutEnabled": True,
    "filter": True,
    "syntaxHighlight": False,  # colouring an answer of two megabytes keeps the page still for twenty seconds
}

DESCRIPTION = """
A register of personal-data processing for Turkish law (KVKK, Law No. 6698): the inventory that every
controller keeps, with the questions that auditors ask of it. All addresses are under `/v1`.

* An **activity** (faaliyet) belongs to a **controller** (veri sorumlusu) and says in six kinds of statement who,
  whose and what, why, to whom, how long and how protected. Every statement rests on a **document**.
* **Official** terms are VERBİS's own lists and the law's own grounds; **common** terms make the same thing
  recognisable across controllers; a controller's **own** terms keep its wording.
* A **ground** (hukuki sebep, KVKK m.5 and m.6) allows processing; a transfer abroad needs a **mechanism**
  (KVKK m.9) as well. Consent as ground and consent as mechanism are different terms.
* **Certainty**: `stated` is what the source says, `inferred` what follows from silence, `unknown` what is
  unreadable. **Standing**: where a transfer abroad on consent stands by the law of the day asked about.
* Two clocks: `on` is the day whose facts and law are asked about, `as_of` the instant whose register is read.

Start with `GET /v1/questions/abroad-under-explicit-consent`. Every example works as it stands; those that write touch
the practice controller `ornek` only, which stands in no answer unless it is asked for by name. Envanter is a tool, not
legal advice, and holds no personal data of data subjects: only descriptions of processing.
"""


def hooks() -> Hooks:
    """Return what upper floors add to every change."""
    users = (users_of_term, users_of_recipient, users_of_document, users_of_statements)
    return Hooks(user_queries=users, finishers=(refresh,))


def create_ledger(settings: Settings) -> Ledger:
    """Open the register's database."""
    return Ledger(Database(settings), hooks())


operation = APIRouter(tags=["operation"])


@operation.get("/healthz")
def check_health() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "ok", "version": __version__}


@operation.get("/readyz", responses=problems(503))
def check_readiness(session: ReadDep) -> dict[str, str | int]:
    """Say that the database answers, and up to which change it is."""
    return {"status": "ready", "change": session.value(select(func.max(Change.id))) or 0}


def create_app(settings: Settings | None = None, ledger: Ledger | None = None) -> FastAPI:
    """Wire the application."""
    settings = settings or Settings()
    wired = ledger or create_ledger(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        yield
        wired.database.close()

    app = FastAPIOffline(
        title="Envanter",
        version=__version__,
        description=DESCRIPTION,
        docs_url="/docs",
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(refuse_unknown_parameters)],
        swagger_ui_parameters=SWAGGER,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.ledger = wired
    app.state.settings = settings
    app.add_middleware(BodyLimit, limit=settings.body_limit, other_types={"/v1/import": IMPORT_TYPES})
    install_problem_handlers(app)
    app.include_router(v1)
    app.include_router(operation)
    complete_openapi(app, read_guide(GUIDE))
    return app
