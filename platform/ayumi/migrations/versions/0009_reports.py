"""Monthly reports in editions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE monthly_report ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE monthly_report FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON monthly_report AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY operator_across ON monthly_report AS PERMISSIVE FOR ALL TO ayumi_operator USING (true) WITH CHECK (true)",
    "GRANT SELECT ON monthly_report TO ayumi_keeper",
    "GRANT DELETE ON monthly_report TO ayumi_keeper",
    "GRANT SELECT ON monthly_report TO ayumi_glass",
    "GRANT SELECT ON monthly_report TO ayumi_staff",
    "GRANT SELECT ON monthly_report TO ayumi_worker",
    "GRANT INSERT ON monthly_report TO ayumi_worker",
    "GRANT UPDATE (is_current, content_hash, xlsx_file_id, pdf_file_id) ON monthly_report TO ayumi_worker",
    "GRANT SELECT (tenant_id, month, edition, is_current, cut_off_at) ON monthly_report TO ayumi_operator",
    "ALTER TABLE report_run ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE report_run FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON report_run AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON report_run TO ayumi_keeper",
    "GRANT DELETE ON report_run TO ayumi_keeper",
    "GRANT UPDATE (report_id) ON report_run TO ayumi_keeper",
    "GRANT SELECT ON report_run TO ayumi_glass",
    "GRANT SELECT ON report_run TO ayumi_staff",
    "GRANT INSERT ON report_run TO ayumi_staff",
    "GRANT SELECT ON report_run TO ayumi_worker",
    "GRANT INSERT ON report_run TO ayumi_worker",
    "GRANT UPDATE ON report_run TO ayumi_worker",
    "ALTER TABLE report_figure ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE report_figure FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON report_figure AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON report_figure TO ayumi_keeper",
    "GRANT DELETE ON report_figure TO ayumi_keeper",
    "GRANT SELECT ON report_figure TO ayumi_glass",
    "GRANT SELECT ON report_figure TO ayumi_staff",
    "GRANT SELECT ON report_figure TO ayumi_worker",
    "GRANT INSERT ON report_figure TO ayumi_worker",
    "ALTER TABLE report_figure_person ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE report_figure_person FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON report_figure_person AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON report_figure_person TO ayumi_keeper",
    "GRANT DELETE ON report_figure_person TO ayumi_keeper",
    "GRANT SELECT ON report_figure_person TO ayumi_glass",
    "GRANT SELECT ON report_figure_person TO ayumi_staff",
    "GRANT SELECT ON report_figure_person TO ayumi_worker",
    "GRANT INSERT ON report_figure_person TO ayumi_worker",
    "ALTER TABLE report_office_words ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE report_office_words FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON report_office_words AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "GRANT SELECT ON report_office_words TO ayumi_keeper",
    "GRANT DELETE ON report_office_words TO ayumi_keeper",
    "GRANT SELECT ON report_office_words TO ayumi_glass",
    "GRANT SELECT ON report_office_words TO ayumi_staff",
    "GRANT INSERT ON report_office_words TO ayumi_staff",
    "GRANT UPDATE ON report_office_words TO ayumi_staff",
    "GRANT SELECT ON report_office_words TO ayumi_worker",
)
HOLD_REPORT = """
CREATE FUNCTION hold_compiled_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.pdf_file_id IS NOT NULL AND to_jsonb(NEW) - 'is_current' <> to_jsonb(OLD) - 'is_current' THEN
        RAISE EXCEPTION 'a compiled report does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "monthly_report",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("cut_off_at", sa.DateTime(timezone=True), nullable=False, comment="what was known at this instant"),
        sa.Column("definition_edition", sa.Text(), nullable=False, comment="which definitions of the figures"),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="same hash, same figures and words: no new edition; empty while it is being compiled",
        ),
        sa.Column("office_words", sa.Text(), nullable=True),
        sa.Column("xlsx_file_id", sa.Uuid(), nullable=True),
        sa.Column("pdf_file_id", sa.Uuid(), nullable=True),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_monthly_report_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "pdf_file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_monthly_report_tenant_id_pdf_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "xlsx_file_id"],
            ["stored_file.tenant_id", "stored_file.id"],
            name=op.f("fk_monthly_report_tenant_id_xlsx_file_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_monthly_report_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_monthly_report")),
        sa.UniqueConstraint("tenant_id", "month", "edition", name=op.f("uq_monthly_report_tenant_id_month_edition")),
    )
    op.create_index(
        "uq_monthly_report_current",
        "monthly_report",
        ["tenant_id", "month"],
        unique=True,
        postgresql_where="is_current",
    )
    op.create_table(
        "report_run",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="runstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("step", sa.Text(), nullable=True, comment="what it is doing"),
        sa.Column("steps_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("steps_total", sa.Integer(), server_default="1", nullable=False),
        sa.Column("error", sa.Text(), nullable=True, comment="why it failed: a kind, without personal data"),
        sa.Column("substituted", sa.Text(), nullable=True, comment="characters no font has, printed as a geta mark"),
        sa.Column("changed", sa.Boolean(), nullable=True, comment="whether it made a new edition"),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_report_run_month")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["monthly_report.tenant_id", "monthly_report.id"],
            name=op.f("fk_report_run_tenant_id_report_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_report_run_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report_run")),
    )
    op.create_index("ix_report_run_month", "report_run", ["tenant_id", "month"], unique=False)
    op.create_table(
        "report_figure",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="participants_by_status, records_late, ..."),
        sa.Column("dimension", sa.Text(), nullable=False, comment="status, menu or employer; empty for a plain figure"),
        sa.Column("label", sa.Text(), nullable=True, comment="name of the dimension as it read at the cut-off"),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["monthly_report.tenant_id", "monthly_report.id"],
            name=op.f("fk_report_figure_tenant_id_report_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_report_figure_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report_figure")),
        sa.UniqueConstraint(
            "tenant_id",
            "report_id",
            "key",
            "dimension",
            name=op.f("uq_report_figure_tenant_id_report_id_key_dimension"),
        ),
    )
    op.create_table(
        "report_figure_person",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("figure_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False, comment="how much of the figure is theirs"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "figure_id"],
            ["report_figure.tenant_id", "report_figure.id"],
            name=op.f("fk_report_figure_person_tenant_id_figure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_report_figure_person_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_report_figure_person_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report_figure_person")),
        sa.UniqueConstraint(
            "tenant_id",
            "figure_id",
            "participant_id",
            name=op.f("uq_report_figure_person_tenant_id_figure_id_participant_id"),
        ),
    )
    op.create_table(
        "report_office_words",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_report_office_words_month")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_report_office_words_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_report_office_words")),
        sa.UniqueConstraint("tenant_id", "month", name=op.f("uq_report_office_words_tenant_id_month")),
    )
    for sentence in DOORS:
        op.execute(sentence)
    op.execute(HOLD_REPORT)
    op.execute(
        "CREATE TRIGGER hold_compiled BEFORE UPDATE ON monthly_report"
        " FOR EACH ROW EXECUTE FUNCTION hold_compiled_report()"
    )


def downgrade() -> None:
    op.drop_table("report_office_words")
    op.drop_table("report_figure_person")
    op.drop_table("report_figure")
    op.drop_table("report_run")
    op.drop_table("monthly_report")
    op.execute("DROP FUNCTION hold_compiled_report")
