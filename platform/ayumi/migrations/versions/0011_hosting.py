"""What municipalities have booked, and operators let in behind the glass."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE subscription ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE subscription FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON subscription AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY operator_across ON subscription AS PERMISSIVE FOR ALL TO ayumi_operator USING (true) WITH CHECK (true)",
    "GRANT SELECT ON subscription TO ayumi_keeper",
    "GRANT DELETE ON subscription TO ayumi_keeper",
    "GRANT SELECT ON subscription TO ayumi_glass",
    "GRANT SELECT ON subscription TO ayumi_staff",
    "GRANT SELECT ON subscription TO ayumi_operator",
    "GRANT INSERT ON subscription TO ayumi_operator",
    "GRANT UPDATE ON subscription TO ayumi_operator",
    "ALTER TABLE glass_break ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE glass_break FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON glass_break AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY operator_across ON glass_break AS PERMISSIVE FOR ALL TO ayumi_operator USING (true) WITH CHECK (true)",
    "CREATE POLICY accounts_across ON glass_break AS PERMISSIVE FOR ALL TO ayumi_accounts USING (asked_by = nullif(current_setting('ayumi.account_id', true), '')::uuid) WITH CHECK (asked_by = nullif(current_setting('ayumi.account_id', true), '')::uuid)",
    "GRANT SELECT ON glass_break TO ayumi_keeper",
    "GRANT DELETE ON glass_break TO ayumi_keeper",
    "GRANT SELECT ON glass_break TO ayumi_glass",
    "GRANT SELECT ON glass_break TO ayumi_staff",
    "GRANT UPDATE (status, agreed_by, agreed_at, refused_at, refusal, opened_at, ends_at, ended_at, ended_by, reviewed_by, reviewed_at, review) ON glass_break TO ayumi_staff",
    "GRANT SELECT (tenant_id, id, asked_by, asked_by_name, asked_at, reason, ticket, hours, needs_consent, status, approved_by, approved_by_name, approved_at, agreed_by, agreed_at, refused_at, refusal, opened_at, ends_at, ended_at, ended_by, reviewed_by, reviewed_at) ON glass_break TO ayumi_operator",
    "GRANT INSERT ON glass_break TO ayumi_operator",
    "GRANT UPDATE (status, needs_consent, approved_by, approved_by_name, approved_at, refused_at, refusal, opened_at, ends_at, ended_at, ended_by) ON glass_break TO ayumi_operator",
    "GRANT SELECT ON glass_break TO ayumi_accounts",
    "GRANT SELECT ON glass_break TO ayumi_worker",
    "GRANT UPDATE (status, refused_at, refusal, ended_at, ended_by) ON glass_break TO ayumi_worker",
)
HANDS = """
CREATE FUNCTION glass_hands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    me uuid := nullif(current_setting('ayumi.account_id', true), '')::uuid;
BEGIN
    IF current_user <> 'ayumi_operator' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF me IS NULL OR NEW.asked_by <> me OR NEW.status <> 'asked' OR NEW.approved_by IS NOT NULL THEN
            RAISE EXCEPTION 'an operator asks in their own name, and only asks';
        END IF;
    ELSIF NEW.approved_by IS DISTINCT FROM OLD.approved_by THEN
        IF me IS NULL OR OLD.approved_by IS NOT NULL OR NEW.approved_by <> me OR OLD.asked_by = me THEN
            RAISE EXCEPTION 'a second operator approves, in their own name';
        END IF;
    END IF;
    RETURN NEW;
END
$$
"""
TRIGGER = "CREATE TRIGGER hands BEFORE INSERT OR UPDATE ON glass_break FOR EACH ROW EXECUTE FUNCTION glass_hands()"


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "plan",
            sa.Enum("trial", "standard", "large", name="plan", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("seats", sa.Integer(), nullable=False, comment="people of its own staff who may have a place"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_subscription_seats")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_subscription_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_subscription_tenant_id")),
    )
    op.create_table(
        "glass_break",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("needs_consent", sa.Boolean(), nullable=False, comment="the municipality, too, must agree"),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "approved",
                "open",
                "refused",
                "ended",
                "reviewed",
                name="glassstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("approved_by", sa.Uuid(), nullable=True, comment="the second operator"),
        sa.Column("approved_by_name", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True, comment="membership that agreed for the municipality"),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "refusal", sa.Text(), nullable=True, comment="why it was refused; empty when nobody answered in time"
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "time", "operator", "municipality", name="endedby", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review", sa.Text(), nullable=True, comment="the municipality's own words afterwards"),
        sa.CheckConstraint(
            "status NOT IN ('open', 'ended', 'reviewed') OR (approved_by IS NOT NULL AND (agreed_by IS NOT NULL OR NOT needs_consent) AND opened_at IS NOT NULL AND ends_at IS NOT NULL)",
            name=op.f("ck_glass_break_opened_by_all"),
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> asked_by", name=op.f("ck_glass_break_two_operators")),
        sa.CheckConstraint(
            "extract(epoch from ends_at - opened_at) <= hours * 3600", name=op.f("ck_glass_break_length")
        ),
        sa.CheckConstraint("hours BETWEEN 1 AND 4", name=op.f("ck_glass_break_hours")),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name=op.f("fk_glass_break_approved_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_glass_break_asked_by")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_glass_break_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_glass_break")),
    )
    op.create_index("ix_glass_break_asked_by", "glass_break", ["tenant_id", "asked_by"], unique=False)
    for sentence in DOORS:
        op.execute(sentence)
    op.execute(HANDS)
    op.execute(TRIGGER)
    op.execute("GRANT SELECT ON alembic_version TO ayumi_operator")


def downgrade() -> None:
    op.drop_table("glass_break")
    op.drop_table("subscription")
    op.execute("DROP FUNCTION glass_hands")
