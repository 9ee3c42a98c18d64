"""The municipalities, the firms, and the ground every feature stands on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DOORS = (
    "COMMENT ON TABLE municipality IS '@global the municipalities themselves'",
    "GRANT SELECT ON municipality TO ayumi_staff",
    "GRANT SELECT ON municipality TO ayumi_firm",
    "GRANT SELECT ON municipality TO ayumi_employer",
    "GRANT SELECT ON municipality TO ayumi_accounts",
    "GRANT SELECT ON municipality TO ayumi_worker",
    "GRANT SELECT ON municipality TO ayumi_dispatcher",
    "COMMENT ON TABLE firm IS '@global one firm may serve several municipalities; holds its public name only'",
    "GRANT SELECT ON firm TO ayumi_staff",
    "GRANT INSERT ON firm TO ayumi_staff",
    "GRANT SELECT ON firm TO ayumi_firm",
    "GRANT SELECT ON firm TO ayumi_accounts",
    "GRANT SELECT ON firm TO ayumi_worker",
    "COMMENT ON TABLE schedule_tick IS '@global moments of the timetable'",
    "GRANT SELECT ON schedule_tick TO ayumi_dispatcher",
    "GRANT INSERT ON schedule_tick TO ayumi_dispatcher",
    "ALTER TABLE outbox ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE outbox FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON outbox AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY dispatcher_across ON outbox AS PERMISSIVE TO ayumi_dispatcher USING (true) WITH CHECK (true)",
    "GRANT SELECT ON outbox TO ayumi_staff",
    "GRANT INSERT ON outbox TO ayumi_staff",
    "GRANT INSERT ON outbox TO ayumi_firm",
    "GRANT INSERT ON outbox TO ayumi_employer",
    "GRANT SELECT ON outbox TO ayumi_worker",
    "GRANT INSERT ON outbox TO ayumi_worker",
    "GRANT UPDATE ON outbox TO ayumi_worker",
    "GRANT SELECT ON outbox TO ayumi_dispatcher",
    "GRANT INSERT ON outbox TO ayumi_dispatcher",
    "GRANT UPDATE ON outbox TO ayumi_dispatcher",
    "ALTER TABLE journal_entry ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE journal_entry FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON journal_entry AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON journal_entry AS RESTRICTIVE TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "CREATE POLICY firm ON journal_entry AS RESTRICTIVE TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON journal_entry TO ayumi_staff",
    "GRANT INSERT ON journal_entry TO ayumi_staff",
    "GRANT SELECT ON journal_entry TO ayumi_firm",
    "GRANT INSERT ON journal_entry TO ayumi_firm",
    "GRANT INSERT ON journal_entry TO ayumi_employer",
    "GRANT SELECT ON journal_entry TO ayumi_worker",
    "GRANT INSERT ON journal_entry TO ayumi_worker",
    "ALTER TABLE stored_file ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE stored_file FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON stored_file AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON stored_file AS RESTRICTIVE TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON stored_file TO ayumi_staff",
    "GRANT INSERT ON stored_file TO ayumi_staff",
    "GRANT SELECT ON stored_file TO ayumi_firm",
    "GRANT INSERT ON stored_file TO ayumi_firm",
    "GRANT SELECT ON stored_file TO ayumi_worker",
    "GRANT INSERT ON stored_file TO ayumi_worker",
    "ALTER TABLE programme ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE programme FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON programme AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON programme TO ayumi_staff",
    "GRANT INSERT ON programme TO ayumi_staff",
    "GRANT UPDATE ON programme TO ayumi_staff",
    "GRANT SELECT ON programme TO ayumi_firm",
    "GRANT SELECT ON programme TO ayumi_employer",
    "GRANT SELECT ON programme TO ayumi_worker",
    "ALTER TABLE contract ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE contract FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON contract AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON contract AS RESTRICTIVE TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON contract TO ayumi_staff",
    "GRANT INSERT ON contract TO ayumi_staff",
    "GRANT UPDATE ON contract TO ayumi_staff",
    "GRANT SELECT ON contract TO ayumi_firm",
    "GRANT SELECT ON contract TO ayumi_worker",
    "ALTER TABLE menu ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE menu FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON menu AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON menu TO ayumi_staff",
    "GRANT INSERT ON menu TO ayumi_staff",
    "GRANT UPDATE ON menu TO ayumi_staff",
    "GRANT SELECT ON menu TO ayumi_firm",
    "GRANT SELECT ON menu TO ayumi_worker",
    "ALTER TABLE selection_route ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE selection_route FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON selection_route AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON selection_route TO ayumi_staff",
    "GRANT INSERT ON selection_route TO ayumi_staff",
    "GRANT UPDATE ON selection_route TO ayumi_staff",
    "GRANT SELECT ON selection_route TO ayumi_firm",
    "GRANT SELECT ON selection_route TO ayumi_worker",
)


def upgrade() -> None:
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=False),
        sa.Column("prefecture", sa.Text(), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False, comment="colour of the band that says where one is, 1 to 20"),
        sa.Column("is_demonstration", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f("ck_municipality_code")),
        sa.CheckConstraint("band BETWEEN 1 AND 20", name=op.f("ck_municipality_band")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_municipality_slug")),
    )
    op.create_table(
        "firm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "npo",
                "company",
                "social_welfare_corporation",
                "cooperative",
                "other",
                name="firmkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm")),
    )
    op.create_table(
        "schedule_tick",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "fire_at", name=op.f("pk_schedule_tick")),
    )
    op.create_table(
        "outbox",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="name of the job"),
        sa.Column(
            "arguments", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("dedupe_key", sa.Text(), nullable=False, comment="the same promise is made once"),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "leased_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="sent to the queue; sent again after this",
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gave_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="kind of the last failure, without personal data"),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_outbox_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("tenant_id", "dedupe_key", name=op.f("uq_outbox_tenant_id_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["run_after"],
        unique=False,
        postgresql_where="done_at IS NULL AND gave_up_at IS NULL",
    )
    op.create_table(
        "journal_entry",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="table of the thing it happened to"),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False, comment="past tense: submitted, approved, ..."),
        sa.Column("status_before", sa.Text(), nullable=True),
        sa.Column("status_after", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column(
            "changes", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="field -> [before, after]"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True, comment="who; empty for the platform itself"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may see it"),
        sa.Column("employer_id", sa.Uuid(), nullable=True, comment="the employer it concerns"),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_journal_entry_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_journal_entry")),
    )
    op.create_index("ix_journal_entry_subject", "journal_entry", ["tenant_id", "subject_id", "at"], unique=False)
    op.create_table(
        "stored_file",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, comment="consent, confirmation, import, statement, report"),
        sa.Column("subject_id", sa.Uuid(), nullable=True, comment="the thing it belongs to"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may open it"),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_stored_file_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_stored_file")),
    )
    op.create_table(
        "programme",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "runs_programme",
            sa.Boolean(),
            nullable=False,
            comment="runs the readiness programme, not only employment support",
        ),
        sa.Column(
            "delivery",
            sa.Enum(
                "direct",
                "contracted",
                "partly_contracted",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contractor_kind", sa.Text(), nullable=True),
        sa.Column("poverty_programme_relation", sa.Text(), nullable=True, comment="integrated, separate, partly_trial"),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("protection_rate_pct", sa.Numeric(precision=4, scale=1), nullable=True),
        sa.Column("cases_per_caseworker", sa.Integer(), nullable=True),
        sa.Column("figures_as_of", sa.Text(), nullable=True),
        sa.Column("staffing", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "record_due_days",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="a weekly record is due on the first office day this many days after Sunday",
        ),
        sa.Column(
            "contract_tail_days",
            sa.Integer(),
            server_default="90",
            nullable=False,
            comment="days a firm may still read after its contract has ended",
        ),
        sa.Column(
            "link_days",
            sa.Integer(),
            server_default="14",
            nullable=False,
            comment="days an employer's link stays valid",
        ),
        sa.Column("started_on", sa.Date(), nullable=True, comment="from the week of this day on records are kept here"),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_programme_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_programme")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_programme_tenant_id")),
    )
    op.create_table(
        "contract",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_contract_dates")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_contract_firm_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_contract_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract")),
    )
    op.create_index("ix_contract_firm", "contract", ["tenant_id", "firm_id"], unique=False)
    op.create_table(
        "menu",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum("daily_life", "social", "work", name="tier", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("usual_place", sa.Text(), nullable=True),
        sa.Column("usual_time", sa.Text(), nullable=True, comment="in words: Tuesdays 10:00-12:00"),
        sa.Column("is_work_experience", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft", "published", "retired", name="menustatus", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_menu_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_menu")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_menu_tenant_id_name")),
    )
    op.create_table(
        "selection_route",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parties", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sheets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("consent_before_enrolment", sa.Boolean(), nullable=False),
        sa.Column("review_every_months", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_selection_route_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_selection_route")),
        sa.UniqueConstraint("tenant_id", "key", "edition", name=op.f("uq_selection_route_tenant_id_key_edition")),
    )
    op.create_index(
        "uq_selection_route_current", "selection_route", ["tenant_id"], unique=True, postgresql_where="is_current"
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("selection_route")
    op.drop_table("menu")
    op.drop_table("contract")
    op.drop_table("programme")
    op.drop_table("stored_file")
    op.drop_table("journal_entry")
    op.drop_table("outbox")
    op.drop_table("schedule_tick")
    op.drop_table("firm")
    op.drop_table("municipality")
