"""Runs migrations as the owner of the tables, with time-outs so that a release never blocks the one before."""

from alembic import context
from sqlalchemy import create_engine, text

from ayumi.config import settings
from ayumi.kernel.doors import remark
from ayumi.kernel.patience import PATIENCE
from ayumi.schema import metadata


def run() -> None:
    """Bring the configured database to the asked-for revision."""
    for table in metadata.tables.values():  # a shared table says so in the database, see doors.security_sql
        table.comment = remark(table) or table.comment
    engine = create_engine(settings().database_urls()["owner"])
    with engine.connect() as connection:
        for sentence in PATIENCE:
            connection.execute(text(sentence))
        connection.commit()
        context.configure(connection=connection, target_metadata=metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
