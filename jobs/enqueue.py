"""The queue: carries identifiers to a worker, may be lost at any time, holds no truth."""

from uuid import UUID

from redis import Redis
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from ayumi.config import settings

NAME = "ayumi"
LONGEST_JOB = 900  # seconds
STILL_IN_LINE = {JobStatus.QUEUED, JobStatus.DEFERRED, JobStatus.SCHEDULED}


def connection() -> "Redis":
    """Return a connection to the queue's store."""
    return Redis.from_url(settings().redis_url, health_check_interval=30)


def queue(store: "Redis") -> Queue:
    """Return the queue. JSON, never pickle: what lies in the queue must not be able to run."""
    return Queue(NAME, connection=store, serializer=JSONSerializer, default_timeout=LONGEST_JOB)


def job_id(tenant_id: int, promise_id: UUID, attempts: int) -> str:
    """Name of the job that keeps a promise for the ``attempts``-th time."""
    return f"t{tenant_id}-{promise_id.hex}-{attempts}"


def send(store: "Redis", tenant_id: int, promise_id: UUID, attempts: int) -> None:
    """Put a promise in line."""
    queue(store).enqueue_call(
        "jobs.perform.keep",
        kwargs={"tenant_id": tenant_id, "promise_id": promise_id.hex},
        job_id=job_id(tenant_id, promise_id, attempts),
        result_ttl=0,
        failure_ttl=3600,
        description="promise",
    )


def in_line(store: "Redis", tenant_id: int, promise_id: UUID, attempts: int) -> bool:
    """Tell whether the promise is still waiting in line, so that it need not be sent again."""
    try:
        job = Job.fetch(job_id(tenant_id, promise_id, attempts), connection=store, serializer=JSONSerializer)
    except NoSuchJobError:
        return False
    return job.get_status() in STILL_IN_LINE
