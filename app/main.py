"""create_app(): the one place where things are wired."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi_offline import FastAPIOffline
from sqlalchemy import func, select

from app import __version__
from app.api import v1
from app.audit import Ledger, ServiceReadDep
from app.audit.tables import Change
from app.auth.door import Authenticator, Door
from app.auth.rules import is_open
from app.controllers.queries import keys_of
from app.ledger import create_ledger
from app.notices.kept import KeptNotices
from app.platform.bounds import RequestBounds
from app.platform.composing import Composing
from app.platform.cors import allow_origins
from app.platform.documenting import complete_openapi
from app.platform.guide import read_guide
from app.platform.headers import SecurityHeaders
from app.platform.http import install_problem_handlers, problems, refuse_unknown_parameters
from app.platform.metrics import Meters, metrics_page
from app.platform.settings import Settings
from app.platform.snapshots import ReplicaState
from app.platform.swagger import ASSETS, install_swagger
from app.platform.tabular import NDJSON
from app.platform.tracing import Tracing
from app.platform.turns import Turns

GUIDE = Path(__file__).with_name("guide.yaml")
IMPORT_TYPES = frozenset({"application/yaml", "application/x-yaml", "text/yaml", NDJSON})
SWAGGER = {
    "docExpansion": "none",
    "tryItOutEnabled": True,
    "filter": True,
    "persistAuthorization": True,
    "syntaxHighlight": False,  # colouring an answer of two megabytes keeps the page still for twenty seconds
}
WITHOUT_TURN = frozenset({"/healthz", "/metrics"})

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
* A **key** (*Authorize*) says who calls: a role, for all controllers or for named ones. What belongs to others is not
  there. On loopback none is needed until there is one.

Start with `GET /v1/questions/abroad-under-explicit-consent`. Every example works as it stands; those that write touch
the practice controller `ornek` only, which stands in no answer unless it is asked for by name. Envanter is a tool, not
legal advice, and holds no personal data of data subjects: only descriptions of processing.
"""


operation = APIRouter(tags=["operation"])


@operation.get("/healthz")
async def check_health() -> dict[str, str]:
    """Say that the process lives."""
    return {"status": "ok", "version": __version__}


@dataclass(frozen=True)
class Readiness:
    """That the database answers, and up to which change it is; with a replica, how far that is."""

    status: Literal["ready"]
    change: int
    replica: ReplicaState | None = None


@operation.get("/readyz", responses=problems(503), response_model_exclude_none=True)
def check_readiness(request: Request, session: ServiceReadDep) -> Readiness:
    """Say that the database answers, and up to which change it is; with a replica, how far that is."""
    replica = request.app.state.ledger.database.replica
    number = session.value(select(func.max(Change.id))) or 0
    return Readiness("ready", number, None if replica is None else replica.state())


@cache
def _settle() -> None:
    """Take what the start has made out of the collector's sight: once, or what ended since would stay for ever."""
    gc.collect()
    gc.freeze()


def create_app(settings: Settings | None = None, ledger: Ledger | None = None) -> FastAPI:
    """Wire the application."""
    settings = settings or Settings()
    wired = ledger or create_ledger(settings)
    authenticator = Authenticator(wired.database, settings, keys_of)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Half of them for requests that have their turn, half for answers that are still being written out.
        anyio.to_thread.current_default_thread_limiter().total_tokens = 2 * settings.threads
        _settle()
        yield
        authenticator.close()
        wired.database.close()

    app = FastAPIOffline(
        title="Envanter",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(refuse_unknown_parameters)],
        swagger_ui_parameters=SWAGGER,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.ledger = wired
    app.state.authenticator = authenticator
    app.state.settings = settings
    app.state.notices = KeptNotices()
    meters = Meters(wired.database)
    _stand_before(app, settings, meters, authenticator)
    install_problem_handlers(app)
    install_swagger(app)
    app.include_router(v1)
    app.include_router(operation)
    app.add_route("/metrics", metrics_page(meters, settings.metrics_from), include_in_schema=False)
    complete_openapi(app, read_guide(GUIDE), is_open)
    return app


def _stand_before(app: FastAPI, settings: Settings, meters: Meters, authenticator: Authenticator) -> None:
    """Put before the routes what every request passes; what is added last comes first."""
    patience = settings.lock_timeout + settings.statement_timeout
    app.add_middleware(Turns, threads=settings.threads, patience=patience, free=WITHOUT_TURN)
    app.add_middleware(RequestBounds, body_limit=settings.body_limit, other_types={"/v1/import": IMPORT_TYPES})
    app.add_middleware(Composing)
    app.add_middleware(Door, authenticator=authenticator)
    rate = settings.rate()
    if rate is not None:
        from app.platform.rates import RateLimit  # noqa: PLC0415 - servers without a limit need no library for it

        app.add_middleware(RateLimit, rate=rate, spares_loopback=settings.rate_limit is None)
    app.add_middleware(Tracing, observe=meters.observe)
    if settings.cors_origins:
        allow_origins(app, settings.cors_origins)
    app.add_middleware(SecurityHeaders, hsts_seconds=settings.hsts_seconds, storable=ASSETS)
