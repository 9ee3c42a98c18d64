"""People who log in, their memberships, sessions and one-time links."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOORS = (
    "COMMENT ON TABLE account IS '@global one person may belong to several municipalities and firms'",
    "GRANT SELECT ON account TO ayumi_accounts",
    "GRANT INSERT ON account TO ayumi_accounts",
    "GRANT UPDATE ON account TO ayumi_accounts",
    "GRANT SELECT (id, email, name, closed_at) ON account TO ayumi_worker",
    "GRANT INSERT ON account TO ayumi_worker",
    "COMMENT ON TABLE login_session IS '@global login comes before any municipality'",
    "GRANT SELECT ON login_session TO ayumi_accounts",
    "GRANT INSERT ON login_session TO ayumi_accounts",
    "GRANT UPDATE ON login_session TO ayumi_accounts",
    "COMMENT ON TABLE one_time_link IS '@global a link is followed before any municipality is known'",
    "GRANT SELECT ON one_time_link TO ayumi_accounts",
    "GRANT INSERT ON one_time_link TO ayumi_accounts",
    "GRANT UPDATE ON one_time_link TO ayumi_accounts",
    "GRANT SELECT ON one_time_link TO ayumi_worker",
    "GRANT INSERT ON one_time_link TO ayumi_worker",
    "GRANT UPDATE ON one_time_link TO ayumi_worker",
    "ALTER TABLE membership ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE membership FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON membership AS PERMISSIVE TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY firm ON membership AS RESTRICTIVE TO ayumi_firm USING (party <> 'employer' AND (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)) WITH CHECK (party <> 'employer' AND (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid))",
    "CREATE POLICY accounts_across ON membership AS PERMISSIVE TO ayumi_accounts USING (account_id = nullif(current_setting('ayumi.account_id', true), '')::uuid) WITH CHECK (account_id = nullif(current_setting('ayumi.account_id', true), '')::uuid)",
    "GRANT SELECT ON membership TO ayumi_staff",
    "GRANT INSERT ON membership TO ayumi_staff",
    "GRANT UPDATE ON membership TO ayumi_staff",
    "GRANT SELECT (tenant_id, id, party, roles, name, kana, firm_id, ends_on) ON membership TO ayumi_firm",
    "GRANT SELECT ON membership TO ayumi_accounts",
    "GRANT INSERT ON membership TO ayumi_accounts",
    "GRANT SELECT ON membership TO ayumi_worker",
    "GRANT INSERT ON membership TO ayumi_worker",
)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="argon2id; empty for those who come by link only"),
        sa.Column("is_operator", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("language", sa.Text(), server_default="ja", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False, comment="sha-256 of the random key in the cookie"),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column(
            "only_tenant_id",
            sa.Integer(),
            nullable=True,
            comment="an employer's session by link reaches one place only",
        ),
        sa.Column("only_employer_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_session_account_id")),
        sa.ForeignKeyConstraint(["only_tenant_id"], ["municipality.id"], name=op.f("fk_login_session_only_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_login_session_key_hash")),
    )
    op.create_index("ix_login_session_account", "login_session", ["account_id"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("invitation", "employer", name="linkpurpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column(
            "party",
            sa.Enum("staff", "firm", "employer", name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("month", sa.Date(), nullable=True, comment="first day of the month to confirm"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_hash", sa.Text(), nullable=True, comment="of the code sent to the same address"),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_one_time_link_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_table(
        "membership",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "party",
            sa.Enum("staff", "firm", "employer", name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as shown in this place"),
        sa.Column("kana", sa.Text(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=True),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(party = 'employer') = (employer_id IS NOT NULL)", name=op.f("ck_membership_employer")),
        sa.CheckConstraint("(party = 'firm') = (firm_id IS NOT NULL)", name=op.f("ck_membership_firm")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_membership_firm_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_membership_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "tenant_id",
            "account_id",
            "party",
            "firm_id",
            "employer_id",
            name=op.f("uq_membership_tenant_id_account_id_party_firm_id_employer_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_table("membership")
    op.drop_table("one_time_link")
    op.drop_table("login_session")
    op.drop_table("account")
