"""Who calls. Without keys every caller is `local`, so the service listens on loopback."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends


@dataclass(frozen=True)
class Caller:
    """The author of what is written."""

    name: str


def current_caller() -> Caller:
    """Return who calls; there are no keys yet."""
    return Caller(name="local")


CallerDep = Annotated[Caller, Depends(current_caller)]
