"""Background work: rq workers are rung by a dispatcher and pull due rows from PostgreSQL until none is left."""

from __future__ import annotations

import time
from datetime import timedelta
from types import FrameType

import structlog
from flask import Flask
from redis import Redis, RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.kernel import clock, outbox, runner
from core.kernel.db import PLATFORM, db
from core.kernel.tenancy import bind
from core.kernel.tx import platform_transaction
from tenants import values
from web import cron, plugin_faults
from web.app import config_of, create_app

log = structlog.get_logger()
QUEUE = "galleria"
_LEADER = 7326002
_KEEP = timedelta(days=7)
_app: list[Flask] = []


def _application() -> Flask:
    if not _app:
        _app.append(create_app())
    return _app[0]


def drain() -> int:
    """Run every due row of every tenant; the job that the doorbell enqueues. Return how many were tried."""
    with _application().app_context():
        tried = runner.drain(values.find)
        plugin_faults.flush()
        return tried


def queue(redis: Redis) -> Queue:
    """Return the queue of doorbells."""
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


class _Worker(SimpleWorker):
    """Looks for Redis every two seconds while it is away; rq itself would wait up to a minute."""

    max_connection_wait_time = 2.0
    is_told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that a signal ended the work, and not a fault."""
        self.is_told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def work(app: Flask) -> None:
    """Serve the queue until stopped. Rows are leased, so a killed worker loses nothing."""
    _app[:] = [app]
    while True:
        try:
            redis = Redis.from_url(config_of(app).redis_url, socket_timeout=30)
            worker = _Worker([queue(redis)], connection=redis, serializer=JSONSerializer)
            worker.work(logging_level="WARNING")
            if worker.is_told_to_stop:
                return
            log.warning("the worker lost its queue; it starts again")
        except RedisError as error:
            log.warning("redis is away", error=str(error))
            time.sleep(1)


def ring(app: Flask, *, forever: bool = True) -> None:
    """Ring while something is due; once a minute put timed jobs in place. One dispatcher leads, others wait.

    The first minute makes up for jobs that were due while no dispatcher ran.
    """
    redis, minute = Redis.from_url(config_of(app).redis_url, socket_timeout=2), -1
    with app.app_context():
        while True:
            try:
                if runner.anything_due() and len(queue(redis)) < 3:
                    queue(redis).enqueue("web.worker.drain", result_ttl=0, failure_ttl=3600, job_timeout=60)
                now = int(time.time() // 60)
                if now != minute and _leads():
                    _each_minute(is_first=minute == -1)
                    minute = now
            except (RedisError, SQLAlchemyError) as error:
                log.warning("dispatcher waits", error=str(error)[:200])
                time.sleep(0.5)
            if not forever:
                return
            time.sleep(0.1)


def _leads() -> bool:
    with db.engines[PLATFORM].begin() as connection:
        return bool(connection.execute(text("select pg_try_advisory_xact_lock(:k)"), {"k": _LEADER}).scalar())


def _each_minute(*, is_first: bool) -> None:
    if is_first:
        cron.catch_up(clock.now())
    cron.put_due(clock.now())
    with bind(None), platform_transaction():
        outbox.sweep(clock.now() - _KEEP)
