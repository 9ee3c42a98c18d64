"""Signed heads of the journals, retention and disposal, incidents, moving out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE signed_head ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE signed_head FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON signed_head AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON signed_head TO ayumi_keeper",
    "GRANT SELECT ON signed_head TO ayumi_glass",
    "GRANT SELECT ON signed_head TO ayumi_staff",
    "GRANT SELECT ON signed_head TO ayumi_worker",
    "GRANT INSERT ON signed_head TO ayumi_worker",
    "ALTER TABLE journal_check ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE journal_check FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON journal_check AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON journal_check TO ayumi_keeper",
    "GRANT DELETE ON journal_check TO ayumi_keeper",
    "GRANT SELECT ON journal_check TO ayumi_glass",
    "GRANT SELECT ON journal_check TO ayumi_staff",
    "GRANT INSERT ON journal_check TO ayumi_staff",
    "GRANT SELECT ON journal_check TO ayumi_worker",
    "GRANT INSERT ON journal_check TO ayumi_worker",
    "GRANT UPDATE ON journal_check TO ayumi_worker",
    "ALTER TABLE retention_class ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE retention_class FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON retention_class AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON retention_class TO ayumi_keeper",
    "GRANT DELETE ON retention_class TO ayumi_keeper",
    "GRANT SELECT ON retention_class TO ayumi_glass",
    "GRANT SELECT ON retention_class TO ayumi_staff",
    "GRANT INSERT ON retention_class TO ayumi_staff",
    "GRANT UPDATE ON retention_class TO ayumi_staff",
    "GRANT SELECT ON retention_class TO ayumi_worker",
    "GRANT INSERT ON retention_class TO ayumi_worker",
    "GRANT SELECT ON retention_class TO ayumi_operator",
    "GRANT INSERT ON retention_class TO ayumi_operator",
    "ALTER TABLE legal_hold ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE legal_hold FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON legal_hold AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON legal_hold TO ayumi_keeper",
    "GRANT DELETE ON legal_hold TO ayumi_keeper",
    "GRANT SELECT ON legal_hold TO ayumi_glass",
    "GRANT SELECT ON legal_hold TO ayumi_staff",
    "GRANT INSERT ON legal_hold TO ayumi_staff",
    "GRANT UPDATE ON legal_hold TO ayumi_staff",
    "GRANT SELECT ON legal_hold TO ayumi_worker",
    "ALTER TABLE disposal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE disposal FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON disposal AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON disposal TO ayumi_keeper",
    "GRANT SELECT ON disposal TO ayumi_glass",
    "GRANT SELECT ON disposal TO ayumi_staff",
    "GRANT INSERT ON disposal TO ayumi_staff",
    "GRANT UPDATE ON disposal TO ayumi_staff",
    "GRANT SELECT ON disposal TO ayumi_worker",
    "GRANT UPDATE ON disposal TO ayumi_worker",
    "ALTER TABLE disposal_item ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE disposal_item FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON disposal_item AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON disposal_item TO ayumi_keeper",
    "GRANT UPDATE (erased_at, erased, is_kept_back, kept_back_why) ON disposal_item TO ayumi_keeper",
    "GRANT SELECT ON disposal_item TO ayumi_glass",
    "GRANT SELECT ON disposal_item TO ayumi_staff",
    "GRANT INSERT ON disposal_item TO ayumi_staff",
    "GRANT UPDATE ON disposal_item TO ayumi_staff",
    "GRANT SELECT ON disposal_item TO ayumi_worker",
    "GRANT UPDATE ON disposal_item TO ayumi_worker",
    "ALTER TABLE incident ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE incident FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON incident AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON incident TO ayumi_keeper",
    "GRANT DELETE ON incident TO ayumi_keeper",
    "GRANT SELECT ON incident TO ayumi_glass",
    "GRANT SELECT ON incident TO ayumi_staff",
    "GRANT INSERT ON incident TO ayumi_staff",
    "GRANT UPDATE ON incident TO ayumi_staff",
    "GRANT SELECT ON incident TO ayumi_worker",
    "ALTER TABLE packing ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE packing FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON packing AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON packing TO ayumi_keeper",
    "GRANT UPDATE (file_id) ON packing TO ayumi_keeper",
    "GRANT SELECT ON packing TO ayumi_glass",
    "GRANT SELECT ON packing TO ayumi_staff",
    "GRANT INSERT ON packing TO ayumi_staff",
    "GRANT SELECT ON packing TO ayumi_worker",
    "GRANT UPDATE ON packing TO ayumi_worker",
    "COMMENT ON TABLE erasure_certificate IS '@global outlives the municipality it speaks of; holds counts only'",
    "GRANT SELECT ON erasure_certificate TO ayumi_operator",
)


def upgrade() -> None:
    op.create_table(
        "signed_head",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False, comment="number of the entry it stood at"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False, comment="Ed25519 over the canonical statement, base64url"),
        sa.Column("key_id", sa.Text(), nullable=False, comment="which key signed"),
        sa.Column("file_key", sa.Text(), nullable=False, comment="where the statement lies in the file store"),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_signed_head_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_signed_head")),
        sa.UniqueConstraint("tenant_id", "seq", name=op.f("uq_signed_head_tenant_id_seq")),
    )
    op.create_table(
        "journal_check",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "sound",
                "broken",
                "failed",
                name="checkstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=True, comment="membership; empty when the timetable asked"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entries_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("entries_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("heads", sa.Integer(), server_default="0", nullable=False, comment="signed heads that were compared"),
        sa.Column("findings", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_journal_check_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_check")),
    )
    op.create_index("ix_journal_check_asked", "journal_check", ["tenant_id", "asked_at"], unique=False)
    op.create_table(
        "retention_class",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "artefact",
            sa.Enum(
                "case",
                "support_record",
                "plan",
                "consent",
                "payment_voucher",
                "contract",
                "statistics",
                "access_log",
                name="artefact",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("years", sa.Integer(), nullable=True, comment="empty: for ever"),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("years BETWEEN 1 AND 30", name=op.f("ck_retention_class_years")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_retention_class_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_retention_class")),
        sa.UniqueConstraint("tenant_id", "artefact", name=op.f("uq_retention_class_tenant_id_artefact")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_legal_hold_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_legal_hold_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        "uq_legal_hold_in_force",
        "legal_hold",
        ["tenant_id", "participant_id"],
        unique=True,
        postgresql_where="lifted_at IS NULL",
    )
    op.create_table(
        "disposal",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False, comment="everything whose time is over on this day"),
        sa.Column(
            "status",
            sa.Enum(
                "drafted",
                "handed_in",
                "approved",
                "given_up",
                "carried_out",
                name="disposalstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "erased", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="table -> rows, files -> number"
        ),
        sa.Column("certificate_id", sa.Uuid(), nullable=True),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "certificate_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_disposal_tenant_id_certificate_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_disposal_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_disposal")),
    )
    op.create_table(
        "disposal_item",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("disposal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "artefact",
            sa.Enum(
                "case",
                "support_record",
                "plan",
                "consent",
                "payment_voucher",
                "contract",
                "statistics",
                "access_log",
                name="artefact",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Text(), nullable=False, comment="table in which it stands"),
        sa.Column(
            "subject_id",
            sa.Uuid(),
            nullable=False,
            comment="the person, contract or month; no foreign key: it will be gone",
        ),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_kept_back", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("kept_back_why", sa.Text(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "erased", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="table -> rows, files -> number"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "disposal_id"],
            ["disposal.tenant_id", "disposal.id"],
            name=op.f("fk_disposal_item_tenant_id_disposal_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_disposal_item_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_disposal_item")),
    )
    op.create_index("ix_disposal_item_disposal", "disposal_item", ["tenant_id", "disposal_id"], unique=False)
    op.create_index("ix_disposal_item_subject", "disposal_item", ["tenant_id", "subject_id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False, comment="the clocks run from this day"),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False, comment="what happened"),
        sa.Column("data", sa.Text(), nullable=True, comment="kinds of data concerned"),
        sa.Column("people", sa.Integer(), nullable=True, comment="how many people; empty while unknown"),
        sa.Column(
            "grounds",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="why it must be reported; empty when it need not",
        ),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("further_harm", sa.Text(), nullable=True, comment="harm that has followed, or may"),
        sa.Column("remedy", sa.Text(), nullable=True, comment="what was and will be done"),
        sa.Column("people_told_on", sa.Date(), nullable=True, comment="when those concerned were told"),
        sa.Column("published", sa.Text(), nullable=True, comment="whether and how it was made public"),
        sa.Column("preliminary_reported_on", sa.Date(), nullable=True),
        sa.Column("finally_reported_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "preliminary_reported",
                "finally_reported",
                "closed",
                name="incidentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("occurred_on IS NULL OR occurred_on <= known_on", name=op.f("ck_incident_dates")),
        sa.CheckConstraint("people >= 0", name=op.f("ck_incident_people")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_incident_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_incident")),
    )
    op.create_table(
        "packing",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "packing",
                "packed",
                "failed",
                name="packingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "asked_by", sa.Uuid(), nullable=True, comment="membership; empty for an operator at the command line"
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tables_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tables_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=True),
        sa.Column("packed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_packing_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_packing_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_packing")),
    )
    op.create_table(
        "erasure_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "erased", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="table -> rows, files -> number"
        ),
        sa.Column("manifest_sha256", sa.Text(), nullable=True, comment="of the packing that was handed over"),
        sa.Column("journal_hash", sa.Text(), nullable=True, comment="head of its journal at the end"),
        sa.Column("file_key", sa.Text(), nullable=False, comment="where the paper lies in the file store"),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_erasure_certificate_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_certificate")),
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("erasure_certificate")
    op.drop_table("packing")
    op.drop_table("incident")
    op.drop_table("disposal_item")
    op.drop_table("disposal")
    op.drop_table("legal_hold")
    op.drop_table("retention_class")
    op.drop_table("journal_check")
    op.drop_table("signed_head")
