"""The database: the base of all tables, and a session that cannot forget where it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar, cast
from uuid import UUID
from weakref import WeakKeyDictionary, WeakSet

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    DateTime,
    Engine,
    Enum,
    Executable,
    ForeignKeyConstraint,
    Insert,
    Integer,
    MetaData,
    Result,
    Select,
    Text,
    Time,
    Uuid,
    bindparam,
    event,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    registry,
    with_loader_criteria,
)

from ayumi.kernel import clusters, columns, connections, ids, tracing
from ayumi.kernel.errors import NotFound
from ayumi.kernel.tenancy import NoPlace, Place, PlaceTaken, WrongPlace

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


TYPES: dict[Any, Any] = {
    str: Text,
    int: Integer,
    date: Date,
    datetime: DateTime(timezone=True),
    time: Time,
    UUID: Uuid,
    list[str]: ARRAY(Text),
}


class Base(DeclarativeBase):
    """Every table of Ayumi."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map=TYPES)


class OfTenant:
    """A row of one municipality: ``tenant_id`` stands first in its key and in every key that refers to it."""

    tenant_id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=ids.new, sort_order=-19)


class Shared:
    """A row that belongs to no municipality (marked ``@global`` in the database)."""


def refers(table: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the municipality: (tenant_id, column) -> table (tenant_id, id).

    Foreign key checks are not subject to row-level security, so the key itself has to hold the line.
    """
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], **options)


def in_municipality() -> ForeignKeyConstraint:
    """The foreign key of ``tenant_id`` itself."""
    return ForeignKeyConstraint(["tenant_id"], ["municipality.id"])


def choice(words: type[StrEnum]) -> Enum:
    """Column type for a closed set of words: text with a CHECK, because enum types defeat indexes under RLS."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=words.__name__.lower(),
        values_callable=lambda enum: [member.value for member in enum],
    )


Big = BigInteger


CONNECTED = "connected"  # in a session's info: its transaction, and the connection that it has


class PlacedSession(FlaskSession):
    """A session that belongs to one place and asks through that place's door, or the standby behind it."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Engine | Connection:
        if bind is not None:
            return bind  # type: ignore[no-any-return]
        return self._db.engines[self.engine_name()]

    def engine_name(self) -> str:
        """Return which engine this session asks: its door's or the standby's, in the cluster in which it began."""
        if self.info.setdefault("cluster", clusters.present()) != clusters.present():
            raise PlaceTaken(f"this session is in cluster {self.info['cluster']}, not in {clusters.present()}")
        of_its_door = clusters.bind(place_of(self))
        return str(self.info.get("engine", of_its_door))

    def connection(self, *args: Any, **options: Any) -> Connection:
        """Return the connection of the present transaction: looked for once, and remembered with it."""
        if args or options:
            return super().connection(*args, **options)
        transaction, found = self.info.get(CONNECTED, (None, None))
        if found is None or transaction is not self._present():
            found = super().connection()
            self.info[CONNECTED] = self._present(), found
        return cast(Connection, found)

    def _present(self) -> Any:
        return self.get_nested_transaction() or self.get_transaction()

    def execute(self, statement: Executable, params: Any = None, **options: Any) -> Result[Any]:
        """Run a statement; one of columns that is kept goes straight to the connection, narrowed like all others."""
        if statement not in STRAIGHT or any(options.values()):
            return super().execute(statement, params, **options)
        if self.autoflush:
            self.flush()
        tenant_id = place_of(self).tenant_id
        if tenant_id is None:
            return self.connection().execute(statement, params)
        return self.connection().execute(_narrowed(statement), {**(params or {}), HERE.key: tenant_id})

    def scalar(self, statement: Executable, params: Any = None, **options: Any) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        if statement in STRAIGHT:
            return self.execute(statement, params, **options).scalar()
        return super().scalar(statement, params, **options)


db = SQLAlchemy(model_class=Base, session_options={"class_": PlacedSession})
connections.look_before_use()
columns.describe_when_asked()


def place_of(session: Session) -> Place:
    """Return the place of a session; raise NoPlace when nobody has said where we are."""
    place = session.info.get("place")
    if place is None:
        raise NoPlace("no place entered: say enter(Place(...)) first")
    return place  # type: ignore[no-any-return]


def here() -> Place:
    """Return the place of the present session."""
    return place_of(db.session())


def tenant() -> int:
    """Return the municipality of the present session; raise when the door has none."""
    found = here().tenant_id
    if found is None:
        raise NoPlace("this door belongs to no municipality")
    return found


def enter(place: Place) -> None:
    """Put the present session in a place, once."""
    session = db.session()
    if session.info.get("place", place) != place:
        raise PlaceTaken(f"already in {session.info['place']}, asked for {place}")
    session.info["place"] = place
    tracing.arrive(place.tenant_id)


def leave() -> None:
    """Close the present session; the next one starts nowhere."""
    db.session.remove()
    tracing.arrive(None)


@contextmanager
def visiting(place: Place) -> Iterator[Session]:
    """A session of its own in another place: commits when the block ends well, else rolls back."""
    session = PlacedSession(db, info={"place": place})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


@contextmanager
def speaking(place: Place) -> Iterator[Connection]:
    """A connection in a place, for a few plain statements that need no session: commits when the block ends well."""
    with db.engines[clusters.bind(place)].begin() as connection:
        connections.begin(connection, place.declaration())
        yield connection


Row = TypeVar("Row", bound=OfTenant)
Statement = TypeVar("Statement")
Rows = Sequence[Any]  # of columns that a page shows, as the query names them


def one(model: type[Row], id: UUID, *, lock: bool = False, missing: Any = None) -> Row:
    """Return the row of this municipality with this id, or raise NotFound. ``lock`` holds it until commit."""
    options: dict[str, Any] = {"with_for_update": True, "populate_existing": True} if lock else {}
    found = db.session.get(model, (tenant(), id), **options)
    if found is None:
        raise NotFound(missing)
    return found


def add(row: Row) -> Row:
    """Add a row and send it to the database at once, so that what refers to it can follow."""
    db.session.add(row)
    db.session.flush()
    return row


def add_all(rows: Sequence[OfTenant]) -> None:
    """Add rows of one kind and send them to the database at once."""
    db.session.add_all(rows)
    db.session.flush()


@event.listens_for(PlacedSession, "after_begin")
def _say_where_we_are(session: Session, transaction: Any, connection: Connection) -> None:
    sentence = place_of(session).declaration()
    if sentence:
        connections.begin(connection, sentence)


STRAIGHT = WeakSet[Executable]()


def straight(statement: Statement) -> Statement:
    """Have a statement that will be asked again and again pass by the mapper, if it asks for columns and no objects.

    What the mapper does for each execution costs as much as the database's driver, and rows of columns need none of it.
    """
    if isinstance(statement, Select) and all(
        each["expr"] is not each["entity"] for each in statement.column_descriptions
    ):
        STRAIGHT.add(statement)
    return statement


NARROWED = WeakKeyDictionary[Executable, Executable]()
HERE = bindparam("of_municipality", type_=Integer())  # without a value: a statement that is not told where fails
OF_HERE = with_loader_criteria(
    OfTenant, lambda cls: cls.tenant_id == HERE, include_aliases=True, track_closure_variables=False
)


@event.listens_for(PlacedSession, "do_orm_execute")
def _narrow_to_the_municipality(state: ORMExecuteState) -> None:
    tenant_id = place_of(state.session).tenant_id
    if tenant_id is None or state.is_column_load or state.is_relationship_load:
        return
    if state.is_select or _is_from_a_query(state.statement):
        state.statement = _narrowed(state.statement)
        state.parameters = {**_said(state), HERE.key: tenant_id}
    else:  # what an UPDATE is told besides would be columns to set
        criteria = with_loader_criteria(OfTenant, lambda cls: cls.tenant_id == tenant_id, include_aliases=True)
        state.statement = state.statement.options(criteria)


def _is_from_a_query(statement: Executable) -> bool:
    """Whether it inserts what a query finds: it is told what the query is told, and no columns."""
    return isinstance(statement, Insert) and statement.select is not None


def _narrowed(statement: Executable) -> Executable:
    """Return the statement for any one municipality; of one that is kept, the same each time.

    A statement that is put together once, with parameters, is then also read only once: SQLAlchemy finds its text
    four times as fast as that of one that is put together for each request.
    """
    known = NARROWED.get(statement)
    if known is None:
        known = NARROWED[statement] = statement.options(OF_HERE)
    return known


def _said(state: ORMExecuteState) -> dict[str, Any]:
    said = state.parameters or {}
    if not isinstance(said, Mapping):
        raise TypeError("a query is asked with one set of parameters")
    return dict(said)


@event.listens_for(PlacedSession, "before_flush")
def _stamp_new_rows(session: Session, context: Any, instances: Any) -> None:
    tenant_id = place_of(session).tenant_id
    for row in session.new:
        if isinstance(row, OfTenant):
            stamp(row, tenant_id)


def stamp(row: OfTenant, tenant_id: int | None) -> None:
    """Write the municipality one is in on a new row; raise where it says another one already."""
    if row.tenant_id is None:
        if tenant_id is None:
            raise NoPlace(f"{type(row).__name__} belongs to a municipality, this door to none")
        row.tenant_id = tenant_id
    elif tenant_id is not None and row.tenant_id != tenant_id:
        raise WrongPlace(f"{type(row).__name__} of municipality {row.tenant_id} written in {tenant_id}")
