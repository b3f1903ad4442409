"""What operations sees: structured logs with tenant and request, metrics, health and readiness."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from redis import Redis, RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.kernel.config import Config
from core.kernel.db import PLATFORM, db

_requests = Counter("galleria_requests_total", "Requests answered", ["surface", "method", "status"])
_seconds = Histogram(
    "galleria_request_seconds", "Time to answer", ["surface"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
)
log = structlog.get_logger()
_encode = json.JSONEncoder(default=repr).encode  # made once: json.dumps builds one for each line


@lru_cache(maxsize=1024)
def _counted(surface: str, method: str, status: int) -> Counter:
    """Return the counter of these labels; looking it up by label takes a lock and longer."""
    return _requests.labels(surface, method, status)


@lru_cache(maxsize=16)
def _timed(surface: str) -> Histogram:
    return _seconds.labels(surface)


def _json(event: Mapping[str, object], **_options: object) -> str:
    return _encode(event)


def configure_logs(target: Path | None = None) -> None:
    """Write one JSON object a line to standard error, or to a file."""
    stream = target.open("w", encoding="utf-8") if target else sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )


def _surface() -> str:
    head = request.path.split("/", 2)[1]
    return head if head in ("api", "merchant", "operator", "platform", "static", "webhooks") else "store"


def register(app: Flask, config: Config) -> None:
    """Install request ids, the access log, `/healthz`, `/readyz` and `/metrics`."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if given.isalnum() and len(given) <= 64 else secrets.token_hex(6)
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        seconds, surface = time.perf_counter() - g.get("started", time.perf_counter()), _surface()
        response.headers["X-Request-Id"] = g.get("request_id", "")
        _counted(surface, request.method, response.status_code).inc()
        _timed(surface).observe(seconds)
        if surface != "static":
            tenant = g.get("tenant")
            log.info("request", tenant=tenant.slug if tenant else "", method=request.method, path=request.path,
                     status=response.status_code, ms=round(seconds * 1000, 1))  # fmt: skip
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()

    _register_checks(app, config)


def _register_checks(app: Flask, config: Config) -> None:
    @app.get("/healthz")
    def health() -> str:
        return "ok"

    @app.get("/readyz")
    def ready() -> Response:
        failures = [
            name for name, works in (("database", _database_works), ("redis", _redis_works)) if not works(config)
        ]
        return Response("ready" if not failures else f"waiting for {', '.join(failures)}", 503 if failures else 200)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database_works(_config: Config) -> bool:
    try:
        with db.engines[PLATFORM].connect() as connection:
            connection.execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis_works(config: Config) -> bool:
    try:
        with Redis.from_url(config.redis_url, socket_timeout=1) as redis:
            return bool(redis.ping())
    except RedisError:
        return False
