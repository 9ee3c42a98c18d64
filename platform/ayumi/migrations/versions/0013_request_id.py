"""The request in which later work was promised, so that its log can be read together with the job's."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("request_id", sa.Text(), nullable=True, comment="the request in which it was promised")
    )


def downgrade() -> None:
    op.drop_column("outbox", "request_id")
