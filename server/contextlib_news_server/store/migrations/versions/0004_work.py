"""Answers to flags, subscriptions, the queue, imports, counts, options."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
DOMAIN = sa.String(253).with_variant(sa.String(253, collation="C"), "postgresql")
MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")

FLAG_COLUMNS = (
    ("domain", sa.String(253)),
    ("decision", sa.String(40)),
    ("decision_reason", sa.Text),
    ("decided", MOMENT),
    ("decided_by", sa.String(200)),
    ("contact", sa.Text),
    ("contact_until", MOMENT),
)
FLAG_INDEXES = (
    ("state", ("state", "number")),
    ("claim_id", ("claim_id", "number")),
    ("domain", ("domain", "number")),
    ("contact_until", ("contact_until",)),
)


def upgrade() -> None:
    """Make the tables; flags get a state, an answer and a reader's contact."""
    op.add_column("flags", sa.Column("state", sa.String(20), nullable=False, server_default="open"))
    for name, kind in FLAG_COLUMNS:
        op.add_column("flags", sa.Column(name, kind))
    for name, columns in FLAG_INDEXES:
        op.create_index(f"ix_flags_{name}", "flags", list(columns))
    op.create_table(
        "subscriptions",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("every_seconds", sa.Integer, nullable=False),
        sa.Column("licence", sa.Text),
        sa.Column("publish", sa.Boolean, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("last_run", MOMENT),
        sa.Column("next_run", MOMENT),
        sa.Column("last_error", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.number"], name="fk_subscriptions_source_sources"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_subscriptions"),
        sa.UniqueConstraint("name", name="uq_subscriptions_name"),
    )
    op.create_index("ix_subscriptions_next_run", "subscriptions", ["enabled", "next_run"])
    op.create_table(
        "queue_items",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("key", KEY),
        sa.Column("claim_id", KEY),
        sa.Column("domain", DOMAIN),
        sa.Column("source", sa.Integer),
        sa.Column("flag", sa.Integer),
        sa.Column("payload", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("taken_by", sa.String(200)),
        sa.Column("decided", MOMENT),
        sa.Column("decided_by", sa.String(200)),
        sa.Column("decision", sa.Text),
        sa.ForeignKeyConstraint(["flag"], ["flags.number"], name="fk_queue_items_flag_flags"),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.number"], name="fk_queue_items_source_sources"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_queue_items"),
    )
    op.create_index("ix_queue_items_claim_id", "queue_items", ["claim_id"])
    op.create_index("ix_queue_items_key", "queue_items", ["key"])
    op.create_index("ix_queue_items_kind", "queue_items", ["kind", "state", "number"])
    op.create_index("ix_queue_items_source", "queue_items", ["source"])
    op.create_index("ix_queue_items_state", "queue_items", ["state", "number"])
    op.create_table(
        "imports",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("source", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("file", sa.Text),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("finished", MOMENT),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("rejected", sa.Integer, nullable=False),
        sa.Column("report", sa.Text),
        sa.ForeignKeyConstraint(["source"], ["sources.number"], name="fk_imports_source_sources"),
        sa.PrimaryKeyConstraint("number", name="pk_imports"),
    )
    op.create_index("ix_imports_source", "imports", ["source", "number"])
    op.create_table(
        "claim_counts",
        sa.Column("claim_id", KEY, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("claim_id", "day", name="pk_claim_counts"),
    )
    op.create_index("ix_claim_counts_day", "claim_counts", ["day", "shown"])
    op.create_table(
        "options",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_options"),
    )


def downgrade() -> None:
    """Drop the tables and what flags had got."""
    for name in ("options", "claim_counts", "imports", "queue_items", "subscriptions"):
        op.drop_table(name)
    for name, _ in FLAG_INDEXES:
        op.drop_index(f"ix_flags_{name}", "flags")
    for name, _ in reversed(FLAG_COLUMNS):
        op.drop_column("flags", name)
    op.drop_column("flags", "state")
