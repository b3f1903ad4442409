"""platform billing: versions of plans, accounts, spans, closed periods, invoices and credit notes of marketplaces"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.ops import append_only, protect, see_every_tenant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "billing_plan_versions", "billing_companies", "billing_accounts", "billing_spans", "billing_periods",
    "billing_invoices", "billing_credit_notes",
)  # fmt: skip
# Plans that were there before cost nothing until somebody gives them a price, which is another version.
VERSIONS = """
    insert into billing_plan_versions (tenant_id, id, plan_code, version, effective_on, terms, created_at)
    select t.id, gen_random_uuid(), p.code, 1, date '2026-01-01',
           json_build_object('names', json_build_object('en', p.name, 'zh', p.name), 'included', p.limits), now()
      from plans p join tenants t on t.id = '00000000-0000-0000-0000-000000000000'"""
SPANS = """
    insert into billing_spans (tenant_id, id, customer_id, plan_code, version, cycle, from_on, anchor_on)
    select g.id, gen_random_uuid(), t.id, t.plan_code, 1, 'monthly', current_date, current_date
      from tenants t join tenants g on g.id = '00000000-0000-0000-0000-000000000000' where t.id <> g.id"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "billing_plan_versions",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_code"], ["plans.code"], name=op.f("fk_billing_plan_versions_plan_code")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_plan_versions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_plan_versions")),
        sa.UniqueConstraint(
            "tenant_id", "plan_code", "version", name=op.f("uq_billing_plan_versions_tenant_id_plan_code_version")
        ),
    )
    op.create_table(
        "billing_companies",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("tax_number", sa.String(), nullable=False),
        sa.Column("registration_number", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("tax_bps", sa.Integer(), nullable=False),
        sa.Column("tax_rates", sa.JSON(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("remind_days", sa.JSON(), nullable=False),
        sa.Column("propose_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_companies_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_companies")),
        sa.UniqueConstraint("tenant_id", "series", name=op.f("uq_billing_companies_tenant_id_series")),
    )
    op.create_table(
        "billing_accounts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("tax_number", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("provider_ref", sa.String(), nullable=False),
        sa.Column("setup_ref", sa.String(), nullable=False),
        sa.Column("method_ref", sa.String(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("discount_bps", sa.Integer(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_currency", sa.String(), nullable=False),
        sa.Column("discount_until", sa.Date(), nullable=True),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("patience_until", sa.Date(), nullable=True),
        sa.CheckConstraint("collection in ('charge','send')", name=op.f("ck_billing_accounts_collection")),
        sa.ForeignKeyConstraint(["customer_id"], ["tenants.id"], name=op.f("fk_billing_accounts_customer_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_accounts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_accounts")),
        sa.UniqueConstraint("tenant_id", "customer_id", name=op.f("uq_billing_accounts_tenant_id_customer_id")),
    )
    op.create_table(
        "billing_spans",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("plan_code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.CheckConstraint("cycle in ('monthly','yearly')", name=op.f("ck_billing_spans_cycle")),
        sa.ForeignKeyConstraint(["customer_id"], ["tenants.id"], name=op.f("fk_billing_spans_customer_id")),
        sa.ForeignKeyConstraint(["plan_code"], ["plans.code"], name=op.f("fk_billing_spans_plan_code")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_spans_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_spans")),
        sa.UniqueConstraint(
            "tenant_id", "customer_id", "from_on", name=op.f("uq_billing_spans_tenant_id_customer_id_from_on")
        ),
    )
    op.create_table(
        "billing_periods",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("usage", sa.JSON(), nullable=False),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["tenants.id"], name=op.f("fk_billing_periods_customer_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_periods_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_periods")),
        sa.UniqueConstraint(
            "tenant_id", "customer_id", "month", name=op.f("uq_billing_periods_tenant_id_customer_id_month")
        ),
    )
    op.create_table(
        "billing_invoices",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("seller", sa.JSON(), nullable=False),
        sa.Column("buyer", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("tax_kind", sa.String(), nullable=False),
        sa.Column("tax_bps", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=False),
        sa.Column("credited_minor", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_by", sa.String(), nullable=False),
        sa.Column("paid_reference", sa.String(), nullable=False),
        sa.Column("provider_ref", sa.String(), nullable=False),
        sa.Column("provider_href", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('draft','open','paid','void','uncollectible')", name=op.f("ck_billing_invoices_state")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["tenants.id"], name=op.f("fk_billing_invoices_customer_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_invoices_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_invoices")),
        sa.UniqueConstraint(
            "tenant_id",
            "customer_id",
            "month",
            "currency",
            name=op.f("uq_billing_invoices_tenant_id_customer_id_month_currency"),
        ),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_billing_invoices_tenant_id_number")),
    )
    op.create_index(
        op.f("ix_billing_invoices_tenant_id_customer_id"),
        "billing_invoices",
        ["tenant_id", "customer_id", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        op.f("ix_billing_invoices_tenant_id_provider_ref"),
        "billing_invoices",
        ["tenant_id", "provider_ref"],
        unique=False,
    )
    op.create_index(
        op.f("ix_billing_invoices_tenant_id_state"),
        "billing_invoices",
        ["tenant_id", "state", sa.literal_column("id desc")],
        unique=False,
    )
    op.create_table(
        "billing_credit_notes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("kind in ('void','credit')", name=op.f("ck_billing_credit_notes_kind")),
        sa.ForeignKeyConstraint(["customer_id"], ["tenants.id"], name=op.f("fk_billing_credit_notes_customer_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "invoice_id"],
            ["billing_invoices.tenant_id", "billing_invoices.id"],
            name=op.f("fk_billing_credit_notes_tenant_id_invoice_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_billing_credit_notes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_billing_credit_notes")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_billing_credit_notes_tenant_id_number")),
    )
    op.create_index(
        op.f("ix_billing_credit_notes_tenant_id_invoice_id"),
        "billing_credit_notes",
        ["tenant_id", "invoice_id"],
        unique=False,
    )

    op.create_index(
        "ix_orders_tenant_id_completed_at", "orders", ["tenant_id", "completed_at"],
        postgresql_where=sa.text("completed_at is not null"),
    )  # fmt: skip
    op.create_index("ix_refunds_tenant_id_at", "refunds", ["tenant_id", "at"])
    op.add_column("tenants", sa.Column("limits", sa.JSON(), nullable=True))
    protect(*TABLES)
    append_only("billing_plan_versions", "billing_periods", "billing_credit_notes")
    see_every_tenant()
    op.execute(VERSIONS)
    op.execute(SPANS)


def downgrade() -> None:
    """Undo."""
    op.drop_column("tenants", "limits")
    op.drop_index("ix_refunds_tenant_id_at", table_name="refunds")
    op.drop_index("ix_orders_tenant_id_completed_at", table_name="orders")
    for table in reversed(TABLES):
        op.drop_table(table)
