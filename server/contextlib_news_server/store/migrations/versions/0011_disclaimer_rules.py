"""Rules for disclaimers that administrators write at the desk.

Their history outlives the table, so that they come back where the tables were brought back to an
older release and forth again.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
KIND = "disclaimer-rule"


def upgrade() -> None:
    """Make the table, and fill it with what the history knows."""
    rules = op.create_table(
        "disclaimer_rules",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("edited_by", sa.String(200), nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
    )
    op.create_index("ix_disclaimer_rules_change", "disclaimer_rules", ["change"])
    connection = op.get_bind()
    kept = connection.execute(
        sa.text(
            "SELECT key, revision, made, made_by, after FROM revisions WHERE kind = :kind "
            "ORDER BY revision"
        ),
        {"kind": KIND},
    ).all()
    newest = {row.key: row for row in kept}
    for row in newest.values():
        document = json.loads(row.after)
        values = {
            "number": int(row.key),
            "revision": row.revision,
            "on": document.pop("on"),
            "document": json.dumps(document, ensure_ascii=False),
            "updated": row.made,
            "edited_by": row.made_by,
            "change": 0,
        }
        connection.execute(rules.insert().values(values))


def downgrade() -> None:
    """Take the table away; the history stays."""
    op.drop_table("disclaimer_rules")
