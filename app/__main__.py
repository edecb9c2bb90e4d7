"""Commands: serve, migrate, seed, openapi."""

import argparse
import sys
from pathlib import Path

import orjson
import uvicorn
from alembic import command
from alembic.config import Config

from app.main import create_app, create_ledger
from app.platform.settings import ROOT, Settings
from app.seeding import seed_register, seed_vocabularies


def migrate(settings: Settings) -> None:
    """Bring the schema to the newest migration."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["settings"] = settings
    command.upgrade(config, "head")


def seed(settings: Settings) -> None:
    """Bring in the vocabularies and, into an empty register, the bundles."""
    ledger = create_ledger(settings)
    upgraded = seed_vocabularies(ledger, settings.seed_directory / "vocabularies")
    bundles = seed_register(ledger, settings.seed_directory / "bundles")
    sys.stdout.write(f"{ledger.database.version()}: {len(upgraded)} vocabularies, {len(bundles)} bundles taken in\n")
    ledger.database.close()


def serve(settings: Settings) -> None:
    """Migrate, seed and serve."""
    migrate(settings)
    seed(settings)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning", http="httptools")


def openapi(*, check: bool) -> int:
    """Write openapi/openapi.json, or with `check` say whether it is current."""
    path = Path(ROOT) / "openapi" / "openapi.json"
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
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="migrate, seed an empty register, serve on ENVANTER_HOST:ENVANTER_PORT")
    commands.add_parser("migrate", help="bring the schema to the newest migration")
    commands.add_parser("seed", help="bring in vocabularies and, into an empty register, the bundles")
    writer = commands.add_parser("openapi", help="write openapi/openapi.json")
    writer.add_argument("--check", action="store_true", help="fail if it is not current")
    arguments = parser.parse_args()
    if arguments.command == "openapi":
        return openapi(check=arguments.check)
    actions = {"serve": serve, "migrate": migrate, "seed": seed}
    actions[arguments.command](Settings())
    return 0


if __name__ == "__main__":
    sys.exit(main())
