"""Weekly support records in versions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE weekly_record ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE weekly_record FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON weekly_record AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON weekly_record AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON weekly_record TO ayumi_keeper",
    "GRANT DELETE ON weekly_record TO ayumi_keeper",
    "GRANT SELECT ON weekly_record TO ayumi_glass",
    "GRANT SELECT ON weekly_record TO ayumi_staff",
    "GRANT INSERT ON weekly_record TO ayumi_staff",
    "GRANT UPDATE ON weekly_record TO ayumi_staff",
    "GRANT SELECT ON weekly_record TO ayumi_firm",
    "GRANT UPDATE ON weekly_record TO ayumi_firm",
    "GRANT SELECT ON weekly_record TO ayumi_worker",
    "GRANT INSERT ON weekly_record TO ayumi_worker",
    "GRANT UPDATE ON weekly_record TO ayumi_worker",
    "ALTER TABLE record_version ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE record_version FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON record_version AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON record_version AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON record_version TO ayumi_keeper",
    "GRANT DELETE ON record_version TO ayumi_keeper",
    "GRANT SELECT ON record_version TO ayumi_glass",
    "GRANT SELECT ON record_version TO ayumi_staff",
    "GRANT INSERT ON record_version TO ayumi_staff",
    "GRANT UPDATE ON record_version TO ayumi_staff",
    "GRANT DELETE ON record_version TO ayumi_staff",
    "GRANT SELECT ON record_version TO ayumi_firm",
    "GRANT INSERT ON record_version TO ayumi_firm",
    "GRANT UPDATE ON record_version TO ayumi_firm",
    "GRANT DELETE ON record_version TO ayumi_firm",
    "GRANT SELECT ON record_version TO ayumi_worker",
    "GRANT INSERT ON record_version TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON record_version TO ayumi_worker",
    "ALTER TABLE record_day ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE record_day FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON record_day AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON record_day AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON record_day TO ayumi_keeper",
    "GRANT DELETE ON record_day TO ayumi_keeper",
    "GRANT UPDATE (placement_id) ON record_day TO ayumi_keeper",
    "GRANT SELECT ON record_day TO ayumi_glass",
    "GRANT SELECT ON record_day TO ayumi_staff",
    "GRANT INSERT ON record_day TO ayumi_staff",
    "GRANT UPDATE ON record_day TO ayumi_staff",
    "GRANT DELETE ON record_day TO ayumi_staff",
    "GRANT SELECT ON record_day TO ayumi_firm",
    "GRANT INSERT ON record_day TO ayumi_firm",
    "GRANT UPDATE ON record_day TO ayumi_firm",
    "GRANT DELETE ON record_day TO ayumi_firm",
    "GRANT SELECT ON record_day TO ayumi_worker",
    "GRANT INSERT ON record_day TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON record_day TO ayumi_worker",
    "ALTER TABLE concern ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE concern FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON concern AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON concern AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON concern TO ayumi_keeper",
    "GRANT DELETE ON concern TO ayumi_keeper",
    "GRANT SELECT ON concern TO ayumi_glass",
    "GRANT SELECT ON concern TO ayumi_staff",
    "GRANT INSERT ON concern TO ayumi_staff",
    "GRANT UPDATE ON concern TO ayumi_staff",
    "GRANT SELECT ON concern TO ayumi_firm",
    "GRANT INSERT ON concern TO ayumi_firm",
    "GRANT SELECT ON concern TO ayumi_worker",
    "GRANT INSERT ON concern TO ayumi_worker",
    "GRANT UPDATE (firm_id) ON concern TO ayumi_worker",
)
HOLD_VERSION = """
CREATE FUNCTION hold_submitted_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        -- Only what was never handed in is thrown away; the rest goes when its time is over, through the keeper.
        IF OLD.submitted_at IS NOT NULL AND current_user NOT IN ('ayumi_keeper', 'ayumi_owner') THEN
            RAISE EXCEPTION 'a submitted version stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.submitted_at IS NOT NULL AND (
        (NEW.weekly_record_id, NEW.participant_id, NEW.version, NEW.summary, NEW.request_to_caseworker,
         NEW.has_concern, NEW.concern_what, NEW.concern_since, NEW.concern_known_to, NEW.correction_reason,
         NEW.written_by, NEW.saved_at, NEW.submitted_at)
        IS DISTINCT FROM
        (OLD.weekly_record_id, OLD.participant_id, OLD.version, OLD.summary, OLD.request_to_caseworker,
         OLD.has_concern, OLD.concern_what, OLD.concern_since, OLD.concern_known_to, OLD.correction_reason,
         OLD.written_by, OLD.saved_at, OLD.submitted_at)
    ) THEN
        RAISE EXCEPTION 'a submitted version does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
"""

HOLD_DAYS = """
CREATE FUNCTION hold_submitted_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day record_day := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'firm_id' = to_jsonb(OLD) - 'firm_id' THEN
        RETURN NEW;
    END IF;
    IF current_user = 'ayumi_keeper' OR (TG_OP = 'DELETE' AND current_user = 'ayumi_owner') THEN
        RETURN day;
    END IF;
    IF EXISTS (
        SELECT 1 FROM record_version v
        WHERE v.tenant_id = day.tenant_id AND v.id = day.record_version_id AND v.submitted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'days of a submitted version do not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN day;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "weekly_record",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("week_start", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "expected",
                "draft",
                "submitted",
                "returned",
                "accepted",
                "skipped",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("skip_reason", sa.Text(), nullable=True),
        sa.Column("supporter_id", sa.Uuid(), nullable=True, comment="membership of whoever wrote it first"),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True, comment="decides on time or late"),
        sa.Column(
            "delivery_firm_id",
            sa.Uuid(),
            nullable=True,
            comment="who supported that week: this firm, or own staff when empty",
        ),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.Column(
            "edition",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="counts every save; two people editing are told",
        ),
        sa.CheckConstraint("(status = 'skipped') = (skip_reason IS NOT NULL)", name=op.f("ck_weekly_record_skipped")),
        sa.CheckConstraint("extract(isodow from week_start) = 1", name=op.f("ck_weekly_record_monday")),
        sa.ForeignKeyConstraint(["delivery_firm_id"], ["firm.id"], name=op.f("fk_weekly_record_delivery_firm_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_weekly_record_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "enrolment_id"],
            ["enrolment.tenant_id", "enrolment.id"],
            name=op.f("fk_weekly_record_tenant_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_weekly_record_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "supporter_id"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_weekly_record_tenant_id_supporter_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_weekly_record_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_weekly_record")),
        sa.UniqueConstraint(
            "tenant_id",
            "participant_id",
            "week_start",
            name=op.f("uq_weekly_record_tenant_id_participant_id_week_start"),
        ),
    )
    op.create_index("ix_weekly_record_status", "weekly_record", ["tenant_id", "status", "due_on"], unique=False)
    op.create_index("ix_weekly_record_week", "weekly_record", ["tenant_id", "week_start"], unique=False)
    op.create_table(
        "record_version",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weekly_record_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "is_current",
            sa.Boolean(),
            nullable=False,
            comment="the version that counts: the one submitted last; a draft never does",
        ),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("request_to_caseworker", sa.Text(), nullable=True),
        sa.Column("has_concern", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("concern_what", sa.Text(), nullable=True),
        sa.Column("concern_since", sa.Text(), nullable=True),
        sa.Column("concern_known_to", sa.Text(), nullable=True),
        sa.Column("correction_reason", sa.Text(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_comment", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_record_version_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "weekly_record_id"],
            ["weekly_record.tenant_id", "weekly_record.id"],
            name=op.f("fk_record_version_tenant_id_weekly_record_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "written_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_record_version_tenant_id_written_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_record_version_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_record_version")),
        sa.UniqueConstraint(
            "tenant_id",
            "weekly_record_id",
            "version",
            name=op.f("uq_record_version_tenant_id_weekly_record_id_version"),
        ),
    )
    op.create_index(
        "uq_record_version_current",
        "record_version",
        ["tenant_id", "weekly_record_id"],
        unique=True,
        postgresql_where="is_current",
    )
    op.create_index(
        "uq_record_version_draft",
        "record_version",
        ["tenant_id", "weekly_record_id"],
        unique=True,
        postgresql_where="submitted_at IS NULL",
    )
    op.create_table(
        "record_day",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_version_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("menu_id", sa.Uuid(), nullable=True),
        sa.Column("placement_id", sa.Uuid(), nullable=True, comment="work experience at this placement"),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True, comment="time taken part, in minutes"),
        sa.Column(
            "attendance",
            sa.Enum(
                "attended",
                "absent_notified",
                "absent",
                "not_planned",
                name="attendance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
            comment="empty only in a draft: planned, and not yet told how it went",
        ),
        sa.Column("absence_reason", sa.Text(), nullable=True),
        sa.Column(
            "condition",
            sa.Enum(
                "good",
                "usual",
                "tired",
                "low",
                "unwell",
                name="condition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("observation", sa.Text(), nullable=True, comment="what the supporter saw"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_record_day_times")),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 1440", name=op.f("ck_record_day_minutes")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_record_day_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "menu_id"], ["menu.tenant_id", "menu.id"], name=op.f("fk_record_day_tenant_id_menu_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_version_id"],
            ["record_version.tenant_id", "record_version.id"],
            name=op.f("fk_record_day_tenant_id_record_version_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_record_day_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_record_day")),
        sa.UniqueConstraint(
            "tenant_id",
            "record_version_id",
            "held_on",
            "position",
            name=op.f("uq_record_day_tenant_id_record_version_id_held_on_position"),
        ),
    )
    op.create_table(
        "concern",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("weekly_record_id", sa.Uuid(), nullable=False),
        sa.Column("record_version_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=True),
        sa.Column("known_to", sa.Text(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("acknowledgement", sa.Text(), nullable=True, comment="what the caseworker does about it"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="the firm that may look"),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_concern_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "acknowledged_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_concern_tenant_id_acknowledged_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "participant_id"],
            ["participant.tenant_id", "participant.id"],
            name=op.f("fk_concern_tenant_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_version_id"],
            ["record_version.tenant_id", "record_version.id"],
            name=op.f("fk_concern_tenant_id_record_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "weekly_record_id"],
            ["weekly_record.tenant_id", "weekly_record.id"],
            name=op.f("fk_concern_tenant_id_weekly_record_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_concern_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_concern")),
        sa.UniqueConstraint("tenant_id", "record_version_id", name=op.f("uq_concern_tenant_id_record_version_id")),
    )
    op.create_index(
        "ix_concern_open",
        "concern",
        ["tenant_id", "participant_id"],
        unique=False,
        postgresql_where="acknowledged_at IS NULL",
    )
    op.create_foreign_key(
        op.f("fk_record_day_tenant_id_placement_id"),
        "record_day",
        "placement",
        ["tenant_id", "placement_id"],
        ["tenant_id", "id"],
        use_alter=True,
    )
    for sentence in DOORS:
        op.execute(sentence)

    op.execute(HOLD_VERSION)
    op.execute(
        "CREATE TRIGGER hold_submitted BEFORE UPDATE OR DELETE ON record_version"
        " FOR EACH ROW EXECUTE FUNCTION hold_submitted_version()"
    )
    op.execute(HOLD_DAYS)
    op.execute(
        "CREATE TRIGGER hold_submitted BEFORE INSERT OR UPDATE OR DELETE ON record_day"
        " FOR EACH ROW EXECUTE FUNCTION hold_submitted_days()"
    )


def downgrade() -> None:
    op.drop_constraint("fk_record_day_tenant_id_placement_id", "record_day", type_="foreignkey")
    op.drop_table("concern")
    op.drop_table("record_day")
    op.drop_table("record_version")
    op.drop_table("weekly_record")
    op.execute("DROP FUNCTION hold_submitted_version")
    op.execute("DROP FUNCTION hold_submitted_days")
