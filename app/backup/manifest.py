"""What a backup says of itself; it is written last, so that where it stands, the backup is whole."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import ConfigDict, ValidationError

from app.backup.checking import State
from app.platform.models import Model
from app.platform.starting import CannotStart

NAME: Final = "manifest.json"
PARTIAL: Final = ".partial"
FORMAT: Final = "envanter-backup/1"

Kind = Literal["sqlite", "postgresql"]
COPIES: Final[dict[Kind, Literal["register.db", "register.dump"]]] = {
    "sqlite": "register.db",
    "postgresql": "register.dump",
}


class Copy(Model):
    """The file that holds the register."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Literal["register.db", "register.dump"]
    size: int
    sha256: str

    @classmethod
    def of(cls, directory: Path, kind: Kind) -> Self:
        """Look at the copy of a directory."""
        name = COPIES[kind]
        with (directory / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(name=name, size=(directory / name).stat().st_size, sha256=digest)


class Manifest(Model):
    """Of what, by what and when a backup was made, what is in it, and how its copy is told from another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["envanter-backup/1"] = FORMAT
    product: str
    at: datetime
    kind: Kind
    database: str
    state: State
    copied: Copy


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make a backup whole; after a power cut the manifest is there entirely, with all that it speaks of, or not."""
    keep(directory / manifest.copied.name)
    partial = directory / f"{NAME}{PARTIAL}"
    partial.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    keep(partial)
    partial.rename(directory / NAME)
    keep(directory)
    keep(directory.parent)


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of a whole backup whose copy is, to the byte, the one that was made."""
    path = directory / NAME
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
        found = Copy.of(directory, manifest.kind)
    except FileNotFoundError as error:
        raise CannotStart(f"{directory} holds no whole backup: {Path(error.filename).name} is not there") from None
    except (OSError, ValidationError) as error:
        raise CannotStart(f"{directory} holds no backup that can be read: {error}") from None
    if found != manifest.copied:
        raise CannotStart(f"{directory / found.name} is not the copy that was made: its size or SHA-256 differs")
    return manifest


@contextmanager
def new_directory(directory: Path) -> Iterator[None]:
    """Make a directory for a backup, or take an empty one; what was begun in it is taken away if it fails."""
    was_there = directory.exists()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise CannotStart(f"{directory} is not empty: a backup is written into a new directory")
    except OSError as error:
        raise CannotStart(f"{directory} cannot be written to: {error.strerror}") from None
    try:
        yield
    except BaseException:
        for path in directory.iterdir():
            path.unlink(missing_ok=True)
        if not was_there:
            directory.rmdir()
        raise


def keep(path: Path) -> None:
    """Bring a file, or the names in a directory, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
