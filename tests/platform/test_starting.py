"""What importing the application does not do: told by what is loaded and made, so that no clock is asked."""

import json
import subprocess
import sys

from app.platform.settings import ROOT

# Libraries that some processes need and most do not, and those that only commands, servers or tests need.
SPARED = (
    "alembic",
    "cryptography",
    "httpx",
    "jinja2",
    "jwt",
    "limits",
    "psycopg",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.dialects.sqlite",
    "uvicorn",
    "xlsxwriter",
    "yaml",
)
MADE_FIRST = 30
SCRIPT = """
import gc, json, sys
import app.main
from app.platform.models import Model

def below(model):
    for found in model.__subclasses__():
        yield found
        yield from below(found)

shapes = set(below(Model))
made = [shape.__name__ for shape in shapes if shape.__pydantic_complete__]
collected = gc.get_stats()[0]["collections"]
loaded = sorted(sys.modules)
app.main.create_app()
print(json.dumps([loaded, sorted(sys.modules), len(shapes), made, collected, gc.get_threshold()]))
"""


def test_importing_the_app_loads_and_makes_only_what_every_process_needs() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    loaded, at_work, shapes, made, collected, thresholds = json.loads(ended.stdout)
    assert set(SPARED) & set(loaded) == set()
    # As it is set up by default, the application needs a database and its guide, and limits how often others call.
    assert set(SPARED) & set(at_work) <= {"limits", "sqlalchemy.dialects.sqlite", "yaml"}
    assert shapes > 200
    assert len(made) < MADE_FIRST, made
    assert collected < 20
    assert thresholds == [50_000, 20, 50]
