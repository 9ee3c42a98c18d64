"""What is counted of jobs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import Counter, Histogram

from ayumi.kernel import meters

SECONDS = (0.1, 0.5, 1, 5, 15, 60, 300, 900)

JOBS = Counter("ayumi_jobs", "Attempts at jobs, by how they went", ["kind", "outcome"], registry=meters.REGISTRY)
DURATION = Histogram(
    "ayumi_job_seconds", "How long attempts at jobs took", ["kind"], buckets=SECONDS, registry=meters.REGISTRY
)
USE = Counter("ayumi_municipality_jobs", "Jobs done for a municipality", ["tenant"], registry=meters.REGISTRY)

log = structlog.get_logger("ayumi.jobs")


@contextmanager
def measured(kind: str, tenant_id: int) -> Iterator[None]:
    """Count one attempt, and say in the log when it went well."""
    began, outcome = time.perf_counter(), "failed"
    try:
        yield
        outcome = "done"
        USE.labels(tenant_id).inc()
        log.info("kept", milliseconds=round((time.perf_counter() - began) * 1000))
    finally:
        JOBS.labels(kind, outcome).inc()
        DURATION.labels(kind).observe(time.perf_counter() - began)
