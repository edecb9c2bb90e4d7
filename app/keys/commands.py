"""Keys from the command line, for the first one and for when nobody is let in any more."""

import argparse
import sys
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from app.audit import Ledger
from app.auth.callers import ROLES
from app.keys.queries import find_key, list_keys
from app.keys.schemas import KeyQuery, KeyWrite
from app.keys.service import create_key, revoke_key
from app.platform.problems import Problem

AUTHOR: Final = "command line"


def add_parser(commands: Any) -> None:  # noqa: ANN401 - argparse gives its own type no name
    """Say what can be done with keys."""
    keys = commands.add_parser("keys", help="make, list and revoke API keys").add_subparsers(dest="keys", required=True)
    create = keys.add_parser("create", help="make a key and print it, this once")
    create.add_argument("name", help="what or who uses it")
    create.add_argument("--role", choices=ROLES, default="reader")
    create.add_argument("--controller", action="append", default=[], help="code; may be repeated; left out: all")
    create.add_argument("--expires", type=datetime.fromisoformat, help="RFC 3339, such as 2027-01-01T00:00:00Z")
    keys.add_parser("list", help="list keys, without their secrets")
    revoke = keys.add_parser("revoke", help="end a key")
    revoke.add_argument("id", help="the second part of the key, env_<id>_…")


def run(ledger: Ledger, arguments: argparse.Namespace, *, has_issuer: bool) -> int:
    """Run one command; say what is wrong instead of failing."""
    try:
        if arguments.keys == "create":
            _create(ledger, arguments, has_issuer=has_issuer)
        elif arguments.keys == "revoke":
            _revoke(ledger, arguments.id)
        else:
            _list(ledger)
    except (Problem, ValidationError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _create(ledger: Ledger, arguments: argparse.Namespace, *, has_issuer: bool) -> None:
    content = KeyWrite.model_validate(
        {
            "name": arguments.name,
            "role": arguments.role,
            "controllers": arguments.controller or "all",
            "expires_at": arguments.expires,
        }
    )
    with ledger.changing(AUTHOR) as session:
        secret = create_key(session, content, has_issuer=has_issuer)
    sys.stdout.write(f"{secret}\n")


def _revoke(ledger: Ledger, code: str) -> None:
    with ledger.changing(AUTHOR) as session:
        revoke_key(session, find_key(session, code))


def _list(ledger: Ledger) -> None:
    cursor = None
    while True:
        with ledger.reading() as session:
            states, page = list_keys(session, KeyQuery(cursor=cursor, limit=500))
        for state in states:
            shown = state.document
            controllers = shown["controllers"] if shown["controllers"] == "all" else ",".join(shown["controllers"])
            until = "revoked" if shown["revoked_at"] else shown["expires_at"] or "-"
            fields = (state.code, shown["role"], controllers, until, shown["last_used_on"] or "-", shown["name"])
            sys.stdout.write("\t".join(fields) + "\n")
        cursor = page.next
        if cursor is None:
            return
