"""Indexes for two orders of lists: all claims as last worked on, a stage by end of validity."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes; the one that they replace goes."""
    op.create_index("ix_claims_touched", "claims", ["touched"])
    op.create_index("ix_claims_stage_valid_until", "claims", ["stage", "valid_until", "number"])
    op.drop_index("ix_claims_valid_until", "claims")


def downgrade() -> None:
    """Go back to the one index."""
    op.create_index("ix_claims_valid_until", "claims", ["valid_until", "number"])
    op.drop_index("ix_claims_stage_valid_until", "claims")
    op.drop_index("ix_claims_touched", "claims")
