"""Users, sessions, invitations, tokens, sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
MOMENT = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "users",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("totp_secret", sa.Text),
        sa.Column("totp_step", sa.Integer),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("locked_until", MOMENT),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("user", sa.Integer, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.number"], name="fk_sessions_user_users"),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires"])
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("role", sa.String(20)),
        sa.Column("user", sa.Integer),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("expires", MOMENT, nullable=False),
        sa.Column("used", MOMENT),
        sa.ForeignKeyConstraint(["user"], ["users.number"], name="fk_invitations_user_users"),
        sa.PrimaryKeyConstraint("digest", name="pk_invitations"),
    )
    op.create_index("ix_invitations_expires", "invitations", ["expires"])
    op.create_table(
        "tokens",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("user", sa.Integer),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("quota", sa.Integer),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("expires", MOMENT),
        sa.Column("revoked", MOMENT),
        sa.Column("used", MOMENT),
        sa.ForeignKeyConstraint(["user"], ["users.number"], name="fk_tokens_user_users"),
        sa.PrimaryKeyConstraint("number", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_index("ix_tokens_user", "tokens", ["user"])
    op.create_table(
        "sign_ins",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("user", sa.Integer),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("address", sa.String(60)),
        sa.ForeignKeyConstraint(["user"], ["users.number"], name="fk_sign_ins_user_users"),
        sa.PrimaryKeyConstraint("number", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_made", "sign_ins", ["made"])
    op.create_index("ix_sign_ins_name", "sign_ins", ["name", "number"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("sign_ins", "tokens", "invitations", "sessions", "users"):
        op.drop_table(name)
