"""What this installation is told by its environment: read once, checked at the start, then frozen."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit


class Misconfigured(RuntimeError):
    """The environment lacks something or says something impossible."""


@dataclass(frozen=True, slots=True)
class Config:
    """`database_url` is the administrator's: it migrates. The roles that serve are derived from it.

    `base_url` is where the platform answers; a tenant answers at its slug below that host and at its own domains.
    `page_seconds` is how old a storefront page for guests may be; 0 makes each one anew.
    """

    database_url: str
    redis_url: str
    secret_key: str
    base_url: str = "http://localhost:8000"
    media_root: Path = Path(".local/media")
    stripe_api_key: str = ""
    stripe_api_base: str = ""
    stripe_publishable_key: str = ""
    stripe_webhook_secrets: tuple[str, ...] = ()
    smtp_url: str = ""
    mail_from: str = "Galleria <no-reply@localhost>"
    trusted_proxies: int = 0
    pool_size: int = 5
    page_seconds: float = 1.0
    embedded: bool = False

    @property
    def base_host(self) -> str:
        """The platform's host name without port, lower case."""
        return (urlsplit(self.base_url).hostname or "localhost").lower()

    @property
    def is_secure(self) -> bool:
        """Whether people reach the platform by HTTPS, so that cookies may insist on it."""
        return self.base_url.startswith("https:")

    def tenant_url(self, slug: str) -> str:
        """Return the address of a tenant's storefront below the platform's host."""
        parts = urlsplit(self.base_url)
        return urlunsplit((parts.scheme, f"{slug}.{parts.netloc}", "", "", ""))

    def derived(self, purpose: str) -> bytes:
        """Return 32 secret bytes for one purpose, made from the secret key."""
        return hmac.digest(self.secret_key.encode(), purpose.encode(), "sha256")

    def role_password(self, role: str) -> str:
        """Return the database password of a role of this installation."""
        return hashlib.sha256(self.derived(f"database role {role}")).hexdigest()[:32]

    def role_url(self, role: str) -> str:
        """Return the database's address for one role."""
        parts = urlsplit(self.database_url)
        host = parts.netloc.rpartition("@")[2]
        login = f"{quote(role)}:{self.role_password(role)}@{host}"
        return urlunsplit((parts.scheme, login, parts.path, parts.query, ""))


def with_local(env: Mapping[str, str], file: Path) -> Mapping[str, str]:
    """Return the environment, with what `make run` wrote down for other commands where no database is named.

    Raise Misconfigured if what it wrote is left over from a run that has ended.
    """
    if env.get("DATABASE_URL") or not file.is_file():
        return env
    local: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    parts = urlsplit(local["DATABASE_URL"])
    try:
        socket.create_connection((parts.hostname or "localhost", parts.port or 5432), 2).close()
    except OSError:
        raise Misconfigured("start `make run` first, or set DATABASE_URL, REDIS_URL and SECRET_KEY") from None
    return {**local, **env}


def from_environment(env: Mapping[str, str]) -> Config:
    """Read the configuration. Raise Misconfigured where a needed value is missing."""
    missing = [name for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY") if not env.get(name)]
    if missing:
        raise Misconfigured(f"start `make run` first, which sets {', '.join(missing)}, or set them yourself")
    if len(env["SECRET_KEY"]) < 16:
        raise Misconfigured("SECRET_KEY needs at least 16 characters")
    url = env["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    return Config(
        database_url=url,
        redis_url=env["REDIS_URL"],
        secret_key=env["SECRET_KEY"],
        base_url=env.get("BASE_URL", "http://localhost:8000").rstrip("/"),
        media_root=Path(env.get("MEDIA_ROOT", ".local/media")).absolute(),
        stripe_api_key=env.get("STRIPE_API_KEY", ""),
        stripe_api_base=env.get("STRIPE_API_BASE", ""),
        stripe_publishable_key=env.get("STRIPE_PUBLISHABLE_KEY", ""),
        stripe_webhook_secrets=tuple(env.get("STRIPE_WEBHOOK_SECRET", "").split()),
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", "Galleria <no-reply@localhost>"),
        trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
        pool_size=int(env.get("DATABASE_POOL", "5")),
        page_seconds=float(env.get("PAGES_KEPT_SECONDS", "1")),
        embedded=env.get("GALLERIA_EMBEDDED") == "1",
    )
