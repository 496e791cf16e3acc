"""Views that people keep, changes of many claims at once, files that wait, counts of live tests."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "views",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("user", sa.Integer, sa.ForeignKey("users.number"), nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.UniqueConstraint("user", "name", name="uq_views_user"),
    )
    op.create_table(
        "bulk_changes",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("items", sa.Text, nullable=False),
        sa.Column("undone", MOMENT),
        sa.Column("undone_by", sa.String(200)),
        sa.Column("outcome", sa.Text),
    )
    op.create_table(
        "uploads",
        sa.Column("key", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ending", sa.String(20), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_table(
        "upload_parts",
        sa.Column("upload", sa.String(40), sa.ForeignKey("uploads.key"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "trial_counts",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("ruled_out", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Take them away."""
    for name in ("trial_counts", "upload_parts", "uploads", "bulk_changes", "views"):
        op.drop_table(name)
