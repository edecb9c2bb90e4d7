"""Runs commands as `python -m app` does, but in this process: a process of its own takes a second to start."""

import logging
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from unittest.mock import patch

from app.__main__ import main
from tests.durability.serving import environment


@dataclass(frozen=True)
class Ended:
    """How a command ended, what it printed, and what it complained of."""

    status: int
    said: str
    complaint: str


def command(url: str, *words: str, **settings: str) -> Ended:
    """Run one command on a database, with settings by name."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    given = patch.dict(os.environ, environment(url, 0, **settings), clear=True)
    with (
        given,
        patch.object(sys, "argv", ["app", *words]),
        redirect_stdout(StringIO()) as output,
        redirect_stderr(StringIO()) as complaints,
    ):
        try:
            status = main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            root.handlers = handlers
            root.setLevel(level)
            logging.captureWarnings(capture=False)
    return Ended(status, output.getvalue(), complaints.getvalue())
