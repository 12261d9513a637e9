"""All settings, typed, read once from the environment."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Environment = Literal["development", "production", "test"]

PDOK_TILES = (
    "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
)


# A name, one with a leading dot for all names under it, or an IP address.
_HOST_NAME = re.compile(r"\.?[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:]*:[0-9a-f:.]*")


class ConfigError(ValueError):
    """A setting is missing or wrong; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment may set. Every name is the field's, in capitals, after FIELDAPP_."""

    data_dir: Path
    database_url: str
    secret_key: str
    environment: Environment = "development"
    base_url: str = "http://127.0.0.1:8000"
    proxies: int = 0  # how many of our own stand in front; each adds one X-Forwarded-For
    hosts: tuple[str, ...] = ()  # names besides that of base_url under which people come here
    tile_url: str = ""  # empty: maps show our own boundaries only; "pdok" or a {z}/{x}/{y} address
    tile_attribution: str = "Kaartgegevens © Kadaster"
    max_upload_mb: int = 60
    max_photo_mb: int = 20
    default_language: str = "nl"
    draft_days: int = 30
    point_months: int = 24
    submission_months: int = 24
    account_months: int = 24
    retention_daily: bool = True  # the worker lets go once a day what was kept for its term
    receipt_key_file: Path | None = None  # None: keys/receipts.pem in the data folder

    @property
    def media_dir(self) -> Path:
        """Where photos live, named by their hash."""
        return self.data_dir / "media"

    @property
    def receipt_key_path(self) -> Path:
        """The private key that signs receipts; made at first use."""
        return self.receipt_key_file or self.data_dir / "keys" / "receipts.pem"

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded default engine is in use."""
        return self.database_url.startswith("sqlite")

    @property
    def jobs_url(self) -> str:
        """The job queue's own tables: a file beside SQLite, a schema inside PostgreSQL."""
        if self.is_sqlite:
            return f"sqlite:///{self.data_dir / 'jobs.sqlite'}"
        return self.database_url


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    # Never 0 or less: a term of -1 days would let retention remove what was typed today.
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise ConfigError(f"{name} must be a whole number of 1 or more, not {text!r}")
    return int(text)


def _proxies(env: Mapping[str, str]) -> int:
    text = env.get("FIELDAPP_PROXIES") or "0"
    if text not in tuple("0123456789"):
        raise ConfigError(
            f"FIELDAPP_PROXIES is {text!r}; give the number of proxies in front, such as 0 or 1"
        )
    return int(text)


def _hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    """Host names without scheme or port, in small letters; ".example.nl" holds all under it."""
    names = [name.strip().lower() for name in env.get("FIELDAPP_HOSTS", "").split(",")]
    for name in filter(None, names):
        if not _HOST_NAME.fullmatch(name):
            raise ConfigError(
                f"FIELDAPP_HOSTS has {name!r}; give names such as veld.gemeente.nl, with commas "
                "between them, without https:// and without a port"
            )
    return tuple(filter(None, names))


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name) or ("on" if default else "off")
    if value not in ("on", "off"):
        raise ConfigError(f"{name} is {value!r}; use on or off")
    return value == "on"


def _environment(env: Mapping[str, str]) -> Environment:
    value = env.get("FIELDAPP_ENV", "development")
    known: dict[str, Environment] = {
        "development": "development",
        "production": "production",
        "test": "test",
    }
    if value not in known:
        raise ConfigError(f"FIELDAPP_ENV is {value!r}; use development or production")
    return known[value]


def _secret_key(env: Mapping[str, str], data_dir: Path, environment: Environment) -> str:
    key = env.get("FIELDAPP_SECRET_KEY", "")
    if key:
        if environment == "production" and len(key) < 32:
            raise ConfigError("FIELDAPP_SECRET_KEY is too short: use at least 32 characters")
        return key
    if environment == "production":
        raise ConfigError(
            "FIELDAPP_SECRET_KEY is missing. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    # On a laptop a key is made once and kept, so that log-ins survive a restart.
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text().strip()


def _base_url(env: Mapping[str, str], environment: Environment) -> str:
    """The address people type: it decides whether cookies are secure and where links lead."""
    url = env.get("FIELDAPP_BASE_URL", "").rstrip("/")
    if url and not url.startswith(("https://", "http://")):
        raise ConfigError(f"FIELDAPP_BASE_URL is {url!r}; use https://your.address")
    if not url and environment == "production":
        raise ConfigError(
            "FIELDAPP_BASE_URL is missing; give the address people type, such as "
            "https://veld.gemeente.nl"
        )
    return url or "http://127.0.0.1:8000"


def sqlalchemy_url(url: str) -> str:
    """Accept the address forms that people paste and name the driver we ship."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise ConfigError(
        f"FIELDAPP_DATABASE_URL is {url!r}; use sqlite:////path/file.sqlite "
        "or postgresql://user:password@host/database"
    )


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `env` (default: the process environment).

    Raises ConfigError that names the setting which is missing or wrong.
    """
    env = os.environ if env is None else env
    environment = _environment(env)
    data_dir = Path(env.get("FIELDAPP_DATA_DIR") or "data").resolve()
    url = env.get("FIELDAPP_DATABASE_URL") or f"sqlite:///{data_dir / 'fieldapp.sqlite'}"
    tiles = env.get("FIELDAPP_TILE_URL", "")
    key_file = env.get("FIELDAPP_RECEIPT_KEY_FILE", "")
    return Settings(
        data_dir=data_dir,
        database_url=sqlalchemy_url(url),
        secret_key=_secret_key(env, data_dir, environment),
        environment=environment,
        base_url=_base_url(env, environment),
        proxies=_proxies(env),
        hosts=_hosts(env),
        tile_url=PDOK_TILES if tiles == "pdok" else tiles,
        tile_attribution=env.get("FIELDAPP_TILE_ATTRIBUTION") or "Kaartgegevens © Kadaster",
        max_upload_mb=_number(env, "FIELDAPP_MAX_UPLOAD_MB", 60),
        max_photo_mb=_number(env, "FIELDAPP_MAX_PHOTO_MB", 20),
        default_language=env.get("FIELDAPP_DEFAULT_LANGUAGE") or "nl",
        draft_days=_number(env, "FIELDAPP_DRAFT_DAYS", 30),
        point_months=_number(env, "FIELDAPP_POINT_MONTHS", 24),
        submission_months=_number(env, "FIELDAPP_SUBMISSION_MONTHS", 24),
        account_months=_number(env, "FIELDAPP_ACCOUNT_MONTHS", 24),
        # Tests ask for it where they want it: it would change what they look at.
        retention_daily=_switch(env, "FIELDAPP_RETENTION", environment != "test"),
        receipt_key_file=Path(key_file).resolve() if key_file else None,
    )
