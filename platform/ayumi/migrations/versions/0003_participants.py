"""The people who are supported, imports of lists of them, and hand-overs from firm to firm."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE participant ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE participant FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON participant AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON participant AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid AND (firm_until IS NULL OR firm_until >= (now() AT TIME ZONE 'Asia/Tokyo')::date)) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid AND (firm_until IS NULL OR firm_until >= (now() AT TIME ZONE 'Asia/Tokyo')::date))",
    "CREATE POLICY glass ON participant AS RESTRICTIVE FOR ALL TO ayumi_glass USING (NOT is_restricted) WITH CHECK (NOT is_restricted)",
    "GRANT SELECT ON participant TO ayumi_keeper",
    "GRANT DELETE ON participant TO ayumi_keeper",
    "GRANT SELECT ON participant TO ayumi_glass",
    "GRANT SELECT ON participant TO ayumi_staff",
    "GRANT INSERT ON participant TO ayumi_staff",
    "GRANT UPDATE ON participant TO ayumi_staff",
    "GRANT SELECT (tenant_id, id, family_name, given_name, family_kana, given_kana, kana_key, name_key, nickname, case_number, birth_date, phone, barriers_for_firm, shares_health, health_until, firm_until, caseworker_id, delivery_firm_id, firm_id, is_restricted, status, created_at, edition) ON participant TO ayumi_firm",
    "GRANT SELECT ON participant TO ayumi_worker",
    "GRANT INSERT ON participant TO ayumi_worker",
    "GRANT UPDATE ON participant TO ayumi_worker",
    "ALTER TABLE participant_supporter ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE participant_supporter FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON participant_supporter AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON participant_supporter AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON participant_supporter TO ayumi_keeper",
    "GRANT DELETE ON participant_supporter TO ayumi_keeper",
    "GRANT SELECT ON participant_supporter TO ayumi_glass",
    "GRANT SELECT ON participant_supporter TO ayumi_staff",
    "GRANT INSERT ON participant_supporter TO ayumi_staff",
    "GRANT UPDATE ON participant_supporter TO ayumi_staff",
    "GRANT DELETE ON participant_supporter TO ayumi_staff",
    "GRANT SELECT ON participant_supporter TO ayumi_firm",
    "GRANT INSERT ON participant_supporter TO ayumi_firm",
    "GRANT DELETE ON participant_supporter TO ayumi_firm",
    "GRANT SELECT ON participant_supporter TO ayumi_worker",
    "GRANT INSERT ON participant_supporter TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON participant_supporter TO ayumi_worker",
    "GRANT DELETE ON participant_supporter TO ayumi_worker",
    "ALTER TABLE participant_named_staff ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE participant_named_staff FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON participant_named_staff AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON participant_named_staff TO ayumi_keeper",
    "GRANT DELETE ON participant_named_staff TO ayumi_keeper",
    "GRANT SELECT ON participant_named_staff TO ayumi_glass",
    "GRANT SELECT ON participant_named_staff TO ayumi_staff",
    "GRANT INSERT ON participant_named_staff TO ayumi_staff",
    "GRANT DELETE ON participant_named_staff TO ayumi_staff",
    "GRANT SELECT ON participant_named_staff TO ayumi_worker",
    "GRANT INSERT ON participant_named_staff TO ayumi_worker",
    "ALTER TABLE participant_import ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE participant_import FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON participant_import AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON participant_import TO ayumi_keeper",
    "GRANT DELETE ON participant_import TO ayumi_keeper",
    "GRANT SELECT ON participant_import TO ayumi_glass",
    "GRANT SELECT ON participant_import TO ayumi_staff",
    "GRANT INSERT ON participant_import TO ayumi_staff",
    "GRANT SELECT ON participant_import TO ayumi_worker",
    "GRANT UPDATE ON participant_import TO ayumi_worker",
    "ALTER TABLE hand_over ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE hand_over FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON hand_over AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON hand_over TO ayumi_keeper",
    "GRANT DELETE ON hand_over TO ayumi_keeper",
    "GRANT SELECT ON hand_over TO ayumi_glass",
    "GRANT SELECT ON hand_over TO ayumi_staff",
    "GRANT INSERT ON hand_over TO ayumi_staff",
)


def upgrade() -> None:
    op.create_table(
        "participant",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family_name", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("family_kana", sa.Text(), nullable=False),
        sa.Column("given_kana", sa.Text(), nullable=False),
        sa.Column("kana_key", sa.Text(), nullable=False, comment="normalised kana: search by prefix, sort"),
        sa.Column("name_key", sa.Text(), nullable=False, comment="normalised written name: search by prefix"),
        sa.Column("nickname", sa.Text(), nullable=True, comment="the only name an employer sees"),
        sa.Column("household_number", sa.Text(), nullable=True),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("barriers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "barriers_for_firm",
            postgresql.ARRAY(sa.Text()),
            sa.Computed(
                "CASE WHEN shares_health THEN array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(barriers, 'care'::text), 'violence'::text), 'housing'::text), 'schooling'::text), 'work_gap'::text), 'withdrawal'::text), 'debt'::text), 'offence'::text) ELSE array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(array_remove(barriers, 'care'::text), 'violence'::text), 'housing'::text), 'schooling'::text), 'work_gap'::text), 'withdrawal'::text), 'debt'::text), 'offence'::text), 'physical_health'::text), 'mental_health'::text), 'disability'::text), 'addiction'::text) END",
                persisted=True,
            ),
            nullable=False,
            comment="what of the barriers a firm may read",
        ),
        sa.Column("caseworker_id", sa.Uuid(), nullable=True),
        sa.Column(
            "delivery_firm_id", sa.Uuid(), nullable=True, comment="who supports: this firm, or own staff when empty"
        ),
        sa.Column(
            "firm_id",
            sa.Uuid(),
            nullable=True,
            comment="the firm that may look: delivery_firm_id while consent is in force",
        ),
        sa.Column("firm_until", sa.Date(), nullable=True, comment="last day on which it may; empty: no end was agreed"),
        sa.Column(
            "shares_health",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="a consent in force lets the firm read of health",
        ),
        sa.Column("health_until", sa.Date(), nullable=True, comment="last day of that; empty: no end was agreed"),
        sa.Column("is_restricted", sa.Boolean(), server_default="false", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "candidate",
                "active",
                "paused",
                "ended",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["delivery_firm_id"], ["firm.id"], name=op.f("fk_participant_delivery_firm_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_participant_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "caseworker_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_participant_tenant_id_caseworker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_participant_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_participant")),
        sa.UniqueConstraint("tenant_id", "case_number", name=op.f("uq_participant_tenant_id_case_number")),
    )
    op.create_index("ix_participant_caseworker", "participant", ["tenant_id", "caseworker_id"], unique=False)
    op.create_index("ix_participant_firm", "participant", ["tenant_id", "firm_id"], unique=False)
    op.create_index("ix_participant_kana", "participant", ["tenant_id", "kana_key", "id"], unique=False)
    op.create_index("ix_participant_name", "participant", ["tenant_id", "name_key"], unique=False)
    op.create_table(
        "participant_supporter",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_participant_supporter_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_participant_supporter_tenant_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_participant_supporter_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_participant_supporter_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_participant_supporter")),
        sa.UniqueConstraint(
            "tenant_id",
            "participant_id",
            "membership_id",
            name=op.f("uq_participant_supporter_tenant_id_participant_id_membership_id"),
        ),
    )
    op.create_table(
        "participant_named_staff",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_participant_named_staff_tenant_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_participant_named_staff_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_participant_named_staff_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_participant_named_staff")),
        sa.UniqueConstraint(
            "tenant_id",
            "participant_id",
            "membership_id",
            name=op.f("uq_participant_named_staff_tenant_id_participant_id_membership_id"),
        ),
    )
    op.create_table(
        "participant_import",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "checking",
                "refused",
                "applied",
                "failed",
                name="importstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rows_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "errors",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="row, column, message id and parameters",
        ),
        sa.Column(
            "errors_total", sa.Integer(), server_default="0", nullable=False, comment="also those not kept in errors"
        ),
        sa.Column(
            "columns_left_out",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="headings of the file that are not read",
        ),
        sa.Column(
            "sees",
            postgresql.ARRAY(sa.Text()),
            server_default="{}",
            nullable=False,
            comment="field groups its uploader sees: no other is overwritten",
        ),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rows_done <= rows_total", name=op.f("ck_participant_import_progress")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_participant_import_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_participant_import_tenant_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_participant_import_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_participant_import")),
    )
    op.create_table(
        "hand_over",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_firm_id", sa.Uuid(), nullable=False),
        sa.Column("to_firm_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False, comment="first day on which the next firm supports"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False, comment="how many were handed over"),
        sa.Column(
            "unseen",
            sa.Integer(),
            nullable=False,
            comment="how many were left, because whoever decided may not see them",
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_firm_id <> to_firm_id", name=op.f("ck_hand_over_two_firms")),
        sa.ForeignKeyConstraint(["from_firm_id"], ["firm.id"], name=op.f("fk_hand_over_from_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_hand_over_tenant_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_hand_over_tenant_id")),
        sa.ForeignKeyConstraint(["to_firm_id"], ["firm.id"], name=op.f("fk_hand_over_to_firm_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_hand_over")),
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("hand_over")
    op.drop_table("participant_import")
    op.drop_table("participant_named_staff")
    op.drop_table("participant_supporter")
    op.drop_table("participant")
