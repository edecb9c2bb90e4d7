"""Commands: serve, migrate, seed, keys, audit, backup, restore, check, openapi."""

import argparse
import logging
import signal
import sys
from pathlib import Path

import orjson
import uvicorn
from alembic import command as alembic
from pydantic import ValidationError

from app.auth.rules import is_loopback
from app.backup import commands as backup
from app.keys import commands
from app.ledger import create_ledger
from app.platform.logs import configure_logging
from app.platform.problems import Problem
from app.platform.settings import ROOT, Settings
from app.platform.starting import CannotStart, migrations, require_schema, wait_for_database
from app.seeding import seed_register, seed_vocabularies
from app.trail.verifying import Head, Report, current_head, parse_head, verify

REFUSAL = """\
Envanter does not listen on {host} without authentication: every caller would be an administrator.
Do one of these, then start again:
  python -m app keys create NAME --role admin     make a first key (it is printed once)
  ENVANTER_OIDC_ISSUER=... ENVANTER_OIDC_AUDIENCE=...     take the access tokens of an issuer
  ENVANTER_AUTHENTICATION=required                start now, let nobody in, and make the first key later
"""


def migrate(settings: Settings) -> None:
    """Bring the schema to the newest migration."""
    alembic.upgrade(migrations(settings), "head")


def seed(settings: Settings) -> None:
    """Bring in the vocabularies and, into an empty register, the bundles."""
    ledger = create_ledger(settings)
    upgraded = seed_vocabularies(ledger, settings.seed_directory / "vocabularies")
    bundles = seed_register(ledger, settings.seed_directory / "bundles")
    sys.stdout.write(f"{ledger.database.version()}: {len(upgraded)} vocabularies, {len(bundles)} bundles taken in\n")
    ledger.database.close()


def serve(settings: Settings) -> int:
    """Migrate, seed and serve until SIGTERM, then finish what runs; where others can call, not without keys."""
    signal.signal(signal.SIGTERM, _end)
    migrate(settings)
    seed(settings)
    from app.main import create_app  # noqa: PLC0415 - other commands start in half the time without the routes

    app = create_app(settings)
    if not is_loopback(settings.host) and not app.state.authenticator.is_configured():
        raise CannotStart(REFUSAL.format(host=settings.host))
    logging.getLogger("envanter.start").info("Serving http://%s:%d", settings.host, settings.port)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_timeout,
    )
    return 0


def _end(_: int, __: object) -> None:
    """End well: uvicorn sends itself the signal again when everything is finished."""
    sys.exit(0)


def run_keys(settings: Settings, arguments: argparse.Namespace) -> int:
    """Make, list or revoke keys; a database that is not there yet is made."""
    migrate(settings)
    ledger = create_ledger(settings)
    code = commands.run(ledger, arguments, has_issuer=settings.oidc_issuer is not None)
    ledger.database.close()
    return code


def run_audit(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print the end of the chain of events, to be kept elsewhere, or check the chain and every row under it."""
    require_schema(settings)
    ledger = create_ledger(settings)
    with ledger.reading() as session:
        if arguments.what == "head":
            sys.stdout.write(f"{current_head(session)}\n")
            code = 0
        else:
            code = _say(verify(session, since=arguments.since, kept=arguments.head))
    ledger.database.close()
    return code


def _kept_head(text: str) -> Head:
    try:
        return parse_head(text)
    except Problem as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _say(report: Report) -> int:
    for found in report.breaks:
        sys.stdout.write(f"event {found.change}: {found.item().message('en')}\n")
    for name in report.missing_guards:
        sys.stdout.write(f"the trigger {name} is not there\n")
    said = "whole" if report.is_whole else "BROKEN"
    sys.stdout.write(f"{said}: {report.changes} changes, {report.rows} rows, head {report.head}\n")
    return 0 if report.is_whole and not report.missing_guards else 1


def openapi(*, check: bool) -> int:
    """Write openapi/openapi.json, or with `check` say whether it is current."""
    path = Path(ROOT) / "openapi" / "openapi.json"
    from app.main import create_app  # noqa: PLC0415 - as above

    settings = Settings(database_url="sqlite:///openapi.db")
    document = create_app(settings).openapi()
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
    if not check:
        path.write_bytes(text)
        return 0
    if path.exists() and path.read_bytes() == text:
        return 0
    sys.stderr.write("openapi/openapi.json is not current: run `make openapi`\n")
    return 1


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m app", description=__doc__)
    known = parser.add_subparsers(dest="command", required=True)
    known.add_parser("serve", help="migrate, seed an empty register, serve on ENVANTER_HOST:ENVANTER_PORT")
    known.add_parser("migrate", help="bring the schema to the newest migration")
    known.add_parser("seed", help="bring in vocabularies and, into an empty register, the bundles")
    writer = known.add_parser("openapi", help="write openapi/openapi.json")
    writer.add_argument("--check", action="store_true", help="fail if it is not current")
    commands.add_parser(known)
    backup.add_parser(known)
    audit = known.add_parser("audit", help="the chain of audit events").add_subparsers(dest="what", required=True)
    audit.add_parser("head", help="print number:hash of the newest event, to be kept elsewhere")
    checker = audit.add_parser("verify", help="check the chain and every row under it; exit 1 if anything differs")
    checker.add_argument("--head", type=_kept_head, help="number:hash that was kept elsewhere")
    checker.add_argument("--since", type=int, default=1, help="first change to look at")
    return run(parser.parse_args())


def run(arguments: argparse.Namespace) -> int:
    """Run the command that was parsed."""
    if arguments.command == "openapi":
        return openapi(check=arguments.check)
    try:
        return _run(arguments, _settings())
    except (CannotStart, Problem) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _settings() -> Settings:
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = [f"ENVANTER_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        raise CannotStart("\n".join(wrong)) from None
    configure_logging(settings)
    return settings


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run a command when its database answers."""
    wait_for_database(settings)
    if arguments.command == "serve":
        return serve(settings)
    if arguments.command == "keys":
        return run_keys(settings, arguments)
    if arguments.command == "audit":
        return run_audit(settings, arguments)
    if arguments.command in backup.COMMANDS:
        return backup.run(settings, arguments)
    if arguments.command == "seed":
        require_schema(settings)
        seed(settings)
        return 0
    migrate(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
