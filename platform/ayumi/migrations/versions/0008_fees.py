"""Partner fees, frozen when approved."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE fee_statement ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE fee_statement FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON fee_statement AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON fee_statement AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON fee_statement TO ayumi_keeper",
    "GRANT DELETE ON fee_statement TO ayumi_keeper",
    "GRANT SELECT ON fee_statement TO ayumi_glass",
    "GRANT SELECT ON fee_statement TO ayumi_staff",
    "GRANT INSERT ON fee_statement TO ayumi_staff",
    "GRANT UPDATE ON fee_statement TO ayumi_staff",
    "GRANT SELECT ON fee_statement TO ayumi_firm",
    "GRANT INSERT ON fee_statement TO ayumi_firm",
    "GRANT UPDATE (edition, status, payer, fee_kind, tax_treatment, tax_rate_pct, employer_name, net, tax_included, tax_added, total, note, compiled_by, compiled_at, submitted_by, submitted_at) ON fee_statement TO ayumi_firm",
    "GRANT SELECT ON fee_statement TO ayumi_worker",
    "GRANT INSERT ON fee_statement TO ayumi_worker",
    "ALTER TABLE fee_line ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE fee_line FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON fee_line AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON fee_line AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON fee_line TO ayumi_keeper",
    "GRANT DELETE ON fee_line TO ayumi_keeper",
    "GRANT UPDATE (placement_id, nickname, return_word, adjusts_statement_id) ON fee_line TO ayumi_keeper",
    "GRANT SELECT ON fee_line TO ayumi_glass",
    "GRANT SELECT ON fee_line TO ayumi_staff",
    "GRANT INSERT ON fee_line TO ayumi_staff",
    "GRANT UPDATE ON fee_line TO ayumi_staff",
    "GRANT DELETE ON fee_line TO ayumi_staff",
    "GRANT SELECT ON fee_line TO ayumi_firm",
    "GRANT INSERT ON fee_line TO ayumi_firm",
    "GRANT UPDATE ON fee_line TO ayumi_firm",
    "GRANT DELETE ON fee_line TO ayumi_firm",
    "GRANT SELECT ON fee_line TO ayumi_worker",
    "GRANT INSERT ON fee_line TO ayumi_worker",
    "ALTER TABLE fee_line_day ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE fee_line_day FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON fee_line_day AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON fee_line_day AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON fee_line_day TO ayumi_keeper",
    "GRANT DELETE ON fee_line_day TO ayumi_keeper",
    "GRANT UPDATE (experience_day_id) ON fee_line_day TO ayumi_keeper",
    "GRANT SELECT ON fee_line_day TO ayumi_glass",
    "GRANT SELECT ON fee_line_day TO ayumi_staff",
    "GRANT INSERT ON fee_line_day TO ayumi_staff",
    "GRANT UPDATE ON fee_line_day TO ayumi_staff",
    "GRANT DELETE ON fee_line_day TO ayumi_staff",
    "GRANT SELECT ON fee_line_day TO ayumi_firm",
    "GRANT INSERT ON fee_line_day TO ayumi_firm",
    "GRANT UPDATE ON fee_line_day TO ayumi_firm",
    "GRANT DELETE ON fee_line_day TO ayumi_firm",
    "GRANT SELECT ON fee_line_day TO ayumi_worker",
    "GRANT INSERT ON fee_line_day TO ayumi_worker",
)
HOLD_STATEMENT = """
CREATE FUNCTION hold_approved_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'approved' THEN
            RAISE EXCEPTION 'no statement begins approved' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF OLD.status = 'approved' THEN
        IF to_jsonb(NEW) - 'firm_id' <> to_jsonb(OLD) - 'firm_id' THEN
            RAISE EXCEPTION 'an approved statement does not change' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.status = 'approved' AND (
        NEW.content_hash IS NOT NULL
        AND NEW.net = (
            SELECT sum(l.amount) FROM fee_line l WHERE l.tenant_id = NEW.tenant_id AND l.statement_id = NEW.id
        )
        AND NOT EXISTS (
            SELECT 1 FROM fee_line l WHERE l.tenant_id = NEW.tenant_id AND l.statement_id = NEW.id AND (
                l.status <> 'approved' OR l.quantity <> (
                    SELECT coalesce(sum(d.sign), 0) FROM fee_line_day d
                    WHERE d.tenant_id = l.tenant_id AND d.line_id = l.id
                )
            )
        )
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'a statement is approved with every line of it, and its sums are right'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

HOLD_LINES = """
CREATE FUNCTION hold_approved_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line fee_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    -- What has been kept long enough is disposed of by the keeper; the owner erases whole municipalities.
    IF current_user = 'ayumi_keeper' OR (TG_OP = 'DELETE' AND current_user = 'ayumi_owner') THEN
        RETURN line;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'firm_id' = to_jsonb(OLD) - 'firm_id' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM fee_statement s
        WHERE s.tenant_id = line.tenant_id AND s.id = line.statement_id AND s.status = 'approved'
    ) THEN
        RAISE EXCEPTION 'lines of an approved statement do not change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN line;
END $$
"""

HOLD_LINE_DAYS = """
CREATE FUNCTION hold_approved_line_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day fee_line_day := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    -- What has been kept long enough is disposed of by the keeper; the owner erases whole municipalities.
    IF current_user = 'ayumi_keeper' OR (TG_OP = 'DELETE' AND current_user = 'ayumi_owner') THEN
        RETURN day;
    END IF;
    IF TG_OP = 'UPDATE'
        AND to_jsonb(NEW) - 'firm_id' - 'released_at' = to_jsonb(OLD) - 'firm_id' - 'released_at' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT 1 FROM fee_line l JOIN fee_statement s ON s.tenant_id = l.tenant_id AND s.id = l.statement_id
        WHERE l.tenant_id = day.tenant_id AND l.id = day.line_id AND s.status = 'approved'
    ) THEN
        RAISE EXCEPTION 'days of an approved statement do not change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN day;
END $$
"""

TRIGGERS = (
    "CREATE TRIGGER hold_approved BEFORE INSERT OR UPDATE ON fee_statement"
    " FOR EACH ROW EXECUTE FUNCTION hold_approved_statement()",
    "CREATE TRIGGER hold_approved BEFORE INSERT OR UPDATE OR DELETE ON fee_line"
    " FOR EACH ROW EXECUTE FUNCTION hold_approved_lines()",
    "CREATE TRIGGER hold_approved BEFORE INSERT OR UPDATE OR DELETE ON fee_line_day"
    " FOR EACH ROW EXECUTE FUNCTION hold_approved_line_days()",
)


def upgrade() -> None:
    op.create_table(
        "fee_statement",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="first day of the month it is made for"),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="1 is the month's own statement, 2 and on are later additions",
        ),
        sa.Column("edition", sa.Integer(), server_default="0", nullable=False, comment="counts submissions"),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "approved",
                "dropped",
                name="statementstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("payer", sa.Text(), nullable=False, comment="municipality or firm, from the agreement"),
        sa.Column("fee_kind", sa.Text(), nullable=False),
        sa.Column("tax_treatment", sa.Text(), nullable=False),
        sa.Column("tax_rate_pct", sa.Integer(), nullable=False),
        sa.Column("employer_name", sa.Text(), nullable=False, comment="as it read when compiled"),
        sa.Column("net", sa.Integer(), nullable=False, comment="sum of the lines, yen"),
        sa.Column(
            "tax_included",
            sa.Integer(),
            nullable=False,
            comment="consumption tax contained in net, yen; once per statement",
        ),
        sa.Column(
            "tax_added", sa.Integer(), nullable=False, comment="consumption tax on top of net, yen; once per statement"
        ),
        sa.Column("total", sa.Integer(), nullable=False, comment="yen to be paid"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=True, comment="sha-256 over lines and days when approved"),
        sa.Column("compiled_by", sa.Uuid(), nullable=True),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_firm_id", sa.Uuid(), nullable=True, comment="who compiles; empty: own staff"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.CheckConstraint("(status = 'approved') = (approved_at IS NOT NULL)", name=op.f("ck_fee_statement_approved")),
        sa.CheckConstraint("approved_by <> submitted_by", name=op.f("ck_fee_statement_two_people")),
        sa.CheckConstraint("extract(day from month) = 1", name=op.f("ck_fee_statement_month")),
        sa.CheckConstraint("total = net + tax_added", name=op.f("ck_fee_statement_total")),
        sa.ForeignKeyConstraint(["delivery_firm_id"], ["firm.id"], name=op.f("fk_fee_statement_delivery_firm_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_fee_statement_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "approved_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_fee_statement_tenant_id_approved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "compiled_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_fee_statement_tenant_id_compiled_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_fee_statement_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "submitted_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_fee_statement_tenant_id_submitted_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_fee_statement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fee_statement")),
        sa.UniqueConstraint(
            "tenant_id",
            "employer_id",
            "month",
            "delivery_firm_id",
            "number",
            name=op.f("uq_fee_statement_tenant_id_employer_id_month_delivery_firm_id_number"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "uq_fee_statement_open",
        "fee_statement",
        ["tenant_id", "employer_id", "delivery_firm_id"],
        unique=True,
        postgresql_where="status NOT IN ('approved', 'dropped')",
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "fee_line",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("days", "adjustment", name="linekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("placement_id", sa.Uuid(), nullable=True, comment="empty once the person's papers are disposed of"),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column(
            "quantity", sa.Integer(), nullable=False, comment="person-days; negative in an adjustment that takes back"
        ),
        sa.Column("unit_price_id", sa.Uuid(), nullable=False),
        sa.Column("unit_price", sa.Integer(), nullable=False, comment="yen per person-day, as it was"),
        sa.Column("price_version", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False, comment="yen"),
        sa.Column("adjusts_statement_id", sa.Uuid(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "disputed",
                "withdrawn",
                "reopened",
                "corrected",
                name="adjustmentreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
            comment="why an adjustment",
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open", "approved", "returned", name="linestatus", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "return_reason",
            sa.Enum(
                "days",
                "price",
                "changed",
                "papers",
                "other",
                name="returnreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("return_word", sa.Text(), nullable=True, comment="what the approver adds to the reason"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.CheckConstraint("(status = 'returned') = (return_reason IS NOT NULL)", name=op.f("ck_fee_line_returned")),
        sa.CheckConstraint("kind = 'adjustment' OR quantity > 0", name=op.f("ck_fee_line_quantity")),
        sa.CheckConstraint("amount = quantity * unit_price", name=op.f("ck_fee_line_amount")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_fee_line_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "adjusts_statement_id"],
            ["fee_statement.tenant_id", "fee_statement.id"],
            name=op.f("fk_fee_line_tenant_id_adjusts_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "placement_id"],
            ["placement.tenant_id", "placement.id"],
            name=op.f("fk_fee_line_tenant_id_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "statement_id"],
            ["fee_statement.tenant_id", "fee_statement.id"],
            name=op.f("fk_fee_line_tenant_id_statement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_price_id"],
            ["unit_price.tenant_id", "unit_price.id"],
            name=op.f("fk_fee_line_tenant_id_unit_price_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_fee_line_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fee_line")),
    )
    op.create_index("ix_fee_line_statement", "fee_line", ["tenant_id", "statement_id"], unique=False)
    op.create_table(
        "fee_line_day",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "experience_day_id", sa.Uuid(), nullable=True, comment="empty once the person's papers are disposed of"
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sign", sa.Integer(), nullable=False, comment="1 pays the day, -1 takes it back"),
        sa.Column("takes_back", sa.Uuid(), nullable=True, comment="the day as it was paid, which this takes back"),
        sa.Column(
            "released_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="taken back by an adjustment: may be paid again",
        ),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.CheckConstraint("(sign = -1) = (takes_back IS NOT NULL)", name=op.f("ck_fee_line_day_takes_back")),
        sa.CheckConstraint("sign IN (1, -1)", name=op.f("ck_fee_line_day_sign")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_fee_line_day_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "experience_day_id"],
            ["experience_day.tenant_id", "experience_day.id"],
            name=op.f("fk_fee_line_day_tenant_id_experience_day_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "line_id"],
            ["fee_line.tenant_id", "fee_line.id"],
            name=op.f("fk_fee_line_day_tenant_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "takes_back"],
            ["fee_line_day.tenant_id", "fee_line_day.id"],
            name=op.f("fk_fee_line_day_tenant_id_takes_back"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_fee_line_day_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fee_line_day")),
        sa.UniqueConstraint(
            "tenant_id",
            "line_id",
            "experience_day_id",
            name=op.f("uq_fee_line_day_tenant_id_line_id_experience_day_id"),
        ),
        sa.UniqueConstraint("tenant_id", "takes_back", name=op.f("uq_fee_line_day_tenant_id_takes_back")),
    )
    op.create_index(
        "uq_fee_line_day_paid_once",
        "fee_line_day",
        ["tenant_id", "experience_day_id"],
        unique=True,
        postgresql_where="sign = 1 AND released_at IS NULL",
    )
    for sentence in DOORS:
        op.execute(sentence)

    for sentence in (HOLD_STATEMENT, HOLD_LINES, HOLD_LINE_DAYS, *TRIGGERS):
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("fee_line_day")
    op.drop_table("fee_line")
    op.drop_table("fee_statement")
    for name in ("hold_approved_statement", "hold_approved_lines", "hold_approved_line_days"):
        op.execute(f"DROP FUNCTION {name}")
