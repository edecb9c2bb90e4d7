"""Writers in several processes neither break the chain nor leave a gap in it."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from app.activities.schemas import ActivityWrite
from app.activities.service import create_activity
from app.ledger import create_ledger
from app.platform.settings import Settings
from tests.activities.factories import activity
from tests.conftest import Server
from tests.controllers.factories import add_controller
from tests.trail.events import calling, proof

WRITERS = 3
CHANGES = 8


def write(url: str, name: str) -> list[int]:
    """Make some changes one after the other, and return their numbers."""
    ledger, made = create_ledger(Settings(database_url=url)), []
    for number in range(CHANGES):
        content = activity(f"{name}-{number}", uses=[{"purposes": ["finance_and_accounting"]}])
        with ledger.changing(name) as session:
            create_activity(session, ActivityWrite.model_validate(content))
            made.append(session.change)
    ledger.database.close()
    return made


def test_processes_that_write_at_once_leave_one_chain(server: Server) -> None:
    settings = Settings(database_url=server.copy("vocabularies"))
    with calling(settings) as client:
        add_controller(client)
        before = proof(client).head
        with ProcessPoolExecutor(WRITERS, get_context("spawn")) as pool:
            made = list(pool.map(write, [settings.database_url] * WRITERS, [f"w{n}" for n in range(WRITERS)]))
        numbers = sorted(number for some in made for number in some)
        assert numbers == list(range(before.change + 1, before.change + 1 + WRITERS * CHANGES))
        report = proof(client, kept=before)
    assert (report.is_whole, report.until) == (True, numbers[-1])
