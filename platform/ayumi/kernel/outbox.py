"""What must happen later, promised in the same transaction as the change that asks for it.

The truth about later work is here, not in the queue: the queue may be lost at any time and is filled again.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Text, UniqueConstraint, delete
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from ayumi.kernel import clock, ids, tracing
from ayumi.kernel.db import Base, OfTenant, db, in_municipality, place_of, tenant
from ayumi.kernel.doors import Grant, opened
from ayumi.kernel.tenancy import Door

PLAIN_WORD = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


class Promise(OfTenant, Base):
    """One piece of later work of one municipality. Arguments are identifiers, never personal data."""

    __tablename__ = "outbox"
    __table_args__ = (
        in_municipality(),
        UniqueConstraint("tenant_id", "dedupe_key"),
        Index("ix_outbox_waiting", "run_after", postgresql_where="done_at IS NULL AND gave_up_at IS NULL"),
        {
            "info": opened(
                open_to=(Door.FIRM, Door.EMPLOYER),
                staff="SI",
                firm="I",
                employer="I",
                accounts="I",
                worker="SIU",
                dispatcher="SIU",
                glass="I",
                operator=Grant(
                    "SI", select=("tenant_id", "kind", "promised_at", "run_after", "attempts", "done_at", "gave_up_at")
                ),
                across={Door.DISPATCHER: "true", Door.OPERATOR: "true", Door.ACCOUNTS: "true"},
            )
        },
    )

    kind: Mapped[str] = mapped_column(comment="name of the job")
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON().with_variant(JSONB(), "postgresql"))
    dedupe_key: Mapped[str] = mapped_column(comment="the same promise is made once")
    promised_at: Mapped[datetime]
    run_after: Mapped[datetime]
    leased_until: Mapped[datetime | None] = mapped_column(comment="sent to the queue; sent again after this")
    attempts: Mapped[int] = mapped_column(server_default="0")
    done_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text, comment="kind of the last failure, without personal data")
    request_id: Mapped[str | None] = mapped_column(comment="the request in which it was promised")


PROMISE = insert(Promise).on_conflict_do_nothing()


class ScheduleTick(Base):
    """A moment of the timetable that has been served: any number of timetables may run, each tick happens once."""

    __tablename__ = "schedule_tick"
    __table_args__ = ({"info": opened(dispatcher="SI", why_shared="moments of the timetable")},)

    name: Mapped[str] = mapped_column(primary_key=True)
    fire_at: Mapped[datetime] = mapped_column(primary_key=True)


def promise(
    kind: str,
    *,
    once: str | None = None,
    after: datetime | None = None,
    session: Session | None = None,
    tenant_id: int | None = None,
    **arguments: object,
) -> None:
    """Promise that ``kind`` will be done with these identifiers after the present transaction has been kept.

    ``once`` names the work: promised again under the same name, it is still done once. ``after``: not before.
    ``session`` and ``tenant_id``: where they are not those of the present place (logging in has no municipality).
    """
    now, session = clock.now(), session or db.session()
    row = {
        "tenant_id": tenant_id or tenant(),
        "id": ids.new(),
        "kind": kind,
        "arguments": {name: _plain(value) for name, value in arguments.items()},
        "dedupe_key": once or f"{kind}:{ids.new()}",
        "promised_at": now,
        "run_after": after or now,
        "attempts": 0,
        "request_id": tracing.request_id(),
    }
    session.flush()
    session.connection().execute(PROMISE, row)


def forget(session: Session, kinds: Sequence[str], *, done_before: datetime) -> None:
    """Delete kept promises of these kinds. Their names may be used again afterwards."""
    session.execute(
        delete(Promise).where(
            Promise.tenant_id == place_of(session).tenant_id,
            Promise.kind.in_(kinds),
            Promise.done_at < done_before,
        ),
        execution_options={"synchronize_session": False},
    )


def _plain(value: object) -> str | int:
    if isinstance(value, bool) or not isinstance(value, UUID | int | date | str):
        raise TypeError(f"a promise holds identifiers, not {type(value).__name__}")
    if isinstance(value, int):
        return value
    text = str(value)
    if not PLAIN_WORD.fullmatch(text):
        raise TypeError("a promise holds identifiers, not free text")
    return text


__all__ = ["Promise", "ScheduleTick", "forget", "promise"]
