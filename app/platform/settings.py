"""Every setting of the service, read from the environment as ENVANTER_*."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

if TYPE_CHECKING:
    from limits import RateLimitItem

ROOT = Path(__file__).resolve().parents[2]


def _apart(value: Any) -> Any:  # noqa: ANN401 - runs before the type is known
    """Take a comma-separated text for a list."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Origin = Annotated[str, Field(pattern=r"^https?://[^/\s*]+$")]
Origins = Annotated[list[Origin], NoDecode, BeforeValidator(_apart)]
Networks = Annotated[list[IPv4Network | IPv6Network], NoDecode, BeforeValidator(_apart)]


class Settings(BaseSettings):
    """What an operator may set; each field is read from ENVANTER_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="ENVANTER_", extra="ignore")

    database_url: str = Field(
        default="sqlite:///envanter.db",
        description="SQLAlchemy URL: sqlite:///file.db or postgresql+psycopg://user:password@host/name",
    )
    database_read_url: str | None = Field(
        default=None, description="URL of a streaming replica of a PostgreSQL register, for reads; none if left out"
    )
    replica_lag: float = Field(
        default=0,
        ge=0,
        le=3600,
        description="Seconds for which a read of the replica may lack what others wrote; 0 lacks nothing",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on")
    threads: int = Field(default=4, ge=1, le=64, description="Requests worked on at once, per process")
    body_limit: int = Field(default=8_000_000, ge=1_000, description="Largest request body, in bytes")
    authentication: Literal["auto", "required"] = Field(
        default="auto",
        description="`auto` lets callers on loopback in without a key until there is one; `required` never does",
    )
    oidc_issuer: str | None = Field(
        default=None,
        pattern=r"^(https://[^ ]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?(/[^ ]*)?)$",
        description="Issuer of OIDC access tokens, as its tokens name it (https, or http on loopback)",
    )
    oidc_audience: str | None = Field(
        default=None, description="Audience that access tokens must name; with the issuer"
    )
    oidc_role_claim: str = Field(default="envanter_role", min_length=1, description="Claim that names the role")
    oidc_controllers_claim: str = Field(
        default="envanter_controllers",
        min_length=1,
        description="Claim that lists the codes of controllers, or `*` for all",
    )
    seed_directory: Path = Field(default=ROOT / "seed", description="Vocabularies and register bundles")
    sqlite_synchronous: str = Field(
        default="FULL",
        pattern="^(FULL|NORMAL)$",
        description="FULL keeps every acknowledged write through a power cut; NORMAL may lose the last ones",
    )
    lock_timeout: float = Field(default=15, gt=0, le=600, description="Seconds that a write waits for its turn")
    statement_timeout: float = Field(default=30, gt=0, le=3600, description="Seconds that one SQL statement may take")
    database_wait: float = Field(
        default=30, ge=0, le=3600, description="Seconds that a start waits for a PostgreSQL that does not answer"
    )
    shutdown_timeout: int = Field(
        default=20, ge=1, le=3600, description="Seconds that running requests are given to finish after SIGTERM"
    )
    postgresql_tools: Path | None = Field(
        default=None, description="Folder of pg_dump and pg_restore, for backup and restore; PATH if left out"
    )
    idempotency_hours: int = Field(
        default=24, ge=1, le=720, description="How long the answer to a POST with an Idempotency-Key is kept"
    )
    rate_limit: str | None = Field(
        default=None,
        description="Requests per caller and process, such as 600/minute, or `off`; "
        "if left out, 600/minute for callers of other machines and no limit on loopback",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="json writes one JSON object a line to stderr; text is for people"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="INFO writes a line per request; WARNING writes what went wrong only"
    )
    metrics_from: Networks = Field(
        default=[], description="Networks that may read /metrics beside this machine, such as 10.0.0.0/8,fd00::/8"
    )
    cors_origins: Origins = Field(
        default=[], description="Origins whose pages may call the service, such as https://tool.example; none if empty"
    )
    hsts_seconds: int = Field(
        default=0, ge=0, description="Lifetime of Strict-Transport-Security on answers over https; 0 sends none"
    )

    @field_validator("rate_limit")
    @classmethod
    def is_a_rate(cls, value: str | None) -> str | None:
        """Refuse what is no rate, at the start."""
        if value not in {None, "off"}:
            _parsed(str(value))
        return value

    def rate(self) -> "RateLimitItem | None":
        """Return how many requests a caller may make, or None where nothing is limited."""
        return None if self.rate_limit == "off" else _parsed(self.rate_limit or "600/minute")

    @model_validator(mode="after")
    def audience_with_issuer(self) -> Self:
        """A token for somebody else's service must never open this one, so an issuer needs an audience."""
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("ENVANTER_OIDC_ISSUER and ENVANTER_OIDC_AUDIENCE go together")
        return self


def _parsed(rate: str) -> "RateLimitItem":
    from limits import parse  # noqa: PLC0415 - commands, and servers without a limit, need none (docs/decisions/0014)

    return parse(rate)
