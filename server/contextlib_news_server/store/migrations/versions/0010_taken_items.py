"""An index for what one person works on in the queue."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_queue_items_taken_by", "queue_items", ["taken_by", "state", "number"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_queue_items_taken_by", "queue_items")
