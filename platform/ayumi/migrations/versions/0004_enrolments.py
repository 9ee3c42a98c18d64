"""Enrolment, consent and goal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE enrolment FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON enrolment AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON enrolment AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON enrolment TO ayumi_keeper",
    "GRANT DELETE ON enrolment TO ayumi_keeper",
    "GRANT SELECT ON enrolment TO ayumi_glass",
    "GRANT SELECT ON enrolment TO ayumi_staff",
    "GRANT INSERT ON enrolment TO ayumi_staff",
    "GRANT UPDATE ON enrolment TO ayumi_staff",
    "GRANT SELECT ON enrolment TO ayumi_firm",
    "GRANT SELECT ON enrolment TO ayumi_worker",
    "GRANT INSERT ON enrolment TO ayumi_worker",
    "GRANT UPDATE ON enrolment TO ayumi_worker",
    "ALTER TABLE consent ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE consent FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON consent AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON consent AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON consent TO ayumi_keeper",
    "GRANT DELETE ON consent TO ayumi_keeper",
    "GRANT SELECT ON consent TO ayumi_glass",
    "GRANT SELECT ON consent TO ayumi_staff",
    "GRANT INSERT ON consent TO ayumi_staff",
    "GRANT UPDATE ON consent TO ayumi_staff",
    "GRANT SELECT ON consent TO ayumi_firm",
    "GRANT SELECT ON consent TO ayumi_worker",
    "GRANT INSERT ON consent TO ayumi_worker",
    "GRANT UPDATE ON consent TO ayumi_worker",
    "ALTER TABLE goal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE goal FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON goal AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON goal AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON goal TO ayumi_keeper",
    "GRANT DELETE ON goal TO ayumi_keeper",
    "GRANT SELECT ON goal TO ayumi_glass",
    "GRANT SELECT ON goal TO ayumi_staff",
    "GRANT INSERT ON goal TO ayumi_staff",
    "GRANT UPDATE ON goal TO ayumi_staff",
    "GRANT SELECT ON goal TO ayumi_firm",
    "GRANT SELECT ON goal TO ayumi_worker",
    "GRANT INSERT ON goal TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON goal TO ayumi_worker",
)


def upgrade() -> None:
    op.create_table(
        "enrolment",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("route_id", sa.Uuid(), nullable=False),
        sa.Column("route_label", sa.Text(), nullable=False, comment="as it read on the day of the decision"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="name or body that decided"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=True, comment="the person's own wish in their words"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "job",
                "income_increase",
                "welfare_work",
                "certified_training",
                "job_search",
                "schooling",
                "other_programme",
                "assistance_ended_by_work",
                "assistance_ended",
                "declined",
                "out_of_reach",
                "moved_away",
                "death",
                "period_over",
                "not_eligible",
                name="endreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "paused",
                "ended",
                name="enrolmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'ended') = (ends_on IS NOT NULL AND end_reason IS NOT NULL)", name=op.f("ck_enrolment_ended")
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_enrolment_dates")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_enrolment_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_enrolment_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "route_id"],
            ["selection_route.tenant_id", "selection_route.id"],
            name=op.f("fk_enrolment_tenant_id_route_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_enrolment_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_enrolment")),
    )
    op.create_index(
        "uq_enrolment_running",
        "enrolment",
        ["tenant_id", "participant_id"],
        unique=True,
        postgresql_where="status <> 'ended'",
    )
    op.create_table(
        "consent",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "form",
            sa.Enum("paper", "spoken", name="form", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True, comment="who heard a spoken consent"),
        sa.Column("file_id", sa.Uuid(), nullable=True, comment="the scanned paper"),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "in_force",
                "withdrawn",
                "expired",
                name="consentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "for_firm_id",
            sa.Uuid(),
            nullable=True,
            comment="the firm it names; empty: any firm that the municipality commissions",
        ),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_on IS NOT NULL)", name=op.f("ck_consent_withdrawn")),
        sa.CheckConstraint("expires_on IS NULL OR expires_on >= given_on", name=op.f("ck_consent_dates")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_consent_firm_id")),
        sa.ForeignKeyConstraint(["for_firm_id"], ["firm.id"], name=op.f("fk_consent_for_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_consent_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_consent_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_consent_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_participant", "consent", ["tenant_id", "participant_id"], unique=False)
    op.create_table(
        "goal",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("job", "other", name="goalkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it was changed"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version = 1 OR reason IS NOT NULL", name=op.f("ck_goal_change_says_why")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_goal_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "enrolment_id"],
            ["enrolment.tenant_id", "enrolment.id"],
            name=op.f("fk_goal_tenant_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_goal_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_goal_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_goal")),
        sa.UniqueConstraint(
            "tenant_id", "enrolment_id", "version", name=op.f("uq_goal_tenant_id_enrolment_id_version")
        ),
    )
    op.create_index(
        "uq_goal_current", "goal", ["tenant_id", "enrolment_id"], unique=True, postgresql_where="is_current"
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("goal")
    op.drop_table("consent")
    op.drop_table("enrolment")
