"""The addresses that claims rest on, and what was found there the last time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "links",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("host", KEY, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("detail", sa.Text),
        sa.Column("moved_to", sa.Text),
        sa.Column("fingerprint", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("told", sa.Text),
        sa.Column("checked", MOMENT),
        sa.Column("next_check", MOMENT, nullable=False),
        sa.UniqueConstraint("digest", name="uq_links_digest"),
    )
    op.create_index("ix_links_host", "links", ["host", "next_check"])
    op.create_table(
        "claim_links",
        sa.Column("link", sa.Integer, sa.ForeignKey("links.number"), primary_key=True),
        sa.Column("claim", sa.Integer, sa.ForeignKey("claims.number"), primary_key=True),
    )
    op.create_index("ix_claim_links_claim", "claim_links", ["claim"])


def downgrade() -> None:
    """Take them away, and how far the gathering was."""
    op.execute("DELETE FROM counters WHERE name = 'links'")
    op.drop_table("claim_links")
    op.drop_table("links")
