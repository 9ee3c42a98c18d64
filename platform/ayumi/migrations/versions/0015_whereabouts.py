"""Which account has a place in which municipality, so that whoever logs in is not looked for in all of them.

Memberships are where it comes from: a trigger keeps it beside them, and a foreign key lets none be without it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BESIDE = {
    "ban-unread": "the block fills nothing but the table that is made here, a row for each who works somewhere",
    "changed-under-the-release-before": "its memberships are written as before; the triggers add and remove their lines",
    "constraint-missing-not-valid": "one row for each who works somewhere: some ten thousand in all",
    "adding-foreign-key-constraint": "one row for each who works somewhere: some ten thousand in all",
}

TENANT = "tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int"
ACCOUNT = "account_id = nullif(current_setting('ayumi.account_id', true), '')::uuid"
SECURITY = (
    "ALTER TABLE whereabouts ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE whereabouts FORCE ROW LEVEL SECURITY",
    f"CREATE POLICY tenant ON whereabouts AS PERMISSIVE FOR ALL TO public USING ({TENANT}) WITH CHECK ({TENANT})",
    "CREATE POLICY accounts_across ON whereabouts AS PERMISSIVE FOR ALL TO ayumi_accounts"
    f" USING ({ACCOUNT}) WITH CHECK ({ACCOUNT})",
    "GRANT SELECT ON whereabouts TO ayumi_keeper",
    "GRANT DELETE ON whereabouts TO ayumi_keeper",
    "GRANT SELECT ON whereabouts TO ayumi_accounts",
    "GRANT INSERT ON whereabouts TO ayumi_accounts",
    "GRANT INSERT ON whereabouts TO ayumi_staff",
    "GRANT INSERT ON whereabouts TO ayumi_worker",
)

# Run with the rights of whoever writes the membership; as in 0012, the path is fixed.
PATH = "SET search_path = pg_catalog, public, pg_temp"
COME = f"""
CREATE FUNCTION whereabouts_come() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    INSERT INTO whereabouts (tenant_id, account_id) VALUES (NEW.tenant_id, NEW.account_id) ON CONFLICT DO NOTHING;
    RETURN NEW;
END
$$
"""
GO = f"""
CREATE FUNCTION whereabouts_go() RETURNS trigger LANGUAGE plpgsql {PATH} AS $$
BEGIN
    DELETE FROM whereabouts w WHERE w.tenant_id = OLD.tenant_id AND w.account_id = OLD.account_id AND NOT EXISTS (
        SELECT 1 FROM membership m WHERE m.tenant_id = OLD.tenant_id AND m.account_id = OLD.account_id
    );
    RETURN NULL;
END
$$
"""
TRIGGERS = (
    "CREATE TRIGGER come BEFORE INSERT OR UPDATE OF tenant_id, account_id ON membership"
    " FOR EACH ROW EXECUTE FUNCTION whereabouts_come()",
    "CREATE TRIGGER go AFTER DELETE OR UPDATE OF tenant_id, account_id ON membership"
    " FOR EACH ROW EXECUTE FUNCTION whereabouts_go()",
)

# Policies hold the owner too, so the municipalities are gone through one by one.
FILL = """
DO $$
DECLARE
    town int;
BEGIN
    FOR town IN SELECT id FROM municipality LOOP
        PERFORM set_config('ayumi.tenant_id', town::text, true);
        INSERT INTO whereabouts (tenant_id, account_id)
            SELECT DISTINCT tenant_id, account_id FROM membership WHERE tenant_id = town ON CONFLICT DO NOTHING;
    END LOOP;
    PERFORM set_config('ayumi.tenant_id', '', true);
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "whereabouts",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_whereabouts_account_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_whereabouts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", name=op.f("pk_whereabouts")),
        comment="@everywhere asked by each account of itself, before any municipality is known",
    )
    op.create_index("ix_whereabouts_account", "whereabouts", ["account_id"])
    for sentence in (*SECURITY, COME, GO, *TRIGGERS, FILL):
        op.execute(sentence)
    op.create_foreign_key(
        op.f("fk_membership_tenant_id_account_id"),
        "membership",
        "whereabouts",
        ["tenant_id", "account_id"],
        ["tenant_id", "account_id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_membership_tenant_id_account_id"), "membership", type_="foreignkey")
    for name in ("whereabouts_come", "whereabouts_go"):
        op.execute(f"DROP FUNCTION {name} CASCADE")
    op.drop_table("whereabouts")
