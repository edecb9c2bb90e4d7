"""Every setting of the service, read from the environment as ENVANTER_*."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """What an operator may set; each field is read from ENVANTER_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="ENVANTER_", extra="ignore")

    database_url: str = Field(
        default="sqlite:///envanter.db",
        description="SQLAlchemy URL: sqlite:///file.db or postgresql+psycopg://user:password@host/name",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on")
    threads: int = Field(default=4, ge=1, le=64, description="Requests worked on at once, per process")
    body_limit: int = Field(default=8_000_000, ge=1_000, description="Largest request body, in bytes")
    seed_directory: Path = Field(default=ROOT / "seed", description="Vocabularies and register bundles")
    sqlite_synchronous: str = Field(
        default="FULL",
        pattern="^(FULL|NORMAL)$",
        description="FULL keeps every acknowledged write through a power cut; NORMAL may lose the last ones",
    )
