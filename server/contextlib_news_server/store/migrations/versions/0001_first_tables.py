"""The first tables: claims with their revisions, outlets, flags, counters."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CLAIM_ID = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "claims",
        sa.Column("id", CLAIM_ID, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("updated", sa.String(40), nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    op.create_index("ix_claims_change", "claims", ["change"])
    op.create_index("ix_claims_state_id", "claims", ["state", "id"])
    op.create_table(
        "claim_revisions",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("claim_id", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made", sa.String(40), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_claim_revisions"),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claims.id"], name="fk_claim_revisions_claim_id_claims"
        ),
    )
    op.create_index("ix_claim_revisions_claim_id", "claim_revisions", ["claim_id", "revision"])
    op.create_table(
        "outlets",
        sa.Column("domain", sa.String(253), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("impersonated", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("domain", name="pk_outlets"),
    )
    op.create_table(
        "flags",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("made", sa.String(40), nullable=False),
        sa.Column("note_id", sa.String(100)),
        sa.Column("claim_id", sa.String(200)),
        sa.Column("url", sa.String(4000)),
        sa.Column("exact", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_flags"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for name in ("counters", "flags", "outlets", "claim_revisions", "claims"):
        op.drop_table(name)
