"""Reads the product's own texts, which are YAML beside the code that speaks them."""

from pathlib import Path
from typing import Any


def read_texts(path: Path) -> Any:  # noqa: ANN401 - what the file holds
    """Return what a file of texts holds."""
    import yaml  # noqa: PLC0415 - no text is read before it is spoken (docs/decisions/0014)

    return yaml.load(path.read_bytes(), yaml.CSafeLoader)
