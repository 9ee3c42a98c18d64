"""Work experience, its days and what employers say of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE confirmation ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE confirmation FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON confirmation AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON confirmation AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "GRANT SELECT ON confirmation TO ayumi_keeper",
    "GRANT DELETE ON confirmation TO ayumi_keeper",
    "GRANT SELECT ON confirmation TO ayumi_glass",
    "GRANT SELECT ON confirmation TO ayumi_staff",
    "GRANT INSERT ON confirmation TO ayumi_staff",
    "GRANT SELECT ON confirmation TO ayumi_worker",
    "GRANT INSERT ON confirmation TO ayumi_worker",
    "GRANT SELECT ON confirmation TO ayumi_firm",
    "GRANT SELECT (tenant_id, id, employer_id, month, channel, given_at) ON confirmation TO ayumi_employer",
    "GRANT INSERT ON confirmation TO ayumi_employer",
    "ALTER TABLE confirmation_request ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE confirmation_request FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON confirmation_request AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON confirmation_request AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "GRANT SELECT ON confirmation_request TO ayumi_keeper",
    "GRANT DELETE ON confirmation_request TO ayumi_keeper",
    "GRANT SELECT ON confirmation_request TO ayumi_glass",
    "GRANT SELECT ON confirmation_request TO ayumi_staff",
    "GRANT INSERT ON confirmation_request TO ayumi_staff",
    "GRANT UPDATE ON confirmation_request TO ayumi_staff",
    "GRANT SELECT ON confirmation_request TO ayumi_worker",
    "GRANT INSERT ON confirmation_request TO ayumi_worker",
    "GRANT UPDATE ON confirmation_request TO ayumi_worker",
    "GRANT SELECT ON confirmation_request TO ayumi_firm",
    "GRANT SELECT (tenant_id, id, employer_id, month, sent_at, answered_at) ON confirmation_request TO ayumi_employer",
    "GRANT UPDATE (answered_at) ON confirmation_request TO ayumi_employer",
    "ALTER TABLE placement ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE placement FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON placement AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON placement AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid AND NOT is_restricted) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid AND NOT is_restricted)",
    "CREATE POLICY firm ON placement AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON placement TO ayumi_keeper",
    "GRANT DELETE ON placement TO ayumi_keeper",
    "GRANT UPDATE (profile_consent_id) ON placement TO ayumi_keeper",
    "GRANT SELECT ON placement TO ayumi_glass",
    "GRANT SELECT ON placement TO ayumi_staff",
    "GRANT INSERT ON placement TO ayumi_staff",
    "GRANT UPDATE ON placement TO ayumi_staff",
    "GRANT SELECT ON placement TO ayumi_firm",
    "GRANT INSERT ON placement TO ayumi_firm",
    "GRANT UPDATE ON placement TO ayumi_firm",
    "GRANT SELECT ON placement TO ayumi_worker",
    "GRANT INSERT ON placement TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON placement TO ayumi_worker",
    "GRANT SELECT (tenant_id, id, employer_id, site_id, nickname, starts_on, ends_on, planned_days_per_week, planned_minutes_per_day, status, is_restricted) ON placement TO ayumi_employer",
    "ALTER TABLE experience_day ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE experience_day FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON experience_day AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON experience_day AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid AND NOT is_restricted) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid AND NOT is_restricted)",
    "CREATE POLICY firm ON experience_day AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON experience_day TO ayumi_keeper",
    "GRANT DELETE ON experience_day TO ayumi_keeper",
    "GRANT UPDATE (confirmation_id) ON experience_day TO ayumi_keeper",
    "GRANT SELECT ON experience_day TO ayumi_glass",
    "GRANT SELECT ON experience_day TO ayumi_staff",
    "GRANT INSERT ON experience_day TO ayumi_staff",
    "GRANT UPDATE ON experience_day TO ayumi_staff",
    "GRANT SELECT ON experience_day TO ayumi_firm",
    "GRANT INSERT ON experience_day TO ayumi_firm",
    "GRANT UPDATE ON experience_day TO ayumi_firm",
    "GRANT SELECT ON experience_day TO ayumi_worker",
    "GRANT INSERT ON experience_day TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON experience_day TO ayumi_worker",
    "GRANT SELECT (tenant_id, id, employer_id, placement_id, held_on, starts_at, ends_at, minutes, status, dispute, confirmation_id, corrected_from, settled_at, is_restricted, edition) ON experience_day TO ayumi_employer",
    "GRANT UPDATE (starts_at, ends_at, minutes, status, dispute, confirmation_id, corrected_from, edition) ON experience_day TO ayumi_employer",
)


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month"),
        sa.Column(
            "channel",
            sa.Enum("link", "paper", "phone", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("given_by", sa.Text(), nullable=True, comment="name of the person at the employer"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True, comment="scan of the paper"),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_confirmation_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_confirmation_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entered_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_confirmation_tenant_id_entered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_confirmation_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_confirmation_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_confirmation")),
    )
    op.create_index("ix_confirmation_month", "confirmation", ["tenant_id", "employer_id", "month"], unique=False)
    op.create_table(
        "confirmation_request",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_times", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_confirmation_request_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_confirmation_request_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_confirmation_request_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_confirmation_request")),
        sa.UniqueConstraint(
            "tenant_id", "employer_id", "month", name=op.f("uq_confirmation_request_tenant_id_employer_id_month")
        ),
    )
    op.create_table(
        "placement",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("planned_days_per_week", sa.Integer(), nullable=False),
        sa.Column("planned_minutes_per_day", sa.Integer(), nullable=False),
        sa.Column("tasks", sa.Text(), nullable=True),
        sa.Column(
            "meeting_held_on", sa.Date(), nullable=True, comment="preparatory meeting of person, site and supporter"
        ),
        sa.Column("meeting_note", sa.Text(), nullable=True),
        sa.Column("profile_strengths", sa.Text(), nullable=True, comment="profile sheet: only what was consented"),
        sa.Column("profile_considerations", sa.Text(), nullable=True),
        sa.Column("profile_consent_id", sa.Uuid(), nullable=True, comment="the consent that allows the profile sheet"),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "active",
                "ended",
                "cancelled",
                name="placementstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("end_note", sa.Text(), nullable=True),
        sa.Column("delivery_firm_id", sa.Uuid(), nullable=True, comment="who accompanies it"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.Column(
            "is_restricted",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="as the person is: then the employer's page does not have it",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_placement_dates")),
        sa.CheckConstraint("planned_days_per_week BETWEEN 1 AND 7", name=op.f("ck_placement_days_per_week")),
        sa.CheckConstraint("planned_minutes_per_day BETWEEN 15 AND 720", name=op.f("ck_placement_minutes_per_day")),
        sa.ForeignKeyConstraint(["delivery_firm_id"], ["firm.id"], name=op.f("fk_placement_delivery_firm_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_placement_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_placement_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_placement_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "profile_consent_id"],
            ["consent.tenant_id", "consent.id"],
            name=op.f("fk_placement_tenant_id_profile_consent_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["employer_site.tenant_id", "employer_site.id"],
            name=op.f("fk_placement_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_placement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_placement")),
    )
    op.create_index("ix_placement_employer", "placement", ["tenant_id", "employer_id"], unique=False)
    op.create_index("ix_placement_participant", "placement", ["tenant_id", "participant_id"], unique=False)
    op.create_table(
        "experience_day",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False, comment="time at work without breaks, in minutes"),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "confirmed",
                "disputed",
                "withdrawn",
                name="daystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("dispute", sa.Text(), nullable=True, comment="the employer's word on what is not right"),
        sa.Column(
            "corrected_from", sa.Text(), nullable=True, comment="times as recorded before the employer corrected them"
        ),
        sa.Column("confirmation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "settled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="an approved statement pays it: from then on the employer asks the office for a change",
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_firm_id", sa.Uuid(), nullable=True, comment="who accompanied it"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.Column(
            "is_restricted",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="as the person is: then the employer's page does not have it",
        ),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("(status = 'disputed') <= (dispute IS NOT NULL)", name=op.f("ck_experience_day_dispute")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 720", name=op.f("ck_experience_day_minutes")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_experience_day_times")),
        sa.ForeignKeyConstraint(["delivery_firm_id"], ["firm.id"], name=op.f("fk_experience_day_delivery_firm_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_experience_day_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "confirmation_id"],
            ["confirmation.tenant_id", "confirmation.id"],
            name=op.f("fk_experience_day_tenant_id_confirmation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_experience_day_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_experience_day_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_id"],
            ["placement.tenant_id", "placement.id"],
            name=op.f("fk_experience_day_tenant_id_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recorded_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_experience_day_tenant_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_experience_day_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_experience_day")),
    )
    op.create_index("ix_experience_day_month", "experience_day", ["tenant_id", "employer_id", "held_on"], unique=False)
    op.create_index(
        "uq_experience_day_once",
        "experience_day",
        ["tenant_id", "employer_id", "participant_id", "held_on"],
        unique=True,
        postgresql_where="status <> 'withdrawn'",
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("experience_day")
    op.drop_table("placement")
    op.drop_table("confirmation_request")
    op.drop_table("confirmation")
