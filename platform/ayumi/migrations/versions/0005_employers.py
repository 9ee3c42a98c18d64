"""Partner employers, their sites, agreements and prices."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DOORS = (
    "ALTER TABLE employer ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE employer FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON employer AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON employer AS RESTRICTIVE FOR ALL TO ayumi_employer USING (id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "CREATE POLICY firm ON employer AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON employer TO ayumi_keeper",
    "GRANT DELETE ON employer TO ayumi_keeper",
    "GRANT SELECT ON employer TO ayumi_glass",
    "GRANT SELECT ON employer TO ayumi_staff",
    "GRANT INSERT ON employer TO ayumi_staff",
    "GRANT UPDATE ON employer TO ayumi_staff",
    "GRANT SELECT ON employer TO ayumi_firm",
    "GRANT INSERT ON employer TO ayumi_firm",
    "GRANT UPDATE ON employer TO ayumi_firm",
    "GRANT SELECT ON employer TO ayumi_worker",
    "GRANT INSERT ON employer TO ayumi_worker",
    "GRANT SELECT (tenant_id, id, name, contact_name, contact_email) ON employer TO ayumi_employer",
    "ALTER TABLE employer_site ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE employer_site FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON employer_site AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON employer_site AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "CREATE POLICY firm ON employer_site AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON employer_site TO ayumi_keeper",
    "GRANT DELETE ON employer_site TO ayumi_keeper",
    "GRANT SELECT ON employer_site TO ayumi_glass",
    "GRANT SELECT ON employer_site TO ayumi_staff",
    "GRANT INSERT ON employer_site TO ayumi_staff",
    "GRANT UPDATE ON employer_site TO ayumi_staff",
    "GRANT SELECT ON employer_site TO ayumi_firm",
    "GRANT INSERT ON employer_site TO ayumi_firm",
    "GRANT UPDATE ON employer_site TO ayumi_firm",
    "GRANT SELECT ON employer_site TO ayumi_worker",
    "GRANT INSERT ON employer_site TO ayumi_worker",
    "GRANT SELECT (tenant_id, id, employer_id, name) ON employer_site TO ayumi_employer",
    "ALTER TABLE employer_agreement ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE employer_agreement FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON employer_agreement AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON employer_agreement AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "CREATE POLICY firm ON employer_agreement AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON employer_agreement TO ayumi_keeper",
    "GRANT DELETE ON employer_agreement TO ayumi_keeper",
    "GRANT SELECT ON employer_agreement TO ayumi_glass",
    "GRANT SELECT ON employer_agreement TO ayumi_staff",
    "GRANT INSERT ON employer_agreement TO ayumi_staff",
    "GRANT UPDATE ON employer_agreement TO ayumi_staff",
    "GRANT SELECT ON employer_agreement TO ayumi_firm",
    "GRANT SELECT ON employer_agreement TO ayumi_worker",
    "GRANT INSERT ON employer_agreement TO ayumi_worker",
    "GRANT SELECT (tenant_id, id, employer_id, fiscal_year, fee_kind, payer, tax_treatment) ON employer_agreement TO ayumi_employer",
    "ALTER TABLE unit_price ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE unit_price FORCE ROW LEVEL SECURITY",
    "CREATE POLICY tenant ON unit_price AS PERMISSIVE FOR ALL TO public USING (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int) WITH CHECK (tenant_id = nullif(current_setting('ayumi.tenant_id', true), '')::int)",
    "CREATE POLICY employer ON unit_price AS RESTRICTIVE FOR ALL TO ayumi_employer USING (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid) WITH CHECK (employer_id = nullif(current_setting('ayumi.employer_id', true), '')::uuid)",
    "CREATE POLICY firm ON unit_price AS RESTRICTIVE FOR ALL TO ayumi_firm USING (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid) WITH CHECK (firm_id IS NULL OR firm_id = nullif(current_setting('ayumi.firm_id', true), '')::uuid)",
    "GRANT SELECT ON unit_price TO ayumi_keeper",
    "GRANT DELETE ON unit_price TO ayumi_keeper",
    "GRANT SELECT ON unit_price TO ayumi_glass",
    "GRANT SELECT ON unit_price TO ayumi_staff",
    "GRANT INSERT ON unit_price TO ayumi_staff",
    "GRANT UPDATE (valid_to, status, decided_by, decided_at, reason, firm_id) ON unit_price TO ayumi_staff",
    "GRANT SELECT ON unit_price TO ayumi_firm",
    "GRANT SELECT ON unit_price TO ayumi_worker",
    "GRANT INSERT ON unit_price TO ayumi_worker",
    "GRANT SELECT (tenant_id, id, employer_id, agreement_id, yen, tax_rate_pct, valid_from, valid_to, status) ON unit_price TO ayumi_employer",
)


def upgrade() -> None:
    op.create_table(
        "employer",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kana", sa.Text(), nullable=True),
        sa.Column("business", sa.Text(), nullable=True, comment="trade in words: bakery, farm, care home"),
        sa.Column("corporate_number", sa.Text(), nullable=True),
        sa.Column(
            "offers", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False, comment="values of Offer"
        ),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "prospect",
                "partner",
                "resting",
                name="employerstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "firm_id",
            sa.Uuid(),
            nullable=True,
            comment="found by this firm and shown to no other; empty: shown to every firm",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("contact_email = lower(contact_email)", name=op.f("ck_employer_email_lower")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_employer_firm_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_employer_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_employer")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_employer_tenant_id_name")),
    )
    op.create_table(
        "employer_site",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("offers", sa.Text(), nullable=True, comment="what people can do there"),
        sa.Column("capacity", sa.Integer(), nullable=True, comment="people at the same time"),
        sa.Column("accepted_on", sa.Date(), nullable=True, comment="the floor itself has agreed"),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="as its employer"),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_employer_site_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_employer_site_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_employer_site_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_employer_site")),
        sa.UniqueConstraint(
            "tenant_id", "employer_id", "name", name=op.f("uq_employer_site_tenant_id_employer_id_name")
        ),
    )
    op.create_table(
        "employer_agreement",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False, comment="year in which it begins in April"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "fee_kind",
            sa.Enum(
                "commission", "honorarium", "none", name="feekind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "payer",
            sa.Enum("municipality", "firm", name="payer", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "tax_treatment",
            sa.Enum(
                "included",
                "added",
                "outside_scope",
                "exempt",
                name="taxtreatment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("insurance", sa.Text(), nullable=True, comment="which insurance covers the people, in words"),
        sa.Column("insured_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="as its employer"),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_employer_agreement_dates")),
        sa.CheckConstraint(
            "starts_on >= make_date(fiscal_year, 4, 1) AND ends_on <= make_date(fiscal_year + 1, 3, 31)",
            name=op.f("ck_employer_agreement_year"),
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_employer_agreement_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_employer_agreement_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_employer_agreement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_employer_agreement")),
        sa.UniqueConstraint(
            "tenant_id",
            "employer_id",
            "fiscal_year",
            name=op.f("uq_employer_agreement_tenant_id_employer_id_fiscal_year"),
        ),
    )
    op.create_table(
        "unit_price",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("yen", sa.Integer(), nullable=False, comment="yen per person-day"),
        sa.Column("tax_rate_pct", sa.Integer(), nullable=False, comment="rate of consumption tax in force, in percent"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                name="pricestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=True, comment="as its employer"),
        postgresql.ExcludeConstraint(
            (sa.column("tenant_id"), "="),
            (sa.column("agreement_id"), "="),
            (sa.text("daterange(valid_from, valid_to, '[]')"), "&&"),
            where=sa.text("status = 'approved'"),
            using="gist",
            name="ex_unit_price_one_at_a_time",
        ),
        sa.CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name=op.f("ck_unit_price_decided")),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("ck_unit_price_two_people")),
        sa.CheckConstraint("tax_rate_pct BETWEEN 0 AND 100", name=op.f("ck_unit_price_tax_rate")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_unit_price_dates")),
        sa.CheckConstraint("yen >= 0", name=op.f("ck_unit_price_yen")),
        sa.ForeignKeyConstraint(["firm_id"], ["firm.id"], name=op.f("fk_unit_price_firm_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "agreement_id"],
            ["employer_agreement.tenant_id", "employer_agreement.id"],
            name=op.f("fk_unit_price_tenant_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_unit_price_tenant_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "employer_id"],
            ["employer.tenant_id", "employer.id"],
            name=op.f("fk_unit_price_tenant_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entered_by"],
            ["membership.tenant_id", "membership.id"],
            name=op.f("fk_unit_price_tenant_id_entered_by"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_unit_price_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_unit_price")),
        sa.UniqueConstraint(
            "tenant_id", "agreement_id", "version", name=op.f("uq_unit_price_tenant_id_agreement_id_version")
        ),
    )
    op.create_index("ix_unit_price_employer", "unit_price", ["tenant_id", "employer_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_membership_tenant_id_employer_id"),
        "membership",
        "employer",
        ["tenant_id", "employer_id"],
        ["tenant_id", "id"],
        use_alter=True,
    )
    for sentence in DOORS:
        op.execute(sentence)


def downgrade() -> None:
    op.drop_constraint("fk_membership_tenant_id_employer_id", "membership", type_="foreignkey")
    op.drop_table("unit_price")
    op.drop_table("employer_agreement")
    op.drop_table("employer_site")
    op.drop_table("employer")
