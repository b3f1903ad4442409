"""The jobs that plugins declare, made known to the runner by their names."""

from __future__ import annotations

from functools import partial

from core.hooks import declare
from core.hooks.registry import Registry
from core.kernel import jobs
from core.kernel.tenancy import current


def register(registry: Registry) -> None:
    """Make every installed plugin's declared jobs known; a name that is known already stays as it is."""
    for plugin in registry.order:
        for job in registry.ask(plugin, declare.declare_jobs) or ():
            if jobs.find(job.name) is None:
                run = partial(_run, job)
                jobs.register(jobs.Job(job.name, run, retries=job.retries, timeout=job.timeout))


def _run(job: declare.Job, payload: jobs.Payload) -> None:
    """Run a declared job for the bound tenant, its payload by name."""
    job.run(current(), **payload)
