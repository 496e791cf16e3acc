"""An index for the public log of disputes: what was answered, the last decided first."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_flags_decided", "flags", ["state", "decided", "number"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_flags_decided", "flags")
